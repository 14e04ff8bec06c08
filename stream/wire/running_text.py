"""The running text of an item, whatever it came in: paragraphs, without what its own fields say already."""

from __future__ import annotations

import re

from stream.errors import Reason, Rejected
from stream.wire import markup, mojibake, tidy
from stream.wire.limits import Limits

# What agencies put after a text to route it, and never tell.
_CODE = re.compile(r"[A-Z0-9]{2,12}")
_LEAST_CODES = 6
# `By `, `Von `, `Par `, `بقلم: ` before a name.
_LONGEST_BY = 6
# Headline, by-line, and the headline once more as a title of the text.
_MOST_REPEATS = 3


def of_text(text: str) -> str:
    """The text of a field that may hold plain text or escaped mark-up."""
    return markup.html_text(text) if "<" in text and markup.MARKUP.search(text) else text


def finish(text: str, limits: Limits, *, headline: str | None, byline: str | None) -> str:
    """`text` as a story's body: decoded right, tidy, and without first paragraphs that only repeat the
    headline and the by-line; empty for no words at all. Raises Rejected(MOJIBAKE | TOO_LARGE)."""
    body = tidy.body(mojibake.repair(text))
    if len(body) > limits.story_chars:
        raise Rejected(Reason.TOO_LARGE, f"{len(body):,} characters, at most {limits.story_chars:,} are read")
    for _ in range(_MOST_REPEATS):
        first, _, rest = body.partition("\n\n")
        if not rest or not (_repeats(first, headline, 0) or _repeats(first, byline, _LONGEST_BY)):
            break
        body = rest
    if not any(map(str.isalnum, body)):
        # Nothing but signs and invisible characters.
        return ""
    before, _, last = body.rpartition("\n\n")
    return before if before and _is_routing(last) else body


def _is_routing(paragraph: str) -> bool:
    """Whether a paragraph is made of codes: `51 77 CRO01 1113 GEST03 LOC03`."""
    codes = paragraph.split()
    return (
        paragraph.isupper()
        and len(codes) >= _LEAST_CODES
        and all(map(_CODE.fullmatch, codes))
        and sum(not code.isalpha() and not code.isdigit() for code in codes) >= _LEAST_CODES // 2
    )


def _repeats(paragraph: str, field: str | None, before: int) -> bool:
    """Whether the paragraph is the field, with at most so many characters before it."""
    if not field or len(paragraph) > len(field) + before:
        return False
    return paragraph.casefold().endswith(field.casefold())
