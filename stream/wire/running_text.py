"""The running text of an item, whatever it came in: paragraphs, without what its own fields say already."""

from __future__ import annotations

from stream.errors import Reason, Rejected
from stream.wire import markup, mojibake, tidy
from stream.wire.limits import Limits

# `By `, `Von `, `Par `, `بقلم: ` before a name.
_LONGEST_BY = 6
# Headline, by-line, and the headline once more as a title of the text.
_MOST_REPEATS = 3


def of_text(text: str) -> str:
    """The text of a field that may hold plain text or escaped mark-up."""
    return markup.html_text(text) if "<" in text and markup.MARKUP.search(text) else text


def finish(text: str, limits: Limits, *, headline: str | None, byline: str | None) -> str:
    """`text` as a story's body: decoded right, tidy, and without first paragraphs that only repeat the
    headline and the by-line. Raises Rejected(MOJIBAKE | TOO_LARGE)."""
    body = tidy.body(mojibake.repair(text))
    if len(body) > limits.story_chars:
        raise Rejected(Reason.TOO_LARGE, f"{len(body):,} characters, at most {limits.story_chars:,} are read")
    for _ in range(_MOST_REPEATS):
        first, _, rest = body.partition("\n\n")
        if not rest or not (_repeats(first, headline, 0) or _repeats(first, byline, _LONGEST_BY)):
            break
        body = rest
    return body


def _repeats(paragraph: str, field: str | None, before: int) -> bool:
    """Whether the paragraph is the field, with at most so many characters before it."""
    if not field or len(paragraph) > len(field) + before:
        return False
    return paragraph.casefold().endswith(field.casefold())
