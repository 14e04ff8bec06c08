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

from stream.text.arabic import fold

# Printers' lines are 64 to 80 characters wide, those of columns 40. What has longer lines is not wrapped.
_NARROWEST, _WIDEST = 36, 84
# In copy of few lines the widest one says little of the width; most agencies break at 69.
_FEW_LINES, _USUAL = 4, 60
_MOST_LONG = 0.2
# Copy that was broken by hand is ragged; a line this full that ends no sentence goes on in the next.
_FULL = 0.7
_INDENT = re.compile(r"[ \t]*")
# A new paragraph is set in by three characters, by some by two or by a tab.
_LEAST_INDENT = 2
_BULLET = re.compile(r"(?:[-–—+*•·]|\d{1,2}[.)])\s+\S")
_COLUMNS = re.compile(r"\S\t+\s*\S|\S {3,}\S")
_SENTENCE_END = re.compile(r"[.!?؟…:;|。][\"'»”’)\]]*$")
_HYPHENATED = re.compile(r"\w-$")
_FIRST_WORD = re.compile(r"\S+")


def paragraphs(lines: Sequence[str]) -> str:
    """`lines` as paragraphs one empty line apart; lists and tables keep their line ends, tables their gaps.

    A word broken at a hyphen keeps the hyphen. Where no line is empty, every meant break ends a paragraph.
    """
    base = min((_indent(line) for line in lines if line.strip()), default=0)
    blocks = list(_blocks([line[base:].rstrip() for line in lines]))
    width = _width([line for block in blocks for line in block if not _is_row(line)])
    whole = "\n\n".join(_block(block, width) for block in blocks)
    return whole.replace("\n", "\n\n") if len(blocks) == 1 and "\n\n" not in whole else whole


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _width(lines: Sequence[str]) -> float:
    """How many characters a line takes; endless where the copy is not wrapped."""
    lengths = [length for line in lines if (length := len(line.strip())) <= _WIDEST]
    if not lengths or len(lines) - len(lengths) > _MOST_LONG * len(lines):
        return float("inf")
    widest = max(lengths)
    if len(lines) < _FEW_LINES:
        return max(widest, _USUAL)
    return widest if widest >= _NARROWEST else float("inf")


def _block(block: Sequence[str], width: float) -> str:
    pieces = [_shown(block[0])]
    previous = block[0]
    in_list = _BULLET.match(previous.strip()) is not None
    for line in block[1:]:
        stripped = line.strip()
        is_row = _is_row(line) or _is_row(previous)
        is_item = _BULLET.match(stripped) is not None and (in_list or not _goes_on(previous, line, width))
        if is_row or is_item:
            pieces.append("\n")
        elif in_list and _indent(line) > _indent(block[0]):
            pieces.append(_joint(previous, stripped))
        elif _indent(line) >= _LEAST_INDENT and not in_list:
            pieces.append(
                "\n" if _indent(previous) >= _LEAST_INDENT and _is_short(previous, width) else "\n\n"
            )
        elif _goes_on(previous, line, width):
            pieces.append(_joint(previous, stripped))
        else:
            pieces.append("\n")
        in_list = is_item or (in_list and not is_row and pieces[-1] != "\n")
        pieces.append(_shown(line))
        previous = line
    return "".join(pieces)


def _goes_on(previous: str, line: str, width: float) -> bool:
    """Whether the sentence of `previous` goes on in `line`: its first word did not fit any more."""
    written = previous.strip()
    word = _FIRST_WORD.search(line)
    if word is None or width == float("inf"):
        return False
    if len(written) + 1 + len(word.group()) > width:
        return True
    return len(written) >= _FULL * width and _SENTENCE_END.search(written) is None


def _is_row(line: str) -> bool:
    """Whether a line is one of a table: columns between bars or gaps."""
    return line.lstrip().startswith("|") or _COLUMNS.search(line) is not None


def _is_short(line: str, width: float) -> bool:
    return len(line.strip()) < _FULL * width


def _joint(previous: str, line: str) -> str:
    """What stands between two lines of a sentence: nothing after the hyphen of a compound."""
    if not _HYPHENATED.search(previous.rstrip()):
        return " "
    word = re.match(r"\w+", line)
    return " " if word is None or fold(word.group()) in _conjunctions() else ""


def _shown(line: str) -> str:
    return line.strip()


def _indent(line: str) -> int:
    found = _INDENT.match(line)
    return len(found.group().expandtabs(4)) if found else 0


@cache
def _conjunctions() -> frozenset[str]:
    return frozenset(words("conjunction"))


@cache
def words(kind: str) -> tuple[str, ...]:
    """The words of one kind of `lines/words.tsv`, folded."""
    text = (files("stream") / "data" / "lines" / "words.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return tuple(fold(word) for of, _, listed in rows if of == kind for word in listed.split("|"))
