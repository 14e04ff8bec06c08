from __future__ import annotations

import logging

from stream.log import Repeats


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def told(repeats: Repeats, text: str, *arguments: object, name: str = "aiokafka") -> str | None:
    """The message as it is written, or None where it is left out."""
    record = logging.LogRecord(name, logging.ERROR, "client.py", 1, text, arguments, None)
    return record.getMessage() if repeats.filter(record) else None


def test_what_a_library_says_over_and_over_is_written_twice_a_minute_and_counted() -> None:
    clock = Clock()
    repeats = Repeats(clock)
    assert told(repeats, "no node %s", 1) == "no node 1"
    for node in range(80):
        assert told(repeats, "no node %s", node) is None
    clock.now += 30
    assert told(repeats, "no node %s", 7) == "no node 7 (and 80 more like it before)"
    clock.now += 30
    assert told(repeats, "no node %s", 7) == "no node 7"


def test_messages_of_other_kinds_pass() -> None:
    repeats = Repeats(Clock())
    assert told(repeats, "no node") == "no node"
    assert told(repeats, "no metadata") == "no metadata"
    assert told(repeats, "no node", name="aiokafka.consumer") == "no node"


def test_our_own_messages_all_pass() -> None:
    repeats = Repeats(Clock())
    assert [told(repeats, "trying again", name="stream.app") for _ in range(2)] == ["trying again"] * 2


def test_stack_traces_all_pass() -> None:
    repeats = Repeats(Clock())
    for number in range(2):
        error = ValueError(number)
        fault = (ValueError, error, None)
        record = logging.LogRecord("asyncio", logging.ERROR, "x.py", 1, "a task failed", (), fault)
        assert repeats.filter(record)


def test_what_is_remembered_is_bounded() -> None:
    repeats = Repeats(Clock())
    for number in range(2500):
        assert told(repeats, f"no node {number}") == f"no node {number}"
    assert len(repeats._kinds) <= 1000
