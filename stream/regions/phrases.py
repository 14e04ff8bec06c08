"""Phrases with their meanings, as they are gathered when the gazetteer's table is built."""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from stream.regions import arabic_forms, latin_forms
from stream.regions.table import AFTER_COMMA, BARE, CERTAIN, CLUB, LOG_ODDS, PREFIXED, Kind, Need
from stream.text.tokens import words

SOURCES: Final = Path(__file__).parents[1] / "data" / "gazetteer"
EVERY_LANGUAGE: Final = 0
EDGE, RARE = "^", "~"
"""In place of a word: where a text begins or ends, and any word too rare to be counted."""


class Candidate(NamedTuple):
    """One meaning of a phrase."""

    country: str
    kind: Kind
    weight: int = 0
    language: int = EVERY_LANGUAGE
    need: Need = Need.NOTHING
    flags: int = 0
    trust: int = CERTAIN


Phrase = tuple[str, ...]
# A country's name that is the country more often than not takes two odd neighbours to refute, not one.
_COUNTRY_LEAST = 2.6


class Word(NamedTuple):
    """A word of Arabic text: how often it was seen, and announced as a place; log-odds that what follows it
    and what it follows are places; the percentage of its own occurrences that are places, by what stands on
    both sides of it and by what follows only (see `stream.regions.learn_contexts`); log-odds that what
    follows it and what it follows are given names, and that a nationality after it describes it; and whether
    it is a given name (see `stream.regions.learn_persons`)."""

    seen: int
    announced: int
    before: float
    after: float
    place: int
    place_after: int
    person_before: float
    person_after: float
    host: float
    given: bool


class Counts(NamedTuple):
    """Words of real text, as `stream.regions.count_words` counts them. Latin script: in lower case, with a
    capital, with a capital after a title or given name."""

    arabic: dict[str, Word]
    latin: dict[str, tuple[int, int, int]]


class Table:
    """Phrases with their meanings, as they are gathered."""

    def __init__(self, counts: Counts) -> None:
        self.entries: dict[Phrase, list[Candidate]] = defaultdict(list)
        self.counts = counts
        self.clubs = word_set(SOURCES / "clubs.txt")

    def add(self, phrase: Phrase, candidate: Candidate) -> None:
        """Add a meaning; one phrase keeps one meaning a country and language, the first come."""
        if not phrase:
            return
        for other in self.entries[phrase]:
            if (
                other.country == candidate.country
                and other.language in (candidate.language, EVERY_LANGUAGE)
                and other.need in (Need.NOTHING, candidate.need)
                and (other.flags & AFTER_COMMA) <= (candidate.flags & AFTER_COMMA)
            ):
                return
        self.entries[phrase].append(candidate)

    def add_person(self, phrase: Phrase, candidate: Candidate) -> None:
        """Add a given or family name: the last meaning of its phrase, and the only one of its sort."""
        if not any(other.kind in (Kind.GIVEN_NAME, Kind.FAMILY_NAME) for other in self.entries[phrase]):
            self.entries[phrase].append(candidate)

    def add_name(self, name: str, candidate: Candidate, *, few: bool = False, article: bool = False) -> None:
        """Add a name as written, with the spellings that its script makes of it."""
        phrase = tuple(words(name.replace("~", " ")))
        if not phrase:
            return
        if not arabic_forms.is_arabic(phrase[0]):
            self.add(phrase, candidate)
            self.add(tuple(words(latin_forms.bare(name.replace("~", " ")))), candidate)
            return
        heads = arabic_forms.with_article(phrase[0]) if article else [phrase[0]]
        for head in heads:
            for form in arabic_forms.with_particles(head, few=few):
                if form == head or len(phrase) > 1 or not self.is_word(form, head, candidate.kind):
                    added = candidate
                    if len(phrase) == 1:
                        if head in self.clubs:
                            added = added._replace(flags=added.flags | CLUB)
                        if form == head and not head.startswith(arabic_forms.ARTICLE):
                            added = added._replace(flags=added.flags | BARE)
                        if candidate.trust != CERTAIN:
                            added = self.asked(added, form, head)
                    self.add((form, *phrase[1:]), added)

    def asked(self, candidate: Candidate, form: str, head: str) -> Candidate:
        """A word of Arabic text with the log-odds that it is the place, before its context is known. A form
        that text never has is no word of the language: nothing could refute it."""
        word = self.counts.arabic.get(form) or self.counts.arabic.get(head)
        if word is None:
            return candidate._replace(trust=CERTAIN)
        prefixed = form not in (head, "و" + head, "ف" + head)
        share = (word.place_after if prefixed else word.place) / 100
        odds = math.log((share + 0.01) / (1.01 - share))
        if candidate.kind is Kind.COUNTRY and share > 0.5:
            odds = max(odds, _COUNTRY_LEAST)
        return candidate._replace(
            flags=candidate.flags | (PREFIXED if prefixed else 0), trust=round(LOG_ODDS * odds)
        )

    def holds(self, name: str, kind: Kind) -> bool:
        """Whether a name is in the table as one of that kind."""
        found = self.entries.get(tuple(words(name)), ())
        return any(candidate.kind is kind for candidate in found)

    def seen(self, word: str) -> int:
        counted = self.counts.arabic.get(word)
        return counted.seen if counted else 0

    def is_word(self, form: str, head: str, kind: Kind) -> bool:
        """Whether a spelling with particles is rather a word of its own (`ب` + `يرا`): it is then more
        frequent, beside the bare name, than particles are."""
        seen, bare = self.seen(form), self.seen(head)
        return seen >= 12 and seen > (2.0 if kind in (Kind.COUNTRY, Kind.DEMONYM) else 0.6) * bare


def rows(path: Path) -> Iterator[list[str]]:
    """The rows of a hand-made table, without comments and header."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
    start = 1 if lines[0].startswith(("code\t", "country\t")) else 0
    for line in lines[start:]:
        yield line.split("\t")


def word_set(path: Path) -> frozenset[str]:
    """The normalised words of a list."""
    lines = path.read_text("utf-8").splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in words(line))


def read_counts(path: Path) -> Counts:
    """The counts that `stream.regions.count_words` wrote."""
    counts = Counts({}, {})
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            word, *numbers = line.rstrip("\n").split("\t")
            if arabic_forms.is_arabic(word) or word in (EDGE, RARE):
                seen, announced, before, after, place, place_after, *persons = numbers
                person_before, person_after, host, given = persons
                counts.arabic[word] = Word(
                    int(seen),
                    int(announced),
                    float(before),
                    float(after),
                    int(place),
                    int(place_after),
                    float(person_before),
                    float(person_after),
                    float(host),
                    given == "1",
                )
            else:
                counts.latin[word] = (int(numbers[0]), int(numbers[1]), int(numbers[2]))
    return counts
