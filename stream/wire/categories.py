"""Category codes of line formats: sections and subjects in a letter or three."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from stream.model import Subject


def read(code: str | None) -> tuple[tuple[str, ...], tuple[Subject, ...]]:
    """What a category code says: the section that it names, and its subject in the IPTC's Subject Codes where
    it has one, else in the scheme `category`."""
    if not code:
        return (), ()
    subject, name = _categories().get(code.lower(), ("", ""))
    sections = (name,) if name else ()
    scheme = ("subj", subject) if subject else ("category", code.lower())
    return sections, (Subject(*scheme, name or None),)


@cache
def _categories() -> dict[str, tuple[str, str]]:
    text = (files("stream") / "data" / "lines" / "categories.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return {code: (subject, name) for code, subject, name in rows}
