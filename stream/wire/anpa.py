"""ANPA 1312: the format of American agencies' lines, still delivered by AP, The Canadian Press and others.

    SYN SYN SOH W2607 US asian                      service level and number, selector
    r a DC3 DC1 BC-US--Talks 1stLd-Writethru 11-13 0416    priority, category, format, keyword, version, day
    STX ^BC-US--River Talks, 1st Ld-Writethru,416<  heading lines, from ^ to < or =
        TAB, three spaces and a paragraph
    ETX AP-WF-11-13-13 0745GMT< EOT

`uri` is `anpa:<level><number>:<day>`, the day that of the closing line or of the receipt, since numbers begin
again. Standard: ANPA 1312, later 84-2 and NAA 89-3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files

from stream.credit import referred
from stream.errors import Reason, Rejected
from stream.model import Story
from stream.wire import anpa_copy, categories, filing_time, items
from stream.wire.document import Document, Format
from stream.wire.limits import Limits
from stream.wire.transmission import PADDING, Message, messages

# Column ends are tabs; the thin spaces around columns and a space that may be stretched are gaps already
# written. BS begins a line of a table, and is kept for the copy's reader.
_TABLE_LINE = 0x08
_CONTROLS = {
    0x1F: 0x09,
    **dict.fromkeys((*range(0x0E, 0x16), *range(0x17, 0x1B), 0x1D, 0x1E, 0x05, 0x06, 0x0B)),
}
_NUMBER = re.compile(r"\s*(?P<level>[A-Za-z]?)(?P<number>\d{3,5})\b")
_CODES = re.compile(r"\s*(?P<priority>[A-Za-z])\s(?P<category>[A-Za-z])(?P<rest>\s.*|$)")
_DAY = re.compile(r"\s(\d{1,2}-\d{1,2})(?:\s+\d{0,5})?\s*$")
_VERSION = re.compile(r"(?P<ordinal>\d{1,2})(?:st|nd|rd|th)", re.IGNORECASE)
_ADVISORY = "v"
_HEADER_LINES, _HEADER_CHARS = 2, 120


def parse(document: Document) -> list[Story]:
    """The stories of a record, one a message with text. Raises Rejected; a message that cannot be read
    rejects its record, which keeps all of it."""

    def read(message: Message) -> Iterable[Story]:
        yield _story(message, document.received, document.limits)

    return items.stories(messages(document, {**_CONTROLS, _TABLE_LINE: ord(anpa_copy.TABLE_MARK)}), read)


def _story(message: Message, received: datetime, limits: Limits) -> Story:
    above, text = _parts(message)
    copy = anpa_copy.read(text)
    if not copy.body:
        raise Rejected(Reason.NO_STORY, f"a message without text: {' '.join(above)[:60]!r}")
    if len(copy.body) > limits.story_chars:
        raise Rejected(
            Reason.TOO_LARGE, f"{len(copy.body):,} characters, at most {limits.story_chars:,} are read"
        )
    number = next(filter(None, map(_NUMBER.match, above[:1])), None)
    codes = next(filter(None, map(_CODES.match, above[1:])), None)
    published = filing_time.read(message.trailer, received, limits)
    sections, subjects = categories.read(codes["category"] if codes else None)
    keyword, version = _keyword(codes["rest"] if codes else "")
    ordinal = _VERSION.search(version or copy.version or "")
    is_advisory = codes is not None and codes["category"].lower() == _ADVISORY
    return Story(
        format="anpa",
        body=copy.body,
        headline=copy.headline[: limits.headline_chars] if copy.headline else None,
        part=message.raw,
        uri=_uri(number, published or received),
        version=ordinal["ordinal"] if ordinal else None,
        provider=_provider(message.trailer),
        published_at=published,
        byline=copy.byline,
        sections=sections,
        subjects=subjects,
        slugline=copy.slug or keyword,
        ednote=copy.ednote,
        urgency=_priorities().get(codes["priority"].lower()) if codes else None,
        signals=tuple(
            filter(None, (version, copy.version, *copy.slugs, "Advisory" if is_advisory else None))
        ),
        numbers=tuple(filter(None, (referred.number(number[0]) if number else None,))),
    )


def _parts(message: Message) -> tuple[list[str], str]:
    """The lines of the header and the text, which follows them where STX is lost."""
    lines = [line for line in message.header.split("\n") if line.strip()]
    above = [line[:_HEADER_CHARS] for line in lines[:_HEADER_LINES]]
    return above, message.text if message.has_text else "\n".join(lines[_HEADER_LINES:])


def _keyword(rest: str) -> tuple[str | None, str | None]:
    """Keyword and version of the second line, in front of the day and the number of words."""
    day = _DAY.search(rest)
    fields = (rest[: day.start()] if day else rest).split()
    if not fields:
        return None, None
    # What follows the version refers to another number.
    return fields[0], fields[1] if len(fields) > 1 else None


def _uri(number: re.Match[str] | None, day: datetime) -> str | None:
    if number is None or not int(number["number"]):
        return None
    return f"anpa:{number['level'].lower()}{number['number']}:{day.date().isoformat()}"


def _provider(trailer: str) -> str | None:
    """The agency's sign before the time: `AP-WF-11-13-13`."""
    found = re.match(r"\s*([A-Z]{2,5})-", trailer)
    return found[1] if found else None


@cache
def _priorities() -> dict[str, int]:
    text = (files("stream") / "data" / "lines" / "anpa_priorities.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    return {letter: int(urgency) for letter, urgency, _ in rows}


# The unit separator after the number, or the typeface codes of the second line, are ANPA's alone.
_RECOGNISED = re.compile(
    PADDING + rb"\x01\s*(?:[A-Za-z]?\d{3,5}[^\n\x1f]{0,20}\x1f"
    rb"|[^\n\x02]{0,40}\n\s*[A-Za-z] [A-Za-z][\x13\x14][\x11\x12])"
)


def _recognises(head: bytes) -> bool:
    return _RECOGNISED.match(head) is not None


FORMAT = Format(
    name="anpa",
    media_types=frozenset(("text/vnd.iptc.anpa", "application/vnd.iptc.anpa")),
    recognises=_recognises,
    parse=parse,
)
