"""Documents of every format, and what becomes of them when a few of their tokens go wrong."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

from stream.wire.document import Format

SAMPLES = Path(__file__).parent / "samples"
TOKEN = re.compile(rb'<[^<>]{1,200}>|"[^"]{0,80}"|[\x01-\x1f]+|\S+')
PIECES = (
    b"\0", b"\x01", b"\x02", b"\x1e\x1f", b"\xff\xfe", b"\xed\xa0\x80", b"&#0;", b"&#xD800;", b"&x;",
    b"&nbsp;", b"<![CDATA[", b"]]>", b"<!--", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b'encoding="utf-16"',
    b"stat:canceled", b"{", b"]", b"null", b"1e400", b"0001-01-01T00:00:00-23:59", b"20240710T130037+2400",
    b"\r\n" * 200, b" " * 2000, b"<p>" * 300, b"?a?b" * 20,
    "\u202e\ufeff\u2028".encode(), "²".encode(), ("e" + "\u0301" * 500).encode(),
    "عقد المجلس اجتماعا.".encode("cp1256"),
)  # fmt: skip


def samples(format_: Format) -> list[bytes]:
    return [path.read_bytes() for path in sorted((SAMPLES / format_.name).glob("*"))]


def mutant(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """One of the seeds with a few of its tokens cut, doubled, exchanged or replaced."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(data) + 1)
        token = TOKEN.search(data, at)
        start, end = token.span() if token else (at, at)
        match chance.randrange(6):
            case 0:
                data[start:end] = b""
            case 1:
                data[end:end] = data[start:end] * chance.choice((1, 1, 50))
            case 2:
                data[start:end] = chance.choice(PIECES)
            case 3:
                data[start:start] = chance.choice(PIECES)
            case 4:
                other = TOKEN.search(chance.choice(seeds), chance.randrange(200))
                data[start:end] = other[0] if other else b""
            case 5:
                del data[at:]
        if not data:
            break
    return bytes(data)
