"""Every metric of the service, declared once, with a sentence of help.

Names follow Prometheus' conventions: base units, `_total` for counters. No metric has more than two labels,
and each dimension of the flow has a metric of its own: feed × agency × topic in one would be a hundred
thousand series. `docs/metrics.md` is generated from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import get_args

from prometheus_client.platform_collector import PlatformCollector

from stream.errors import Reason
from stream.lifecycle.waiting import Outcome
from stream.metrics.declaring import Declared
from stream.metrics.flow import Flow
from stream.metrics.labels import Names
from stream.model import AdvisoryKind

# A batch: from a handful of stories to one that waits for a slow broker.
_BATCH_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
# A story: from the quickest commit to the hour after which it is no news.
_STORY_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)
# A reprint: from a machine that copies to the end of the default window.
_REPRINT_SECONDS = (60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 259_200)
_RECORDS = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)


class Metrics(Declared):
    """The metrics of one worker, on a registry of its own. Fed by one thread, read by any."""

    def __init__(self, names: Names | None = None) -> None:
        super().__init__()
        PlatformCollector(registry=self.registry)
        # The partitions with lag series, by stage.
        self._lagging: dict[str, set[str]] = {}

        self.records_read = self._counter(
            "wirestream_records_read", "Records that a stage has read and finished.", "stage"
        )
        self.feed_stories = self._counter(
            "wirestream_feed_stories", "Stories annotated, by the feed that delivered them.", "feed"
        )
        self.language_stories = self._counter(
            "wirestream_language_stories", "Stories annotated, by language.", "language"
        )
        self.abstentions = self._counter(
            "wirestream_classifier_abstentions",
            "Stories annotated that neither their supplier nor the classifier gave a topic.",
        )
        self.dead_letters = self._counter(
            "wirestream_dead_letters", "Records sent to the dead-letter topic, by reason.", "reason"
        )
        self.feed_dead_letters = self._counter(
            "wirestream_feed_dead_letters",
            "Records sent to the dead-letter topic, by the feed that their header names.",
            "feed",
        )
        self.internal_faults = self._counter(
            "wirestream_internal_faults",
            "Records that made a stage itself fail and went to the dead-letter topic, by feed.",
            "stage",
            "feed",
        )
        self.internal_fault_offset = self._gauge(
            "wirestream_internal_fault_offset",
            "Offset of the last of them on each partition of the stage's input, or of the held topic.",
            "stage",
            "partition",
        )
        self.events = self._counter(
            "wirestream_events", "Story events committed, by role in the cluster (the decision).", "role"
        )
        self.feed_events = self._counter(
            "wirestream_feed_events", "Story events committed, by feed and role.", "feed", "role"
        )
        self.agency_events = self._counter(
            "wirestream_agency_events",
            "Story events committed, by credited agency and role.",
            "agency",
            "role",
        )
        self.language_events = self._counter(
            "wirestream_language_events", "Story events committed, by language and role.", "language", "role"
        )
        self.topic_events = self._counter(
            "wirestream_topic_events",
            "Story events committed, by top-level topic and role; an event counts once for each topic.",
            "topic",
            "role",
        )
        self.country_events = self._counter(
            "wirestream_country_events",
            "Story events committed, by country (ISO 3166); an event counts once for each country.",
            "country",
        )
        self.topic_region_events = self._counter(
            "wirestream_topic_region_events",
            "Story events committed, by top-level topic and UN M49 sub-region; an event counts once for each "
            "pair of them.",
            "topic",
            "region",
        )
        self.routed = self._counter(
            "wirestream_events_routed", "Events committed to a route's topic.", "topic_name"
        )
        self.advisories = self._counter(
            "wirestream_advisories", "Advisories committed, by kind: stale, kill or leak.", "kind"
        )
        self.feed_advisories = self._counter(
            "wirestream_feed_advisories",
            "Advisories committed, by the feed of the copy that they are about, and kind.",
            "feed",
            "kind",
        )
        self.embargo_held = self._gauge(
            "wirestream_embargo_held", "Stories of a shard that wait for the end of an embargo.", "partition"
        )
        self.embargo_next = self._gauge(
            "wirestream_embargo_next_release_timestamp_seconds",
            "When the next of them is due, in seconds since 1970; 0 when none waits.",
            "partition",
        )
        self.embargo_released = self._counter(
            "wirestream_embargo_released",
            "Stories that wait no longer: sent on because their time was `due` or their embargo `lifted`; "
            "never sent because another version `superseded` them or they were `killed`.",
            "outcome",
        )
        self.redeliveries = self._counter(
            "wirestream_redeliveries",
            "Annotated stories that the ledger already knew, counted and not emitted.",
        )
        self.first_reprint_seconds = self._histogram(
            "wirestream_first_reprint_seconds",
            "Between the event times of a story and its first copy, by the agency of the earlier text; of "
            "stories that came since the worker took over the shard.",
            _REPRINT_SECONDS,
            "agency",
        )
        self.stage_seconds = self._histogram(
            "wirestream_stage_seconds",
            "Time that a stage took for one batch, sends and commit included.",
            _BATCH_SECONDS,
            "stage",
        )
        self.batch_records = self._histogram(
            "wirestream_batch_records", "Records in one batch.", _RECORDS, "stage"
        )
        self.end_to_end_seconds = self._histogram(
            "wirestream_end_to_end_seconds",
            "From the timestamp of a story's record to the commit of its event, by language.",
            _STORY_SECONDS,
            "language",
        )
        self.transactions = self._counter(
            "wirestream_transactions",
            "Transactions of dedup: `committed` by this worker, or `aborted` when it took over a shard whose "
            "last transaction was left unfinished.",
            "outcome",
        )
        self.lag_records = self._gauge(
            "wirestream_lag_records",
            "Records of an assigned partition of a stage's input that are not finished yet.",
            "stage",
            "partition",
        )
        self.lag_seconds = self._gauge(
            "wirestream_lag_seconds",
            "How long the oldest of them has waited, at most; 0 when none waits.",
            "stage",
            "partition",
        )
        self.index_stories = self._gauge(
            "wirestream_index_stories", "Stories that a shard of dedup remembers.", "partition"
        )
        self.index_clusters = self._gauge(
            "wirestream_index_clusters", "Clusters that those stories belong to.", "partition"
        )
        self.index_bytes = self._gauge(
            "wirestream_index_bytes", "Memory of a shard's tables and index.", "partition"
        )
        self.index_span_seconds = self._gauge(
            "wirestream_index_span_seconds",
            "From the earliest to the latest event time that a shard remembers.",
            "partition",
        )
        self.rebuild_seconds = self._gauge(
            "wirestream_rebuild_seconds",
            "Time that the last take-over of a shard took, its rebuild from the ledger included.",
            "partition",
        )
        self.ready = self._gauge("wirestream_ready", "1 while `/ready` says yes, else 0.")
        self.build = self._build()

        # A rate needs the zero before the first one: values that are known stand from the start.
        for reason in Reason:
            self.dead_letters.labels(reason.value)
        for kind in get_args(AdvisoryKind):
            self.advisories.labels(kind)
        for outcome in get_args(Outcome):
            self.embargo_released.labels(outcome)
        self.flow = Flow(self, names or Names())

    def inherited(self) -> Iterator[tuple[str, str, str]]:
        """(name as exposed, type, help) of the metrics of the process and of Python on this platform."""
        ours = {name.removesuffix("_total").removesuffix("_info") for name, *_ in self.declared()}
        for family in self.registry.collect():
            if family.name not in ours:
                suffix = "_total" if family.type == "counter" else ""
                yield f"{family.name}{suffix}", family.type, family.documentation

    def follow_ready(self, ready: Callable[[], bool]) -> None:
        """Asks `ready` at every scrape from now on."""
        self.ready.set_function(lambda: float(ready()))

    def set_lag(self, stage: str, partition: int, records: int, seconds: float) -> None:
        label = str(partition)
        self._lagging.setdefault(stage, set()).add(label)
        self.lag_records.labels(stage, label).set(records)
        self.lag_seconds.labels(stage, label).set(seconds)

    def keep_partitions(self, stage: str, partitions: Iterable[int]) -> None:
        """Drops the lag series of partitions that this worker no longer has."""
        kept = set(map(str, partitions))
        had = self._lagging.get(stage, set())
        for partition in had - kept:
            self.lag_records.remove(stage, partition)
            self.lag_seconds.remove(stage, partition)
        self._lagging[stage] = had & kept

    def drop_shard(self, partition: int) -> None:
        """Drops the series of a shard that another worker has taken over."""
        for gauge in (
            self.index_stories,
            self.index_clusters,
            self.index_bytes,
            self.index_span_seconds,
            self.rebuild_seconds,
            self.embargo_held,
            self.embargo_next,
        ):
            gauge.remove(str(partition))
        self.flow.forget_shard(partition)
