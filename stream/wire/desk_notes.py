"""What a message carries for the desk below its copy: notebooks, contacts, what is not for publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from stream.text.arabic import fold
from stream.wire import unwrap
from stream.wire.unwrap import words

# A heading in the mark-up that desks write notebooks in; copy has none.
_HEADING = re.compile(r"#{1,3}\s+\S.{0,50}$")
_RULE = re.compile(r"\W{3,}$")
_BULLET = re.compile(r"[-–•*]\s+")
_WORD = re.compile(r"\w+")
_NOTICE_CHARS = 120


def split(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of the copy, and the notes below or inside it without their headings and rules.

    Notes go to the end of the message, or up to a rule (`* * *`) after which the copy goes on.
    """
    start = next((at for at, line in enumerate(lines) if _begins_notes(lines, at)), None)
    if start is None:
        return list(lines), []
    noted = lines[start:]
    notice = next((at for at, line in enumerate(noted) if _is_private(line)), None)
    resumed: Sequence[str] = []
    if notice is not None:
        rule = next((at for at in range(notice + 1, len(noted)) if _is_rule(noted[at])), None)
        if rule is not None:
            noted, resumed = noted[:rule], noted[rule + 1 :]
    copy = list(lines[:start])
    while copy and (not copy[-1].strip() or _is_rule(copy[-1])):
        copy.pop()
    bare = ["" if _HEADING.match(line) or _is_rule(line) or _is_private(line) else line for line in noted]
    kept = [_BULLET.sub("", line, count=1) for line in unwrap.paragraphs(bare).split("\n") if line]
    return [*copy, *(["", *resumed] if any(resumed) else [])], kept


def _begins_notes(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    is_apart = at == 0 or not lines[at - 1].strip() or _is_rule(lines[at - 1])
    return is_apart and (_HEADING.match(line) is not None or _is_private(line))


def _is_rule(line: str) -> bool:
    return _RULE.match(line.strip()) is not None


def _is_private(line: str) -> bool:
    """Whether a line says that what follows is not to be published."""
    if len(line) > _NOTICE_CHARS or " " not in line:
        return False
    spoken = frozenset(_WORD.findall(fold(line)))
    return any(notice <= spoken for notice in _notices())


@cache
def _notices() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(phrase.split()) for phrase in words("private"))
