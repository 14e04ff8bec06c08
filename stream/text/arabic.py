"""Normalisation for matching, Arabic first: what different desks write differently becomes one form.

Nothing that this module returns is ever shown: events carry the text as it was published.
"""

from __future__ import annotations

import unicodedata

# Marks U+064B–065F and 0670, Koranic annotation signs, tatweel, and the invisible controls (bidi, joiners,
# BOM, soft hyphen) that editors and browsers add and drop at will.
_DROPPED = [
    *range(0x064B, 0x0660),
    0x0670,
    *range(0x06D6, 0x06EE),
    *range(0x0610, 0x061B),
    0x0640,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x206A),
    0x061C,
    0xFEFF,
    0x00AD,
]
# Spelling variants: hamza carriers, final ya and ta marbuta, Persian and Urdu letter forms.
_FOLDED = {
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ى": "ي",
    "ئ": "ي",
    "ی": "ي",
    "ې": "ي",
    "ؤ": "و",
    "ة": "ه",
    "ۀ": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ک": "ك",
    "ڪ": "ك",
    "گ": "ك",
    "٫": ".",
    "٬": ",",
}
_PLANE = range(0x10000)
_DIGITS = {chr(c): str(unicodedata.decimal(chr(c))) for c in _PLANE if chr(c).isdecimal()}

# A list and not a dictionary: `translate` asks a dictionary by an exception for each character that it lacks,
# which takes twice the time.
_CHANGED = str.maketrans({**{chr(c): None for c in _DROPPED}, **_FOLDED, **_DIGITS})
_TABLE = [_CHANGED.get(code, code) for code in _PLANE]


def fold(text: str) -> str:
    """`text` in the one spelling that is compared: NFKC, case folded, marks and controls dropped,
    Arabic letter variants folded, the digits of every script of the Basic Multilingual Plane to ASCII. White
    space and punctuation stay."""
    return unicodedata.normalize("NFKC", text).translate(_TABLE).casefold()
