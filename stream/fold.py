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
    timestamp_ms,
    with_body,
    with_decision,
)
from stream.dedup.card import Card
from stream.dedup.cluster import Deduplicator
from stream.dedup.ledger import Entry
from stream.dedup.settings import DedupSettings
from stream.lifecycle.embargo import Embargoes
from stream.lifecycle.life import Life
from stream.lifecycle.waiting import Held, Release
from stream.model import Advisory, Annotated, Chain, Cluster
from stream.routes import Route, targets
from stream.settings import Settings
from stream.topology import Topology

# What annotate may deliver again after a crash: a few seconds of a worker at full speed, and what others
# decided until it was replaced. At 90 bytes an id.
_RECENT = 50_000


@dataclass(frozen=True, slots=True)
class Further:
    """An event that goes out beside the story's own, in the same transaction."""

    key: bytes
    event: bytes
    headers: Headers
    topic_names: tuple[str, ...]

    @property
    def records(self) -> Iterator[tuple[str, bytes, bytes, Headers]]:
        """Topic name, key, event and headers of each record."""
        for name in self.topic_names:
            yield name, self.key, self.event, self.headers


@dataclass(frozen=True, slots=True)
class Folded:
    """The decision on one story with the event that says it.

    `topic_names` are where the event goes: `enriched` or `duplicates`, then every matching route; none for
    a notice, whose event goes out from another shard, and for a story under an embargo, which is among the
    `held`: those that the shard must be told of again when another owner takes it over. `further` are the
    events of the `advisories`. `before` and `after` are the stories that wait no longer; what goes out of
    them does so ahead of all that, or behind it. `entry` is what the ledger must keep for `Shard.restore`,
    `time_ms` the story's event time, `watermark_ms` the newest that the shard has seen since it was made
    (milliseconds since the epoch).
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
    held: tuple[Held, ...] = ()
    before: tuple[Release, ...] = ()
    after: tuple[Release, ...] = ()

    @property
    def releases(self) -> tuple[Release, ...]:
        """The stories that wait no longer."""
        return *self.before, *self.after

    @property
    def own(self) -> Iterator[Further]:
        """What goes out of this story itself, in order."""
        if self.topic_names:
            yield Further(self.annotated.id.encode(), self.event, self.headers, self.topic_names)
        yield from self.further

    @property
    def told(self) -> Iterator[Further]:
        """All that goes out, in order."""
        yield from released(self.before)
        yield from self.own
        yield from released(self.after)

    @property
    def events(self) -> list[bytes]:
        """Every event once, in order."""
        return [event.event for event in self.told]


class Shard:
    """All that is known of the stories of one shard, in the window."""

    def __init__(
        self, settings: Settings, routes: Sequence[Route], *, topology: Topology | None = None
    ) -> None:
        self._topology = topology or Topology(settings)
        self._routes = routes
        self.index = Deduplicator(DedupSettings(window=settings.dedup.window))
        embargo = settings.embargo
        self.embargoes = Embargoes(self.index, embargo.unknown, holds=embargo.mode == "hold")
        self._watermark_ms = 0
        self._stream_ms = 0
        self._recent = _Recent(_RECENT)

    def fold(self, annotated: Annotated, now_ms: int | None = None) -> Folded | None:
        """Decides on `annotated` and remembers it; None for a redelivery, a story already decided on.

        Embargoes go by `now_ms` (milliseconds since the epoch) where one is given, else by the time of the
        stream, which is the latest of the stories' event times that is not ahead of its own arrival.
        """
        # The index forgets by event time: a story of last year, out of an archive, is gone from it at once.
        if annotated.id in self._recent or self.index.seen(annotated.id):
            return None
        self._recent.add(annotated.id)
        card = Card.from_bytes(annotated.card)
        if now_ms is None:
            arrived = min(card.time, timestamp_ms(annotated.received_at))
            self._stream_ms = now_ms = max(self._stream_ms, arrived)
        due = self.embargoes.due(now_ms)
        cluster, chain, advisories, entry, body = self.index.judge(
            card, annotated.facets.feed, annotated.life, is_notice=annotated.notice
        )
        judged = self.embargoes.judge(entry, cluster, now_ms, advisories)
        advisories += judged.leaks
        event = annotated.event if body is None else with_body(annotated.event, body)
        event, headers = with_decision(event, cluster, chain), cloud_event_headers(annotated, cluster)
        topic_names, held = self._topic_names(annotated, cluster), judged.put_off
        if judged.text is not None and topic_names:
            waiting = Held(
                id=annotated.id,
                text=judged.text,
                until=judged.until,
                is_own=judged.is_own,
                role=cluster.role,
                facets=annotated.facets,
                event=event,
                headers=headers,
                topic_names=topic_names,
            )
            self.embargoes.waiting.add(waiting)
            topic_names, held = (), (*held, waiting)
        self._watermark_ms = max(self._watermark_ms, card.time)
        return Folded(
            annotated=annotated,
            cluster=cluster,
            chain=chain,
            event=event,
            headers=headers,
            topic_names=topic_names,
            entry=entry.to_bytes(),
            time_ms=card.time,
            watermark_ms=self._watermark_ms,
            advisories=advisories,
            further=tuple(self._told(advisory, annotated) for advisory in advisories),
            held=held,
            before=(*due, *judged.before),
            after=judged.after,
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

    def release(self, now_ms: int) -> tuple[Release, ...]:
        """The stories whose embargo has ended by `now_ms`; they wait no longer. To be called when no story
        comes that would tell the time."""
        return self.embargoes.due(now_ms)

    def wait_again(self, held: Held, now_ms: int) -> Held | Release:
        """Lets a story wait that comes back from the dead letters; a release that does not go out, where it
        was killed or superseded meanwhile."""
        return self.embargoes.wait_again(held, now_ms)

    def restore(self, decisions: Sequence[tuple[str, bytes]]) -> None:
        """Takes up decisions made elsewhere, in ledger order: story ids with their entries."""
        for story_id, _ in decisions:
            self._recent.add(story_id)
        self.index.restore(entry for _, entry in decisions)
        for _, data in decisions:
            if self.embargoes.concerns(*Entry.cluster_and_life(data)):
                entry = Entry.from_bytes(data)
                self.embargoes.note(entry, Life.from_bytes(entry.life))


def released(releases: Sequence[Release]) -> tuple[Further, ...]:
    """The events of those stories that go out now that they wait no longer."""
    return tuple(
        Further(held.id.encode(), held.event, held.headers, held.topic_names)
        for held in (release.held for release in releases if release.goes_out)
    )


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
