"""A stop is bounded whatever the process is doing: each case is a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from stream.exits import EXIT_FAILED

PROGRAM = """
import sys, time, os
from stream.stopping import StopSignals
signals = StopSignals(0.3)
{work}
"""


def stopped(work: str, number: int = signal.SIGTERM) -> int:
    """The exit code of a process that says a line when it is under way, and is then told to stop."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(work=work)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "under way\n"
        process.send_signal(number)
        return process.wait(20)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_before_there_is_work_ends_at_once_with_0(number: int) -> None:
    assert stopped("print('under way', flush=True); time.sleep(60)", number) == 0


def test_a_stop_is_told_to_the_work_which_ends_by_itself() -> None:
    work = """
from threading import Event
asked = Event()
signals.on_stop(asked.set)
print('under way', flush=True)
asked.wait(60)
sys.exit(7)
"""
    assert stopped(work) == 7


@pytest.mark.parametrize(
    "busy",
    [
        "while True: pass",
        "time.sleep(60)",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    ],
    ids=["in a loop", "asleep", "deadlocked"],
)
def test_work_that_hangs_is_ended_when_its_time_is_over(busy: str) -> None:
    work = f"signals.on_stop(lambda: None); print('under way', flush=True)\n{busy}"
    assert stopped(work) == EXIT_FAILED
