"""What a site prints around a story, told from the story by position, shape and general phrases.

Evidence comes first: a text is held to be a copied page only when it shows enough of the phrases that
sites in general use, as whole lines. A take without a page around it shows none, and loses nothing. In a
page, what matters is where a phrase stands: a comment form after the story ends it, the same link above
the headline is a line to drop; a "read also" in the middle takes its few links with it and the story
goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from stream.text.arabic import fold

Kind = Literal["comments", "end", "related", "inline", "line", "meta"]

_NOT_WORDS = re.compile(r"[\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?؟…。][\"'»”’)\]]*$")
# Longer lines are prose; no phrase with its rest is as long.
LONGEST_LINE = 140
# Prose: a line of this length, or a shorter one that is a sentence by its end and its number of words.
PROSE_CHARS = 80
_PROSE_WORDS = 6
# Points from which a text is a copied page. One whole strong phrase is enough, a line that only begins
# with one needs a witness, ordinary words need each other.
_POINTS_NEEDED = 3
_WHOLE, _BEGUN, _WEAK = 3, 2, 1
# Comments after this much of running text follow a story, however long the thread; above it, the same
# words are a link of the page's head.
_STORY_CHARS = 300
# Lists of links and footers also stand in the middle, as boxes: only when this little running text follows,
# in parts of what stands before (teasers, terms of use), is it the end.
_MOST_AFTER = 1 / 3
# The longest of the links that pages put side by side in a line ("share on Facebook").
_LINK_WORDS = 4
# The links that an inline pointer takes with it when it is a heading: boxes of more are lists at the end.
_INLINE_LINKS = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A line recognised as boilerplate; `points` is how much it says that a page stands around."""

    kind: Kind
    points: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Phrases:
    whole: dict[str, tuple[Kind, int]]
    begun: dict[str, tuple[tuple[str, Kind, int], ...]]
    """By first word, longest phrase first."""


def data_lines(name: str) -> Iterator[list[str]]:
    """The rows of a table of this stage's data, without its comments and its heading."""
    text = (files("stream") / "data" / "boilerplate" / name).read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    next(rows)
    return rows


def key(line: str) -> str:
    """`line` as phrases are compared: folded, without punctuation and numbers."""
    return _NOT_WORDS.sub(" ", fold(line)).strip()


@cache
def _phrases() -> _Phrases:
    whole: dict[str, tuple[Kind, int]] = {}
    begun: dict[str, list[tuple[str, Kind, int]]] = {}
    kinds: dict[str, Kind] = {
        "comments": "comments", "end": "end", "related": "related",
        "inline": "inline", "line": "line", "meta": "meta",
    }  # fmt: skip
    for kind, _, strength, phrase in data_lines("phrases.tsv"):
        compared = key(phrase)
        is_strong = strength == "strong"
        whole.setdefault(compared, (kinds[kind], _WHOLE if is_strong else _WEAK))
        if phrase.endswith("*"):
            entry = (compared, kinds[kind], _BEGUN if is_strong else _WEAK)
            begun.setdefault(compared.split(" ", 1)[0], []).append(entry)
    for entries in begun.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return _Phrases(whole, {first: tuple(entries) for first, entries in begun.items()})


def match(line: str) -> Match | None:
    """What boilerplate a line is, None when it is none that is known."""
    if not line or len(line) > LONGEST_LINE:
        return None
    compared = key(line)
    if not compared:
        return None
    phrases = _phrases()
    found = phrases.whole.get(compared)
    if found is not None:
        return Match(*found, is_whole=True)
    for phrase, kind, points in phrases.begun.get(compared.split(" ", 1)[0], ()):
        if compared.startswith(phrase) and compared[len(phrase) : len(phrase) + 1] in ("", " "):
            return Match(kind, points, is_whole=False)
    return _row_of_links(compared.split(" "), phrases)


def _row_of_links(words: Sequence[str], phrases: _Phrases) -> Match | None:
    """A line of several phrases that stand by themselves elsewhere (`Facebook Twitter WhatsApp`)."""
    at = points = count = 0
    while at < len(words):
        for end in range(min(len(words), at + _LINK_WORDS), at, -1):
            kind, worth = phrases.whole.get(" ".join(words[at:end]), ("", 0))
            if kind == "line":
                at, points, count = end, points + worth, count + 1
                break
        else:
            return None
    return Match("line", points, is_whole=True) if count > 1 else None


def is_prose(line: str) -> bool:
    """Whether a line is running text: long, or a whole sentence."""
    if len(line) >= PROSE_CHARS:
        return True
    return line.count(" ") >= _PROSE_WORDS - 1 and _SENTENCE_END.search(line) is not None


def strip(lines: Sequence[str], *, is_page: bool = False) -> tuple[list[str], bool]:
    """The lines that are the story's, and whether a page stood around them.

    `is_page` says that it is known to be one. Order and empty lines stay.
    """
    matches = [match(line) for line in lines]
    is_page = is_page or sum(found.points for found in matches if found) >= _POINTS_NEEDED
    if not is_page:
        return list(lines), False
    prose = [
        len(line) if found is None and is_prose(line) else 0
        for line, found in zip(lines, matches, strict=True)
    ]
    before, after = 0, sum(prose)
    kept: list[str] = []
    index = 0
    while index < len(lines):
        found = matches[index]
        if found is None:
            kept.append(lines[index])
            before += prose[index]
            after -= prose[index]
        elif found.kind == "comments":
            if before >= min(_STORY_CHARS, max(after, 1)):
                break
        elif found.kind in ("end", "related"):
            if before and after <= _MOST_AFTER * before:
                break
            if found.kind == "related":
                index = _skip_links(matches, prose, index, len(lines))
        elif found.kind == "inline" and found.is_whole:
            index = _skip_links(matches, prose, index, _INLINE_LINKS)
        index += 1
    return kept, True


def _skip_links(matches: Sequence[Match | None], prose: Sequence[int], index: int, most: int) -> int:
    """The index of the last of the short lines after a heading, at most `most` of them."""
    for following in range(index + 1, min(index + 1 + most, len(matches))):
        if matches[following] is not None or prose[following]:
            return following - 1
    return min(index + most, len(matches) - 1)
