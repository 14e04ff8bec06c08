"""Dead letters as people see them on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime

from stream.cli.dead_letters import _line, _whole
from stream.kafka.dead_letter import Letter
from stream.model import Origin, Record

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def letter(feed: str = "okaz", message: str = "x", trace: str | None = None) -> Letter:
    record = Record(b"{", NOON, Origin("wire.stories", 0, 7), headers=(("\x1b[2J", b"x"),))
    return Letter((0, 1), record, "malformed", message, "annotate", "0.1.0", NOON, feed, trace)


def test_what_would_steer_a_terminal_is_spelled_out() -> None:
    evil = letter(feed="e\x1b[31mvil", message="quotes \x1b[2J of\nthe input")
    for shown in (_line(evil, "open"), _whole(evil, "open")):
        assert "\x1b" not in shown
        assert "\\x1b[2J" in shown
    assert "\n" not in _line(evil, "open")


def test_a_feeds_name_of_any_length_leaves_the_line_readable() -> None:
    assert len(_line(letter(feed="x" * 5000), "open")) < 200


def test_the_stack_trace_of_an_internal_fault_is_shown() -> None:
    shown = _whole(letter(trace='  File "x.py", line 7, in parse\nKeyError'), "open")
    assert '  File "x.py", line 7, in parse\nKeyError' in shown
