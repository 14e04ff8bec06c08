"""The demo's worker: `wirestream worker` as a process of its own, as a supervisor would run it."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import time
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

from stream.errors import UserError
from stream.kafka import child

# Ten times what a slow laptop needs.
_START_SECONDS = 60
# Longer than the worker's own limit on a stop (worker.drain).
_STOP_SECONDS = 40
_LOOK_SECONDS = 0.1
_LOG_LINES = 12
# Where the worker says that it serves its health.
_ADDRESS = re.compile(r"/ready on http://(?P<host>[\d.]+):(?P<port>\d+)")

_log = logging.getLogger(__name__)


class Worker:
    """A `wirestream worker` process with its log in a file."""

    def __init__(self, folder: Path, config: Path, bootstrap: str) -> None:
        self._log_file = folder / "worker.log"
        # As of every run: a kept folder has the logs of earlier ones, whose port is not ours.
        self._log_file.unlink(missing_ok=True)
        worker = ("worker", "--config", str(config), "--bootstrap", bootstrap, "--http-port", "0")
        self._command = [sys.executable, "-m", "stream", *worker]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log_file.open("wb") as log:
            self._process = subprocess.Popen(
                # Bound to this process: it ends even when this one is killed.
                [sys.executable, "-I", "-S", child.__file__, str(os.getpid()), *self._command],
                # Not the caller's folder, where another `stream` may lie.
                cwd=self._folder,
                env={name: value for name, value in os.environ.items() if not name.startswith("WIRESTREAM_")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C on a terminal goes to the whole group; we stop the worker ourselves, in order.
                start_new_session=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                _log.warning("the worker did not end within %d s and is killed", _STOP_SECONDS)
                self._process.kill()
                self._process.wait()

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def await_ready(self) -> None:
        """Returns when it has its partitions."""
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            if not self.alive or time.monotonic() > deadline:
                raise self.failed("it was not ready")
            time.sleep(_LOOK_SECONDS)

    def failed(self, what: str) -> UserError:
        """The error that names the log and shows its end."""
        why = "in time" if self.alive else "and it ended by itself"
        tail = "\n".join(self._lines()[-_LOG_LINES:])
        return UserError(
            f"the worker did not do its part: {what} {why}; the end of {self._log_file}:\n{tail}"
        )

    def _is_ready(self) -> bool:
        said = _ADDRESS.search("\n".join(self._lines()))
        if said is None:
            return False
        # Not urllib, which would ask a proxy of the environment.
        connection = HTTPConnection(said["host"], int(said["port"]), timeout=5)
        try:
            connection.request("GET", "/ready")
            return connection.getresponse().status == HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    def _lines(self) -> list[str]:
        return self._log_file.read_text("utf-8", "replace").splitlines()
