"""Light stemming, for training only: the forms of one word share what is learnt of any of them.

Arabic after light10 (Larkey, Ballesteros and Connell 2002); Latin script loses a plural's ending. Words
come from `stream.text.tokens.words`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ARTICLES = ("وال", "فال", "بال", "كال", "ولل", "لل", "ال")
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_SHORTEST = 3
# How many letters make two words of two languages cognates: technolog|y and technolog|ie agree in these.
_COGNATE = 6
_LAST_LATIN = "\u024f"


@lru_cache(maxsize=1_000_000)
def stem(word: str) -> str:
    """The stem of one normalised word; the word itself where nothing is to be taken off."""
    if "\u0600" <= word[0] <= "\u06ff":
        return _without_endings(_without_particles(word))
    if word.isascii() and len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word


def cognate(word: str) -> str:
    """What a word in Latin letters shares with its cognates in other languages: the beginning of its stem,
    without accents. Empty for other scripts."""
    if word[0] > _LAST_LATIN:
        return ""
    letters = unicodedata.normalize("NFD", stem(word))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))[:_COGNATE]


def _without_particles(word: str) -> str:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= _SHORTEST:
            return word[len(article) :]
    return word[1:] if word[0] in "وف" and len(word) > 4 else word


def _without_endings(word: str) -> str:
    for _ in range(2):
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                word = word[: -len(ending)]
                break
    return word
