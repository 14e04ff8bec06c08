"""Time zones by the names that wires, mail and feeds give them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib.resources import files

from stream.text.arabic import fold


def offset(name: str) -> timedelta | None:
    """The distance of a zone from UTC, east is positive; None for a name that is none or means several."""
    return _zones().get(fold(name))


@cache
def _zones() -> dict[str, timedelta]:
    text = (files("stream") / "data" / "zones" / "zones.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return {fold(name): timedelta(minutes=int(minutes)) for name, minutes in rows}
