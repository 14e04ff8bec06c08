"""The hand-made sources of the gazetteer, with the marks that their names carry."""

from __future__ import annotations

from stream.regions import arabic_forms, latin_forms
from stream.regions.compounds import add_compounds
from stream.regions.phrases import SOURCES, Candidate, Table, rows, word_set
from stream.regions.table import (
    AFTER_COMMA,
    AMBIGUOUS,
    ASKED,
    BARE,
    CERTAIN,
    CONTESTED,
    DATELINE_ONLY,
    FAMILY,
    HAND_MADE_WEIGHT,
    Kind,
    Need,
)
from stream.text.tokens import words

# Nationalities come before towns of their name, countries before both.
_COUNTRY_WEIGHT, _DEMONYM_WEIGHT = 255, 230
# A company or an institution that does not say its country weighs a third of a name.
_WEAK = 60


def marks(name: str) -> tuple[str, Need, int]:
    """A name of the hand-made tables without its marks, and what they say."""
    need, flags = Need.NOTHING, 0
    if name.endswith("?"):
        name, flags = name[:-1], flags | AMBIGUOUS
    elif name.endswith("*"):
        name, flags = name[:-1], flags | CONTESTED
    if name.startswith("!"):
        name, flags = name[1:], flags | DATELINE_ONLY
    if name.startswith("^^"):
        name, need = name[2:], Need.ALL_CAPITALS
    elif name.startswith("^"):
        name, need = name[1:], Need.CAPITAL
    elif not arabic_forms.is_arabic(name):
        need = Need.CAPITAL
    return name, need, flags


def add_hand_made(table: Table) -> None:
    """Traps first, then the names of countries, places and bodies."""
    for line in rows(SOURCES / "traps.tsv"):
        for name in line[1].split("|"):
            table.add_name(name, Candidate("", Kind.TRAP))
    for country, names in rows(SOURCES / "names.tsv"):
        for marked in names.split("|"):
            add_marked(table, marked, Candidate(country, Kind.COUNTRY, _COUNTRY_WEIGHT))
    for country, kind, names in rows(SOURCES / "places.tsv"):
        for marked in names.split("|"):
            add_marked(table, marked, Candidate(country, Kind[kind.upper()], HAND_MADE_WEIGHT))
    for code, names in rows(SOURCES / "organisations.tsv"):
        for marked in names.split("|"):
            name, need, flags = marks(marked.lstrip("~"))
            weight = _WEAK if marked.startswith("~") else HAND_MADE_WEIGHT
            table.add_name(name, Candidate(code, Kind.ORGANISATION, weight, need=need, flags=flags))
    add_compounds(table)


def add_marked(table: Table, marked: str, candidate: Candidate) -> None:
    """Add a name with what its marks ask."""
    name, need, flags = marks(marked.removeprefix("&"))
    if candidate.kind is Kind.STATE:
        flags = AFTER_COMMA
    candidate = candidate._replace(need=need, flags=flags, trust=ASKED if marked[0] == "&" else CERTAIN)
    table.add_name(name, candidate)


def add_demonyms(table: Table, languages: list[str]) -> None:
    """Nationalities with their genders and numbers; only English and Arabic count in every language."""
    for country, arabic, english, french, german, spanish in rows(SOURCES / "demonyms.tsv"):
        for form in filter(None, arabic.split("|")):
            if form.startswith("="):
                if len(form) > 1:
                    table.add_name(form[1:], Candidate(country, Kind.DEMONYM, _DEMONYM_WEIGHT), article=True)
                continue
            for written in arabic_forms.with_article(form):
                flags = FAMILY | (BARE if written == form else 0)
                table.add(
                    tuple(words(written)), Candidate(country, Kind.DEMONYM, _DEMONYM_WEIGHT, flags=flags)
                )
            for inflected in arabic_forms.nisba(form):
                table.add_name(inflected, Candidate(country, Kind.DEMONYM, _DEMONYM_WEIGHT), article=True)
        for form in filter(None, english.strip("=").split("|")):
            table.add_name(form, Candidate(country, Kind.DEMONYM, _DEMONYM_WEIGHT, need=Need.CAPITAL))
        inflections = (("fr", french, latin_forms.french), ("de", german, latin_forms.german))
        for language, cell, inflect in (*inflections, ("es", spanish, latin_forms.spanish)):
            tag = languages.index(language)
            for form in filter(None, cell.strip("=").split("|")):
                need = Need.CAPITAL if form[0].isupper() else Need.NOTHING
                for inflected in inflect(form):
                    table.add_name(inflected, Candidate(country, Kind.DEMONYM, _DEMONYM_WEIGHT, tag, need))


def add_persons(table: Table) -> None:
    """Given names, listed and learned, and those family names that are no everyday words. They stand last
    among the meanings of a phrase, after the places."""
    for title in word_set(SOURCES / "titles.txt"):
        table.add_person((title,), Candidate("", Kind.GIVEN_NAME))
    for line in (SOURCES / "first_names.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            for name in line.split():
                need = Need.NOTHING if arabic_forms.is_arabic(name) else Need.CAPITAL
                table.add_person(
                    tuple(words(name.replace("~", " "))), Candidate("", Kind.GIVEN_NAME, need=need)
                )
    for word, about in table.counts.arabic.items():
        if about.given and not any(c.weight >= HAND_MADE_WEIGHT for c in table.entries.get((word,), ())):
            table.add_person((word,), Candidate("", Kind.GIVEN_NAME))
    for name in word_set(SOURCES / "family_names.txt"):
        lower, capital, _ = table.counts.latin.get(name, (0, 0, 0))
        if lower <= 2 + 0.05 * capital:
            table.add_person((name,), Candidate("", Kind.FAMILY_NAME, need=Need.CAPITAL))
