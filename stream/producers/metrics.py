"""Every metric of the producers, declared once, with a sentence of help."""

from __future__ import annotations

import platform
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from stream import __version__
from stream.metrics.declared import Declaration, declarations
from stream.metrics.labels import BOUNDS, Bounded

# A conditional request takes milliseconds, a slow publisher's seconds, and the time-out is a minute.
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class ProducerMetrics:
    """The metrics of one `watch` or `poll`, on a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        # The names of sub-folders are the agencies' own.
        self.feed = Bounded(BOUNDS["feed"])

        self.records_sent = Counter(
            "wirestream_producer_records_sent",
            "Records that every in-sync replica confirmed.",
            ["feed"],
            registry=registry,
        )
        self.bytes_sent = Counter(
            "wirestream_producer_bytes_sent", "Bytes of their values.", ["feed"], registry=registry
        )
        self.records_refused = Counter(
            "wirestream_producer_records_refused",
            "Records that the broker will never take, because of their size.",
            ["feed"],
            registry=registry,
        )
        self.broker_failures = Counter(
            "wirestream_producer_broker_failures",
            "Attempts to deliver that failed; each is made again.",
            registry=registry,
        )
        self.files = Counter(
            "wirestream_watch_files",
            "Files dealt with, by feed and outcome: `done` or `failed`.",
            ["feed", "outcome"],
            registry=registry,
        )
        self.waiting_files = Gauge(
            "wirestream_watch_waiting_files",
            "Files in the folder that are not sent yet, complete or not.",
            registry=registry,
        )
        self.oldest_file_seconds = Gauge(
            "wirestream_watch_oldest_file_seconds",
            "Time since the last change of the oldest of them; 0 when there is none.",
            registry=registry,
        )
        self.unmoved_files = Gauge(
            "wirestream_watch_unmoved_files",
            "Files that were dealt with and could not be moved away; the move is tried again.",
            registry=registry,
        )
        self.requests = Counter(
            "wirestream_poll_requests",
            "Requests for a feed, by outcome: `changed`, `unchanged`, `refused` (an HTTP status), "
            "`unreachable`, `too-large` or `no-feed`.",
            ["feed", "outcome"],
            registry=registry,
        )
        self.request_seconds = Histogram(
            "wirestream_poll_request_seconds",
            "Time of one request, redirects included.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.last_success = Gauge(
            "wirestream_poll_last_success_timestamp_seconds",
            "When a feed last answered as it should; 0 when it was not seen to.",
            ["feed"],
            registry=registry,
        )
        self.build = Info("wirestream_build", "Version of the program and of Python.", registry=registry)
        self.build.info({"version": __version__, "python": platform.python_version()})

    def declared(self) -> Iterator[Declaration]:
        """Every metric of our own."""
        return declarations(self)

    def count_outcome(self, feed: str | None, size: int, why: str | None) -> None:
        """One record that was confirmed, or refused because of `why`."""
        label = self.feed(feed)
        if why is not None:
            self.records_refused.labels(label).inc()
            return
        self.records_sent.labels(label).inc()
        self.bytes_sent.labels(label).inc(size)
