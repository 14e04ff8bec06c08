"""What of an exception is told to those who read logs."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
from aiokafka.errors import KafkaConnectionError

from stream.errors import Reason, Rejected, UserError
from stream.log import JsonLines, Lines
from stream.traces import trace

SECRET = "Two ministers resign"


def caught(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        try:
            if cause is not None:
                raise cause
        finally:
            raise error
    except Exception as raised:  # noqa: BLE001 - of whatever kind the test asks for
        return raised


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        KeyError(SECRET),
        UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET),
        Rejected(Reason.DATE, SECRET),
        caught(ValueError("x"), KeyError(SECRET)),
        ExceptionGroup("several", [ValueError(SECRET)]),
    ],
)
def test_a_trace_has_the_lines_and_not_what_is_said(error: Exception) -> None:
    told = trace(caught(error))
    assert SECRET not in told
    assert "test_traces.py" in told
    assert type(error).__name__ in told


def test_the_cause_comes_first() -> None:
    told = trace(caught(RuntimeError("x"), KeyError("y")))
    assert told.index("KeyError") < told.index("RuntimeError")


def test_a_cause_that_was_set_aside_is_not_told() -> None:
    def failing() -> None:
        try:
            raise KeyError
        except KeyError:
            raise UserError("no such file") from None

    with pytest.raises(UserError) as raised:
        failing()
    assert "KeyError" not in trace(raised.value)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "refused", "broker-1"),
        KafkaConnectionError("no node"),
        UserError("there is no topic"),
    ],
)
def test_what_speaks_of_brokers_and_files_is_told(error: Exception) -> None:
    assert str(error) in trace(caught(error))


@pytest.mark.parametrize("lines", [Lines, JsonLines])
def test_logs_quote_exceptions_at_debug_only(lines: type[Lines]) -> None:
    def logged(*, quotes: bool) -> str:
        error = caught(ValueError(SECRET))
        failed = (type(error), error, error.__traceback__)
        record = logging.LogRecord("stream", logging.ERROR, "", 1, "failed", (), failed)
        return lines(quotes=quotes).format(record)

    assert SECRET not in logged(quotes=False)
    assert SECRET in logged(quotes=True)


def test_a_thread_that_ends_in_an_exception_is_logged_without_it() -> None:
    code = f"""
import threading
from stream import log
log.setup("info")
def work(): raise ValueError({SECRET!r})
thread = threading.Thread(target=work); thread.start(); thread.join()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    line = json.loads(done.stderr)
    assert line["message"] == "a thread of the process ended"
    assert "ValueError" in line["exception"]
    # The line of code is ours; it holds the words in this test only.
    assert f"ValueError: {SECRET}" not in line["exception"]
