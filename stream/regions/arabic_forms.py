"""Arabic surface forms: what one name looks like with particles, article, gender and number.

Particles and article are written onto the word (`بالمغرب`, `وللسعودية`), so a table that is looked up by
whole words must hold each of these spellings. Generating them when the table is built is what keeps the
reader free of stemming: a stemmer also strips the first letter of words that merely begin like that.
"""

from __future__ import annotations

from collections.abc import Iterator

ARTICLE = "ال"
_PARTICLES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")
# What a small town can carry in news: fewer spellings, fewer accidents with other words.
_FEW_PARTICLES = ("", "و", "ب", "ل")
_LI_FORMS = ("لل", "ولل", "فلل")


def is_arabic(word: str) -> bool:
    return "\u0600" <= word[:1] <= "\u06ff"


def with_particles(word: str, *, few: bool = False) -> Iterator[str]:
    """`word` and its spellings with the one-letter particles; `ل` swallows the article's alif."""
    for particle in _FEW_PARTICLES if few else _PARTICLES:
        # `للحج` is the pilgrimage with its article far more often than the town of Lahij.
        if not (few and particle == "ل" and word[0] == "ل"):
            yield particle + word
    if word.startswith(ARTICLE) and len(word) > 4:
        for particle in _LI_FORMS[:1] if few else _LI_FORMS:
            yield particle + word[len(ARTICLE) :]


def with_article(word: str) -> Iterator[str]:
    """`word` bare and with the article (`ألماني` begins with those two letters and takes it too)."""
    yield word
    yield ARTICLE + word


def nisba(masculine: str) -> Iterator[str]:
    """Gender, number and case of an adjective in -ī (`سعودي`): `سعودية`, `سعوديين`, `سعوديات` …"""
    yield masculine
    for ending in ("ة", "ا", "ين", "ون", "ات", "ان", "تان", "تين", "يين", "يون", "ى"):
        if ending == "ى":
            yield masculine[:-1] + "ى"
        else:
            yield masculine + ending
