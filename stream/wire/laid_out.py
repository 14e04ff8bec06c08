"""Copy laid out with line ends and indents, as line-printer formats leave it inside newer ones.

An indent begins a paragraph, lines of a fixed width are joined, tables and lists keep their lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Deeper indents centre a line or pretty-print the mark-up around it.
_LEAST_INDENT, _MOST_INDENT = 2, 8
# Fewer lines show no layout.
_LEAST_LINES = 3
# The width of a layout is that of its longest lines, but for a few that ran over.
_WIDTH_AT = 0.9
# Narrower text is a list or verse; no printer's line is wider.
_NARROWEST, _WIDEST = 40, 100
# A line that ends in a full stop and leaves this much of the width was not cut by it.
_FILLED = 0.9
# One that goes on without a full stop fills at least this much of it.
_CUT = 0.75
_SENTENCE_ENDS = (".", "!", "?", "؟", "…", ":", "»", "”", '"')
COLUMNS = re.compile(r"\S(?: {2,}|\t)\S")


def is_laid_out(text: str) -> bool:
    """Whether line ends and indents of `text` mean something: some lines begin at the margin and some do not.
    Mark-up that is printed prettily has all its lines at one indent."""
    lines = [line for line in text.split("\n")[1:] if line.strip()]
    if len(lines) < _LEAST_LINES:
        return False
    flush = sum(not line[0].isspace() for line in lines)
    return 0 < flush < len(lines)


def paragraphs(text: str) -> str:
    """The paragraphs of laid-out text, one empty line apart; tables and lists keep their line ends."""
    lines = text.replace("\t", "    ").split("\n")
    width = _width(lines)
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
    pieces: list[str] = []
    above = ""
    for line in map(str.rstrip, lines):
        stripped = line.strip()
        if not stripped:
            pieces.append("\n\n")
        elif above:
            pieces.append(_between(above, line, margin, width))
        pieces.append(stripped)
        above = line
    return "".join(pieces)


def _width(lines: Sequence[str]) -> int:
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip() and not COLUMNS.search(line))
    return lengths[int(_WIDTH_AT * (len(lengths) - 1))] if lengths else 0


def _between(above: str, line: str, margin: int, width: int) -> str:
    """What stands between two lines: a paragraph's end, a line's end, or a space where the width cut them."""
    if COLUMNS.search(above.strip()) or COLUMNS.search(line.strip()):
        return "\n"
    if _LEAST_INDENT <= len(line) - len(line.lstrip()) - margin <= _MOST_INDENT:
        return "\n\n"
    first = line.split(None, 1)[0]
    if not above.endswith(_SENTENCE_ENDS) and (
        first[0].islower() or len(above) >= _CUT * width >= _CUT * _NARROWEST
    ):
        return " "
    if not _NARROWEST <= width <= _WIDEST or len(above) + 1 + len(first) <= width:
        return "\n"
    if above.endswith(_SENTENCE_ENDS) and len(above) < _FILLED * width and first[0].isupper():
        return "\n"
    return " "
