"""Inputs that no feed should send: documents of every format broken in every way, and headers gone wild.

Half of them are made as the tests of the formats make theirs (`tests.wire.mutants`), of every format in turn.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from stream.demo.samples import read_samples
from stream.wire.detect import FORMATS
from tests.wire.mutants import mutant, samples

Input = tuple[bytes | None, list[tuple[str, bytes]]]

_CHARSETS = ("utf-16", "windows-1256", "iso-8859-6", "cp1252", "utf-7", "utf-32")
_DEEP = 20_000


def hostile_inputs(count: int, seed: int) -> Iterator[Input]:
    """`count` values with headers; the same for the same seed. Some are good stories all the same."""
    rng = random.Random(seed)
    formats = [samples(format_) for format_ in FORMATS]
    assert all(formats)
    whole = [sample.item.value for sample in read_samples() if sample.item.value]
    whole += [document for documents in formats for document in documents]
    for number in range(count):
        value = _value(rng, whole) if number % 2 else mutant(formats[number // 2 % len(formats)], rng)
        yield value, _headers(rng)


def _value(rng: random.Random, samples: Sequence[bytes]) -> bytes | None:
    sample = rng.choice(samples)
    kind = rng.randrange(16)
    if kind == 0:
        return None
    if kind == 1:
        return rng.randbytes(rng.randrange(2_000))
    if kind == 2:
        return sample[: rng.randrange(len(sample))]
    if kind == 3:
        return _flipped(rng, sample)
    if kind == 4:
        text = sample.decode("utf-8", "replace")
        return text.encode(rng.choice(_CHARSETS), "replace")
    if kind == 5:
        return _doubly_encoded(sample)
    if kind == 6:
        return rng.choice((b"[", b'{"a":', b"<a>", b"<div>")) * rng.randrange(1, _DEEP)
    if kind == 7:
        return rng.choice(_XML)
    if kind == 8:
        return b'{"uri": "u", "type": "text", "body_text": %s}' % rng.choice(_JSON_VALUES)
    if kind == 9:
        return b" \t\r\n\x00" * rng.randrange(400)
    if kind == 10:
        return sample.replace(b" ", rng.choice((b"\x00", "\u202e".encode(), "\u0640".encode(), b"\x1b[2J")))
    if kind == 11:
        return sample * rng.randrange(2, 12)
    if kind == 12:
        first, second = sample, rng.choice(samples)
        return first[: len(first) // 2] + second[len(second) // 2 :]
    if kind == 13:
        # A uri, a headline or a language as long as a book.
        field = rng.choice(("uri", "headline", "language", "version", "byline"))
        return b'{"type": "text", "body_text": "A story of some length.", "%s": "%s"}' % (
            field.encode(),
            "ه".encode() * rng.randrange(100_000),
        )
    if kind == 14:
        return ("كلمة " * rng.randrange(60_000)).encode()
    return sample + str(rng.random()).encode()


def _flipped(rng: random.Random, value: bytes) -> bytes:
    changed = bytearray(value)
    for _ in range(rng.randrange(1, 40)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _doubly_encoded(value: bytes) -> bytes:
    return value.decode("latin-1").encode()


def _headers(rng: random.Random) -> list[tuple[str, bytes]]:
    if rng.random() < 0.7:
        return [("feed", b"hostile")]
    return rng.choice(
        (
            [],
            [("feed", b"")],
            [("feed", b"\xff\xfe\x00")],
            [("feed", rng.randbytes(200_000))],
            [("traceparent", rng.randbytes(100_000)), ("tracestate", rng.randbytes(150_000))],
            [("content-type", b"text/html; charset=utf-999")],
            [("content-type", rng.randbytes(1_000))],
            [(f"h{number}", b"x") for number in range(500)],
            [("__connect.errors.topic", b"elsewhere"), ("wirestream-error-reason", b"forged")],
            [("wirestream-id", b"forged"), ("wirestream-card", b"\x00"), ("wirestream-origin", b"{")],
        )
    )


_XML = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>',
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf><body>&a;</body></nitf>',
    b'<?xml version="1.0" encoding="no-such"?><newsMessage/>',
    b"<newsItem>" + b"<x>" * 5_000 + b"</x>" * 5_000 + b"</newsItem>",
    b"<html><body>" + b"<p>" * 50_000 + b"</body></html>",
    b"<rss><channel>" + b"<item><title>t</title></item>" * 3_000 + b"</channel></rss>",
)
_JSON_VALUES = (
    b"null",
    b"1e999",
    b"[]",
    b'{"a": {}}',
    b'"\\ud800"',
    b'"\\u0000"',
    b"123456789012345678901234567890",
    b'["a", ["b"]]',
    b"true",
)
