"""The top of a plain text: section header, headline, and where the story begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from stream.wire import boilerplate, tidy
from stream.wire.limits import Limits

# Headlines of wires stay under 15 words; summary headlines of state agencies reach 25.
_HEADLINE_WORDS = 25
_HEADLINE_CHARS = 200
_SECTION_WORDS = 5
# A line of so few words cannot be a headline when a longer one stands right below.
_LABEL_WORDS = 2
_SITE_WORDS = 4
# More sections above a headline are a menu, which says nothing of the story.
_MOST_SECTIONS = 4
_CRUMB_LEAST, _CRUMB_MOST = 2, 6
_CRUMBS = re.compile(r"\s*(?:[>›»«‹|/\\]|\s[-–—]\s)\s*")
# Wires' datelines: a few words of place and date, the credit in brackets or between slashes, then a dash or
# a colon; or place and credit alone on the line.
_BRACKETS, _SLASHES = r"[(\[]\s*[^()\[\]\d]{1,30}\s*[)\]]\s*", r"/\s*[^/\d]{1,30}\s*/\s*"
_DATELINE = re.compile(
    rf"(?:[^\s()\[\]]+\s+){{0,5}}[^\s()\[\]]*\s*(?:{_BRACKETS}(?:[-–—:_]|\.-)|{_SLASHES})"
    rf"|(?:[^\s\d()\[\]]+\s+){{0,2}}[^\s\d()\[\]]+\s*(?:{_BRACKETS}|[-–—]\s*[^\s\d]+(?:\s[^\s\d]+)?)$"
)
# One full stop: an ellipsis, in two dots or three, ends many a headline.
_FULL_STOP = re.compile(r"(?<!\.)[.。][\"'»”’)\]]*$")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
_DATE_SIGN = re.compile(r"\d{1,2}:\d{2}|\b(?:19|20)\d{2}\b|\b[٠-٩]{4}\b|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_AMOUNT = re.compile(r"[%$€£]")
_DATE_CHARS = 60
_DATE_SHARE = 0.34


@dataclass(frozen=True, slots=True)
class Head:
    """Sections and headline, and the index of the first line that belongs to the body."""

    sections: tuple[str, ...]
    headline: str | None
    end: int


@cache
def _section_words() -> frozenset[str]:
    words = (word for _, row in boilerplate.data_lines("sections.tsv") for word in row.split())
    return frozenset(_bare(boilerplate.key(word)) for word in words)


def _bare(word: str) -> str:
    """An Arabic word without conjunction and article."""
    for prefix in ("وال", "ال", "لل"):
        if word.startswith(prefix) and len(word) > len(prefix) + 1:
            return word[len(prefix) :]
    return word


def is_section(line: str) -> bool:
    """Whether a line is made of nothing but words that name sections."""
    words = boilerplate.key(line).split()
    if not 0 < len(words) <= _SECTION_WORDS:
        return False
    known = _section_words()
    return all(_bare(word) in known or word.removeprefix("و") in known for word in words)


def read(lines: Sequence[str], *, is_page: bool, limits: Limits) -> Head:
    """The head of `lines` (stripped). In a page, lines of dates above the headline are passed over."""
    filled = [index for index, line in enumerate(lines) if line]
    if not filled:
        return Head((), None, 0)
    sections: list[str] = []
    label: int | None = None
    position = 0
    while position < len(filled) - 1:
        line, below = lines[filled[position]], lines[filled[position + 1]]
        if (crumbs := _crumbs(line)) is not None:
            sections.extend(crumbs)
        elif is_section(line):
            sections.append(line)
        elif not sections and label is None and _is_label(line, below):
            label = position
            sections.append(line)
        elif not (is_page and is_date(line)):
            break
        position += 1
    if label is not None and not _is_headline_at(lines, filled, position, is_page=is_page):
        # Nothing below it was the headline, so the short line is.
        sections, position = sections[1:], label
    start = filled[position]
    if len(sections) > _MOST_SECTIONS:
        sections = []
    known = tuple(dict.fromkeys(sections))
    if not _is_headline_at(lines, filled, position, is_page=is_page):
        return Head(known, None, start)
    return Head(known, tidy.line(lines[start])[: limits.headline_chars], filled[position + 1])


def _is_headline_at(lines: Sequence[str], filled: Sequence[int], position: int, *, is_page: bool) -> bool:
    """Whether that line is a headline: short, no sentence, and apart from a text below it. In a page, what
    kept them apart may have been boilerplate."""
    if position + 1 >= len(filled) or not _is_headline(lines[filled[position]]):
        return False
    following = filled[position + 1]
    return is_page or following > filled[position] + 1 or is_dateline(lines[following])


def _is_headline(line: str) -> bool:
    words = line.count(" ") + 1
    return (
        len(line) <= _HEADLINE_CHARS
        and words <= _HEADLINE_WORDS
        and _FULL_STOP.search(line) is None
        and not line.endswith((":", "-", "–", "—"))
        and not is_dateline(line)
    )


def _is_label(line: str, below: str) -> bool:
    """Whether a line names a site or section that is not in the data: too short for a headline that stands
    right below it, or short and above a section."""
    words = len(line.split())
    if not _is_headline(line):
        return False
    if is_section(below):
        return words <= _SITE_WORDS
    return words <= _LABEL_WORDS and len(below.split()) >= 2 * words + 2 and _is_headline(below)


def _crumbs(line: str) -> list[str] | None:
    """The sections of a breadcrumb trail without its home page, or None."""
    if len(line) > _HEADLINE_CHARS:
        return None
    parts = [part for part in _CRUMBS.split(line) if part]
    if not _CRUMB_LEAST <= len(parts) <= _CRUMB_MOST:
        return None
    homes = [
        part for part in parts if (found := boilerplate.match(part)) is not None and found.kind == "line"
    ]
    named = [part for part in parts if part not in homes]
    return named if named and all(map(is_section, named)) else None


def is_dateline(line: str) -> bool:
    """Whether a line begins as wires' datelines do: place, credit in brackets, dash."""
    return _DATELINE.match(line[:140]) is not None


def is_date(line: str) -> bool:
    """Whether a line is a date or time of publication and little else."""
    if len(line) > _DATE_CHARS or _DATE_SIGN.search(line) is None or _AMOUNT.search(line):
        return False
    words: list[str] = _WORD.findall(line)
    numbers = sum(word.isdigit() for word in words)
    return numbers >= 2 and numbers >= _DATE_SHARE * len(words)


def without_dates(lines: Sequence[str]) -> list[str]:
    """`lines` without the lines of dates that stand above the first running text."""
    kept: list[str] = []
    is_above = True
    for line in lines:
        if is_above and line and is_date(line):
            continue
        is_above = is_above and not boilerplate.is_prose(line)
        kept.append(line)
    return kept
