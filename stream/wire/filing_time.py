"""The time that closes a message of a line format.

    242200 GMT Jun 17    071341 GMT Okt 15    AFP 201115 SEP 06    AP-WF-11-13-13 1509GMT    16:35ET 31-10-14

Day and time run together before a month's name (IPTC 7901), or figures alone (ANPA). What is missing comes
from the time of receipt, to which the date is the nearest. A time without a zone counts as UTC, as in
`dates`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from stream.credit import dates as calendar
from stream.credit import zones
from stream.text.arabic import fold
from stream.wire import dates
from stream.wire.limits import Limits

_LONGEST = 160
# `AFP ` before the time, a full stop after it.
_SIGN_CHARS = 8
_ZONE = r"(?P<zone>[A-Za-z]{1,4})?"
_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{2}})(?P<hour>\d{{2}})(?P<minute>\d{{2}})\s*(?:{_ZONE}\s+)?"
    r"(?P<month>[^\W\d_]{3,10})\.?(?:\s+(?P<second_month>[^\W\d_]{3,8}))?(?:[\s.]+(?P<year>\d{4}|\d{2}))?(?!\d)"
)
_BARE = re.compile(
    rf"\W*(?:[A-Z]{{2,5}}\s+)?(?P<day>\d{{2}})(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?!\d)\s*{_ZONE}\W*"
)
_FIGURES = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})-(\d{4}|\d{2})(?!\d)")
_CLOCK = re.compile(rf"(?<![\d-])(?P<hour>\d{{1,2}}):?(?P<minute>\d{{2}})\s*{_ZONE}(?![\d-])")
# A line is read as it is sent; copy from an archive may be of any day.
_LIVE = timedelta(days=3)


def read(text: str, received: datetime, limits: Limits) -> datetime | None:
    """The time written in `text` as aware UTC, None where none is written or it is impossible. Trailers hold
    line noise as often as a wrong time, so none of them is a fault."""
    text = text[:_LONGEST]
    for moment in (*_named(text, received), *_figures(text, received), *_bare(text, received)):
        if dates.is_possible(moment, received, limits):
            return moment
    try:
        moment = dates.read(text)
    except ValueError:
        return None
    return moment if dates.is_possible(moment, received, limits) else None


def is_closing(line: str) -> bool:
    """Whether a line is nothing but such a time, an agency's sign before it."""
    found = _NAMED.search(line) if len(line) <= _LONGEST else None
    return found is not None and len(line) - len(found.group().strip()) <= _SIGN_CHARS


def _named(text: str, received: datetime) -> Iterable[datetime]:
    for found in _NAMED.finditer(text):
        names = tuple(fold(name) for name in (found["month"], found["second_month"]) if name)
        month = calendar.month(names) or calendar.month(names[:1])
        if not month:
            continue
        years = [_year(found["year"], received)] if found["year"] else _near(received)
        clock = (int(found["day"]), int(found["hour"]), int(found["minute"]))
        moments = [_moment(year, month, *clock, found["zone"]) for year in years]
        yield from _nearest(moments, received)


def _figures(text: str, received: datetime) -> Iterable[datetime]:
    date, clock = _FIGURES.search(text), None
    if date is None:
        return
    rest = text[: date.start()] + " " + text[date.end() :]
    clock = _CLOCK.search(rest)
    hour, minute, zone = (int(clock["hour"]), int(clock["minute"]), clock["zone"]) if clock else (0, 0, None)
    year = _year(date[3], received)
    first, second = int(date[1]), int(date[2])
    # American services write the month first, others on the same standard the day.
    readings = [
        _moment(year, first, second, hour, minute, zone),
        _moment(year, second, first, hour, minute, zone),
    ]
    known = [moment for moment in readings if moment is not None]
    yield from sorted(known, key=lambda moment: abs(moment - received) > _LIVE)


def _bare(text: str, received: datetime) -> Iterable[datetime]:
    found = _BARE.fullmatch(text)
    if found is None:
        return
    months = [received - timedelta(days=received.day), received]
    clock = (int(found["day"]), int(found["hour"]), int(found["minute"]))
    moments = [_moment(at.year, at.month, *clock, found["zone"]) for at in months]
    yield from _nearest(moments, received)


def _nearest(moments: Iterable[datetime | None], received: datetime) -> list[datetime]:
    known = [moment for moment in moments if moment is not None]
    return sorted(known, key=lambda moment: abs(moment - received))[:1]


def _near(received: datetime) -> list[int]:
    return [received.year - 1, received.year, received.year + 1]


def _year(written: str, received: datetime) -> int:
    """A year in full; of two digits, the one nearest to the receipt."""
    year = int(written)
    if len(written) > 2:
        return year
    century = received.year - received.year % 100
    return min(
        (century - 100 + year, century + year, century + 100 + year), key=lambda y: abs(y - received.year)
    )


def _moment(year: int, month: int, day: int, hour: int, minute: int, zone: str | None) -> datetime | None:
    try:
        moment = datetime(year, month, day, hour, minute, tzinfo=UTC)
        return moment - (zones.offset(zone or "") or timedelta())
    except (ValueError, OverflowError):
        return None
