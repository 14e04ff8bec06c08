"""Until when copy is under an embargo, by its own words.

    EMBARGOED until 1200 GMT Nov 18    محظور النشر حتى الساعة 12:00 بتوقيت غرينتش    Sperrfrist 14.20 Uhr MESZ

A time without its zone is no time: an embargo that is lifted an hour early is broken. Then the copy is under
an embargo of unknown end.
"""

from __future__ import annotations

import datetime
import re

from stream.credit import dates, zones
from stream.text.arabic import fold

_CHARS = 160
_CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.|[صم](?!\w))?"
    r"\s*(?:uhr\s+)?\(?(?:بتوقيت\s+)?(?P<zone>[^\W\d_]{1,10})"
)
_AFTERNOON = ("pm", "p.m.", "م")
_MORNING = ("am", "a.m.", "ص")
_DAY = datetime.timedelta(days=1)


def until(text: str, published: datetime.datetime | None) -> datetime.datetime | None:
    """The time (aware UTC) that `text` names with its zone, None where it names none. A day that is not
    written is the next on which that time comes after `published` (aware UTC)."""
    plain = fold(text[:_CHARS])
    for clock in _CLOCK.finditer(plain):
        offset = zones.offset(clock["zone"])
        if offset is None:
            continue
        time = _time(clock)
        written = dates.read(plain[: clock.start()] + " " + plain[clock.end() :], _date(published))
        day = datetime.date.fromisoformat(written) if written else _date(published)
        if time is None or day is None:
            return None
        try:
            moment = datetime.datetime.combine(day, time, datetime.UTC) - offset
        except OverflowError:
            return None
        return moment + _DAY if not written and published and moment <= published else moment
    return None


def _date(published: datetime.datetime | None) -> datetime.date | None:
    return published.date() if published else None


def _time(clock: re.Match[str]) -> datetime.time | None:
    hour = int(clock["hour"])
    if clock["half"] in _AFTERNOON and hour < 12:
        hour += 12
    elif clock["half"] in _MORNING and hour == 12:
        hour = 0
    try:
        return datetime.time(hour, int(clock["minute"] or 0))
    except ValueError:
        return None
