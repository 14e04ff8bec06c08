"""The lines that stand above the copy of a message: tags, headline, author, notes to the desk.

    REFILE
    1ST LEAD
    Talks on the river treaty to go on in Khartoum
    By our correspondents =

The last of them ends with `=` (IPTC 7901). Tags come first, in brackets, as known markers, or as a label in
capitals; what stands in brackets below the headline is for the desk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stream.credit import markers
from stream.credit.words import words
from stream.text.arabic import fold
from stream.wire import head, tidy

# Five tags, a headline of three lines and an author; a correction in brackets may take as many lines again.
_MOST_LINES = 16
# Without the sign, a short block above an empty line is the headline.
_MOST_UNSIGNED = 5
_LINE_CHARS = 100
_HEADLINE_WORDS = 30
_LABEL_WORDS = 3
_LEAST_HEADLINE_WORDS = 4
_SIGN = "="
_FULL_STOP = re.compile(r"(?<!\.)[.。][\"'»”’)\]]*$")
# Lines of heads are as wide as those of copy.
_WIDTH = 69
_FEW_WORDS = 8
_AUTHOR = re.compile(r"([^\W\d_]+)\s+(\S)")


@dataclass(frozen=True, slots=True)
class CopyHead:
    """What stands above the copy; `end` is the index of the copy's first line."""

    tags: tuple[str, ...]
    headline: str | None
    byline: str | None
    notes: tuple[str, ...]
    end: int


def read(lines: Sequence[str]) -> CopyHead:
    """The head of `lines` (in which empty lines are `""`)."""
    start = next((index for index, line in enumerate(lines) if line), len(lines))
    end = _signed(lines, start) or _set_in(lines, start) or _unsigned(lines, start)
    if end is None:
        return CopyHead((), None, None, (), start)
    texts = [line.rstrip().removesuffix(_SIGN).strip() for line in lines[start:end]]
    entries = _bracketed([text for text in texts if text])
    tags: list[str] = []
    while entries and _is_tag(entries):
        tags.append(_bare(entries.pop(0)))
    notes: list[str] = []
    while len(entries) > 1 and _is_bracketed(entries[-1]):
        notes.insert(0, _bare(entries.pop()))
    author = next((at for at in range(1, len(entries)) if _is_author(entries[at], entries[at - 1])), None)
    byline = " ".join(entries[author:]) if author is not None else None
    titles = entries[:author]
    # A note that is nothing but a marker is the headline of itself: KILL KILL KILL.
    headline = " ".join(titles) or (tags[-1] if tags else None)
    if byline is None and (below := _author_below(lines, end)) is not None:
        byline, end = lines[below].strip(), below + 1
    return CopyHead(tuple(tags), headline, byline, tuple(notes), end)


def _author_below(lines: Sequence[str], end: int) -> int | None:
    """The index of a line of its own between headline and copy that names the author."""
    at = next((index for index in range(end, len(lines)) if lines[index]), None)
    if at is None or at + 1 >= len(lines) or not _is_author(lines[at].strip(), ""):
        return None
    is_apart = not lines[at + 1] or lines[at + 1].startswith(("  ", "\t"))
    return at if is_apart and len(lines[at].split()) <= _FEW_WORDS else None


def _signed(lines: Sequence[str], start: int) -> int | None:
    """The index after the line that ends with the sign, None where none does."""
    for index in range(start, min(start + _MOST_LINES, len(lines))):
        if len(lines[index]) <= _LINE_CHARS and lines[index].rstrip().endswith(_SIGN):
            return index + 1
    return None


def _set_in(lines: Sequence[str], start: int) -> int | None:
    """The index after lines that are set in as paragraphs are, each a paragraph of its own, above the first
    that is wrapped; None where there is none."""
    indented = [line.startswith(("  ", "\t")) for line in lines]
    end = start
    while (
        end - start < _MOST_UNSIGNED
        and end + 1 < len(lines)
        and indented[end]
        and indented[end + 1]
        and not _is_copy(lines[end].strip())
    ):
        end += 1
    is_above_copy = any(line and not is_in for line, is_in in zip(lines[end:], indented[end:], strict=True))
    return end if end > start and is_above_copy else None


def _is_copy(line: str) -> bool:
    """Whether a line is the copy's: it begins with its dateline and ends its sentences."""
    return head.is_dateline(line) or _FULL_STOP.search(line) is not None


def _unsigned(lines: Sequence[str], start: int) -> int | None:
    """The index after a first block that is no part of the copy, None where the copy begins at once."""
    end = next((at for at in range(start, len(lines)) if not lines[at]), len(lines))
    block = [line.strip() for line in lines[start:end]]
    has_copy = any(lines[end:])
    if not has_copy or not 0 < len(block) <= _MOST_UNSIGNED:
        return None
    count = sum(len(line.split()) for line in block)
    if count > _HEADLINE_WORDS or max(map(len, block)) > _LINE_CHARS:
        return None
    return None if any(map(_is_copy, block)) or block[-1].endswith(":") else end


def _bracketed(lines: Sequence[str]) -> list[str]:
    """`lines` with a remark in brackets that runs over several as one."""
    found: list[str] = []
    is_open = False
    for line in lines:
        if is_open:
            found[-1] += " " + line
        else:
            found.append(line)
        whole = found[-1]
        is_open = whole.startswith("(") and whole.count("(") > whole.count(")")
    return found


def _is_tag(entries: Sequence[str]) -> bool:
    first = entries[0]
    if _is_bracketed(first) or markers.is_marker(first):
        return True
    if len(entries) == 1 or _is_author(entries[1], first):
        return False
    # EXTRA, ROUNDUP: a label above a headline.
    return (
        first.isupper()
        and len(first.split()) <= _LABEL_WORDS
        and len(entries[1].split()) >= _LEAST_HEADLINE_WORDS
        and not entries[1].isupper()
    )


def _is_bracketed(text: str) -> bool:
    return text.startswith("(") and text.endswith(")")


def _is_author(text: str, above: str) -> bool:
    """Whether a line names the author. `Von der Leyen…` may be the second line of a headline: where the
    name's capital is missing, the line above must have had room for its first word."""
    found = _AUTHOR.match(text)
    if found is None or text[0].islower() or fold(found[1]) not in words("byline"):
        return False
    has_room = len(above) + 1 + len(found[1]) <= _WIDTH and len(text.split()) <= _FEW_WORDS
    return has_room or not found[2].islower()


def _bare(text: str) -> str:
    return tidy.line(text.removeprefix("(").removesuffix(")") if _is_bracketed(text) else text)
