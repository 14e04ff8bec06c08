"""Text as events carry it: NFC, no controls, paragraphs one empty line apart. What a reader sees stays.

Arabic marks, digits, quotation marks, no-break spaces and bidi marks are left as published; only what no
reader sees, or sees only as a gap, is changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from stream.wire import laid_out

# C0 and C1 controls, DEL, lone surrogates, the byte order mark and the non-characters. Tab and line feed
# stay; carriage return, vertical tab, form feed, NEL and the Unicode separators are line ends before this.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_GAPS = re.compile(r"\s+")

# Normalising takes time that grows with the square of a run of combining marks: 200,000 of them took 21 s.
# No more than 30 is what Unicode's stream-safe text allows (UAX #15); no language needs five. Only texts
# that are long enough to hurt, and have a "word" that no text has, are looked through.
_MARKS = 30
_LONG = 5000
_LONG_WORD = 500

# Text wrapped for a fixed width, as line-printer formats and mail do: nearly every inner line fills at
# least this share of the widest, which is no wider than a printer's.
_WRAP_WIDEST = 90
_WRAP_NARROWEST = 40
_WRAP_FILL = 0.7
_WRAP_LINES = 4
# Tables have lines of one width too, and columns.
_MOST_COLUMNS = 0.2
_SENTENCE_ENDS = (".", "!", "?", "؟", "…", ":", "。", "»", "”", '"')


def characters(text: str) -> str:
    """`text` in NFC with line feeds as the only line ends, and without controls and lone surrogates."""
    # Everything that the patterns look for is unprintable, and this test is ten times as fast as they are.
    if not text.replace("\n", "").replace("\xa0", "").replace("\t", "").isprintable():
        text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    if len(text) > _LONG:
        text = _without_mark_runs(text)
    if unicodedata.is_normalized("NFC", text):
        return text
    # A space takes no part in any composition, and to look at every word takes a quarter of the time of
    # normalising them all.
    return " ".join([unicodedata.normalize("NFC", word) for word in text.split(" ")])


def line(text: str) -> str:
    """`text` as one line: `characters`, with every run of white space as one space."""
    if (
        len(text) <= _LONG
        and text.isprintable()
        and "  " not in text
        and unicodedata.is_normalized("NFC", text)
    ):
        return text.strip()
    return _GAPS.sub(" ", characters(_LINE_ENDS.sub("\n", text))).strip()


def _without_mark_runs(text: str) -> str:
    """`text` with at most `_MARKS` combining marks in a row."""
    # A longer word leaves one of these stretches without a space.
    stretch = _LONG_WORD // 2
    if all(text.find(" ", at, at + stretch) >= 0 for at in range(0, len(text) - stretch + 1, stretch)):
        return text
    if max(map(len, text.split()), default=0) <= _LONG_WORD:
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _MARKS:
            kept.append(char)
    return "".join(kept)


def body(text: str) -> str:
    """`text` as paragraphs: `paragraphs` of its `characters`."""
    return paragraphs(characters(text).split("\n"))


def paragraphs(lines: Iterable[str]) -> str:
    """Paragraphs one empty line apart, each line without white space around it.

    Hard-wrapped lines are joined. Where no empty line separates paragraphs, every line is one; else a
    line end inside a paragraph (a list, a verse, a dateline above its text) stays.
    """
    stripped = "\n".join([piece.strip() for piece in lines]).strip("\n")
    if "\n" not in stripped:
        return stripped
    while "\n\n\n" in stripped:
        stripped = stripped.replace("\n\n\n", "\n\n")
    blocks = stripped.split("\n\n")
    if is_wrapped(blocks):
        return "\n\n".join(block.replace("\n", " ") for block in blocks)
    return stripped.replace("\n", "\n\n") if len(blocks) == 1 else stripped


def is_wrapped(blocks: list[str]) -> bool:
    """Whether the line ends inside `blocks` come from a fixed line width."""
    inner = [piece for block in blocks if "\n" in block for piece in block.split("\n")[:-1]]
    if len(inner) < _WRAP_LINES:
        return False
    widest = max(map(len, inner))
    if not _WRAP_NARROWEST <= widest <= _WRAP_WIDEST:
        return False
    if sum(laid_out.COLUMNS.search(piece) is not None for piece in inner) > _MOST_COLUMNS * len(inner):
        return False
    full = sum(len(piece) >= _WRAP_FILL * widest for piece in inner)
    ended = sum(piece.endswith(_SENTENCE_ENDS) for piece in inner)
    return full >= 0.8 * len(inner) and ended <= 0.4 * len(inner)
