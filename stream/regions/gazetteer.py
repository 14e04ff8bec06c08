"""The gazetteer: names of places, peoples and bodies, found by the hashes of their words.

Loaded once, read by everything that asks where: the credit line (`country_of` a dateline's place) and
`stream.regions.locate`. Built by `stream.regions.build`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import orjson

from stream.regions.contexts import Contexts
from stream.regions.meanings import Entries, Entry, Found, Meaning, certain, doubted, settled
from stream.regions.table import (
    AFTER_COMMA,
    AMBIGUOUS,
    BARE,
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
        callers = unpack(arrays["callers"])
        calls = dict(zip(callers.tolist(), arrays["calls"].tolist(), strict=True))
        self._entries = Entries(keys, arrays, head["codes"], head["languages"], calls)
        named = np.repeat(keys, arrays["sizes"].astype(np.int64))
        counting = (arrays["flags"].astype(np.uint8) & DATELINE_ONLY) == 0
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
        keys = np.concatenate((tokens, tokens))
        pairs = keys[size:-1]
        pairs *= MULTIPLIER
        pairs ^= tokens[1:]
        maybe = self._filter.take((keys >> _FILTER_SHIFT).view(np.int64))
        begins = maybe[size:].tobytes()
        places = (maybe[:size] | maybe[size:]).nonzero()[0]
        found: list[Found] = []
        entry_of, token, free = self._entries.__getitem__, tokens.item, 0
        for at, entry in zip(places.tolist(), map(entry_of, tokens.take(places).tolist()), strict=True):
            if at < free:
                continue
            meanings = entry.meanings
            end = at + 1
            if entry.continues and begins[at] and end < size:
                phrase, step = keys.item(size + at), end + 1
                while True:
                    longer = entry_of(phrase)
                    if longer.meanings:
                        meanings, end = longer.meanings, step
                    if not longer.continues or step == size:
                        break
                    phrase = extend(phrase, token(step))
                    step += 1
            if meanings:
                found.append((at, end, meanings))
                free = end
            elif entry.calls and end < size:
                rest = end + 2
                if begins[end] and rest <= size and self._is_named(keys.item(size + end), tokens[rest:]):
                    continue
                called = self._called(entry.calls, entry_of(token(end)))
                if called is not None:
                    free = end + 1
                    if called:
                        found.append((end, free, called))
        return found

    def _is_named(self, pair: int, rest: Hashes) -> bool:
        """Whether a pair of words is a name, or begins one with the words that follow. For a pair that passed
        the filter, which lets one in seventy others pass."""
        phrase, following = self._entries[pair], iter(rest.tolist())
        while not phrase.meanings and phrase.continues and (token := next(following, None)) is not None:
            pair = extend(pair, token)
            phrase = self._entries[pair]
        return bool(phrase.meanings)

    def _called(self, calls: int, entry: Entry) -> tuple[Meaning, ...] | None:
        """What a name of one word means after a noun that makes something of it: nothing, where it is no
        place; None where the noun has nothing to say of it."""
        meanings = entry.anywhere if calls == _PLACE else entry.meanings
        if not meanings:
            return None
        kind = meanings[0].kind
        if calls == _SORT:
            return () if kind is _DEMONYM else None
        if kind not in _FILED_IN:
            return None
        if calls == _PLACE:
            return settled(certain(meanings))
        if calls == _THING:
            return ()
        return None if kind is _COUNTRY else settled(doubted(meanings))

    def _places(self, tokens: list[int]) -> list[tuple[Meaning, ...]]:
        """The names in a few words that are expected to be a place."""
        found: list[tuple[Meaning, ...]] = []
        at = 0
        while at < len(tokens):
            key, end = tokens[at], at + 1
            meanings: tuple[Meaning, ...] = ()
            for step in range(at + 1, len(tokens) + 1):
                entry = self._entries[key]
                if entry.anywhere:
                    meanings, end = entry.anywhere, step
                if not entry.continues or step == len(tokens):
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
# An enumeration's attribute costs more than the rest of the line that compares with it.
_COUNTRY, _DEMONYM = Kind.COUNTRY, Kind.DEMONYM
_PLACE, _SORT, _THING = Calls.PLACE, Calls.SORT, Calls.THING
# What a reporter files from, when its name is given alone.
_FILED_IN: Final = (Kind.CITY, _COUNTRY, Kind.REGION)
# Just below a famous town.
_BESIDE_TOWN: Final = 399
_DOUBT: Final = {DATELINE_ONLY: 100, AMBIGUOUS: 20, DATELINE_ONLY | AMBIGUOUS: 100}
# A country or province settles which of the towns of one name is meant.
_PLACE_BONUS: Final = {Kind.COUNTRY: 150, Kind.REGION: 150, Kind.STATE: 150}
