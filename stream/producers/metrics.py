"""Every metric of the producers, declared once, with a sentence of help."""

from __future__ import annotations

from prometheus_client.platform_collector import PlatformCollector

from stream.metrics.declaring import Declared
from stream.metrics.labels import BOUNDS, Bounded

# A conditional request takes milliseconds, a slow publisher's seconds, and the time-out is a minute.
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class ProducerMetrics(Declared):
    """The metrics of one `watch` or `poll`, on a registry of its own."""

    def __init__(self) -> None:
        super().__init__()
        PlatformCollector(registry=self.registry)
        # The names of sub-folders are the agencies' own.
        self.feed = Bounded(BOUNDS["feed"])

        self.records_sent = self._counter(
            "wirestream_producer_records_sent", "Records that every in-sync replica confirmed.", "feed"
        )
        self.bytes_sent = self._counter("wirestream_producer_bytes_sent", "Bytes of their values.", "feed")
        self.records_refused = self._counter(
            "wirestream_producer_records_refused",
            "Records that the broker will never take, because of their size.",
            "feed",
        )
        self.broker_failures = self._counter(
            "wirestream_producer_broker_failures", "Attempts to deliver that failed; each is made again."
        )
        self.files = self._counter(
            "wirestream_watch_files",
            "Files dealt with, by feed and outcome: `done` or `failed`.",
            "feed",
            "outcome",
        )
        self.waiting_files = self._gauge(
            "wirestream_watch_waiting_files", "Files in the folder that are not sent yet, complete or not."
        )
        self.oldest_file_seconds = self._gauge(
            "wirestream_watch_oldest_file_seconds",
            "Time since the last change of the oldest of them; 0 when there is none.",
        )
        self.unmoved_files = self._gauge(
            "wirestream_watch_unmoved_files",
            "Files that were dealt with and could not be moved away; the move is tried again.",
        )
        self.requests = self._counter(
            "wirestream_poll_requests",
            "Requests for a feed, by outcome: `changed`, `unchanged`, `refused` (an HTTP status), "
            "`unreachable`, `too-large` or `no-feed`.",
            "feed",
            "outcome",
        )
        self.request_seconds = self._histogram(
            "wirestream_poll_request_seconds", "Time of one request, redirects included.", _SECONDS
        )
        self.last_success = self._gauge(
            "wirestream_poll_last_success_timestamp_seconds",
            "When a feed last answered as it should; 0 when it was not seen to.",
            "feed",
        )
        self.build = self._build()

    def count_outcome(self, feed: str | None, size: int, why: str | None) -> None:
        """One record that was confirmed, or refused because of `why`."""
        label = self.feed(feed)
        if why is not None:
            self.records_refused.labels(label).inc()
            return
        self.records_sent.labels(label).inc()
        self.bytes_sent.labels(label).inc(size)
