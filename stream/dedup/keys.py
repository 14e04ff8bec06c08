"""A table from 64-bit keys to row numbers, at twelve bytes a slot.

A Python dict of a million such pairs takes 130 MB; this takes 20. Linear probing over plain arrays; keys
are hashes already. An entry whose row has left the window is dead: look-ups pass over it, new keys take
its slot, and growth leaves it behind. So nothing is ever deleted.
"""

from __future__ import annotations

from array import array

import numpy as np

_SPREAD = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_SLOTS = 1024
# Past 0.7, runs of taken slots get long.
_LOAD = 0.7
_GROWTH = 1.5
# Runs do not wrap around: they spill past the end.
_SPILL = 256


class KeyTable:
    """The newest row of each key. Rows are numbers from 1 up."""

    def __init__(self) -> None:
        self._allocate(_SLOTS)

    def _allocate(self, slots: int) -> None:
        self._slots = slots
        self._most = int(_LOAD * slots)
        self._taken = 0
        self._keys = array("Q", bytes(8 * (slots + _SPILL)))
        self._rows = array("I", bytes(4 * (slots + _SPILL)))

    @property
    def size(self) -> int:
        """Memory held by the table."""
        return 12 * len(self._rows)

    def get(self, key: int, oldest: int) -> int:
        """The row of `key`, or 0 when it has none from `oldest` on."""
        keys, rows = self._keys, self._rows
        slot = ((key * _SPREAD & _MASK) * self._slots) >> 64
        while row := rows[slot]:
            if keys[slot] == key:
                return row if row >= oldest else 0
            slot += 1
        return 0

    def put(self, key: int, row: int, oldest: int) -> None:
        """Set the row of `key`."""
        if self._taken > self._most:
            self._grow(oldest)
        keys, rows = self._keys, self._rows
        slot = ((key * _SPREAD & _MASK) * self._slots) >> 64
        free = -1
        while known := rows[slot]:
            if keys[slot] == key:
                break
            if known < oldest and free < 0:
                free = slot
            slot += 1
        else:
            if free >= 0:
                slot = free
            else:
                self._taken += 1
            keys[slot] = key
            rows[slot] = row
            if slot >= len(rows) - 2:
                self._grow(oldest)
            return
        rows[slot] = row

    def _grow(self, oldest: int) -> None:
        keys = np.frombuffer(self._keys, dtype=np.uint64)
        rows = np.frombuffer(self._rows, dtype=np.uint32)
        live = rows >= max(oldest, 1)
        keys, rows = keys[live], rows[live]
        slots = self._slots
        while len(keys) > _LOAD / _GROWTH * slots:
            slots = int(slots * _GROWTH)
        while True:
            homes = _homes(keys, slots)
            order = np.argsort(homes, kind="stable")
            # In order of home slot each key goes to its home or right after the one before it.
            steps = np.arange(len(homes))
            places = np.maximum.accumulate(homes[order] - steps) + steps
            if not len(places) or places[-1] < slots + _SPILL - 2:
                break
            slots = int(slots * _GROWTH)
        self._allocate(slots)
        np.frombuffer(self._keys, dtype=np.uint64)[places] = keys[order]
        np.frombuffer(self._rows, dtype=np.uint32)[places] = rows[order]
        self._taken = len(keys)


def _homes(
    keys: np.ndarray[tuple[int], np.dtype[np.uint64]], slots: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    # (mixed × slots) >> 64 in 64-bit arithmetic: the product in two halves.
    mixed = keys * np.uint64(_SPREAD)
    count = np.uint64(slots)
    low = (mixed & np.uint64(0xFFFFFFFF)) * count >> np.uint64(32)
    high = (mixed >> np.uint64(32)) * count
    return ((high + low) >> np.uint64(32)).astype(np.int64)
