"""A shard without Kafka or annotation: stories go in as messages say them, decisions come out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stream.dedup.card import Card
from stream.dedup.cluster import Deduplicator
from stream.dedup.decision import Decision
from stream.dedup.settings import DedupSettings
from stream.lifecycle.life import Life, key
from stream.lifecycle.wording import Wording
from stream.model import Annotated, Facets, Origin, PartKind
from tests.dedup.stories import NOON, card_of

AGENCY = "agency"


class Desk:
    """Feeds named `agency…` are the agency's own."""

    def __init__(self, settings: DedupSettings | None = None) -> None:
        self.index = Deduplicator(settings or DedupSettings())
        self.entries: list[bytes] = []

    def send(self, body: str, feed: str = AGENCY, **said: Any) -> Decision:
        """Decides on one story. `said` are the arguments of `message`."""
        return self.take(*message(body, feed, **said))

    def take(self, *arrival: Any) -> Decision:
        decision = self.index.judge(*arrival)
        self.entries.append(decision.entry.to_bytes())
        return decision

    def restored(self) -> Desk:
        """Another one that knows the ledger only."""
        other = Desk()
        other.index.restore(self.entries)
        return other


def message(
    body: str,
    feed: str = AGENCY,
    *,
    minutes: float = 0,
    headline: str = "",
    uri: str | None = None,
    version: str | None = None,
    status: str = "usable",
    signals: Sequence[str] = (),
    numbers: tuple[str, ...] = (),
    part: PartKind | None = None,
    take: int | None = None,
    slug: str | None = None,
    refers: tuple[str | None, str | None] = (None, None),
) -> tuple[Card, str, bytes]:
    """What `Deduplicator.judge` takes."""
    own = feed.startswith(AGENCY)
    killed = ("kill",) if status == "canceled" else ()
    signals = tuple(dict.fromkeys((*signals, *killed)))
    card = card_of(
        body,
        name=f"{body}|{feed}|{uri}|{version}|{minutes}|{signals}",
        headline=headline,
        minutes=minutes,
        feed=feed,
        uri=uri,
        version=version,
        pubstatus=status,
        own=own,
    )
    place = (take or 0) - 1 if part == "take" else take or -1 if part == "add" else 0
    is_kept = (uri or own or "correction" in signals) and "kill" not in signals
    life = Life(
        uri=uri,
        version=version,
        signals=signals,
        numbers=numbers,
        part=part,
        take=take,
        refers_number=refers[0],
        refers_title=refers[1],
        running=key(slug, feed) if slug else 0,
        wording=Wording("", ((place, body),)) if is_kept else None,
    )
    return card, feed, life.to_bytes()


def arrives(card: Card, feed: str, life: bytes, *, notice: bool = False) -> Annotated:
    """The same as a shard takes it."""
    facets = Facets(feed, None, "en", (), (), ())
    data = card.to_bytes()
    return Annotated(card.id, Origin("t", 0, 0), NOON, b'{"body":""}', data, facets, (), life, notice)
