"""The wish to stop: asked for by a signal, seen by whoever waits, and bounded in time.

SIGTERM and SIGINT are taken as a wish; a second one has its usual effect. Whoever works looks at `asked`
between two pieces of work and finishes the one in hand. What takes longer than the bound is given up with
exit code 1: the supervisor's own patience must not be met with SIGKILL in the middle of a write.
"""

from __future__ import annotations

import logging
import os
import select
import signal
from threading import Event, Thread
from types import FrameType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_log = logging.getLogger(__name__)


class Stop:
    """A context manager, entered in the main thread; `asked` and `wait` are for any thread."""

    def __init__(self, bound: float) -> None:
        """`bound`: seconds from the wish to the end of the process, whatever it is doing."""
        self._bound = bound
        # A pipe and not an Event: a signal handler may interrupt the very code that holds an Event's lock.
        self._read, self._write = os.pipe()
        self._asked = False
        self._finished = Event()
        self._previous: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._previous = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        Thread(target=self._enforce, name="stop", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._finished.set()
        self._restore()
        self.ask()

    @property
    def asked(self) -> bool:
        return self._asked

    def ask(self) -> None:
        """As a signal would."""
        self._asked = True
        os.write(self._write, b".")

    def wait(self, seconds: float) -> bool:
        """Waits so long, or until the wish; whether there is one."""
        if not self._asked:
            select.select([self._read], [], [], seconds)
        return self._asked

    def fileno(self) -> int:
        """Readable from the wish on: for an event loop."""
        return self._read

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as signal calls it
        self._restore()
        self.ask()

    def _restore(self) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _enforce(self) -> None:
        select.select([self._read], [], [])
        if not self._finished.wait(self._bound):
            _log.error("work in flight was not finished within %g s; it is given up", self._bound)
            logging.shutdown()
            os._exit(1)
