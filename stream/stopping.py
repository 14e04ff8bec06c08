"""SIGTERM and SIGINT of a worker, and a bound on the time that a stop may take.

The event loop is not asked: it may be busy with a batch, waiting for a broker, or hung in a rebalance just
when it is told to stop. The interpreter writes every signal into a socket the moment it arrives, and a
thread of its own reads it there.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable
from threading import Thread, Timer
from typing import NoReturn

from stream.exits import EXIT_FAILED

_log = logging.getLogger(__name__)


class StopSignals:
    """To be made in the main thread, before there is work: until `on_stop` a signal ends the process at
    once with exit code 0. After it a signal calls the function given, in another thread, once; a process
    that still runs `drain_seconds` later ends with exit code 1."""

    def __init__(self, drain_seconds: float) -> None:
        self._drain_seconds = drain_seconds
        self._stop: Callable[[], object] | None = None
        self._signals, told = socket.socketpair()
        told.setblocking(False)
        # Kept, or the garbage collector would close it.
        self._told = told
        signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        Thread(target=self._listen, name="stop", daemon=True).start()

    def on_stop(self, stop: Callable[[], object]) -> None:
        self._stop = stop

    def _listen(self) -> None:
        while True:
            number = self._signals.recv(1)[0]
            if number in (signal.SIGTERM, signal.SIGINT):
                break
        stop = self._stop
        if stop is None:
            _end(0)
        _log.info("asked to stop: at most %g s to finish what is in flight", self._drain_seconds)
        timer = Timer(self._drain_seconds, self._give_up)
        timer.daemon = True
        timer.start()
        stop()

    def _give_up(self) -> None:
        # What is in flight stays uncommitted and is read again by whoever takes over.
        _log.error("work in flight was not finished within %g s; it stays uncommitted", self._drain_seconds)
        _end(EXIT_FAILED)


def _end(code: int) -> NoReturn:
    logging.shutdown()
    os._exit(code)
