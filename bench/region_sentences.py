"""Sentences generated for the gate of the regions: every country's name and nationality in five languages, in
Arabic with each particle that is written onto the word."""

from __future__ import annotations

from collections.abc import Iterator

from bench.region_cases import Case, rows
from stream.regions import latin_forms
from stream.regions.gazetteer import Gazetteer
from stream.regions.phrases import SOURCES

_CLITICS = ("", "و", "ف", "ب", "ل", "ك")
_NAMES = {
    "ar": ("وصل الوفد {} أمس وعقد سلسلة من الاجتماعات", "شهد الملتقى {} حضورا كبيرا هذا العام"),
    "en": ("The delegation reached {} on an official visit.", "Officials in {} said the talks would go on."),
    "fr": ("La délégation est arrivée en {} pour une visite.", "Le gouvernement de {} a pris des mesures."),
    "de": ("Die Delegation reiste am Montag nach {} weiter.", "Die Regierung von {} lehnte den Plan ab."),
    "es": ("La delegación llegó a {} para una visita.", "El gobierno de {} tomó medidas."),
}
_NATIONALITIES = {
    "ar": "تحدث التقرير عن النتائج {} خلال العام الماضي",
    "en": "The panel praised the {} proposal.",
    "fr": "Le comité a salué le projet {} hier.",
    "de": "Der Ausschuss lobte den {} Vorschlag.",
    "es": "El comité elogió el proyecto {} ayer.",
}
# Gender and number of an Arabic nationality as news writes them.
_ENDINGS = ("", "ة", "ين", "ون", "ات")


def names(gazetteer: Gazetteer) -> Iterator[Case]:
    """Every country's name, in Arabic with each particle."""
    for language, templates in _NAMES.items():
        for country in sorted(gazetteer.countries):
            name = gazetteer.name(country, language)
            for written in _with_clitics(name) if language == "ar" else (name,):
                for template in templates:
                    yield Case("", template.format(written), [country], language)


def nationalities() -> Iterator[Case]:
    """Every nationality in its genders and numbers, in Arabic with the article and each particle."""
    for country, arabic, english, french, german, spanish in rows(SOURCES / "demonyms.tsv"):
        if country == "country":
            continue
        words = {
            "ar": [written for form in _cell(arabic) for written in _arabic(form)],
            "en": list(_cell(english)),
            "fr": [word for form in _cell(french) for word in sorted(set(latin_forms.french(form)))],
            "de": [word for form in _cell(german) for word in latin_forms.german(form)],
            "es": [word for form in _cell(spanish) for word in latin_forms.spanish(form)],
        }
        for language, forms in words.items():
            for form in forms:
                yield Case("", _NATIONALITIES[language].format(form), [country], language)


def _cell(cell: str) -> Iterator[str]:
    for form in cell.split("|"):
        if form.strip("="):
            yield form.replace("~", " ")


def _arabic(form: str) -> Iterator[str]:
    """A form after = stands as it is: a broken plural."""
    for ending in ("",) if form.startswith("=") else _ENDINGS:
        yield from _with_clitics("ال" + form.strip("=") + ending)


def _with_clitics(word: str) -> Iterator[str]:
    """`word` with each particle; `ل` swallows the alif of an article."""
    for clitic in _CLITICS:
        yield "لل" + word[2:] if clitic == "ل" and word.startswith("ال") else clitic + word
