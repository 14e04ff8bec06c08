"""What the names of the gazetteer may stand for, and the memo of those that were asked for.

A dozen and more are read in each story, so they are made to be read: fields of slots are faster than those of
named tuples, equal ones are one object, which a processor's cache then holds, and as identity stands for
equality, tuples of them are cheap keys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from stream.regions.table import AMBIGUOUS, BARE, CERTAIN, CLUB, DATELINE_ONLY, Kind
from stream.text.tokens import Hashes

# Some 30 MB when full; the names and words of ordinary news are fewer, and past that it starts afresh.
_MEMO_ENTRIES: Final = 200_000
# Fifty thousand stories held 2,400 different names that were borne out, and fewer that were doubted.
_CHANGED_ENTRIES: Final = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What a phrase may stand for. `country` is ISO 3166, the M49 code of a wider region, or empty."""

    country: str
    kind: Kind
    weight: int
    language: str
    need: int
    flags: int
    trust: int


@lru_cache(_CHANGED_ENTRIES)
def certain(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """The meanings so that they count alone; where some do already, these are the likelier ones."""
    if any(not m.flags & AMBIGUOUS for m in meanings):
        return meanings
    return tuple([replace(m, flags=m.flags & ~AMBIGUOUS) for m in meanings])


@lru_cache(_CHANGED_ENTRIES)
def doubted(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """The meanings so that they count only beside other evidence."""
    return tuple([replace(m, flags=m.flags | AMBIGUOUS) for m in meanings])


@lru_cache(_CHANGED_ENTRIES)
def settled(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """The meanings so that nothing else that stands beside the name is asked."""
    return tuple([replace(m, flags=m.flags & ~(BARE | CLUB), trust=CERTAIN) for m in meanings])


# Words `start` to `end` (exclusive) of a text, and what they may mean.
Found = tuple[int, int, tuple[Meaning, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """The meanings of a phrase, and whether longer ones begin with it.

    `meanings` are those that count in a text (none: only the beginning of longer phrases), `anywhere`
    also those that count only where a place is expected. `calls` is what a noun does to the name after it
    (`stream.regions.table.Calls`), or 0.
    """

    meanings: tuple[Meaning, ...]
    anywhere: tuple[Meaning, ...]
    continues: bool
    calls: int


class Entries(dict[int, Entry]):
    """The entries by phrase key, made when they are first asked for; an empty one for a key that is not held.
    What is not held is remembered too, because the common words that pass the filter pass it every time."""

    def __init__(
        self,
        keys: Hashes,
        arrays: dict[str, npt.NDArray[np.generic]],
        codes: list[str],
        languages: list[str],
        calls: dict[int, int],
    ) -> None:
        self._codes, self._languages, self._calls = codes, languages, calls
        self._rows: dict[int, int] = dict(zip(keys.tolist(), range(len(keys)), strict=True))
        self._starts = np.concatenate(([0], np.cumsum(arrays["sizes"], dtype=np.int64)))
        self._continues = arrays["continues"]
        self._columns = [
            arrays[c] for c in ("country", "kind", "weight", "language", "need", "flags", "trust")
        ]
        # No more than the table holds different ones.
        self._meaning, self._entry = cache(Meaning), cache(Entry)

    def __missing__(self, key: int) -> Entry:
        if len(self) >= _MEMO_ENTRIES:
            self.clear()
        meanings, continues = self._read(key)
        counting = tuple(m for m in meanings if not m.flags & DATELINE_ONLY)
        entry = self[key] = self._entry(counting, meanings, continues, self._calls.get(key, 0))
        return entry

    def _read(self, key: int) -> tuple[tuple[Meaning, ...], bool]:
        row = self._rows.get(key)
        if row is None:
            return (), False
        start, end = int(self._starts[row]), int(self._starts[row + 1])
        meanings = tuple(
            self._meaning(
                self._codes[country], Kind(kind), weight, self._languages[language], need, flags, trust
            )
            for country, kind, weight, language, need, flags, trust in zip(
                *(column[start:end].tolist() for column in self._columns), strict=True
            )
        )
        return meanings, bool(self._continues[row])
