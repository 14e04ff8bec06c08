"""Logs on stderr: text on a terminal, one JSON object a line otherwise. No story text above debug."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import orjson

# kafka-python logs every attempt to reach a broker that is away, trafilatura every page without text; both
# reach our callers as errors of their own, once.
_SILENT = ("kafka", "trafilatura")


class JsonLines(logging.Formatter):
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
    if sys.stderr.isatty():
        handler.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
        )
    else:
        handler.setFormatter(JsonLines())
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper() if level == "debug" else "WARNING")
    logging.getLogger("stream").setLevel(level.upper())
