"""Fold: one language shard, where all copies of a story meet, and what it emits for each story.

Pure: no Kafka, no clock. The worker's *dedup* agent and `wirestream process` run this same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stream.codec import Headers, cloud_event_headers, with_cluster
from stream.dedup.card import Card
from stream.dedup.cluster import Deduplicator
from stream.dedup.settings import DedupSettings
from stream.model import Annotated, Cluster
from stream.routes import Route, targets
from stream.settings import Settings
from stream.topology import Topology


@dataclass(frozen=True, slots=True)
class Folded:
    """The decision on one story with the event that says it.

    `topic_names` are where the event goes: `enriched` or `duplicates`, then every matching route.
    `entry` is what the ledger must keep for `Shard.restore`, `time_ms` the story's event time, `watermark_ms`
    the newest that the shard has seen since it was made (milliseconds since the epoch).
    """

    annotated: Annotated
    cluster: Cluster
    event: bytes
    headers: Headers
    topic_names: tuple[str, ...]
    entry: bytes
    time_ms: int
    watermark_ms: int


class Shard:
    """All that is known of the stories of one shard, in the window."""

    def __init__(self, settings: Settings, routes: Sequence[Route]) -> None:
        self._topology = Topology(settings)
        self._routes = routes
        self.index = Deduplicator(DedupSettings(window=settings.dedup.window))
        self._watermark_ms = 0

    def fold(self, annotated: Annotated) -> Folded | None:
        """Decides on `annotated` and remembers it; None for a redelivery, a story already decided on."""
        if self.index.seen(annotated.id):
            return None
        card = Card.from_bytes(annotated.card)
        cluster = self.index.decide(card)
        self._watermark_ms = max(self._watermark_ms, card.time)
        main = self._topology.duplicates if cluster.role == "copy" else self._topology.enriched
        return Folded(
            annotated=annotated,
            cluster=cluster,
            event=with_cluster(annotated.event, cluster),
            headers=cloud_event_headers(annotated, cluster),
            topic_names=(main, *targets(self._routes, annotated.facets, cluster.role)),
            entry=self.index.ledger_entry(card, cluster),
            time_ms=card.time,
            watermark_ms=self._watermark_ms,
        )

    def restore(self, entries: Iterable[bytes]) -> None:
        """Takes up decisions made elsewhere, in ledger order."""
        self.index.restore(entries)
