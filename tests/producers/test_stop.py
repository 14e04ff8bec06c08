from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import sys, time
from stream.producers.stop import Stop
with Stop({bound}) as stop:
    print("ready", flush=True)
    {work}
"""


def start(work: str, bound: float = 30) -> subprocess.Popen[str]:
    program = PROGRAM.format(bound=bound, work=work)
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=30)
    return process.returncode, said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_wait_and_not_the_work(number: signal.Signals) -> None:
    process = start("print(stop.wait(60), stop.asked, flush=True)")
    process.send_signal(number)
    assert end(process) == (0, "True True\n")


def test_without_a_signal_the_wait_has_its_length() -> None:
    assert end(start("print(stop.wait(0.01), stop.asked)")) == (0, "False False\n")


def test_work_that_takes_longer_than_the_bound_is_given_up() -> None:
    process = start("time.sleep(60)", bound=0.2)
    process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    assert end(process)[0] == 1
    assert time.monotonic() - started < 30


def test_a_second_signal_has_its_usual_effect() -> None:
    process = start("stop.wait(60); print('first', flush=True); time.sleep(60)")
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    assert process.stdout.readline() == "first\n"
    process.send_signal(signal.SIGTERM)
    assert end(process)[0] == -signal.SIGTERM
