"""The language of a text: by its script, then by frequent words and letters of its own.

No model: languages of one script differ enough in their function words that a paragraph tells. The data
(`data/languages/`) lists both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# A lead paragraph tells the language; what follows it may quote another.
_CHARS = 300
_LETTERS_NEEDED = 3
# One letter that only this language has says as much as some frequent words.
_MARK_WEIGHT = 3
# Words of one letter (a, e, o, y) belong to many languages.
_WORD_WEIGHT, _SHORT_WEIGHT = 2, 1
_MARKS_COUNTED = 6
# Japanese and Korean are written with Han characters too: a share of their own letters decides.
_OWN_SHARE = 0.08
# The declared language holds unless another one's words are found this many times as often.
_CONTRADICTED = 2.0
_POINTS_TO_CONTRADICT = 8
# Vowel signs of the scripts of India are marks, not letters, and part of the word.
_WORD = re.compile(r"(?:[^\W\d_]|[\u0900-\u0dff])+")
# Languages that are written in two scripts; the data lists each under one.
_DOUBLE = frozenset({("ja", "han"), ("ko", "han"), ("yue", "han"), ("sr", "latin"), ("ku", "arabic")})
# Codes that name no language.
_UNKNOWN = frozenset({"und", "mul", "zxx", "mis", "xx"})
# Names that feeds use beside the standard's.
_ALIASES = {"iw": "he", "in": "id", "arabic": "ar", "english": "en", "ara": "ar", "eng": "en", "fre": "fr"}
_ALIASES |= {
    "fra": "fr",
    "ger": "de",
    "deu": "de",
    "spa": "es",
    "per": "fa",
    "fas": "fa",
    "nb": "no",
    "nn": "no",
}


@dataclass(frozen=True, slots=True)
class _Tables:
    script_of: dict[str, str]
    """Character → script, for every letter of every script listed."""
    only: dict[str, str]
    """Script → its one language."""
    likely: dict[str, str]
    """Script → the language of text without frequent words of any."""
    languages: dict[str, tuple[str, ...]]
    """Script → languages that share it."""
    words: dict[str, tuple[str, ...]]
    """Word → languages whose frequent word it is."""
    marks: dict[str, tuple[str, ...]]
    """Letter → languages that have it."""
    script_by_language: dict[str, str]


def detect(text: str, declared: str | None = None) -> str | None:
    """The language of `text` as a BCP 47 primary tag (`ar`, `ckb`), or None when the text does not say.

    `declared` (`ar`, `ar-SA`) is the answer whenever the text does not contradict it: by another script, or
    by the frequent words of another language of that script.
    """
    claimed = primary(declared)
    tables = _tables()
    sample = text[:_CHARS].casefold()
    letters = Counter(sample)
    script = _script(letters, tables)
    if script is None:
        return claimed
    if script in tables.only:
        return claimed if _fits(claimed, script, tables) else tables.only[script]
    scores = _scores(sample, letters, script, tables)
    if not _fits(claimed, script, tables):
        claimed = None
    best = max(scores, key=lambda one: scores[one], default=tables.likely.get(script))
    if claimed is None or best is None or claimed not in tables.script_by_language:
        return claimed or best
    points, own = scores.get(best, 0), scores.get(claimed, 0)
    return best if points >= max(_POINTS_TO_CONTRADICT, _CONTRADICTED * own) else claimed


def primary(tag: str | None) -> str | None:
    """The primary tag of a declared language (`ar-SA` → `ar`), or None when it names none."""
    if not tag:
        return None
    code = re.split(r"[-_;, ]", tag.strip().casefold(), maxsplit=1)[0]
    code = _ALIASES.get(code, code)
    return (
        code if 2 <= len(code) <= 3 and code.isalpha() and code.isascii() and code not in _UNKNOWN else None
    )


def _script(letters: Counter[str], tables: _Tables) -> str | None:
    counts: dict[str, int] = {}
    for letter, count in letters.items():
        script = tables.script_of.get(letter)
        if script is not None:
            counts[script] = counts.get(script, 0) + count
    if sum(counts.values()) < _LETTERS_NEEDED:
        return None
    han = counts.get("han", 0)
    for script in ("kana", "hangul"):
        own = counts.get(script, 0)
        if han and own >= _OWN_SHARE * (han + own):
            return script
    return max(counts, key=lambda one: counts[one])


def _scores(sample: str, letters: Counter[str], script: str, tables: _Tables) -> dict[str, int]:
    """Points of each language of the script: frequent words and own letters that were found."""
    scores = dict.fromkeys(tables.languages[script], 0)
    for word in _WORD.findall(sample):
        for language in tables.words.get(word, ()):
            if language in scores:
                scores[language] += _WORD_WEIGHT if len(word) > 1 else _SHORT_WEIGHT
    for letter in letters.keys() & tables.marks.keys():
        for language in tables.marks[letter]:
            if language in scores:
                scores[language] += _MARK_WEIGHT * min(letters[letter], _MARKS_COUNTED)
    return {language: score for language, score in scores.items() if score}


def _fits(claimed: str | None, script: str, tables: _Tables) -> bool:
    """Whether a language can be written in the script: one that no table knows can be in any but those
    that are another language's own."""
    if claimed is None:
        return False
    if claimed in tables.script_by_language:
        return tables.script_by_language[claimed] == script or (claimed, script) in _DOUBLE
    return script not in tables.only or tables.only[script] == claimed or (claimed, script) in _DOUBLE


@cache
def _tables() -> _Tables:
    script_of: dict[str, str] = {}
    only: dict[str, str] = {}
    likely: dict[str, str] = {}
    for script, language, likeliest, ranges in _rows("scripts.tsv"):
        if language:
            only[script] = language
        if likeliest:
            likely[script] = likeliest
        for span in ranges.split():
            first, last = (int(code, 16) for code in span.split("-"))
            script_of.update((chr(code), script) for code in range(first, last + 1) if chr(code).isalpha())
    words: dict[str, list[str]] = {}
    marks: dict[str, list[str]] = {}
    languages: dict[str, list[str]] = {}
    by_language = {language: script for script, language in only.items()}
    for language, script, frequent, own in _rows("words.tsv"):
        languages.setdefault(script, []).append(language)
        by_language[language] = script
        for word in dict.fromkeys(frequent.casefold().split()):
            words.setdefault(word, []).append(language)
        for letter in own:
            marks.setdefault(letter, []).append(language)
    return _Tables(script_of, only, likely, _frozen(languages), _frozen(words), _frozen(marks), by_language)


def _frozen(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


def _rows(name: str) -> Iterable[list[str]]:
    text = (files("stream") / "data" / "languages" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
