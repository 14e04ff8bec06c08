"""Which part of a running story a message is, and which running story.

    1ST LEAD    BC-Talks, 2nd Ld-Writethru    UPDATE 2-    إضافة ثانية وأخيرة    TRADE-PORT/ =2

Agencies send long stories in takes and adds, and running ones again and again with another lead, each under
an identity of its own; what its messages share is the slug, or where there is none the headline. Neither is
an identity by itself: two stories of a day bear one slug. So only a message that says which part it is
belongs to what came before it: the latest story of that feed under that slug, unless more than `RUNS_ON` lies
between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import cast

from stream.model import Part, PartKind, Story
from stream.text.arabic import fold

# The slug of a day is free again the next, and a running story passes midnight in some time zone. Desks lead
# theirs anew every hour or two.
RUNS_ON = timedelta(hours=12)

# The signals of `markers` that may say so, the strongest first.
_SIGNALS = ("lead", "take", "update")
# 2nd Ld-Writethru is in the first place a write-through; one word is both an ordinal and a take (أولى).
_ORDER: tuple[PartKind, ...] = ("write-through", "lead", "add", "update", "take")
# `UPDATE 2`; with further words it tells what is new, figures included.
_UPDATE_WORDS = 2
# 1stLd-Writethru, 2ndLead: words run together, each with its capital.
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDING = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|re|e)", re.IGNORECASE)
_CONJUNCTION = "و"
_TAKE_SIGN = re.compile(r"(?:^|[\s/])=\s?(\d{1,2})\s*$")
_MOST = 99
_REMARK = re.compile(r"[(\[][^()\[\]]*[)\]]")
_NOT_IN_SLUGS = re.compile(r"[\W_]+")
# A headline of fewer words is a rubric.
_LEAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Table:
    kinds: Mapping[str, PartKind]
    ordinals: Mapping[str, int]


def read(signals: Mapping[str, str], *texts: str | None) -> Part | None:
    """The part that is named by the markers: signals with the text of the tag that gave each. `texts` are the
    slug and the headline, which may end in the sign of a take (`=2`)."""
    for text in texts:
        if text and (sign := _TAKE_SIGN.search(text)) and int(sign[1]):
            return Part("take", int(sign[1]))
    for signal in _SIGNALS:
        if signal in signals and (part := _part(signals[signal], signal)) is not None:
            return part
    return None


def without_sign(text: str) -> str:
    """A headline or slug without the sign of a take."""
    return _TAKE_SIGN.sub("", text)


def running(story: Story, headline: str) -> str | None:
    """What the messages of a running story share, within their feed: its slug, whatever is said behind it,
    else `headline`, which comes without its markers. None where there is neither."""
    slug = _REMARK.sub(" ", without_sign(re.split(r"[,;]", story.slugline or "")[0]))
    if found := _NOT_IN_SLUGS.sub("", fold(slug)):
        return f"slug:{found}"
    words = _NOT_IN_SLUGS.sub(" ", fold(headline)).split()
    return f"headline:{' '.join(words)}" if len(words) >= _LEAST_WORDS else None


def _part(tag: str, signal: str) -> Part | None:
    pieces = _pieces(tag)
    table = _table()
    found = {table.kinds[piece] for piece in pieces if piece in table.kinds}
    kind = next((kind for kind in _ORDER if kind in found), None)
    if kind is None:
        return None
    figures = (int(piece) if piece.isdecimal() else table.ordinals.get(piece) for piece in pieces)
    number = next((figure for figure in figures if figure and figure <= _MOST), None)
    if kind == "update" and (number is None or len(pieces) > _UPDATE_WORDS):
        return None
    # Adds*, updates*: an advisory, unless a number makes it a part.
    return None if signal == "update" and kind not in ("update", "write-through") else Part(kind, number)


def _pieces(tag: str) -> list[str]:
    spaced = _CAPITAL.sub(" ", _ENDING.sub(" ", tag))
    pieces: list[str] = _PIECE.findall(fold(spaced))
    ordinals = _table().ordinals
    # وأخيرة: "and last"; the conjunction is written with its word.
    bare = (piece.removeprefix(_CONJUNCTION) for piece in pieces)
    return [word if word in ordinals else piece for piece, word in zip(pieces, bare, strict=True)]


@cache
def _table() -> _Table:
    text = (files("stream") / "data" / "markers" / "parts.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    kinds: dict[str, PartKind] = {}
    ordinals: dict[str, int] = {}
    for kind, _, listed in rows:
        for word in map(fold, listed.split("|")):
            if kind.isdecimal():
                ordinals[word] = int(kind)
            else:
                kinds[word] = cast(PartKind, kind)
    return _Table(kinds, ordinals)
