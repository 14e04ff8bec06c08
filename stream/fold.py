"""Fold: one language shard, where all copies of a story meet, and what it emits for each story.

Pure: no Kafka, no clock. The worker's *dedup* agent and `wirestream process` run this same code.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stream.codec import (
    Headers,
    advisory_event,
    advisory_headers,
    cloud_event_headers,
    with_body,
    with_decision,
)
from stream.dedup.card import Card
from stream.dedup.cluster import Deduplicator
from stream.dedup.settings import DedupSettings
from stream.model import Advisory, Annotated, Chain, Cluster
from stream.routes import Route, targets
from stream.settings import Settings
from stream.topology import Topology

# What annotate may deliver again after a crash: a few seconds of a worker at full speed, and what others
# decided until it was replaced. At 90 bytes an id.
_RECENT = 50_000


@dataclass(frozen=True, slots=True)
class Further:
    """An event that goes out beside the story's own, in the same transaction and behind it."""

    key: bytes
    event: bytes
    headers: Headers
    topic_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """The decision on one story with the event that says it.

    `topic_names` are where the event goes: `enriched` or `duplicates`, then every matching route; none for
    a notice, whose event goes out from another shard. `further` are the events beside it, those of the
    `advisories` among them. `entry` is what the ledger must keep for `Shard.restore`, `time_ms` the story's
    event time, `watermark_ms` the newest that the shard has seen since it was made (milliseconds since the
    epoch).
    """

    annotated: Annotated
    cluster: Cluster
    chain: Chain | None
    event: bytes
    headers: Headers
    topic_names: tuple[str, ...]
    entry: bytes
    time_ms: int
    watermark_ms: int
    advisories: tuple[Advisory, ...] = ()
    further: tuple[Further, ...] = ()

    @property
    def records(self) -> Iterator[tuple[str, bytes, bytes, Headers]]:
        """What goes out, in order: topic name, key, event and headers of each record."""
        key = self.annotated.id.encode()
        for name in self.topic_names:
            yield name, key, self.event, self.headers
        for further in self.further:
            for name in further.topic_names:
                yield name, further.key, further.event, further.headers

    @property
    def events(self) -> list[bytes]:
        """Every event once, in order."""
        return [*([self.event] if self.topic_names else ()), *(further.event for further in self.further)]


class Shard:
    """All that is known of the stories of one shard, in the window."""

    def __init__(
        self, settings: Settings, routes: Sequence[Route], *, topology: Topology | None = None
    ) -> None:
        self._topology = topology or Topology(settings)
        self._routes = routes
        self.index = Deduplicator(DedupSettings(window=settings.dedup.window))
        self._watermark_ms = 0
        self._recent = _Recent(_RECENT)

    def fold(self, annotated: Annotated) -> Folded | None:
        """Decides on `annotated` and remembers it; None for a redelivery, a story already decided on."""
        # The index forgets by event time: a story of last year, out of an archive, is gone from it at once.
        if annotated.id in self._recent or self.index.seen(annotated.id):
            return None
        self._recent.add(annotated.id)
        card = Card.from_bytes(annotated.card)
        cluster, chain, advisories, entry, body = self.index.judge(
            card, annotated.facets.feed, annotated.life
        )
        event = annotated.event if body is None else with_body(annotated.event, body)
        self._watermark_ms = max(self._watermark_ms, card.time)
        return Folded(
            annotated=annotated,
            cluster=cluster,
            chain=chain,
            event=with_decision(event, cluster, chain),
            headers=cloud_event_headers(annotated, cluster),
            topic_names=self._topic_names(annotated, cluster),
            entry=entry.to_bytes(),
            time_ms=card.time,
            watermark_ms=self._watermark_ms,
            advisories=advisories,
            further=tuple(self._told(advisory, annotated) for advisory in advisories),
        )

    def _topic_names(self, annotated: Annotated, cluster: Cluster) -> tuple[str, ...]:
        if annotated.notice:
            return ()
        main = self._topology.duplicates if cluster.role == "copy" else self._topology.enriched
        return main, *targets(self._routes, annotated.facets, cluster.role)

    def _told(self, advisory: Advisory, annotated: Annotated) -> Further:
        return Further(
            advisory.about.id.encode(),
            advisory_event(advisory),
            advisory_headers(advisory, annotated.trace),
            (self._topology.advisories,),
        )

    def restore(self, decisions: Sequence[tuple[str, bytes]]) -> None:
        """Takes up decisions made elsewhere, in ledger order: story ids with their entries."""
        for story_id, _ in decisions:
            self._recent.add(story_id)
        self.index.restore(entry for _, entry in decisions)


class _Recent:
    """The last `most` ids that were added."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._order: deque[bytes] = deque()
        self._known: set[bytes] = set()

    def __contains__(self, story_id: str) -> bool:
        return bytes.fromhex(story_id) in self._known

    def add(self, story_id: str) -> None:
        if len(self._order) == self._most:
            self._known.discard(self._order.popleft())
        identity = bytes.fromhex(story_id)
        self._order.append(identity)
        self._known.add(identity)
