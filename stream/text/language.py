"""The language of a text."""

from __future__ import annotations


def detect(text: str, declared: str | None = None) -> str | None:
    if declared:
        return declared.split("-")[0].lower()
    return "ar" if any("\u0621" <= ch <= "\u064a" for ch in text[:200]) else None
