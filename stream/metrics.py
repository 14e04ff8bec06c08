"""Every metric of the service, declared once, with a sentence of help.

Names follow Prometheus' conventions: base units, `_total` for counters. Label values that come from outside
(feeds, languages) are bounded: past a limit they are counted under `other`.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from stream import __version__
from stream.model import Facets

OTHER = "other"
# Feeds are tens in a newsroom, hundreds in an archive; a feed name minted per story must not grow the
# worker's memory or Prometheus' index without end.
_LABEL_VALUES = 200
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900)
_RECORDS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)


class Bounded:
    """Maps label values to themselves until `most` distinct ones were seen, then new ones to `other`."""

    def __init__(self, most: int = _LABEL_VALUES) -> None:
        self._most = most
        self._seen: set[str] = set()

    def __call__(self, value: str | None) -> str:
        if value is None:
            return "none"
        if value not in self._seen:
            if len(self._seen) >= self._most:
                return OTHER
            self._seen.add(value)
        return value


class Metrics:
    """The metrics of one worker, on a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._feed, self._language = Bounded(), Bounded()
        # The partitions with a lag series, by topic name.
        self._lagging: dict[str, set[str]] = {}

        self.records_in = Counter(
            "wirestream_records_read", "Records read from the stories topic.", registry=registry
        )
        self.stories_annotated = Counter(
            "wirestream_stories_annotated",
            "Stories annotated, by the feed that delivered them and their language.",
            ["feed", "language"],
            registry=registry,
        )
        self.dead_letters = Counter(
            "wirestream_dead_letters", "Records sent to the dead-letter topic.", ["reason"], registry=registry
        )
        self.events = Counter(
            "wirestream_events",
            "Story events committed, by role in the cluster and credited agency.",
            ["role", "agency"],
            registry=registry,
        )
        self.routed = Counter(
            "wirestream_events_routed",
            "Events committed to a route's topic.",
            ["topic_name"],
            registry=registry,
        )
        self.redeliveries = Counter(
            "wirestream_redeliveries",
            "Annotated stories that the ledger already knew, counted and not emitted.",
            registry=registry,
        )
        self.stage_seconds = Histogram(
            "wirestream_stage_seconds",
            "Time that a stage took for one batch, sends and commit included.",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.batch_records = Histogram(
            "wirestream_batch_records",
            "Records in one batch.",
            ["stage"],
            buckets=_RECORDS,
            registry=registry,
        )
        self.end_to_end_seconds = Histogram(
            "wirestream_end_to_end_seconds",
            "From a story's record timestamp to the commit of its event.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.transactions = Counter(
            "wirestream_transactions_committed", "Transactions that dedup committed.", registry=registry
        )
        self.lag = Gauge(
            "wirestream_lag_records",
            "Records of an assigned partition that are not processed yet.",
            ["topic_name", "partition"],
            registry=registry,
        )
        self.index_stories = Gauge(
            "wirestream_index_stories", "Stories that dedup remembers.", ["partition"], registry=registry
        )
        self.rebuild_seconds = Gauge(
            "wirestream_rebuild_seconds",
            "Time that the last rebuild of a shard from the ledger took.",
            ["partition"],
            registry=registry,
        )
        build = Info("wirestream_build", "Version of the program and of Python.", registry=registry)
        build.info({"version": __version__, "python": platform.python_version()})

    def count_annotated(self, facets: Facets) -> None:
        self.stories_annotated.labels(self._feed(facets.feed), self._language(facets.language)).inc()

    def declared(self) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
        """(name as exposed, type, label names, help) of every metric of our own, in order of declaration."""
        for metric in vars(self).values():
            if isinstance(metric, Counter | Gauge | Histogram):
                suffix = "_total" if isinstance(metric, Counter) else ""
                kind = type(metric).__name__.lower()
                yield f"{metric._name}{suffix}", kind, metric._labelnames, metric._documentation

    def keep_partitions(self, topic_name: str, partitions: Iterable[int]) -> None:
        """Drops the lag series of partitions that this worker no longer has."""
        kept = set(map(str, partitions))
        had = self._lagging.get(topic_name, set())
        for partition in had - kept:
            self.lag.remove(topic_name, partition)
        self._lagging[topic_name] = had & kept

    def set_lag(self, topic_name: str, partition: int, records: int) -> None:
        self._lagging.setdefault(topic_name, set()).add(str(partition))
        self.lag.labels(topic_name, str(partition)).set(records)

    def drop_shard(self, partition: int) -> None:
        """Drops the series of a shard that another worker has taken over."""
        for gauge in (self.index_stories, self.rebuild_seconds):
            gauge.remove(str(partition))
