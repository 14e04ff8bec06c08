"""Waiting in the foreground until somebody asks the process to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Event

# How often the condition is looked at while nobody asks.
_LOOK_SECONDS = 0.5


def until_stopped(going: Callable[[], bool]) -> None:
    """Returns on SIGINT or SIGTERM, or when `going` turns false. To be called from the main thread."""
    asked = Event()
    previous = {
        number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        while going() and not asked.wait(_LOOK_SECONDS):
            pass
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
