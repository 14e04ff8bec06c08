"""What every always-on producer has: health and metrics on a port, and an end when it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from stream.health import HealthServer
from stream.producers.metrics import ProducerMetrics
from stream.producers.readiness import Readiness
from stream.producers.stop import Stop
from stream.settings import ServiceSettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    stop: Stop
    readiness: Readiness


@contextmanager
def running(options: ServiceSettings, section: str, metrics: ProducerMetrics) -> Iterator[Service]:
    """A service for the length of the block, with `options` from that section of the settings."""
    readiness = Readiness()
    server = HealthServer(
        options.http_host, options.http_port, metrics.registry, readiness, setting=f"{section}.http_port"
    )
    _log.info("serving /metrics, /live and /ready on http://%s:%d", server.host, server.port)
    try:
        with Stop(options.drain.total_seconds()) as stop:
            yield Service(stop, readiness)
    finally:
        server.stop()
