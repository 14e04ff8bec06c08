"""The index: from a shingle hash to the remembered texts that have it.

A set-associative table, like a processor's cache: a hash belongs to one bucket of sixteen slots, and a
bucket that is full overwrites its oldest entry. Memory is bounded by construction, nothing is ever deleted
(entries of texts that left the window are ignored, then overwritten), and a formula that thousands of
stories share holds at most sixteen slots, the newest.

An entry is six bytes: the text's row number, and the lower half of its mixed hash. The bucket number gives
the upper half back, so the table grows without asking anyone for the hashes again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stream.dedup.sketch import Sketch, firsts, index_highest, index_threshold

Rows = npt.NDArray[np.uint32]

_WIDTH = 16
# Below 2¹⁶ buckets a bucket number and a 16-bit tag would not add up to the 32 bits of the hash. The empty
# table is 6 MB of untouched zero pages.
_BUCKETS = 1 << 16
# Buckets fill unevenly (Poisson): at eleven entries of sixteen on average, just before growth, one in
# fifteen of the oldest entries has been overwritten. A text has two dozen.
_LOAD = 11
_GROWTH = 1.4
# These and `Index._buckets` are arrays without dimensions: on the few dozen hashes of a text, numpy takes as
# long to convert a plain number as for the operation itself. The factor is odd, so that multiplication is a
# bijection of 32 bits; the golden ratio spreads neighbours.
_MIX = np.array(0x9E3779B1, dtype=np.uint32)
_UPPER = np.array(32)
_HALF = np.array(16)
_SHIFT = np.array(4)
_SLOT = np.array(_WIDTH - 1)
_ONE = np.array(1, dtype=np.uint8)
_CHUNK = 1 << 16
# Texts that a rebuild enters together.
_WAITING = 512


class Hits(NamedTuple):
    """What a look-up found: `rows[i]` has the query's hash number `which[i]`, in ascending order of these;
    `spread[h]` is how many remembered texts have hash number h (at most sixteen are known)."""

    which: npt.NDArray[np.intp]
    rows: Rows
    spread: npt.NDArray[np.intp]


class _Waiting(NamedTuple):
    """A text to be entered: see `Index.add`."""

    row: int
    sketch: Sketch
    bound: int
    oldest: int


class Index:
    """Postings of one shard. Rows are numbers from 1 up, never reused; entries are added in row order."""

    def __init__(self) -> None:
        self._entries = 0
        self._waiting: list[_Waiting] = []
        # What was looked up last, and where it belongs.
        self._asked: Sketch | None = None
        self._asked_buckets: npt.NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._asked_tags: npt.NDArray[np.uint16] = np.empty(0, dtype=np.uint16)
        self._allocate(_BUCKETS)

    def _allocate(self, buckets: int) -> None:
        self._tags = np.zeros((buckets, _WIDTH), dtype=np.uint16)
        self._rows = np.zeros((buckets, _WIDTH), dtype=np.uint32)
        # How many entries each bucket has taken, modulo 256: their number says which slot is next.
        self._turns = np.zeros(buckets, dtype=np.uint8)
        self._buckets = np.array(buckets)
        self._asked = None

    @property
    def size(self) -> int:
        """Memory held by the table."""
        return int(self._tags.nbytes + self._rows.nbytes + self._turns.nbytes)

    def add(self, row: int, sketch: Sketch, length: int, oldest: int) -> None:
        """Enter those hashes of a text of `length` tokens that are under `index_threshold` of it. `oldest` is
        the first row still in the window.

        The very sketch that `find` looked up last is written at once, as its places are known. Others wait:
        one write for many texts is how a rebuild is fast."""
        if self._asked is sketch and not self._waiting:
            kept = (sketch <= index_highest(length)).nonzero()[0]
            entries = self._entries + len(kept)
            if entries <= _LOAD * len(self._turns):
                self._entries = entries
                self._write(row, kept)
                return
        self._waiting.append(_Waiting(row, sketch, index_threshold(length), oldest))
        if len(self._waiting) >= _WAITING:
            self.flush()

    def forget(self, share: float) -> None:
        """This share of the texts, by size, left the window, and their entries with them."""
        self.flush()
        self._entries -= round(self._entries * share)

    def find(self, hashes: Sketch, oldest: int) -> Hits:
        """Every remembered text from row `oldest` on that has one of `hashes`."""
        self.flush()
        mixed = hashes * _MIX
        buckets = self._bucket(mixed)
        tags = mixed.astype(np.uint16)
        self._asked, self._asked_buckets, self._asked_tags = hashes, buckets, tags
        # Each tag sixteen times: numpy compares flat arrays faster than it broadcasts over rows of sixteen.
        at = (self._tags.take(buckets, axis=0).reshape(-1) == tags.repeat(_WIDTH)).nonzero()[0]
        which = at >> _SHIFT
        places = buckets.take(which)
        places <<= _SHIFT
        places += at & _SLOT
        rows = self._rows.reshape(-1).take(places)
        live = rows >= oldest
        if np.count_nonzero(live) < len(rows):
            which, rows = which[live], rows[live]
        return Hits(which, rows, np.bincount(which, minlength=len(hashes)))

    def flush(self) -> None:
        """Write what `add` holds back."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        sizes = [len(text.sketch) for text in waiting]
        bounds = np.repeat(np.array([text.bound for text in waiting]), sizes)
        hashes = np.concatenate([text.sketch for text in waiting])
        kept = hashes < bounds
        hashes, texts = hashes[kept], np.repeat(np.arange(len(waiting)), sizes)[kept]
        rows = np.array([text.row for text in waiting], dtype=np.uint32)
        ends = np.cumsum(np.bincount(texts, minlength=len(waiting)))
        start = 0
        while start < len(hashes):
            # The table grows at the very text that fills it, however many wait: what was overwritten until
            # then is the same after a rebuild.
            room = _LOAD * len(self._turns) - self._entries
            fitting = int(np.searchsorted(ends, start + room, side="right"))
            stop = int(ends[fitting - 1]) if fitting else 0
            if stop > start:
                self._enter(hashes[start:stop] * _MIX, rows[texts[start:stop]])
                self._entries += stop - start
                start = stop
            if start < len(hashes):
                self._grow(waiting[int(texts[start])].oldest)

    def _write(self, row: int, kept: npt.NDArray[np.intp]) -> None:
        buckets = self._asked_buckets.take(kept)
        # Two hashes of one text in one bucket: the later takes the slot (see _enter).
        slots = self._turns.take(buckets)
        self._turns[buckets] = slots + _ONE
        places = buckets << _SHIFT
        places += slots & _SLOT
        self._tags.reshape(-1)[places] = self._asked_tags.take(kept)
        self._rows.reshape(-1)[places] = row

    def _enter(self, mixed: Sketch, rows: Rows) -> None:
        buckets = self._bucket(mixed)
        # What one by one would have done, in one go: group by bucket in the order of entry, of one text's
        # entries in a bucket keep the last, and give each the slot that follows the one before.
        order = _ascending(buckets)
        buckets, rows, tags = buckets.take(order), rows.take(order), mixed.astype(np.uint16).take(order)
        opens = firsts(buckets)
        again = (rows[1:] == rows[:-1]) > opens[1:]
        if again.any():
            last = np.append(~again, True)
            buckets, rows, tags = buckets[last], rows[last], tags[last]
            opens = firsts(buckets)
        first = opens.nonzero()[0]
        counts = np.diff(first, append=len(buckets))
        filled = buckets.take(first)
        turns = self._turns.take(filled)
        self._turns[filled] = turns + counts
        numbers = np.arange(len(buckets)) - np.repeat(first - turns, counts)
        places = buckets << _SHIFT
        places += numbers & _SLOT
        # Where a bucket got more newcomers than it has slots, the later of two for a slot is written last.
        self._tags.reshape(-1)[places] = tags
        self._rows.reshape(-1)[places] = rows

    def _bucket(self, mixed: Sketch) -> npt.NDArray[np.intp]:
        buckets: npt.NDArray[np.intp] = mixed * self._buckets
        buckets >>= _UPPER
        return buckets

    def _grow(self, oldest: int) -> None:
        tags, rows, turns, before = self._tags, self._rows, self._turns, len(self._turns)
        self._allocate(int(before * _GROWTH))
        # Entries keep their age within a bucket, which is what the ring overwrites by.
        turn = np.arange(_WIDTH)
        for start in range(0, before, _CHUNK):
            bucket = np.arange(start, min(start + _CHUNK, before))
            aged = (turns[bucket][:, None] + turn) % _WIDTH
            at = (bucket[:, None] << _SHIFT) + aged
            chunk_rows = rows.reshape(-1).take(at)
            # The bucket covers an interval of at most 2¹⁶ mixed hashes, and the tag is their lower half.
            floor = (((bucket << _UPPER) + (before - 1)) // before)[:, None]
            mixed = (floor & ~0xFFFF) | tags.reshape(-1).take(at)
            mixed += (mixed < floor).astype(np.int64) << 16
            live = chunk_rows >= oldest
            if live.any():
                self._enter(mixed[live].astype(np.uint32), chunk_rows[live])


def _ascending(buckets: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """The order in which `buckets` ascend, equal ones as they stand. By halves, since numpy sorts numbers of
    sixteen bits by radix: a sixth of the time that it takes to merge longer ones."""
    order = np.argsort(buckets.astype(np.uint16), kind="stable")
    upper = (buckets >> _HALF).take(order).astype(np.uint16)
    return order.take(np.argsort(upper, kind="stable"))
