"""Durations as people write them in settings: `90s`, `15m`, `72h`, `7d`, `2w`, and sums such as `1d12h`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# More is a slip of the keyboard, and within a power of ten of what a timedelta holds.
_LONGEST = timedelta(days=36_500)
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])")


def parse_duration(text: str | timedelta) -> timedelta:
    """`text` as a timedelta. Raises ValueError, whose message shows the form, for anything else."""
    if isinstance(text, timedelta):
        return text
    parts = _PART.findall(str(text))
    if not parts or _PART.sub("", str(text)).strip():
        raise ValueError(f"{text!r} is no duration; write it as 90s, 15m, 72h or 7d")
    try:
        found = sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in parts), timedelta())
    except OverflowError:
        found = timedelta.max
    if found > _LONGEST:
        raise ValueError(f"{text!r} is longer than a hundred years")
    return found


def format_duration(duration: timedelta) -> str:
    """The shortest form that `parse_duration` reads back to the same value (to the millisecond)."""
    left = round(duration.total_seconds() * 1000)
    parts = []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def _positive(duration: timedelta) -> timedelta:
    if not duration:
        raise ValueError("must be longer than nothing")
    return duration


Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(format_duration)]
PositiveDuration = Annotated[Duration, AfterValidator(_positive)]
