"""Logs on stderr: text on a terminal, one JSON object a line otherwise. No story text above debug."""

from __future__ import annotations

import logging
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import orjson

from stream.traces import trace

# kafka-python logs every attempt to reach a broker that is away, trafilatura every page without text; both
# reach our callers as errors of their own, once.
_SILENT = ("kafka", "trafilatura")

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


def setup(level: str) -> None:
    """Takes over the root logger. Libraries speak from warning up, unless `level` is debug."""
    handler = logging.StreamHandler(sys.stderr)
    lines = Lines if sys.stderr.isatty() else JsonLines
    handler.setFormatter(lines(quotes=level == "debug"))
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
