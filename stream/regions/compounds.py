"""Nationalities that say nothing of where: of a currency that the world counts in, of a thing called after a
nation, of a language (`Swiss franc`, `Danish pastry`, `يتقن الفرنسية`). They are traps of the gazetteer.
"""

from __future__ import annotations

from collections.abc import Iterator

from stream.regions import arabic_forms, latin_forms
from stream.regions.phrases import SOURCES, Candidate, Table, rows
from stream.regions.table import Kind

_TRAP = Candidate("", Kind.TRAP)
# Columns of the demonyms' table.
_LANGUAGES = ("ar", "en", "fr", "de", "es")
_ADJECTIVE_FIRST = ("en", "de")


def add_compounds(table: Table) -> None:
    """Add the traps; names of countries must be in the table already."""
    demonyms = [(country, dict(zip(_LANGUAGES, cells, strict=True))) for country, *cells in _demonyms()]
    for language, units, countries in rows(SOURCES / "currencies.tsv"):
        for country, cells in demonyms:
            if countries == "*" or country in countries.split():
                for form in _forms(language, cells[language]):
                    for unit in units.split():
                        first = language in _ADJECTIVE_FIRST
                        table.add_name(f"{form} {unit}" if first else f"{unit} {form}", _TRAP)
    for line in (SOURCES / "things_en.txt").read_text("utf-8").splitlines():
        if line[0] != "#":
            table.add_name(line, _TRAP)
            table.add_name(line + "s", _TRAP)
    (_, nations), *before = list(rows(SOURCES / "before_languages.tsv"))
    for language, things in rows(SOURCES / "things.tsv"):
        for country, cells in demonyms:
            if language == "en" or country in nations.split():
                for form in _forms(language, cells[language]):
                    for thing in things.split():
                        first = language in _ADJECTIVE_FIRST
                        table.add_name(f"{form} {thing}" if first else f"{thing} {form}", _TRAP)
    for language, verbs in before:
        for country, cells in demonyms:
            if country in nations.split():
                for form in _names_of_language(table, language, cells[language]):
                    for verb in verbs.split():
                        table.add_name(f"{verb} {form}", _TRAP)


def _demonyms() -> Iterator[list[str]]:
    return rows(SOURCES / "demonyms.tsv")


def _forms(language: str, cell: str) -> Iterator[str]:
    """The adjectives of a cell as they stand beside a noun."""
    for form in filter(None, (form.strip("=") for form in cell.split("|"))):
        if language == "ar":
            for gendered in (form, form + "ة"):
                yield from arabic_forms.with_article(gendered)
        elif language == "en":
            yield form
        elif language == "fr":
            yield from latin_forms.french(form)
        elif language == "de":
            yield from latin_forms.german(form)
        else:
            yield from latin_forms.spanish(form)


def _names_of_language(table: Table, language: str, cell: str) -> Iterator[str]:
    """What a language may be called: the adjective, in Arabic its definite feminine. A country of that name
    stays one (`تعلم السعودية`)."""
    for form in filter(None, (form.strip("=") for form in cell.split("|"))):
        called = "ال" + form + "ة" if language == "ar" else form
        if not table.holds(called, Kind.COUNTRY):
            yield called
