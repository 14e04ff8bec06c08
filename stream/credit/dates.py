"""Dates of datelines, in the month names and calendars that desks use.

    5 أيار/مايو 2025    20 شوال 1446 هـ الموافق 18 أبريل 2025 م    10 juil 2024    5-5-2025    May 5

Only a Gregorian date becomes a date; Islamic ones beside it are read over.
"""

from __future__ import annotations

import datetime
import re
from functools import cache
from importlib.resources import files

from stream.text.arabic import fold

_PIECE = re.compile(r"\d+|[^\W\d_]+")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})\s*[-/.]\s*(\d{1,2})(?:\s*[-/.]\s*(\d{4}|\d{2}))?(?!\d)")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
HIJRI = 0
# The Islamic year of today is between these; a Gregorian year of news is above them.
_GREGORIAN_YEARS = range(1900, 2200)
_HIJRI_YEARS = range(1300, 1600)


def read(text: str, published: datetime.date | None = None) -> str | None:
    """The Gregorian date in `text` as ISO 8601, or None where none is written or it can be read two ways.

    A year that is not written is that of the nearest such day to `published`; without it there is no date.
    """
    plain = fold(text)
    found = _named(plain) or _numeric(plain, text)
    if found is None:
        return None
    year, month, day = found
    if year is None:
        return _nearest(month, day, published)
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


@cache
def _tables() -> tuple[dict[tuple[str, ...], int], frozenset[str]]:
    months: dict[tuple[str, ...], int] = {}
    for number, _, names in _rows("months.tsv"):
        for name in names.split("|"):
            months[tuple(_PIECE.findall(fold(name)))] = HIJRI if number == "hijri" else int(number)
    words = frozenset(word for _, row in _rows("words.tsv") for word in fold(row).split())
    return months, words


def month(pieces: tuple[str, ...]) -> int | None:
    """The month that folded words name: 1–12, `HIJRI` for an Islamic month, None for no month."""
    return _tables()[0].get(pieces)


def is_date(text: str) -> bool:
    """Whether nothing but a date, or a part of one, stands in `text`."""
    pieces = _PIECE.findall(fold(text))
    months, words = _tables()
    dated = False
    index = 0
    while index < len(pieces):
        pair = tuple(pieces[index : index + 2])
        if pieces[index].isdecimal() and len(pieces[index]) <= 4:
            dated = True
        elif pair in months:
            dated = True
            index += 1
        elif pair[:1] in months:
            dated = True
        elif pieces[index] not in words:
            return False
        index += 1
    return dated


def split(text: str) -> tuple[str, str]:
    """`text` in two: what stands before its date, and the date to the end (`Paris, 5 mai` → `Paris`)."""
    months, words = _tables()
    cut = len(text)
    pieces = list(_PIECE.finditer(text))
    folded = [fold(piece.group()) for piece in pieces]
    index = len(pieces) - 1
    dated = False
    while index >= 0:
        one = folded[index]
        if one.isdecimal() and len(one) <= 4:
            dated = True
        elif index and (folded[index - 1], one) in months:
            dated = True
            index -= 1
        elif (one,) in months:
            dated = True
        elif one not in words:
            break
        cut = pieces[index].start()
        index -= 1
    return (text[:cut].rstrip(" ,،.-"), text[cut:]) if dated else (text, "")


def _named(plain: str) -> tuple[int | None, int, int] | None:
    """Year, month and day of a date with a month's name in it."""
    pieces = _PIECE.findall(plain)
    months, _ = _tables()
    for index in range(len(pieces)):
        pair = tuple(pieces[index : index + 2])
        width = 2 if pair in months else 1
        number = months.get(pair, months.get(pair[:1], HIJRI))
        if number == HIJRI:
            continue
        after = pieces[index + width :]
        # 5 أيار/مايو 2025: the same month twice.
        while after and (months.get(tuple(after[:2])) == number or months.get(tuple(after[:1])) == number):
            after = after[2 if tuple(after[:2]) in months else 1 :]
        before = pieces[index - 1] if index else ""
        day = before if _is_day(before) else ""
        if not day and after and _is_day(after[0]):
            day, after = after[0], after[1:]
        year = next((int(p) for p in after[:2] if p.isdecimal() and int(p) in _GREGORIAN_YEARS), None)
        return (year, number, int(day)) if day else None
    return None


def _numeric(plain: str, text: str) -> tuple[int | None, int, int] | None:
    for match in _NUMERIC.finditer(plain):
        first, second, third = match.groups()
        if len(first) == 4:
            if int(first) in _GREGORIAN_YEARS and third is not None and int(second) <= 12:
                return int(first), int(second), int(third)
            continue
        if len(first) == 3:
            continue
        day, number = int(first), int(second)
        if third is not None and int(third) in _HIJRI_YEARS:
            continue
        # Arabic desks write day before month; in other languages both orders are in use.
        if not _ARABIC.search(text) and day <= 12 and number <= 12 and day != number:
            return None
        if number > 12 >= day and not _ARABIC.search(text):
            day, number = number, day
        if not (1 <= number <= 12 and 1 <= day <= 31):
            return None
        year = None if third is None else int(third) + (2000 if len(third) == 2 else 0)
        return year, number, day
    return None


def _nearest(number: int, day: int, published: datetime.date | None) -> str | None:
    if published is None:
        return None
    days = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            days.append(datetime.date(year, number, day))
        except ValueError:
            continue
    return min(days, key=lambda d: abs((d - published).days)).isoformat() if days else None


def _is_day(piece: str) -> bool:
    return piece.isdecimal() and 1 <= len(piece) <= 2 and 1 <= int(piece) <= 31


def _rows(name: str) -> list[list[str]]:
    text = (files("stream") / "data" / "months" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
