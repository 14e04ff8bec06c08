"""Which item a note is about: `Please kill item dpa 157 "Harbour closed"`, `يرجى إلغاء الخبر رقم 12`.

Formats without identities that hold everywhere (IPTC 7901, ANPA) refer by the number on the line and by the
title; so do editor's notes in any format. What is to be done with the item is another's decision.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from stream.model import Story
from stream.text.arabic import fold

# A note says what it is about in its first sentences.
_CHARS = 600
_LEAST_TITLE_WORDS = 2
_QUOTED = re.compile(r"[\"“”„«‟](?P<title>[^\"“”„«»‟\n]{5,200})[\"“”»‟]")
_WORD = re.compile(r"[^\W\d_]+")
# An agency's sign may stand before the number or run into it: `dpa 157`, `bdt0157`, `a1234`. `1,200` is an
# amount.
_NUMBER = re.compile(r"[.°]?\s*:?\s*#?((?:[A-Za-z][A-Za-z-]{0,6} ?)?\d{1,6})(?![.,]?\w)")
# The numbers of ANPA are told by themselves: a service level and four figures.
_ON_THE_LINE = re.compile(r"(?<!\w)([A-Za-z]\d{4})(?!\w)")
_SPELLED = re.compile(r"\W*(?P<sign>[^\W\d_]*)\W*(?P<digits>\d[\d-]*)")
_DIGITS = {ord(digit): str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")}


@dataclass(frozen=True, slots=True)
class Referred:
    """The item that a note names: its `number` as written (`dpa 157`), its `title` as quoted."""

    number: str | None
    title: str | None


def number(written: str) -> str | None:
    """A number on the line in one spelling: `dpa 0157`, `dpa157` and `DPA-157` are `dpa 157`. None for no
    number, and for zeros, which gateways write that do not count."""
    found = _SPELLED.match(written)
    digits = found["digits"].lstrip("0") if found else ""
    if found is None or not digits:
        return None
    sign = fold(found["sign"])
    return f"{sign} {digits}" if sign else digits


def read(story: Story) -> Referred | None:
    """What the editor's note, the copy or the headline of a note refers to, None where it names nothing."""
    for text in (story.ednote, story.body, story.headline):
        if text and (found := in_text(text)):
            return found
    return None


def in_text(text: str) -> Referred | None:
    """The first number and the first title in quotation marks of a note's text."""
    beginning = text[:_CHARS].translate(_DIGITS)
    items = (word for word in _WORD.finditer(beginning) if fold(word.group()) in _item_words())
    numbers = (_NUMBER.match(beginning, word.end()) for word in items)
    found = next(filter(None, numbers), None) or _ON_THE_LINE.search(beginning)
    number = found[1] if found else None
    titles = (one["title"].strip() for one in _QUOTED.finditer(beginning))
    title = next((one for one in titles if len(one.split()) >= _LEAST_TITLE_WORDS), None)
    return Referred(number, title) if number or title else None


@cache
def _item_words() -> frozenset[str]:
    text = (files("stream") / "data" / "markers" / "items.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return frozenset(fold(word) for _, listed in rows for word in listed.split("|"))
