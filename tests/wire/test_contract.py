"""What every format's parser keeps to, whatever it is given: it raises nothing but `Rejected`, says the same
each time, takes little time, and yields stories that are whole. A format joins by standing in `FORMATS`; the
samples that it is tried on are under `samples/`, by its name.
"""

from __future__ import annotations

import random
import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from stream.errors import Rejected
from stream.model import Story
from stream.wire.detect import FORMATS, parse
from stream.wire.document import Document, Format
from stream.wire.limits import Limits
from tests.wire.conftest import record
from tests.wire.mutants import mutant, samples

RECEIVED = datetime(2026, 5, 13, 18, 0, tzinfo=UTC)
# A few seconds a format; in development the parsers are given hundreds of thousands.
MUTANTS = 1_000
# Bad input is refused in milliseconds; the bar leaves room for a machine that is busy.
LONGEST = 1.0
UNSEEN = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff]")


def outcome(format_: Format, data: bytes) -> list[Story] | str:
    """The stories, or the verdict in words. Any other exception is the test's failure."""
    try:
        return format_.parse(Document(data, RECEIVED, Limits()))
    except Rejected as rejected:
        return str(rejected)


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
