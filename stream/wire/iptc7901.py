"""IPTC 7901: the message format of agencies' lines since 1979, still delivered by many.

    SOH eca0003 3 i 380  dpa 0045      service and number, priority, category, words, options, free text
    Switzerland/migration/UN/          keywords
    STX heading lines, the last ends with ` =`, then the copy
    ETX 212322 GMT Nov 18 EOT

There is no identity that holds everywhere, so `uri` is `iptc7901:<service>:<number>:<day>`, with the day of
the closing line (or of the receipt); numbers begin again daily or yearly. An agency's own number with its
date in the free text (`KNA 170123-89-00065#2`) is better, and its `#2` the version. Character sets are by
agreement: the feed's setting, or what the bytes say. Standard: IPTC TEC 7901, 5th revision, 1995.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from stream.credit import referred
from stream.errors import Reason, Rejected
from stream.model import Story
from stream.wire import categories, copy_head, desk_notes, filing_time, items, tidy, unwrap
from stream.wire.document import Document, Format
from stream.wire.limits import Limits
from stream.wire.transmission import PADDING, Message, messages

_HEADER = re.compile(
    r"\s*(?P<service>[^\W\d_]{0,8})[ -]?(?P<number>\d{1,6})\s+(?P<priority>\d)\b\s*"
    r"(?P<category>[^\W\d_]{1,4}\b)?\s*(?P<words>\d{1,6}\b)?(?P<rest>.*)"
)
# The free text names the agency with a number of its own: `dpa 061`, `/AFP-YP51`, `KNA 170123-89-00065#2`.
_FREE = re.compile(
    r"(?:^|\s)/?(?P<agency>[^\W\d_][\w-]*?)[\s-]+(?P<number>[A-Z]{0,3}\d[\d-]*)(?:#(?P<version>\d+))?\s*$"
)
_DATED_NUMBER = re.compile(r"\d{6,8}-\d+-\d+$")
# What controls of typesetters become: a column's end a tab, a page's end a line's, the rest nothing.
_CONTROLS = {
    0x1F: 0x09,
    0x0B: None,
    **dict.fromkeys((*range(0x0E, 0x16), *range(0x17, 0x1F), 0x08, 0x05, 0x06)),
}
# The header is one printer's line.
_HEADER_CHARS = 160
_LETTER = re.compile(r"[^\W\d_]")


def parse(document: Document) -> list[Story]:
    """The stories of a record, one a message with text. Raises Rejected; a message that cannot be read
    rejects its record, which keeps all of it."""

    def read(message: Message) -> Iterable[Story]:
        yield _story(message, document.received, document.limits)

    return items.stories(messages(document, _CONTROLS), read)


def _story(message: Message, received: datetime, limits: Limits) -> Story:
    header, keywords, lines = _parts(message)
    found = _HEADER.match(header)
    if found is None and not message.has_text:
        raise Rejected(Reason.NO_STORY, f"no message: {message.header.strip()[:60]!r}")
    lines, trailer = _trailer(lines, message.trailer)
    top = copy_head.read(lines)
    copy, notes = desk_notes.split(lines[top.end :])
    body = unwrap.paragraphs(copy)
    if not _LETTER.search(body):
        if top.headline is None:
            raise Rejected(Reason.NO_STORY, f"a message without text: {header[:60]!r}")
        # A flash is all headline.
        body = top.headline
    if len(body) > limits.story_chars:
        raise Rejected(Reason.TOO_LARGE, f"{len(body):,} characters, at most {limits.story_chars:,} are read")
    published = filing_time.read(trailer, received, limits)
    sections, subjects = categories.read(found["category"] if found else None)
    free = _FREE.search(found["rest"]) if found else None
    return Story(
        format="iptc7901",
        body=body,
        headline=tidy.line(top.headline)[: limits.headline_chars] if top.headline else None,
        part=message.raw,
        uri=_uri(found, free, published or received),
        version=free["version"] if free else None,
        provider=free["agency"] if free else None,
        published_at=published,
        byline=top.byline,
        sections=sections,
        subjects=subjects,
        slugline=keywords,
        ednote="\n".join((*notes, *top.notes)) or None,
        urgency=_urgency(found),
        signals=top.tags,
        numbers=_numbers(found, free),
    )


def _parts(message: Message) -> tuple[str, str | None, list[str]]:
    """The header line, the keywords, and the lines of the copy: below the keywords where STX is lost."""
    above = [line.rstrip() for line in message.header.split("\n")]
    start = next((at for at, line in enumerate(above) if line.strip()), len(above))
    header = above[start][:_HEADER_CHARS] if start < len(above) else ""
    rest = above[start + 1 :]
    if message.has_text:
        keywords = tidy.line(" ".join(rest)).rstrip("/ ")
        return header, keywords or None, [line.rstrip() for line in tidy.characters(message.text).split("\n")]
    if _HEADER.match(header) is None:
        return "", None, []
    filled = next((at for at, line in enumerate(rest) if line), len(rest))
    if filled < len(rest) and rest[filled].endswith("/"):
        return header, rest[filled].strip().rstrip("/ ") or None, rest[filled + 1 :]
    return header, None, rest


def _trailer(lines: list[str], trailer: str) -> tuple[list[str], str]:
    """The lines of the copy and the closing line, which is the last of them where ETX is lost or late."""
    if any(map(str.isdigit, trailer)):
        return lines, trailer.strip()
    last = next((at for at in range(len(lines) - 1, -1, -1) if lines[at]), None)
    if last is not None and filing_time.is_closing(lines[last]):
        return lines[:last], lines[last]
    return lines, ""


def _uri(header: re.Match[str] | None, free: re.Match[str] | None, day: datetime) -> str | None:
    if free and _DATED_NUMBER.match(free["number"]):
        return f"iptc7901:{free['agency'].lower()}:{free['number']}"
    # Gateways that do not count write zeros.
    if header is None or not int(header["number"]):
        return None
    return f"iptc7901:{header['service'].lower()}:{header['number']}:{day.date().isoformat()}"


def _numbers(header: re.Match[str] | None, free: re.Match[str] | None) -> tuple[str, ...]:
    """The agency's own number, by which notes name an item, and that of the line."""
    written = (
        free and f"{free['agency']} {free['number']}",
        header and f"{header['service']} {header['number']}",
    )
    return tuple(dict.fromkeys(filter(None, (referred.number(one) for one in written if one))))


def _urgency(header: re.Match[str] | None) -> int | None:
    return int(header["priority"]) or None if header else None


# A start of text or a header after SOH: alone, it may be any text's noise. Without SOH, all of a header.
_RECOGNISED = re.compile(
    PADDING + rb"(?:\x01(?:[^\x02]{0,400}\x02|\s*[^\s\d]{0,16}[ -]?\d{1,6}\s+\d\b)"
    rb"|[A-Za-z]{2,8}\d{2,6} +\d +[A-Za-z]{1,4} +\d{1,6}\b[^\n]{0,80}\n[^\x02]{0,200}\x02)"
)


def _recognises(head: bytes) -> bool:
    return _RECOGNISED.match(head) is not None


FORMAT = Format(
    name="iptc7901",
    media_types=frozenset(("text/vnd.iptc.7901", "application/vnd.iptc.7901")),
    recognises=_recognises,
    parse=parse,
)
