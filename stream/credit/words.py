"""The word lists by which the pieces of a dateline, by-line or credit are told apart."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from stream.text.arabic import fold


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one kind of `data/datelines/words.tsv`, folded. ValueError for a kind that it has not."""
    found = [fold(word) for row in _rows("words.tsv") if row[0] == kind for word in row[2].split("|")]
    if not found:
        raise ValueError(f"no words of the kind {kind!r}")
    return frozenset(found)


@cache
def countries() -> frozenset[str]:
    """Folded names of countries and wider regions: where a dateline's city would stand, no city."""
    return frozenset(fold(name) for row in _rows("countries.tsv") for name in row[1].split("|"))


def _rows(name: str) -> list[list[str]]:
    text = (files("stream") / "data" / "datelines" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
