"""Phrases with their meanings, as they are gathered when the gazetteer's table is built."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from stream.regions import arabic_forms, latin_forms
from stream.regions.table import AFTER_COMMA, Kind, Need
from stream.text.tokens import words

SOURCES: Final = Path(__file__).parents[1] / "data" / "gazetteer"
EVERY_LANGUAGE: Final = 0


class Candidate(NamedTuple):
    """One meaning of a phrase."""

    country: str
    kind: Kind
    weight: int = 0
    language: int = EVERY_LANGUAGE
    need: Need = Need.NOTHING
    flags: int = 0


Phrase = tuple[str, ...]


class Counts(NamedTuple):
    """Words of real text, as `stream.regions.count_words` counts them. Arabic script: seen, announced as a
    place. Latin script: in lower case, with a capital, with a capital after a title or given name."""

    arabic: dict[str, tuple[int, int]]
    latin: dict[str, tuple[int, int, int]]


class Table:
    """Phrases with their meanings, as they are gathered."""

    def __init__(self, counts: Counts) -> None:
        self.entries: dict[Phrase, list[Candidate]] = defaultdict(list)
        self.counts = counts

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
                    self.add((form, *phrase[1:]), candidate)

    def is_word(self, form: str, head: str, kind: Kind) -> bool:
        """Whether a spelling with particles is rather a word of its own (`ب` + `يرا`): it is then more
        frequent, beside the bare name, than particles are."""
        seen = self.counts.arabic.get(form, (0, 0))[0]
        bare = self.counts.arabic.get(head, (0, 0))[0]
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


def before_places() -> dict[str, list[str]]:
    """The words that names of places follow: `nouns` and `particles`."""
    return {kind: words(listed) for kind, listed in rows(SOURCES / "before_places.txt")}


def read_counts(path: Path) -> Counts:
    """The counts that `stream.regions.count_words` wrote."""
    counts = Counts({}, {})
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            word, *numbers = line.rstrip("\n").split("\t")
            if arabic_forms.is_arabic(word):
                counts.arabic[word] = (int(numbers[0]), int(numbers[1]))
            else:
                counts.latin[word] = (int(numbers[0]), int(numbers[1]), int(numbers[2]))
    return counts
