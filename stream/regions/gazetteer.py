"""The gazetteer: names of places, peoples and bodies, found by the hashes of their words.

Loaded once, read by everything that asks where: the credit line (`country_of` a dateline's place) and
`stream.regions.locate`. Built by `stream.regions.build`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from stream.regions.contexts import Contexts
from stream.regions.table import (
    AFTER_COMMA,
    AMBIGUOUS,
    BARE,
    CERTAIN,
    CLUB,
    CONTEXT_COLUMNS,
    DATELINE_ONLY,
    HAND_MADE_WEIGHT,
    MULTIPLIER,
    Calls,
    Kind,
    extend,
    tokens_fingerprint,
    unpack,
)
from stream.text.tokens import Hashes, hashes

_TABLE: Final = Path(__file__).parents[1] / "data" / "gazetteer" / "table.npz"
# 32 million flags, one for each value of a hash's upper bits: about one word in seventy that is no name
# passes, and costs one dictionary look-up more.
_FILTER_BITS: Final = 25
_FILTER_SHIFT: Final = np.uint64(64 - _FILTER_BITS)
# Some 50 MB when full; the names and words of ordinary news are fewer, and past that it starts afresh.
_MEMO_ENTRIES: Final = 200_000


class Meaning(NamedTuple):
    """What a phrase may stand for. `country` is ISO 3166, the M49 code of a wider region, or empty."""

    country: str
    kind: Kind
    weight: int
    language: str
    need: int
    flags: int
    trust: int


def certain(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """The meanings so that they count alone; where some do already, these are the likelier ones."""
    if any(not m.flags & AMBIGUOUS for m in meanings):
        return meanings
    return tuple([m._replace(flags=m.flags & ~AMBIGUOUS) for m in meanings])


def doubted(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """The meanings so that they count only beside other evidence."""
    return tuple([m._replace(flags=m.flags | AMBIGUOUS) for m in meanings])


def settled(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """The meanings so that nothing else that stands beside the name is asked."""
    return tuple([m._replace(flags=m.flags & ~(BARE | CLUB), trust=CERTAIN) for m in meanings])


class Entry(NamedTuple):
    """The meanings of a phrase, and whether longer ones begin with it.

    `meanings` are those that count in a text (none: only the beginning of longer phrases), `anywhere`
    also those that count only where a place is expected.
    """

    meanings: tuple[Meaning, ...]
    anywhere: tuple[Meaning, ...]
    continues: bool


_NOTHING: Final = Entry((), (), False)

# Words `start` to `end` (exclusive) of a text, and what they may mean.
Found = tuple[int, int, tuple[Meaning, ...]]


class _Entries(dict[int, Entry]):
    """The entries by phrase key, made when they are first asked for; `_NOTHING` for a key that is not held.
    What is not held is remembered too, because the common words that pass the filter pass it every time."""

    def __init__(
        self,
        keys: Hashes,
        arrays: dict[str, npt.NDArray[np.generic]],
        codes: list[str],
        languages: list[str],
    ) -> None:
        self._codes, self._languages = codes, languages
        self._rows: dict[int, int] = dict(zip(keys.tolist(), range(len(keys)), strict=True))
        self._starts = np.concatenate(([0], np.cumsum(arrays["sizes"], dtype=np.int64)))
        self._continues = arrays["continues"]
        self._columns = [
            arrays[c] for c in ("country", "kind", "weight", "language", "need", "flags", "trust")
        ]

    def __missing__(self, key: int) -> Entry:
        if len(self) >= _MEMO_ENTRIES:
            self.clear()
        row = self._rows.get(key)
        entry = self[key] = _NOTHING if row is None else self._read(row)
        return entry

    def _read(self, row: int) -> Entry:
        start, end = int(self._starts[row]), int(self._starts[row + 1])
        meanings = tuple(
            Meaning(self._codes[country], Kind(kind), weight, self._languages[language], need, flags, trust)
            for country, kind, weight, language, need, flags, trust in zip(
                *(column[start:end].tolist() for column in self._columns), strict=True
            )
        )
        counting = tuple(m for m in meanings if not m.flags & DATELINE_ONLY)
        return Entry(counting, meanings, bool(self._continues[row]))


class Gazetteer:
    """The table in memory; `load` it once. Reading it changes nothing but a memo, so threads may share it."""

    def __init__(self, arrays: dict[str, npt.NDArray[np.generic]]) -> None:
        head = orjson.loads(arrays["head"].tobytes())
        if head["tokens"] != tokens_fingerprint():
            raise ValueError("the gazetteer was built for other tokens: python -m stream.regions.build")
        self._m49: dict[str, str] = head["m49"]
        self._within: dict[str, list[str]] = head["within"]
        self._countries = frozenset(self._m49)
        self._names: dict[str, dict[str, str]] = head["names"]
        self._version: str = head["version"]
        keys = unpack(arrays["keys"])
        self._entries = _Entries(keys, arrays, head["codes"], head["languages"])
        named = np.repeat(keys, arrays["sizes"].astype(np.int64))
        counting = (arrays["flags"].astype(np.uint8) & DATELINE_ONLY) == 0
        callers = unpack(arrays["callers"])
        self._callers: dict[int, int] = dict(zip(callers.tolist(), arrays["calls"].tolist(), strict=True))
        self._filter = _filter(named[counting], keys[arrays["pair"].astype(bool)], callers)
        self.contexts = Contexts.of(
            unpack(arrays["context_keys"]).tolist(), *(arrays[name].tolist() for name in CONTEXT_COLUMNS)
        )
        self.common: frozenset[int] = frozenset(unpack(arrays["common"]).tolist())
        """The words of languages with capitals that are written without one more often than names are."""

    @classmethod
    def load(cls, path: Path = _TABLE) -> Gazetteer:
        """The gazetteer of the package (or of another file of that form)."""
        with np.load(path) as archive:
            return cls({name: archive[name] for name in archive.files})

    def find(self, tokens: Hashes) -> list[Found]:
        """The names in a text, in order, the longest at each place, none overlapping."""
        size = len(tokens)
        # The words, and behind them the pairs that they begin: one look into the filter for both.
        keys = np.empty(2 * size, dtype=np.uint64)
        keys[:size] = keys[size:] = tokens
        pairs = keys[size:-1]
        pairs *= MULTIPLIER
        pairs ^= tokens[1:]
        maybe = self._filter.take((keys >> _FILTER_SHIFT).view(np.int64))
        begins = maybe[size:].item
        places = (maybe[:size] | maybe[size:]).nonzero()[0]
        found: list[Found] = []
        entries, token, free = self._entries, tokens.item, 0
        callers = self._callers
        for at, key in zip(places.tolist(), tokens.take(places).tolist(), strict=True):
            if at < free:
                continue
            meanings, _, continues = entries[key]
            end = at + 1
            if continues and begins(at) and end < size:
                phrase, step = keys.item(size + at), end + 1
                while True:
                    longer, _, continues = entries[phrase]
                    if longer:
                        meanings, end = longer, step
                    if not continues or step == size:
                        break
                    phrase = extend(phrase, token(step))
                    step += 1
            if meanings:
                found.append((at, end, meanings))
                free = end
            elif key in callers and end < size and not (end + 1 < size and begins(end)):
                called = self._called(callers[key], entries[token(end)])
                if called is not None:
                    free = end + 1
                    if called:
                        found.append((end, free, called))
        return found

    def _called(self, calls: int, entry: Entry) -> tuple[Meaning, ...] | None:
        """What a name of one word means after a noun that makes something of it: nothing, where it is no
        place; None where the noun has nothing to say of it."""
        if calls == Calls.PLACE:
            placed = entry.anywhere and entry.anywhere[0].kind in _FILED_IN
            return settled(certain(entry.anywhere)) if placed else None
        if not entry.meanings:
            return None
        kind = entry.meanings[0].kind
        if calls == Calls.SORT:
            return () if kind is Kind.DEMONYM else None
        if kind not in _FILED_IN:
            return None
        if calls == Calls.THING:
            return ()
        return None if kind is Kind.COUNTRY else settled(doubted(entry.meanings))

    def _places(self, tokens: list[int]) -> list[tuple[Meaning, ...]]:
        """The names in a few words that are expected to be a place."""
        found: list[tuple[Meaning, ...]] = []
        at = 0
        while at < len(tokens):
            key, end = tokens[at], at + 1
            meanings: tuple[Meaning, ...] = ()
            for step in range(at + 1, len(tokens) + 1):
                _, anywhere, continues = self._entries[key]
                if anywhere:
                    meanings, end = anywhere, step
                if not continues or step == len(tokens):
                    break
                key = extend(key, tokens[step])
            if meanings:
                found.append(meanings)
            at = end
        return found

    def country_of(self, place: str) -> str | None:
        """The country of a place as a dateline names it (`مراكش`, `PARIS`, `Paris, Texas`, `Maroc`).

        Several places in one name decide together: a country or province settles which town is meant.
        None when no known place is in it.
        """
        return strongest(self._places(hashes(place).tolist()))

    def readings(self, place: str) -> frozenset[str]:
        """The countries that a dateline's place may lie in, of those that its name is famous for
        (`طرابلس`: LB and LY; `عمان`: JO and OM). Empty where the name holds several places."""
        found = self._places(hashes(place).tolist())
        if len(found) != 1:
            return frozenset()
        return frozenset(
            m.country
            for m in found[0]
            if m.weight >= HAND_MADE_WEIGHT
            and m.country.isalpha()
            and m.kind in _FILED_IN
            and not m.flags & AFTER_COMMA
        )

    def m49(self, country: str) -> str:
        """The UN M49 sub-region of a country (`MA` → `015`); a wider region's code is itself. KeyError
        for a code that is neither."""
        return country if country in self._within else self._m49[country]

    def m49_path(self, code: str) -> tuple[str, ...]:
        """A region's code and those of the regions that hold it, inmost first: `014` → 014, 202, 002.
        The world (001) is left out: it holds all of them."""
        return tuple(self._within[code])

    @property
    def countries(self) -> frozenset[str]:
        """Every country of ISO 3166, and Kosovo (XK)."""
        return self._countries

    @property
    def regions(self) -> frozenset[str]:
        """Every M49 code that a region or `m49_path` can have."""
        return frozenset(self._within)

    @property
    def version(self) -> str:
        """Changes with the table."""
        return self._version

    def name(self, country: str, language: str = "en") -> str:
        """The name of a country or wider region, in English where the language is not held."""
        names = self._names.get(language[:2], self._names["en"])
        return names.get(country) or self._names["en"].get(country, country)


def _filter(*groups: Hashes) -> npt.NDArray[np.bool_]:
    flags = np.zeros(1 << _FILTER_BITS, dtype=bool)
    for keys in groups:
        flags[keys >> _FILTER_SHIFT] = True
    return flags


def strongest(found: Sequence[tuple[Meaning, ...]]) -> str | None:
    """The country that the names agree on most, by kind and size. A province after a town outweighs what
    the town's name means alone (`Columbia, S.C.`), not what both mean together (`Tbilisi, Georgia`). A famous
    town is meant rather than the country of its name (`عمان`), but says so less loudly than a place beside it
    (`مسقط، عمان`)."""
    scores: dict[str, int] = {}
    for at, meanings in enumerate(found):
        best: dict[str, int] = {}
        towns = {m.country for m in meanings if m.kind is Kind.CITY and _famous(m)}
        for meaning in meanings:
            if meaning.country.isalpha() and meaning.kind is not Kind.DEMONYM:
                weight = 200 + meaning.weight - _DOUBT.get(meaning.flags & ~_IN_TEXT, 0)
                weight += _PLACE_BONUS.get(meaning.kind, 0) + (
                    400 if at and meaning.kind is Kind.STATE else 0
                )
                if meaning.kind is Kind.COUNTRY and towns and meaning.country not in towns:
                    weight = min(weight, _BESIDE_TOWN)
                best[meaning.country] = max(best.get(meaning.country, 0), weight)
        for country, weight in best.items():
            scores[country] = scores.get(country, 0) + weight
    return max(scores, key=lambda country: scores[country]) if scores else None


def _famous(meaning: Meaning) -> bool:
    return meaning.weight >= HAND_MADE_WEIGHT and not meaning.flags & ~_IN_TEXT


# Flags that ask what stands beside a name, and say nothing of it alone.
_IN_TEXT: Final = BARE | CLUB
# What a reporter files from, when its name is given alone.
_FILED_IN: Final = (Kind.CITY, Kind.COUNTRY, Kind.REGION)
# Just below a famous town.
_BESIDE_TOWN: Final = 399
_DOUBT: Final = {DATELINE_ONLY: 100, AMBIGUOUS: 20, DATELINE_ONLY | AMBIGUOUS: 100}
# A country or province settles which of the towns of one name is meant.
_PLACE_BONUS: Final = {Kind.COUNTRY: 150, Kind.REGION: 150, Kind.STATE: 150}
