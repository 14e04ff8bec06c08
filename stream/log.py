"""Logs on stderr: text on a terminal, one JSON object a line otherwise. No story text above debug."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson

from stream.traces import trace

# kafka-python logs every attempt to reach a broker that is away, trafilatura every page without text; both
# reach our callers as errors of their own, once.
_SILENT = ("kafka", "trafilatura")

# aiokafka logs eighty lines a second, of four kinds, while a broker is away. Twice a minute shows that it
# goes on, and hours of it can still be read.
_REPEAT_SECONDS = 30
# Messages that a library puts together itself are each of a kind of their own.
_MOST_KINDS = 1000

_log = logging.getLogger(__name__)


class Lines(logging.Formatter):
    """Text for a terminal. `quotes` says whether a stack trace may hold what exceptions say."""

    def __init__(self, *, quotes: bool) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
        self._quotes = quotes

    def formatException(self, ei: Any) -> str:  # noqa: N802 - as logging names it
        return super().formatException(ei) if self._quotes else trace(ei[1])


class JsonLines(Lines):
    """time (RFC 3339), level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


class Repeats(logging.Filter):
    """Lets one message of a kind (logger, level, text before its arguments) of a library pass in
    `_REPEAT_SECONDS`; the next of that kind then says how many did not. Our own all pass, and what has a
    stack trace, as one text can stand above many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, int, object], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] == "stream" or record.exc_info:
            return True
        kind, now = (record.name, record.levelno, record.msg), self._clock()
        passed, dropped = self._kinds.get(kind, (now - _REPEAT_SECONDS, 0))
        if now - passed < _REPEAT_SECONDS:
            self._kinds[kind] = passed, dropped + 1
            return False
        if len(self._kinds) >= _MOST_KINDS:
            self._kinds.clear()
        self._kinds[kind] = now, 0
        if dropped:
            record.msg = f"{record.msg} (and {dropped} more like it before)"
        return True


def setup(level: str) -> None:
    """Takes over the root logger. Libraries speak from warning up and do not repeat themselves, unless
    `level` is debug."""
    handler = logging.StreamHandler(sys.stderr)
    lines = Lines if sys.stderr.isatty() else JsonLines
    handler.setFormatter(lines(quotes=level == "debug"))
    if level != "debug":
        handler.addFilter(Repeats())
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper() if level == "debug" else "WARNING")
    logging.getLogger("stream").setLevel(level.upper())
    threading.excepthook = _thread_ended
    sys.unraisablehook = _unraisable


def _thread_ended(args: threading.ExceptHookArgs) -> None:
    """Python's own would print what the exception says."""
    if args.exc_value is not None:
        _log.critical("a thread of the process ended", exc_info=args.exc_value)


def _unraisable(args: sys.UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        _log.error("an exception went by", exc_info=args.exc_value)
