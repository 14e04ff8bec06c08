"""The words of a remembered text in ten bits each: a Bloom filter with two hashes a word.

It answers "does that text use this word?" with about 3 % false yes, (1 − e^(−2/10))², and never a false no,
and what share of its own words another text lacks. Both shares are corrected for the false yes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stream.dedup.sketch import Words

Bitmap = npt.NDArray[np.uint32]
Hashed = npt.NDArray[np.uint64]
"""The two hashes of each word of a list, one row each: the same for every bitmap that is asked."""

# Six bits would save 70 bytes a story and answer 8 % false yes, which is one wrong word in a headline.
_BITS_A_WORD = 10
_WORD = 32
_OTHER = np.uint32(0x9E3779B1)
_HALF = np.uint64(32)


def hashed(words: Words) -> Hashed:
    """The hashes of `words`, for `Answer`."""
    hashes = np.empty((2, len(words)), dtype=np.uint64)
    hashes[0] = words
    hashes[1] = words * _OTHER
    return hashes


def bitmap(words: Words) -> Bitmap:
    """The bitmap of a set of words: an array of 32-bit cells, at least one."""
    cells = max(1, -(-len(words) * _BITS_A_WORD // _WORD))
    bits = np.zeros(cells * _WORD, dtype=np.bool_)
    bits[_places(hashed(words), len(bits))] = True
    return np.packbits(bits, bitorder="little").view("<u4")


class Answer:
    """What the text of a bitmap says to a list of words. `found` has a byte for each, 1 where the text has
    the word (a false yes now and then)."""

    __slots__ = ("_bits", "_filled", "_places", "found")

    def __init__(self, known: Bitmap, words: Hashed) -> None:
        self._filled = int.from_bytes(known.tobytes(), "little").bit_count()
        self._bits = np.unpackbits(known.view(np.uint8), bitorder="little").view(np.bool_)
        self._places = _places(words, len(self._bits))
        first, second = self._bits[self._places]
        self.found: bytes = (first & second).tobytes()

    def forth(self, count: int) -> float:
        """The share of the first `count` words that the text has."""
        if not count:
            return 0.0
        chance = self._filled / len(self._bits)
        return _corrected(self.found.count(1, 0, count) / count, chance * chance)

    def back(self, count: int) -> float:
        """The share of the text's words that are among the first `count`."""
        if not count:
            return 0.0
        mine = np.zeros(len(self._bits), dtype=np.bool_)
        mine[self._places[:, :count]] = True
        chance = int(np.count_nonzero(mine)) / len(mine)
        seen = int(np.count_nonzero(mine & self._bits)) / self._filled if self._filled else 0.0
        return _corrected(seen, chance)


def _places(words: Hashed, bits: int) -> npt.NDArray[np.intp]:
    places = words * np.uint64(bits)
    places >>= _HALF
    return places.view(np.intp)


def _corrected(seen: float, chance: float) -> float:
    return max(0.0, (seen - chance) / (1.0 - chance)) if chance < 1.0 else seen
