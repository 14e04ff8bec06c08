"""The language of a text: by its script, then by frequent words and letters of its own.

No model: languages of one script differ enough in their function words that a paragraph tells. The data
(`data/languages/`) lists both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

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
_WORD = re.compile(r"[^\W\d_]+")
# Vowel signs of the scripts of India are marks, not letters, and part of the word. Only text that has any is
# read with the pattern that knows them, which takes twice the time.
_INDIC = re.compile(r"[\u0900-\u0dff]")
_INDIC_WORD = re.compile(r"(?:[^\W\d_]|[\u0900-\u0dff])+")
# Languages that are written in two scripts; the data lists each under one.
_DOUBLE = frozenset({("ja", "han"), ("ko", "han"), ("yue", "han"), ("sr", "latin"), ("ku", "arabic")})
_NO_SCRIPT = 0
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
class _Shared:
    """What tells the languages of one script apart."""

    languages: tuple[str, ...]
    words: Mapping[str, tuple[tuple[str, int], ...]]
    """Word → languages whose frequent word it is, each with the points that it gives."""
    marks: Mapping[str, tuple[str, ...]]
    """Letter → languages that have it."""
    marked: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Tables:
    kinds: npt.NDArray[np.uint8]
    """Code point up to FFFF → place of its script in `scripts`; 0 for what is no letter of any."""
    scripts: tuple[str, ...]
    han: int
    with_han: tuple[int, ...]
    """The places of Han characters, and of the scripts that are written with them."""
    only: dict[str, str]
    """Script → its one language."""
    likely: dict[str, str]
    """Script → the language of text without frequent words of any."""
    shared: dict[str, _Shared]
    script_by_language: dict[str, str]


def detect(text: str, declared: str | None = None) -> str | None:
    """The language of `text` as a BCP 47 primary tag (`ar`, `ckb`), or None when the text does not say.

    `declared` (`ar`, `ar-SA`) is the answer whenever the text does not contradict it: by another script, or
    by the frequent words of another language of that script.
    """
    claimed = primary(declared)
    tables = _tables()
    sample = text[:_CHARS].casefold()
    script = _script(sample, tables)
    if script is None:
        return claimed
    if script in tables.only:
        return claimed if _fits(claimed, script, tables) else tables.only[script]
    scores = _scores(sample, tables.shared[script])
    if not _fits(claimed, script, tables):
        claimed = None
    best = max(scores, key=lambda one: scores[one], default=tables.likely.get(script))
    if claimed is None or best is None or claimed not in tables.script_by_language:
        return claimed or best
    points, own = scores.get(best, 0), scores.get(claimed, 0)
    return best if points >= max(_POINTS_TO_CONTRADICT, _CONTRADICTED * own) else claimed


@lru_cache(maxsize=1024)
def primary(tag: str | None) -> str | None:
    """The primary tag of a declared language (`ar-SA` → `ar`), or None when it names none."""
    if not tag:
        return None
    code = re.split(r"[-_;, ]", tag.strip().casefold(), maxsplit=1)[0]
    code = _ALIASES.get(code, code)
    return (
        code if 2 <= len(code) <= 3 and code.isalpha() and code.isascii() and code not in _UNKNOWN else None
    )


def _script(sample: str, tables: _Tables) -> str | None:
    codes = np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kinds = tables.kinds.take(codes, mode="clip")
    counts: list[int] = np.bincount(kinds, minlength=len(tables.scripts)).tolist()
    counts[_NO_SCRIPT] = 0
    if sum(counts) < _LETTERS_NEEDED:
        return None
    han = counts[tables.han]
    for place in tables.with_han if han else ():
        if counts[place] >= _OWN_SHARE * (han + counts[place]):
            return tables.scripts[place]
    most = max(counts)
    if counts.count(most) == 1:
        return tables.scripts[counts.index(most)]
    # Of two that are as frequent, the one that the text begins with.
    return next(tables.scripts[kind] for kind in map(int, kinds) if counts[kind] == most)


def _scores(sample: str, shared: _Shared) -> dict[str, int]:
    """Points of each language of the script: frequent words and own letters that were found."""
    scores = dict.fromkeys(shared.languages, 0)
    pattern = _INDIC_WORD if _INDIC.search(sample) else _WORD
    for word in filter(shared.words.__contains__, pattern.findall(sample)):
        for language, points in shared.words[word]:
            scores[language] += points
    letters = shared.marked.findall(sample)
    for letter in set(letters):
        points = _MARK_WEIGHT * min(letters.count(letter), _MARKS_COUNTED)
        for language in shared.marks[letter]:
            scores[language] += points
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
    kinds = np.zeros(0x10000, dtype=np.uint8)
    scripts = [""]
    only: dict[str, str] = {}
    likely: dict[str, str] = {}
    for script, language, likeliest, ranges in _rows("scripts.tsv"):
        if language:
            only[script] = language
        if likeliest:
            likely[script] = likeliest
        for span in ranges.split():
            first, last = (int(code, 16) for code in span.split("-"))
            kinds[[code for code in range(first, last + 1) if chr(code).isalpha()]] = len(scripts)
        scripts.append(script)
    rows: dict[str, list[tuple[str, str, str]]] = {script: [] for script in scripts}
    by_language = {language: script for script, language in only.items()}
    for language, script, frequent, own in _rows("words.tsv"):
        by_language[language] = script
        rows[script].append((language, frequent, own))
    shared = {script: _shared(listed) for script, listed in rows.items() if listed}
    han, *with_han = map(scripts.index, ("han", "kana", "hangul"))
    return _Tables(kinds, tuple(scripts), han, tuple(with_han), only, likely, shared, by_language)


def _shared(rows: Iterable[tuple[str, str, str]]) -> _Shared:
    """Of rows of language, its frequent words and its own letters."""
    languages: list[str] = []
    words: dict[str, list[tuple[str, int]]] = {}
    marks: dict[str, list[str]] = {}
    for language, frequent, own in rows:
        languages.append(language)
        for word in dict.fromkeys(frequent.casefold().split()):
            points = _WORD_WEIGHT if len(word) > 1 else _SHORT_WEIGHT
            words.setdefault(word, []).append((language, points))
        for letter in own:
            marks.setdefault(letter, []).append(language)
    return _Shared(
        tuple(languages),
        {word: tuple(points) for word, points in words.items()},
        {letter: tuple(names) for letter, names in marks.items()},
        re.compile(f"[{re.escape(''.join(marks))}]" if marks else r"(?!)"),
    )


def _rows(name: str) -> Iterable[list[str]]:
    text = (files("stream") / "data" / "languages" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
