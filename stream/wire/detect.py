"""From a record to its stories: which format it is, then that format's parser.

Called by the annotate stage and by `process`, once a record. The content type decides where it names a
format; otherwise the first bytes do. A new format is a module with a `FORMAT` and a line in `FORMATS`.
"""

from __future__ import annotations

import re

from stream.errors import Reason, Rejected
from stream.model import Record, Story
from stream.wire import anpa, feed, iptc7901, newsml1, newsml_g2, ninjs, nitf, page, plain, signatures
from stream.wire.document import Document, Format
from stream.wire.limits import Limits

__all__ = ["FORMATS", "Limits", "parse"]

# In the order in which their `recognises` is asked: the strictest first, plain text takes the rest.
FORMATS: tuple[Format, ...] = (
    ninjs.FORMAT,
    newsml_g2.FORMAT,
    newsml1.FORMAT,
    nitf.FORMAT,
    anpa.FORMAT,
    iptc7901.FORMAT,
    feed.FORMAT,
    page.FORMAT,
    plain.FORMAT,
)

_BY_MEDIA_TYPE = {media_type: format_ for format_ in FORMATS for media_type in format_.media_types}
# Enough for an XML declaration, a doctype and a comment in front of the element that names the format.
_HEAD_BYTES = 8192
# Shows the name of the first element behind a declaration.
_SHOWN = 100
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_XML = re.compile(rb"<(?:\?xml\b|!DOCTYPE\s|[A-Za-z_][\w.:-]*(?:\s+[\w.:-]+\s*=|\s*/?>))")
_DEFAULT_LIMITS = Limits()


def parse(record: Record, *, charset: str | None = None, limits: Limits = _DEFAULT_LIMITS) -> list[Story]:
    """The stories of `record`, in document order, at least one.

    `charset` is the one that the feed's settings name. The result depends on nothing but the arguments.
    Raises Rejected, and nothing else, when the record cannot become a story.
    """
    data = record.value
    if data is None or not data.strip():
        raise Rejected(Reason.EMPTY, "the record has no value" if data is None else "nothing but white space")
    signatures.refuse(data)
    # Before anything looks at the bytes: no parser takes more than this.
    largest = max(limits.document_bytes, limits.page_bytes, limits.xml_bytes)
    if len(data) > largest:
        raise Rejected(Reason.TOO_LARGE, f"{len(data):,} bytes, at most {largest:,} are read")
    media_type, declared = _content_type(record.header("content-type"))
    document = Document(data, record.timestamp, limits, declared, charset)
    return _format(media_type, data).parse(document)


def _content_type(header: str | None) -> tuple[str | None, str | None]:
    """The media type (lower case) and the charset of a content-type header; None where it says none."""
    if header is None:
        return None, None
    media_type, *parameters = header.split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return media_type.strip().lower(), value.strip().strip("\"'") or None
    return media_type.strip().lower(), None


def _format(media_type: str | None, data: bytes) -> Format:
    named = None
    if media_type is not None:
        named = _BY_MEDIA_TYPE.get(media_type)
        if named is None and media_type.endswith("+json"):
            named = ninjs.FORMAT
        # `text/plain` is also what tools send for want of knowledge, and `text/html` what servers send feeds
        # as, so they do not overrule the bytes.
        if named is not None and named not in (plain.FORMAT, page.FORMAT):
            return named
    head = data[:_HEAD_BYTES]
    for mark in _BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    head = head.replace(b"\0", b"").lstrip()
    for format_ in FORMATS:
        if format_ is not plain.FORMAT and format_.recognises(head):
            return format_
    if named is page.FORMAT:
        return page.FORMAT
    if _XML.match(head):
        start = " ".join(head.decode("utf-8", "replace").split())[:_SHOWN]
        raise Rejected(Reason.UNKNOWN_FORMAT, f"XML of a kind that is not read: {start!r}")
    return plain.FORMAT
