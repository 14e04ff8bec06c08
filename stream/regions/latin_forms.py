"""Gender, number and case of nationalities in French, Spanish and German, from one dictionary form."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_FRENCH = (("ien", "ienne"), ("éen", "éenne"), ("grec", "grecque"), ("turc", "turque"))
_SPANISH_NO_GENDER = ("e", "í", "a")


def french(masculine: str) -> Iterator[str]:
    """`tunisien` → tunisien, tunisienne, tunisiens, tunisiennes."""
    feminine = masculine if masculine.endswith("e") else masculine + "e"
    for ending, replacement in _FRENCH:
        if masculine.endswith(ending):
            feminine = masculine[: -len(ending)] + replacement
    yield from {masculine, feminine, feminine + "s", masculine if masculine[-1] in "sx" else masculine + "s"}


def spanish(masculine: str) -> Iterator[str]:
    """`marroquí`, `alemán`, `egipcio` → both genders, both numbers."""
    yield masculine
    if masculine.endswith("o"):
        yield from (masculine[:-1] + ending for ending in ("a", "os", "as"))
    elif masculine.endswith("í"):
        yield from (masculine + "es", masculine + "s")
    elif masculine.endswith(_SPANISH_NO_GENDER):
        yield masculine + "s"
    else:
        stem = bare(masculine[-2:]).join((masculine[:-2], ""))
        yield from (stem + ending for ending in ("a", "es", "as"))


def german(stem: str) -> Iterator[str]:
    """An adjective's endings; a noun (capital initial) with its plural, dative and feminine."""
    if stem[0].isupper():
        yield from (stem, stem + "n", stem + "s", stem + "in", stem + "innen")
    else:
        yield from (stem + ending for ending in ("", "e", "en", "er", "es", "em"))


def bare(text: str) -> str:
    """`text` without accents: what capitals and foreign keyboards make of it."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
