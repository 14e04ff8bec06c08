"""Paragraphs out of copy that was broken for a line printer.

A line end inside a paragraph tells by arithmetic: the next line's first word would not have fitted. Where it
would have, the break was meant: the end of a paragraph, a line of a list, a table, a verse. That holds for
every width and script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from stream.text.arabic import fold

# Printers' lines are 64 to 80 characters wide, those of columns 40. What has longer lines is not wrapped.
_NARROWEST, _WIDEST = 36, 84
# In copy of few lines the widest one says little of the width; most agencies break at 69.
_FEW_LINES, _USUAL = 4, 60
_MOST_LONG = 0.2
# Copy that was broken by hand is ragged; a line this full that ends no sentence goes on in the next.
_FULL = 0.7
# A new paragraph is set in by three characters, by some by two or by a tab.
_LEAST_INDENT = 2
_BULLET = re.compile(r"(?:[-–—+*•·]|\d{1,2}[.)])\s+\S")
_COLUMNS = re.compile(r"\S\t+\s*\S|\S {3,}\S")
_SENTENCE_END = re.compile(r"[.!?؟…:;|。][\"'»”’)\]]*$")
_HYPHENATED = re.compile(r"\w-$")
_WORD = re.compile(r"\w+")


class _Line(NamedTuple):
    """A line without white space around it, with how far it was set in, and what it is a part of."""

    text: str
    indent: int
    is_row: bool
    is_item: bool


def paragraphs(lines: Sequence[str]) -> str:
    """`lines` as paragraphs one empty line apart; lists and tables keep their line ends, tables their gaps.

    A word broken at a hyphen keeps the hyphen. Where no line is empty, every meant break ends a paragraph.
    """
    blocks = list(_blocks(lines))
    base = min((line.indent for block in blocks for line in block), default=0)
    width = _width([len(line.text) for block in blocks for line in block if not line.is_row])
    whole = "\n\n".join(_block(block, base, width) for block in blocks)
    return whole.replace("\n", "\n\n") if len(blocks) == 1 and "\n\n" not in whole else whole


def _blocks(lines: Sequence[str]) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    for line in lines:
        if text := line.strip():
            # Columns between bars or gaps.
            is_row = text[0] == "|" or _has_columns(text)
            block.append(_Line(text, _indent(line), is_row, _BULLET.match(text) is not None))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _has_columns(text: str) -> bool:
    return ("\t" in text or "   " in text) and _COLUMNS.search(text) is not None


def _width(lengths: Sequence[int]) -> float:
    """How many characters a line takes; endless where the copy is not wrapped."""
    wrapped = [length for length in lengths if length <= _WIDEST]
    if not wrapped or len(lengths) - len(wrapped) > _MOST_LONG * len(lengths):
        return float("inf")
    widest = max(wrapped)
    if len(lengths) < _FEW_LINES:
        return max(widest, _USUAL)
    return widest if widest >= _NARROWEST else float("inf")


def _block(block: Sequence[_Line], base: int, width: float) -> str:
    above = block[0]
    pieces = [above.text]
    in_list = above.is_item
    for line in block[1:]:
        goes_on = _goes_on(above.text, line.text, width)
        is_row = line.is_row or above.is_row
        is_item = line.is_item and (in_list or not goes_on)
        if is_row or is_item:
            between = "\n"
        elif in_list and line.indent > block[0].indent:
            between = _joint(above.text, line.text)
        elif line.indent - base >= _LEAST_INDENT and not in_list:
            is_listed = above.indent - base >= _LEAST_INDENT and len(above.text) < _FULL * width
            between = "\n" if is_listed else "\n\n"
        else:
            between = _joint(above.text, line.text) if goes_on else "\n"
        in_list = is_item or (in_list and not is_row and between != "\n")
        pieces += (between, line.text)
        above = line
    return "".join(pieces)


def _goes_on(above: str, line: str, width: float) -> bool:
    """Whether the sentence of a line goes on in the next: its first word did not fit any more."""
    if len(above) + 1 + len(line.split(None, 1)[0]) > width:
        return True
    return width < float("inf") and len(above) >= _FULL * width and _SENTENCE_END.search(above) is None


def _joint(above: str, line: str) -> str:
    """What stands between two lines of a sentence: nothing after the hyphen of a compound."""
    if not _HYPHENATED.search(above):
        return " "
    word = _WORD.match(line)
    return " " if word is None or fold(word.group()) in _conjunctions() else ""


def _indent(line: str) -> int:
    blank = line[: len(line) - len(line.lstrip())]
    return len(blank.expandtabs(4)) if blank else 0


@cache
def _conjunctions() -> frozenset[str]:
    return frozenset(words("conjunction"))


@cache
def words(kind: str) -> tuple[str, ...]:
    """The words of one kind of `lines/words.tsv`, folded."""
    text = (files("stream") / "data" / "lines" / "words.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return tuple(fold(word) for of, _, listed in rows if of == kind for word in listed.split("|"))
