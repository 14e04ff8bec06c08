"""Sketches: a story's text as a sample of its shingles, compared by containment.

A shingle is a run of tokens (three words; five characters in scripts without spaces), hashed to 32 bits.
The sketch keeps the hashes under a threshold (FracMinHash; Irber et al. 2022), so that two sketches taken
under different thresholds compare under the lower one: what each keeps there is the same random sample of
shingles, and the share of one sample found in the other estimates containment without bias.

A sketch stands in text order. That costs nothing and tells *where* two texts agree: a reprint shares the
opening of the longer text, a round-up that swallowed the shorter one does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from stream.text.tokens import Hashes

Sketch = npt.NDArray[np.uint32]
"""Distinct shingle hashes under the text's threshold, in the order of their first appearance."""
Words = npt.NDArray[np.uint32]
"""Distinct 32-bit word hashes, ascending."""

SPACE = 1 << 32
# Three words is where reprints still agree after light editing and unrelated stories no longer do. Three
# characters would be hardly more than one word: five characters of Chinese are two to three words.
WORD_SHINGLE = 3
CHARACTER_SHINGLE = 5
# One shingle in five: the standard error of a containment of 0.6 is 0.06 for a story of 350 words, at 280
# bytes a story.
_FRACTION = 5
# Short takes keep every shingle up to this number, and that many on average beyond it: a flash of twenty
# words is compared exactly.
_FLOOR = 64
# An 8,000-word document keeps one shingle in sixteen, still a dozen for any 200-word text that it swallowed.
_CEILING = 512
# The part of a sketch that is indexed finds candidates; the whole of it then verifies. One shingle in twelve
# with a floor of 24 meets a text that was cut to two fifths ten times on average.
_INDEX_FRACTION = 12
_INDEX_FLOOR = 24
_INDEX_CEILING = 128

_MIX_A = np.uint64(0x9E3779B97F4A7C15)
_MIX_B = np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_C = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


@lru_cache(maxsize=1 << 16)
def threshold(length: int) -> int:
    """The exclusive upper bound (1…2³²) of the hashes that the sketch of `length` tokens keeps."""
    return _bound(length, _FRACTION, _FLOOR, _CEILING)


@lru_cache(maxsize=1 << 16)
def index_threshold(length: int) -> int:
    """The exclusive upper bound of the hashes of a text of `length` tokens that are indexed."""
    return _bound(length, _INDEX_FRACTION, _INDEX_FLOOR, _INDEX_CEILING)


@lru_cache(maxsize=1 << 16)
def index_highest(length: int) -> npt.NDArray[np.uint32]:
    """The highest hash of a text of `length` tokens that is indexed, as an array without dimensions: numpy
    compares a sketch with that in half the time that it takes with a number."""
    return np.array(index_threshold(length) - 1, dtype=np.uint32)


def _bound(length: int, fraction: int, floor: int, ceiling: int) -> int:
    shingles = max(length - WORD_SHINGLE + 1, 1)
    wanted = min(max(shingles // fraction, floor), ceiling)
    return min(SPACE * wanted // shingles, SPACE)


def below(hashes: Sketch, bound: int) -> Sketch:
    """Those of `hashes` under `bound`, in their order."""
    return hashes if bound >= SPACE else hashes[hashes < np.uint32(bound)]


def shingle_hashes(tokens: Hashes, width: int = WORD_SHINGLE) -> Sketch:
    """The hashes of the runs of `width` tokens, in text order; a shorter text is one shingle."""
    if not len(tokens):
        return np.empty(0, dtype=np.uint32)
    width = min(width, len(tokens))
    count = len(tokens) - width + 1
    mixed = tokens[:count] * _MIX_A
    for i in range(1, width):
        mixed ^= mixed >> _HALF
        mixed += tokens[i : count + i]
        mixed *= _MIX_B
    mixed ^= mixed >> _HALF
    mixed *= _MIX_C
    return (mixed >> _HALF).astype(np.uint32)


def sketch(tokens: Hashes, width: int = WORD_SHINGLE) -> Sketch:
    """The sketch of a text. Same tokens, same sketch, on every machine."""
    return sketches((tokens,), (width,))[0]


def sketches(texts: Sequence[Hashes], widths: Sequence[int]) -> list[Sketch]:
    """The sketch of each text, whose shingles are of that width. A batch costs a fifth of so many texts."""
    found: list[Sketch] = [np.empty(0, dtype=np.uint32)] * len(texts)
    for width in set(widths):
        mine = [at for at, other in enumerate(widths) if other == width]
        for at, one in zip(mine, _sketches([texts[at] for at in mine], width), strict=True):
            # A text shorter than a shingle is its only one.
            found[at] = one if len(texts[at]) >= width else shingle_hashes(texts[at], width)
    return found


def _sketches(texts: Sequence[Hashes], width: int) -> Iterator[Sketch]:
    sizes = np.array([len(text) for text in texts])
    counts = np.maximum(sizes - width + 1, 0)
    owners = np.repeat(np.arange(len(texts)), counts)
    # Shingles of all texts in a row, of which those that reach into the next text are passed over.
    offsets = np.cumsum(sizes) - sizes - (np.cumsum(counts) - counts)
    hashes = shingle_hashes(np.concatenate(texts), width)[np.arange(len(owners)) + offsets[owners]]
    bounds = np.array([threshold(len(text)) for text in texts], dtype=np.uint64)
    kept = hashes < bounds[owners]
    hashes, owners = hashes[kept], owners[kept]
    # A stable sort tells the first of a hash from its repeats; what is left is in text order.
    keys = owners << 32 | hashes
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    repeated = order[1:][ordered[1:] == ordered[:-1]]
    hashes, owners = np.delete(hashes, repeated), np.delete(owners, repeated)
    cuts = np.searchsorted(owners, np.arange(len(texts) + 1)).tolist()
    return (hashes[start:end] for start, end in pairwise(cuts))


def firsts(ordered: npt.NDArray[np.uint32] | npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which of values that ascend are the first of their kind."""
    fresh = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return fresh


def is_in(values: Sketch, ascending: Sketch) -> npt.NDArray[np.bool_]:
    """For each of `values`, whether it is among `ascending` (sorted)."""
    if not len(ascending):
        return np.zeros(len(values), dtype=np.bool_)
    found: npt.NDArray[np.bool_] = ascending.take(ascending.searchsorted(values), mode="clip") == values
    return found
