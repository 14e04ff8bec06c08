"""The envelope that line formats share: SOH header STX text ETX trailer EOT.

IPTC 7901 and ANPA 1312 both come from lines that carried one message after the other, with padding between
them and controls lost on the way. A message is what stands from one SOH or EOT to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stream.errors import Reason, Rejected
from stream.wire import charset, mojibake, tidy
from stream.wire.document import Document

# Fill and signals that may stand before a message: SYN, NUL, DEL, BEL, what ended the one before, and the
# start sign of telex lines.
PADDING = rb"[\x16\x00\x7f\x07\x03\x04\s]*+(?:ZCZC[^\x01\n]{0,20}+\s*+)?"
_BOUNDARIES = re.compile(rb"[\x01\x04]")
_VISIBLE = re.compile(rb"[!-~\x80-\xff]")
# Keeps the three parts of a message apart while they are decoded as one; in no line format's text.
_FIELDS = b"\x1c"
_PARTS = 3
_FILL = b"\x00\x07\x16\x7f"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: what stands up to STX, its first line the header, the copy, and what stands after ETX.

    Lines end with a line feed; `text` is as sent otherwise, `header` and `trailer` are tidied. `has_text` is
    False where no STX marked the copy: it then follows in `header`. `raw` are the message's bytes.
    """

    header: str
    text: str
    trailer: str
    has_text: bool
    raw: bytes


def messages(document: Document, controls: Mapping[int, int | None]) -> Iterator[Message]:
    """The messages of a record in order, decoded each by itself: a line carries several agencies' copy.

    `controls` says what the format's own control characters become, by code: another character, or nothing.
    Raises Rejected(TOO_LARGE | CHARSET | MOJIBAKE).
    """
    document.require_size(document.limits.document_bytes)
    pieces = _BOUNDARIES.split(charset.narrow(document.data))
    filled = [piece for piece in pieces if _VISIBLE.search(piece)]
    if len(filled) > document.limits.items:
        raise Rejected(
            Reason.TOO_LARGE, f"{len(filled):,} messages, at most {document.limits.items:,} are read"
        )
    table, dropped = _translation(controls)
    for piece in filled:
        header, start, rest = piece.partition(b"\x02")
        if not start:
            header, _, trailer = piece.partition(b"\x03")
            text = b""
        else:
            text, _, trailer = rest.partition(b"\x03")
        fields = (field.translate(table, dropped) for field in (header, text, trailer))
        data = _FIELDS.join(fields)
        decoded = charset.decode(data, document.charset, document.feed_charset)
        parts = mojibake.repair(decoded).split("\x1c")
        if len(parts) != _PARTS:
            raise Rejected(Reason.CHARSET, "a message in a wide character set inside another set")
        header_text, copy, after = (part.replace("\r\n", "\n").replace("\r", "\n") for part in parts)
        yield Message(tidy.characters(header_text), copy, tidy.characters(after), bool(start), piece)


def _translation(controls: Mapping[int, int | None]) -> tuple[bytes, bytes]:
    table = bytearray(range(256))
    for code, become in controls.items():
        if become is not None:
            table[code] = become
    dropped = bytes(code for code, become in controls.items() if become is None)
    return bytes(table), dropped + _FILL + _FIELDS
