"""The feed of each remembered story, at four bytes a story: a number in a table of names.

Feeds are few, but nothing forbids a producer to mint a name for every story; so the table lets go of names
that no remembered story has.
"""

from __future__ import annotations

from array import array

import numpy as np
import numpy.typing as npt

# A table of so many names takes less than what it would cost to clean it.
_FEW = 1024


class Feeds:
    """Names of feeds by the place of their story, counted from the oldest that is remembered."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._rows = array("I")

    @property
    def size(self) -> int:
        """Memory held, about: a name stands in a list and a dictionary."""
        return 4 * len(self._rows) + sum(len(name) + 150 for name in self._names)

    def append(self, name: str) -> None:
        """The feed of the next story."""
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self._names)
            self._names.append(name)
        self._rows.append(number)

    def name_at(self, at: int) -> str:
        """The feed of the story at a place."""
        return self._names[self._rows[at]]

    def places_of(self, name: str) -> npt.NDArray[np.intp]:
        """The places of all stories of a feed, ascending."""
        number = self._numbers.get(name, -1)
        return np.flatnonzero(np.frombuffer(self._rows, dtype=np.uint32) == number)

    def forget(self, count: int) -> None:
        """Lets go of the first `count` stories."""
        del self._rows[:count]
        if len(self._names) > _FEW:
            used, rows = np.unique(np.frombuffer(self._rows, dtype=np.uint32), return_inverse=True)
            if 2 * len(used) < len(self._names):
                self._names = [self._names[number] for number in used.tolist()]
                self._numbers = {name: number for number, name in enumerate(self._names)}
                self._rows = array("I", rows.astype(np.uint32).tobytes())
