"""What every format's parser keeps to, whatever it is given: it raises nothing but `Rejected`, says the same
each time, takes little time, and yields stories that are whole. A format joins by standing in `FORMATS`; the
samples that it is tried on are under `samples/`, by its name.
"""

from __future__ import annotations

import random
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stream.errors import Rejected
from stream.model import Story
from stream.wire.detect import FORMATS, parse
from stream.wire.document import Document, Format
from stream.wire.limits import Limits
from tests.wire.conftest import record

SAMPLES = Path(__file__).parent / "samples"
RECEIVED = datetime(2026, 5, 13, 18, 0, tzinfo=UTC)
# A few seconds a format; in development the parsers are given hundreds of thousands.
MUTANTS = 1_000
# Bad input is refused in milliseconds; the bar leaves room for a machine that is busy.
LONGEST = 1.0
TOKEN = re.compile(rb'<[^<>]{1,200}>|"[^"]{0,80}"|[\x01-\x1f]+|\S+')
UNSEEN = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff]")
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


def outcome(format_: Format, data: bytes) -> list[Story] | str:
    """The stories, or the verdict in words. Any other exception is the test's failure."""
    try:
        return format_.parse(Document(data, RECEIVED, Limits()))
    except Rejected as rejected:
        return str(rejected)


def mutant(seeds: list[bytes], chance: random.Random) -> bytes:
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


def require_whole(stories: list[Story]) -> None:
    assert stories
    assert [story.item for story in stories] == list(range(len(stories)))
    for story in stories:
        assert story.body or story.pubstatus == "canceled"
        assert story.body == story.body.strip()
        assert "\n\n\n" not in story.body
        assert not UNSEEN.search(f"{story.headline}{story.body}{story.byline}{story.uri}{story.sections}")
        for moment in (story.published_at, story.embargoed_until):
            assert moment is None or moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_its_samples_are_recognised_and_parsed(format_: Format) -> None:
    seeds = samples(format_)
    assert seeds, f"no sample of {format_.name}"
    for data in seeds:
        stories = parse(record(data))
        assert {story.format for story in stories} == {format_.name}
        require_whole(stories)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_any_input_gives_whole_stories_or_a_verdict_the_same_each_time(format_: Format) -> None:
    seeds, chance = samples(format_), random.Random(format_.name)
    for number in range(MUTANTS):
        data = mutant(seeds, chance)
        started = time.process_time()
        first = outcome(format_, data)
        assert time.process_time() - started < LONGEST, data[:200]
        if isinstance(first, list):
            require_whole(first)
        if number % 20 == 0:
            assert outcome(format_, data) == first


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"\0" * 1000,
        b"\xff" * 1000,
        b"x" * 10_000_000,
        b"<a>" * 100_000,
        b"[" * 100_000,
        b"\x01" * 5000,
    ],
    ids=["nothing", "blank", "NULs", "bytes", "10 MB line", "nested tags", "nested arrays", "controls"],
)
def test_what_is_no_document_is_refused_soon(format_: Format, data: bytes) -> None:
    started = time.process_time()
    assert isinstance(outcome(format_, data), str)
    assert time.process_time() - started < LONGEST
