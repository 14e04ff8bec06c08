"""Counting what goes in and out, in each dimension apart.

A batch is added up first and told to Prometheus' client once for each series: a call of the client costs
about as much as the whole decision on a story may.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from prometheus_client import Counter

from stream.annotate import UNKNOWN_FEED, Outcome
from stream.errors import Reason
from stream.fold import Folded
from stream.lifecycle.waiting import Release
from stream.metrics.labels import BOUNDS, NONE, Bounded, Names
from stream.metrics.reprints import FirstReprints
from stream.model import Facets, Origin, Role

if TYPE_CHECKING:
    from stream.metrics.declared import Metrics


class _Sum(collections.Counter[tuple[Counter, tuple[str, ...]]]):
    """What to add to which series."""

    def add(self, metric: Counter, *labels: str) -> None:
        self[metric, labels] += 1

    def tell(self) -> None:
        for (metric, labels), count in self.items():
            (metric.labels(*labels) if labels else metric).inc(count)


class Flow:
    """The counts of one worker, with the bounds of their labels."""

    def __init__(self, metrics: Metrics, names: Names) -> None:
        self._metrics = metrics
        self._names = names
        bounded = {label: Bounded(most) for label, most in BOUNDS.items()}
        self._feed, self._agency, self._language = bounded["feed"], bounded["agency"], bounded["language"]
        self._topic, self._region, self._country = bounded["topic"], bounded["region"], bounded["country"]
        self._reprints: dict[int, FirstReprints] = {}

    def count_annotated(self, outcomes: Iterable[Outcome]) -> None:
        """What came of the records of a batch of annotate, delivered."""
        metrics, total = self._metrics, _Sum()
        for outcome in outcomes:
            if outcome.rejected is not None:
                self.count_letter(outcome.rejected.reason, outcome.record.header("feed"))
            for story in outcome.stories:
                total.add(metrics.feed_stories, self._feed(story.facets.feed))
                total.add(metrics.language_stories, self._language(story.facets.language))
                if not story.facets.tops:
                    total.add(metrics.abstentions)
        total.tell()

    def count_letter(self, reason: Reason, feed: str | None) -> None:
        """A delivered dead letter."""
        self._metrics.dead_letters.labels(reason.value).inc()
        self._metrics.feed_dead_letters.labels(self._feed(feed or UNKNOWN_FEED)).inc()

    def count_fault(self, stage: str, place: Origin, feed: str) -> None:
        """A record over which the program raised, beside its dead letter."""
        self._metrics.internal_faults.labels(stage, self._feed(feed or UNKNOWN_FEED)).inc()
        self._metrics.internal_fault_offset.labels(stage, str(place.partition)).set(place.offset)

    def count_folded(self, partition: int, folded: Sequence[Folded], now: float) -> None:
        """The events of a batch of a shard of dedup, committed at `now` (seconds since the epoch), but for
        those of the stories that wait no longer."""
        metrics, total = self._metrics, _Sum()
        reprints = self._reprints.setdefault(partition, FirstReprints())
        for fold in folded:
            for advisory in fold.advisories:
                total.add(metrics.advisories, advisory.kind)
                total.add(metrics.feed_advisories, self._feed(advisory.about.feed), advisory.kind)
            if not fold.topic_names:
                continue
            facets = fold.annotated.facets
            self._add_event(total, facets, fold.cluster.role, fold.topic_names)
            arrived = fold.annotated.received_at.timestamp()
            language = self._language(facets.language)
            metrics.end_to_end_seconds.labels(language).observe(max(0.0, now - arrived))
            first = reprints.see(fold.cluster, fold.time_ms, self._agency(facets.agency))
            if first is not None:
                metrics.first_reprint_seconds.labels(first.agency).observe(first.seconds)
        total.tell()

    def count_released(self, releases: Sequence[Release]) -> None:
        """What waits no longer for the end of an embargo, committed."""
        total = _Sum()
        for release in releases:
            total.add(self._metrics.embargo_released, release.outcome)
            if release.goes_out:
                held = release.held
                self._add_event(total, held.facets, held.role, held.topic_names)
        total.tell()

    def _add_event(self, total: _Sum, facets: Facets, role: Role, topic_names: Sequence[str]) -> None:
        metrics = self._metrics
        total.add(metrics.events, role)
        total.add(metrics.feed_events, self._feed(facets.feed), role)
        total.add(metrics.agency_events, self._agency(facets.agency), role)
        total.add(metrics.language_events, self._language(facets.language), role)
        topics = [self._topic(self._names.topics.get(top, top)) for top in facets.tops] or [NONE]
        regions = self._regions(facets)
        for topic in topics:
            total.add(metrics.topic_events, topic, role)
            for region in regions:
                total.add(metrics.topic_region_events, topic, region)
        for country in facets.countries or (None,):
            total.add(metrics.country_events, self._country(country))
        for topic_name in topic_names[1:]:
            total.add(metrics.routed, topic_name)

    def forget_shard(self, partition: int) -> None:
        """The shard went to another worker; what happens to its stories there is not known here."""
        self._reprints.pop(partition, None)

    def _regions(self, facets: Facets) -> list[str]:
        """The sub-regions, or the first wider region where the story names no country."""
        names = self._names.regions
        found = [names[code] for code in facets.m49 if code in names] or list(facets.m49[:1])
        return [self._region(name) for name in found] or [NONE]
