"""Records for the parsers, without Kafka and without a clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from stream.errors import Reason, Rejected
from stream.model import Origin, Record, Story
from stream.wire.detect import parse

RECEIVED = datetime(2026, 5, 13, 18, 0, tzinfo=UTC)


def record(value: bytes | str | None, content_type: str | None = None) -> Record:
    data = value.encode() if isinstance(value, str) else value
    headers = () if content_type is None else (("content-type", content_type.encode()),)
    return Record(data, RECEIVED, Origin("wire.stories", 0, 0), headers=headers)


@pytest.fixture
def read() -> Callable[..., Story]:
    """The one story of a value (bytes, text, or an object that is sent as JSON)."""

    def read_one(value: Any, content_type: str | None = None, **options: Any) -> Story:
        if isinstance(value, dict):
            value = json.dumps(value, ensure_ascii=False)
        (story,) = parse(record(value, content_type), **options)
        return story

    return read_one


@pytest.fixture
def refuse(read: Callable[..., Story]) -> Callable[..., Rejected]:
    """The verdict on a value that must be rejected."""

    def refused(value: Any, content_type: str | None = None, **options: Any) -> Rejected:
        with pytest.raises(Rejected) as caught:
            read(value, content_type, **options)
        assert isinstance(caught.value.reason, Reason)
        assert caught.value.detail
        return caught.value

    return refused
