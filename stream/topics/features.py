"""Features: a story's words as buckets with values, over the tokens that are there already.

A bucket is the top bits of a token's hash; numbers are left out. A whole batch is counted by one sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stream.model import Subject
from stream.text.tokens import NUMBER_BIT, Hashes

_BITS = 21
BUCKETS = 1 << _BITS
"""Two million: with 150,000 known words, seven unknown words of a hundred are taken for a known one."""

# What a story is about stands in its head and its first paragraphs; the rest would only cost time.
BODY_TOKENS = 400
LEAD_TOKENS = 50
# How often a word is counted by where it stands.
IN_HEADLINE, IN_LEAD = 3, 2
_SPREAD = np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(64 - _BITS)
# Repetition says less each time: 1 + ln(count), by table, since counts are small.
_DAMPED = (1 + np.log(np.maximum(np.arange(4 * BODY_TOKENS), 1))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class TopicInput:
    """What the classifier reads of one story. Tokens are `stream.text.tokens.hashes` of headline and
    cleaned body; `subjects` are the supplier's own codes."""

    headline_tokens: Hashes
    body_tokens: Hashes
    sections: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    language: str | None = None


class Features(NamedTuple):
    """The features of a batch, story by story: `owners` (the story's number, ascending), `buckets` (each
    once a story, ascending) and `values`."""

    owners: npt.NDArray[np.int64]
    buckets: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]


def word_buckets(tokens: Hashes) -> npt.NDArray[np.int64]:
    """The bucket of each token."""
    # The product spreads what the top bits alone may not: tokens carry a flag and tests make up hashes.
    buckets: npt.NDArray[np.int64] = ((tokens * _SPREAD) >> _SHIFT).astype(np.int64)
    return buckets


def features(items: Sequence[TopicInput]) -> Features:
    """The words of each story with their damped counts."""
    heads = _keys([item.headline_tokens for item in items])
    leads = _keys([item.body_tokens[:LEAD_TOKENS] for item in items])
    rests = _keys([item.body_tokens[LEAD_TOKENS:BODY_TOKENS] for item in items])
    keys = np.concatenate([*[heads] * IN_HEADLINE, *[leads] * IN_LEAD, rests])
    keys.sort()
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.diff(starts, append=len(keys))
    keys = keys[starts]
    values = _DAMPED[np.minimum(counts, len(_DAMPED) - 1)]
    return Features(keys >> _BITS, keys & (BUCKETS - 1), values)


def _keys(zones: Sequence[Hashes]) -> npt.NDArray[np.int64]:
    """Story number and bucket in one integer, for each token of a zone of all stories."""
    sizes = [len(zone) for zone in zones]
    if not sum(sizes):
        return np.empty(0, np.int64)
    owners = np.repeat(np.arange(len(zones), dtype=np.int64), sizes)
    tokens = np.concatenate(zones)
    keys: npt.NDArray[np.int64] = (owners << _BITS) | word_buckets(tokens)
    words: npt.NDArray[np.int64] = keys[(tokens & NUMBER_BIT) == 0]
    return words
