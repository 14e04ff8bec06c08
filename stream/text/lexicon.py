"""The words of many texts at once: every white-space separated piece is looked up in arrays.

`stream.text.tokens.read` looks pieces up one by one in a dictionary, where each costs some four misses of the
processor's cache. Here a batch of texts is cut, hashed and looked up by some dozens of array operations,
whatever it holds; only pieces that the table lacks are read as words. Both say the same.

The table is direct-mapped: a piece has one place, by its hash, and takes it from what stands there. What is
frequent is soon back, so that what gets lost is what comes seldom. The hash of a piece is a polynomial over
its code points (as Rabin and Karp have it), 64 bits as those of words are: two share one about as seldom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from stream.text.arabic import fold
from stream.text.tokens import LONGEST, TOKEN, Hashes, Reading, is_spaced, pack, read

# A million places for the 350,000 pieces of 15,000 stories, and half a million words of pieces; past those
# the table starts afresh. Twenty-one megabytes in all.
_BITS: Final = 20
_POOL: Final = 1 << 19
# Texts are read so many characters at a time, so that what is made of them stays in the processor's cache.
_CHARACTERS: Final = 1 << 15
# Odd, so that it has an inverse; of the highest order that there is (3 modulo 8).
_BASE: Final = 0x9E3779B97F4A7C1B
_MIX: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF: Final = np.uint64(32)
_ONE: Final = np.uint64(1)
# By code point; the last is no white space, and stands for all that are larger.
_IS_SPACE: Final = np.array([chr(code).isspace() for code in range(0x3002)])

_Integers = npt.NDArray[np.int64]


def _powers(base: int) -> Hashes:
    powers = np.full(_CHARACTERS, base, dtype=np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


_POWERS: Final = _powers(_BASE)
_INVERSES: Final = _powers(pow(_BASE, -1, 1 << 64))


class Lexicon:
    """Reads texts. Keeps a memo of 2^`bits` pieces and some `pool` words; otherwise stateless."""

    def __init__(self, bits: int = _BITS, pool: int = _POOL) -> None:
        self._shift = np.uint64(64 - bits)
        self._keys = np.zeros(1 << bits, dtype=np.uint64)
        self._firsts = np.zeros(1 << bits, dtype=np.int32)
        self._counts = np.zeros(1 << bits, dtype=np.int32)
        self._pool = pool
        self._hashes = np.empty(pool, dtype=np.uint64)
        self._shapes = np.empty(pool, dtype=np.uint8)
        self._used = 0

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """What `stream.text.tokens.read` says of each of `texts`."""
        return [reading for group in _groups(texts) for reading in self._read(group)]

    def _read(self, texts: Sequence[str]) -> list[Reading]:
        # White space at both ends, so that every piece has two edges.
        joined = "\n".join(("", *texts, ""))
        if len(joined) > _CHARACTERS:
            return list(map(read, texts))
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        spaces = _IS_SPACE.take(codes, mode="clip")
        edges = np.flatnonzero(spaces[1:] != spaces[:-1]) + 1
        starts = edges[::2]
        firsts, counts = self._find(joined, starts, edges[1::2], _hashes(codes, edges))
        # The words of a piece stand together in the pool.
        bounds = np.cumsum(counts, dtype=np.int64)
        limits = np.concatenate((np.zeros(1, np.int64), bounds))
        rows = np.arange(limits[-1]) + np.repeat(firsts - limits[:-1], counts)
        tokens: Hashes = self._hashes.take(rows)
        tokens.flags.writeable = False
        shapes = self._shapes.take(rows).tobytes()
        begins = np.cumsum([1, *(len(text) + 1 for text in texts)])
        cuts = limits[np.searchsorted(starts, begins)].tolist()
        return [Reading(tokens[start:end], shapes[start:end]) for start, end in pairwise(cuts)]

    def _find(
        self, text: str, starts: _Integers, ends: _Integers, keys: Hashes
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Where in the pool the words of each piece begin, and how many there are."""
        if self._used >= self._pool:
            self._keys.fill(0)
            self._used = 0
        places = (keys >> self._shift).view(np.int64)
        firsts, counts = self._firsts.take(places), self._counts.take(places)
        missing = np.flatnonzero(self._keys.take(places) != keys)
        if len(missing):
            new, at, same = np.unique(keys[missing], return_index=True, return_inverse=True)
            spans = zip(starts[missing[at]].tolist(), ends[missing[at]].tolist(), strict=True)
            found = self._learn([text[start:end] for start, end in spans], new)
            firsts[missing], counts[missing] = found[0][same], found[1][same]
        return firsts, counts

    def _learn(self, pieces: Sequence[str], keys: Hashes) -> tuple[_Integers, _Integers]:
        """`_find` for pieces that the table lacks, which it has from then on."""
        # A line end stays one in folding, and parts what would compose.
        joined = "\n".join(pieces)
        folded = fold(joined)
        pack_one = partial(pack, is_spaced=is_spaced(joined) and is_spaced(folded))
        packed = list(map(pack_one, pieces, folded.split("\n")))
        counts = np.array(list(map(len, packed))) // TOKEN.itemsize
        words = np.frombuffer(b"".join(packed), dtype=TOKEN)
        end = self._used + len(words)
        if end > len(self._hashes):
            self._hashes, self._shapes = np.resize(self._hashes, end), np.resize(self._shapes, end)
        self._hashes[self._used : end] = words["hash"]
        self._shapes[self._used : end] = words["shape"]
        firsts = np.cumsum(counts) - counts + self._used
        self._used = end
        kept = np.array(list(map(len, pieces))) <= LONGEST
        places = (keys[kept] >> self._shift).view(np.int64)
        self._keys[places] = keys[kept]
        self._firsts[places] = firsts[kept]
        self._counts[places] = counts[kept]
        return firsts, counts


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in runs that can be read together; a longer text is one by itself."""
    start, size = 0, 1
    for at, text in enumerate(texts):
        if size + len(text) + 1 > _CHARACTERS and at > start:
            yield texts[start:at]
            start, size = at, 1
        size += len(text) + 1
    if start < len(texts):
        yield texts[start:]


def _hashes(codes: npt.NDArray[np.uint32], edges: _Integers) -> Hashes:
    """The hash of the piece between each two edges. Its polynomial begins with the power of its place in the
    text, and is brought back to the first."""
    if not len(edges):
        return np.empty(0, dtype=np.uint64)
    # One more than the code point, so that a NUL counts too.
    values = codes + _ONE
    values *= _POWERS[: len(values)]
    hashes: Hashes = np.add.reduceat(values, edges)[::2]
    hashes *= _INVERSES.take(edges[::2])
    hashes ^= hashes >> _HALF
    hashes *= _MIX
    hashes ^= hashes >> _HALF
    return hashes
