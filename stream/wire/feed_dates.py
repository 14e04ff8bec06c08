"""Dates of feeds: RFC 822 and RFC 3339 as they should be, and what templates make of them.

    Wed, 05 Nov 2025 14:30:00 CET    الأربعاء، 5 نوفمبر 2025 - 14:30    05/11/2025    Nov 5, 2025 2:30 pm

The names of months are those of datelines, in every language that `credit.dates` knows. A time without a zone
counts as UTC, as in `dates`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from stream.credit import dates as calendar
from stream.credit import zones
from stream.text.arabic import fold
from stream.wire import dates
from stream.wire.limits import Limits

_LONGEST = 80
_CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>am|pm|a\.m\.|p\.m\.|[صم](?!\w))?"
    r"\s*\(?(?P<zone>[+-]\d{2}:?\d{2}|[+-]\d{1,2}(?!\d)|(?:gmt|utc)\s*[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,4}(?![a-z]))?"
)
_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T ]|$)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_PIECE = re.compile(r"\d+|[^\W\d_]+\.?")
_EVENING = ("pm", "p.m.", "م")
_MORNING = ("am", "a.m.", "ص")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?$")


def read(text: str | None, received: datetime, limits: Limits) -> datetime | None:
    """The time that `text` names as aware UTC, None where it is unreadable or impossible: the dates of items
    are a template's, and no fault of the story."""
    if not text or len(text) > _LONGEST:
        return None
    moment = _read(text.strip())
    # Unix time 0 is what templates print for no date.
    if moment is None or not moment.timestamp() or not dates.is_possible(moment, received, limits):
        return None
    return moment


def _read(text: str) -> datetime | None:
    if _ISO.match(text):
        try:
            return dates.read(text)
        except ValueError:
            pass
    plain = fold(text)
    clock = _CLOCK.search(plain)
    day = _day(plain[: clock.start()] + " " + plain[clock.end() :] if clock else plain)
    if day is None:
        try:
            return dates.read(text)
        except ValueError:
            return None
    try:
        return datetime(*day, tzinfo=UTC) + (_time(clock) if clock else timedelta())
    except (ValueError, OverflowError):
        return None


def _day(plain: str) -> tuple[int, int, int] | None:
    """Year, month and day, in whichever order they stand; a month by its name or its number."""
    if (found := _YEAR_FIRST.search(plain)) is not None:
        return int(found[1]), int(found[2]), int(found[3])
    if (found := _YEAR_LAST.search(plain)) is not None:
        first, second = int(found[1]), int(found[2])
        # Most of the world writes the day first; what cannot be a month is the day.
        day, month = (second, first) if second > 12 >= first else (first, second)
        return int(found[3]), month, day
    pieces = [piece.rstrip(".") for piece in _PIECE.findall(plain)]
    for at in range(len(pieces)):
        width = 2 if calendar.month(tuple(pieces[at : at + 2])) else 1
        named = calendar.month(tuple(pieces[at : at + width]))
        if not named:
            continue
        numbers = [
            int(piece) for piece in pieces[max(0, at - 1) : at] + pieces[at + width :] if piece.isdecimal()
        ]
        days = [number for number in numbers if 1 <= number <= 31]
        years = [number for number in numbers if number >= 1000]
        if days and not years and len(numbers) > 1:
            # Two digits, as RFC 822 had it.
            years = [2000 + numbers[1] if numbers[1] < 70 else 1900 + numbers[1]]
        if days and years:
            return years[0], named, days[0]
    return None


def _time(clock: re.Match[str]) -> timedelta:
    hour = int(clock["hour"])
    if clock["half"] in _EVENING and hour < 12:
        hour += 12
    elif clock["half"] in _MORNING and hour == 12:
        hour = 0
    if hour > 24 or int(clock["minute"]) > 59:
        raise ValueError("no time of a day")
    time = timedelta(hours=hour, minutes=int(clock["minute"]), seconds=int(clock["second"] or 0))
    return time - _offset(clock["zone"] or "")


def _offset(zone: str) -> timedelta:
    found = _OFFSET.search(zone)
    if found is None:
        return zones.offset(zone) or timedelta()
    distance = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -distance if found[1] == "-" else distance
