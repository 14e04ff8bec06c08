"""A decision explained to people: the verdict in words, and the two texts side by side.

A pure function from two texts to lines of text. Changed words are marked `[-so-]` on the left and `{+so+}`
on the right, as in a word diff. Each cell is wrapped in isolates (U+2068, U+2069), so that a terminal that
knows bidirectional text sets Arabic from right to left within its column and leaves the columns in place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

from stream.model import Cluster
from stream.text.tokens import words

_OPEN, _CLOSE = "\u2068", "\u2069"
_GAP = " │ "
# Beyond this many equal words in a row the middle is left out: what differs is what people look for.
_CONTEXT = 12


def explain(text: str, other: str, cluster: Cluster, *, width: int = 100) -> str:
    """Why a story was put where it is.

    `text` is the story's body, `other` the body of the story that it was compared with (empty when there
    is none), `width` the columns of the page. Ends without a line break.
    """
    lines = list(_summary(cluster))
    if other:
        column = max((width - len(_GAP)) // 2, 16)
        left, right = _marked(text, other)
        lines.append("")
        lines.append(_row("this story", "matched story", column))
        lines.append("─" * column + "─┼─" + "─" * column)
        lines.extend(
            _row(a, b, column)
            for a, b in zip_longest(_wrap(left, column), _wrap(right, column), fillvalue="")
        )
    return "\n".join(lines)


def _summary(cluster: Cluster) -> Iterator[str]:
    yield f"{cluster.role} in cluster {cluster.id} (rule {cluster.rule})"
    if cluster.original != cluster.id:
        yield f"original: {cluster.original}"
    if cluster.matched is not None:
        yield f"matched: {cluster.matched} ({cluster.relation})"
    if cluster.containment is not None and cluster.contained is not None and cluster.jaccard is not None:
        forth, back = f"{cluster.containment:.0%}", f"{cluster.contained:.0%}"
        yield f"{forth} of this story stands in that one, {back} of that one in this"
        yield f"Jaccard {cluster.jaccard:.2f}"
    if cluster.differs:
        yield f"only here: {', '.join(f'{_OPEN}{fact}{_CLOSE}' for fact in cluster.differs)}"
    for inside in cluster.inside:
        yield f"linked, not merged: {inside.id} ({inside.share:.0%} of the shorter text stands in the longer)"


def _marked(text: str, other: str) -> tuple[list[str], list[str]]:
    """The words of both, as written, with changes marked and long agreement left out."""
    ours, theirs = text.split(), other.split()
    keys, other_keys = [" ".join(words(word)) for word in ours], [" ".join(words(word)) for word in theirs]
    left: list[str] = []
    right: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, keys, other_keys, autojunk=False).get_opcodes():
        if kind == "equal":
            left.extend(_shortened(ours[a:b]))
            right.extend(_shortened(theirs[c:d]))
        else:
            left.extend(f"[-{word}-]" for word in ours[a:b])
            right.extend(f"{{+{word}+}}" for word in theirs[c:d])
    return left, right


def _shortened(same: list[str]) -> list[str]:
    if len(same) <= 2 * _CONTEXT:
        return same
    return [*same[:_CONTEXT], f"…({len(same) - 2 * _CONTEXT})…", *same[-_CONTEXT:]]


def _wrap(pieces: list[str], column: int) -> Iterator[str]:
    line = ""
    for piece in pieces:
        if line and _columns(line) + 1 + _columns(piece) > column:
            yield line
            line = ""
        while _columns(piece) > column:
            yield piece[: column // 2]
            piece = piece[column // 2 :]
        line = f"{line} {piece}" if line else piece
    if line:
        yield line


def _row(left: str, right: str, column: int) -> str:
    pad = " " * max(column - _columns(left), 0)
    return f"{_OPEN}{left}{_CLOSE}{pad}{_GAP}{_OPEN}{right}{_CLOSE}".rstrip()


def _columns(text: str) -> int:
    """Terminal columns: wide characters take two, marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
