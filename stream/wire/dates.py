"""Dates as wires write them, into aware UTC.

Read are RFC 3339 and ISO 8601 (extended and basic form, with or without time), RFC 822 as in feeds and
mail, and their common slips: a space before the zone, `/` for `-`, zones without colon. A time without
a zone counts as UTC: the wire formats ask for a zone, and what lacks one comes from software that runs
on UTC more often than on any other clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from stream.errors import Reason, Rejected
from stream.wire.limits import Limits

# Longer than any date with its zone in words; keeps the patterns away from texts in the wrong field.
_LONGEST = 64
# What software prints for "no date": .NET's and Go's zero time, MySQL's zero date and what PHP makes of it,
# Unix time 0.
_NONE = re.compile(r"0001-01-01|0000-00-00|-0001-11-30|1970-01-01T00:00:00")
# Years of the Islamic and the Persian calendar: software that runs under a Saudi or Iranian locale writes its
# dates so, in the form of ISO 8601 too.
_OTHER_CALENDARS = range(1300, 1600)
_YEAR_ZERO = re.compile(r"-?0000[-/]")
_SLASHED = re.compile(r"^(\d{4})/(\d{1,2})/(\d{1,2})")
_SPACED_ZONE = re.compile(r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})$", re.IGNORECASE)


def read(text: str) -> datetime:
    """`text` as an aware UTC time. Raises ValueError when it is no date."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        raise ValueError("no date")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _read_loose(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def _read_loose(text: str) -> datetime:
    iso = _SLASHED.sub(lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}", text)
    zone = _SPACED_ZONE.search(iso)
    if zone:
        name = "+00:00" if zone[1].upper() in ("Z", "UTC", "GMT") else zone[1]
        iso = iso[: zone.start()] + name
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    # The standard library's reader indexes into what it could not split.
    except (TypeError, IndexError, OverflowError) as error:
        raise ValueError("no date") from error


def is_possible(moment: datetime, received: datetime, limits: Limits) -> bool:
    """Whether a story that was received then can bear that date."""
    if moment.year < limits.earliest_year:
        return False
    return moment - received <= timedelta(days=limits.days_ahead)


def require(text: object, field: str, received: datetime, limits: Limits) -> datetime:
    """The date of `field`. Raises Rejected(DATE), naming the field, when it is unreadable or impossible."""
    if not isinstance(text, str):
        raise Rejected(Reason.DATE, f"{field} is no text: {repr(text)[:60]}")
    try:
        moment = read(text)
    except ValueError:
        raise Rejected(Reason.DATE, f"{field} is unreadable: {text[:60]!r}") from None
    if not is_possible(moment, received, limits):
        raise Rejected(Reason.DATE, f"{field} is impossible: {text[:60]!r}, received {received.isoformat()}")
    return moment


def first_possible(texts: Iterable[str], received: datetime, limits: Limits) -> datetime | None:
    """The first of the dates that a page gives itself that can be read and is possible, None when there is
    none. Templates fill some with nonsense, so one good date is enough, and a zero date counts as absent; so
    does one of another calendar, which is no wrong one.

    Raises Rejected(DATE) when there are dates and every one of them is impossible.
    """
    impossible = None
    for text in map(str.strip, texts):
        if _NONE.match(text):
            continue
        try:
            moment = read(text)
        except ValueError:
            if _YEAR_ZERO.match(text):
                impossible = impossible or text
            continue
        if is_possible(moment, received, limits):
            return moment
        if moment.year not in _OTHER_CALENDARS:
            impossible = impossible or text
    if impossible is not None:
        raise Rejected(Reason.DATE, f"published at an impossible date: {impossible[:60]!r}")
    return None
