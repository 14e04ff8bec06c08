"""What speaks for and against two texts being one copy, measured on a card and a remembered text."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stream.dedup import wordset
from stream.dedup.card import Card
from stream.dedup.ledger import Text
from stream.dedup.sketch import SPACE, WORD_SHINGLE, Words, below, is_in, threshold

# A text half as long again as another holds more than the other's story.
LONGER = 1.5
# The opening of a text: its first two fifths, and two sentences at least.
_OPENING = 0.4
_OPENING_LEAST = 40
# A run of so many words is a sentence taken over untouched.
_SENTENCE = 20
# Fewer words than this say nothing; the share that is even between copies and others stands in for them.
_FEW = 3
_NEUTRAL_HEADLINES = 0.7
_NEUTRAL_SUBJECTS = 0.9


class Numbers(NamedTuple):
    """How many of one text's numbers the other lacks, of how many distinct ones."""

    missing: int
    total: int


class Evidence(NamedTuple):
    """How a story (`a`) and a remembered text (`b`) agree. Shares are 0…1."""

    a_in_b: float
    b_in_a: float
    jaccard: float
    shorter: float
    """Share of the shorter text that stands in the longer: one of the two containments."""
    lead: float
    """Share of the longer text's opening that stands in the shorter."""
    verbatim: float
    """Share of the shorter text that stands in the longer in runs of a sentence and more."""
    words: float
    """Share of the shorter text's words that the longer uses."""
    subjects: float
    """Share of the shorter text's repeated words that the longer uses; of texts of about one length the
    lower share of both, since either may name what the other does not."""
    headlines: float
    """Share of a headline's words (those that its own story bears out) found anywhere in the other story:
    the lower share of both."""
    a_numbers: Numbers
    b_numbers: Numbers
    conflicts: int
    """Numbers of the story that stand beside the same word as another number of the text."""
    aligned: int
    """Those of them that stand between the same two words: one number in the place of another."""
    one_feed: bool
    """Whether both come from one feed."""
    longer: float
    """Length of the longer text over that of the shorter."""
    short_length: int


def gather(card: Card, text: Text, least: float = 0.0) -> Evidence | None:
    """Compare a story with a remembered text; None when less than `least` of the shorter stands in the
    longer, which is most of the time and costs a quarter."""
    bound = min(threshold(card.length), threshold(text.length))
    a, b = below(card.sketch, bound), below(text.sketch, bound)
    in_b, in_a = is_in(a, np.sort(b)), is_in(b, np.sort(a))
    shared = int(np.count_nonzero(in_a))
    a_in_b = shared / len(a) if len(a) else 0.0
    b_in_a = shared / len(b) if len(b) else 0.0
    a_longer = card.length > text.length
    long, short = max(card.length, text.length, 1), max(min(card.length, text.length), 1)
    shorter = b_in_a if a_longer else a_in_b
    if shorter < least:
        return None
    a_words, b_words = wordset.shares(text.words, card.words)
    here, there = set(card.numbers.tolist()), set(text.numbers.tolist())
    about_one_length = long <= LONGER * short
    subjects = 1.0
    if a_longer or about_one_length:
        subjects = _part(is_in(text.subjects, card.words), _NEUTRAL_SUBJECTS)
    if not a_longer or about_one_length:
        subjects = min(subjects, _part(wordset.contains(text.words, card.subjects), _NEUTRAL_SUBJECTS))
    conflicts, aligned = _conflicts(card.numbers, card.slots, there, text.numbers, text.slots, here)
    return Evidence(
        a_in_b=a_in_b,
        b_in_a=b_in_a,
        jaccard=shared / (len(a) + len(b) - shared) if shared else 0.0,
        shorter=shorter,
        lead=_share(in_b if a_longer else in_a, max(min(short, _OPENING * long), _OPENING_LEAST) / long),
        verbatim=_verbatim(in_a if a_longer else in_b, bound),
        words=b_words if a_longer else a_words,
        subjects=subjects,
        headlines=min(
            _part(wordset.contains(text.words, card.headline), _NEUTRAL_HEADLINES, 1),
            _part(is_in(text.headline, card.words), _NEUTRAL_HEADLINES, 1),
        ),
        a_numbers=Numbers(len(here - there), len(here)),
        b_numbers=Numbers(len(there - here), len(there)),
        conflicts=conflicts,
        aligned=aligned,
        one_feed=card.feed == text.feed,
        longer=long / short,
        short_length=short,
    )


def _share(found: npt.NDArray[np.bool_], opening: float) -> float:
    count = min(len(found), max(1, round(len(found) * opening)))
    return float(np.count_nonzero(found[:count])) / count if count else 0.0


def _verbatim(found: npt.NDArray[np.bool_], bound: int) -> float:
    # Sampled shingles lie SPACE / bound words apart on average.
    least = 1 + max(1, ceil((_SENTENCE - WORD_SHINGLE) * bound / SPACE))
    runs = map(len, found.tobytes().split(b"\0"))
    return sum(run for run in runs if run >= least) / len(found) if len(found) else 0.0


def _part(found: npt.NDArray[np.bool_], neutral: float, few: int = _FEW) -> float:
    return float(np.count_nonzero(found)) / len(found) if len(found) >= few else neutral


def _conflicts(
    numbers: Words, slots: Words, there: set[int], other: Words, other_slots: Words, here: set[int]
) -> tuple[int, int]:
    """Numbers beside the same word as another number, where neither number occurs in the other text; and
    how many of them stand between the same two words."""
    ours = _slots(numbers, slots, there)
    theirs = _slots(other, other_slots, here)
    if not ours or not theirs:
        return 0, 0
    before = {slot >> 16 for slot in theirs}
    after = {slot & 0xFFFF for slot in theirs}
    both = set(theirs)
    beside = sum(slot >> 16 in before or slot & 0xFFFF in after for slot in ours)
    return beside, sum(slot in both for slot in ours)


def _slots(numbers: Words, slots: Words, known: set[int]) -> list[int]:
    pairs = zip(numbers.tolist(), slots.tolist(), strict=True)
    return [slot for number, slot in pairs if number not in known]
