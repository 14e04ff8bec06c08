"""`/metrics`, `/live` and `/ready` on one port, from a thread of their own.

A thread, because the event loop is busy for the length of a batch and a probe must not wait for it.
`/live` says that the process runs and looks at nothing else: a broker that is away is no reason to restart
a worker. `/ready` says whether the worker has its partitions and their state and gets on with its work, and
if not, why.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Protocol

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from stream.errors import UserError

# Ten times what the largest batch takes on a slow machine. Within it, a worker is busy and not stuck.
_STUCK_SECONDS = 60.0


class Health:
    """Whether the worker is ready, set by the event loop and read by the server's threads. `clock` is
    monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._waiting_for: str | None = "starting"
        self._partitions: dict[str, list[int]] = {}
        self._measured = self._moved = clock()
        self._records, self._silence = 0, 0.0

    def wait(self, reason: str) -> None:
        """Not ready from now on, because of `reason`."""
        with self._lock:
            self._waiting_for = reason

    def ready(self, partitions: dict[str, list[int]]) -> None:
        """Ready, with these partitions by topic name (none is ready too: a spare worker)."""
        with self._lock:
            self._waiting_for, self._partitions = None, partitions
            self._measured = self._moved = self._clock()
            self._records, self._silence = 0, 0.0

    def measured(self, records: int, silence: float = 0.0) -> None:
        """The event loop turns, so many records wait in all partitions, and no broker has answered for
        `silence` seconds; to be told every few seconds."""
        with self._lock:
            self._measured = self._clock()
            if not records:
                self._moved = self._measured
            self._records, self._silence = records, silence

    def moved(self) -> None:
        """A batch was finished."""
        with self._lock:
            self._moved = self._clock()

    def is_ready(self) -> bool:
        return self.report()[0]

    def report(self) -> tuple[bool, dict[str, object]]:
        """Whether the worker is ready, and what to say of it."""
        with self._lock:
            reason = self._waiting_for or self._stuck()
            if reason is not None:
                return False, {"ready": False, "reason": reason}
            return True, {"ready": True, "partitions": self._partitions}

    def _stuck(self) -> str | None:
        now = self._clock()
        if now - self._measured > _STUCK_SECONDS:
            return f"the event loop has not turned for {now - self._measured:.0f} s"
        if self._records and now - self._moved > _STUCK_SECONDS:
            return f"{self._records} records wait and no batch was finished for {now - self._moved:.0f} s"
        if self._silence > _STUCK_SECONDS:
            return f"no broker has answered for {self._silence:.0f} s"
        return None


class Reporting(Protocol):
    def report(self) -> tuple[bool, dict[str, object]]:
        """Whether the process is ready, and what to say of it."""


class HealthServer:
    """Serves until `stop`. `port` 0 takes a free one; `port` then says which. `setting` is where it comes
    from, for whoever finds it taken."""

    def __init__(
        self,
        host: str,
        port: int,
        registry: CollectorRegistry,
        health: Reporting,
        *,
        setting: str = "worker.http_port",
    ) -> None:
        class Handler(_Handler):
            server_registry = registry
            server_health = health

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise UserError(
                f"cannot serve metrics on {host}:{port}: {error.strerror}; set {setting} to a free port, or 0"
            ) from None
        self.host, self.port = host, int(self._server.server_address[1])
        self._thread = Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    server_registry: CollectorRegistry
    server_health: Reporting
    # A probe that hangs must not pile up threads.
    timeout = 10

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/metrics":
            encode, content_type = choose_encoder(self.headers.get("Accept", ""))
            self._answer(200, content_type, encode(self.server_registry))
        elif path == "/live":
            self._answer(200, "application/json", b'{"live": true}')
        elif path == "/ready":
            ready, report = self.server_health.report()
            self._answer(200 if ready else 503, "application/json", json.dumps(report).encode())
        else:
            self._answer(404, "text/plain", b"/metrics, /live or /ready\n")

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Probes every few seconds are no news."""
