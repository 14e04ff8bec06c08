"""A story as it comes to a shard, what may be decided on it, and what the deciding needs of deduplication."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple, Protocol

from stream.dedup.card import Card
from stream.lifecycle import life as lives
from stream.lifecycle.fate import Fate
from stream.lifecycle.life import Life
from stream.model import About, Advisory, Cause, Chain, Cluster, Inside, Role


class Arrival:
    """A story with the name of its feed and what it says of its own life, which is read when it is asked
    for: nobody asks for that of most stories. A notice is a story that another shard decides on."""

    def __init__(self, card: Card, feed: str, life: bytes, *, is_notice: bool = False) -> None:
        self.card = card
        self.feed = feed
        self.is_notice = is_notice
        self.encoded_life = life
        self.flags = lives.flags(life) | (lives.KILL if card.canceled else 0)

    @cached_property
    def life(self) -> Life:
        return Life.from_bytes(self.encoded_life)

    @property
    def scope(self) -> str:
        """Where its numbers hold."""
        return self.life.wire or self.feed

    @property
    def cause(self) -> Cause:
        """The story as the cause of advisories."""
        return Cause(self.card.id, self.feed, self.life.uri, self.life.version)

    @property
    def about(self) -> About:
        """The story as the copy that an advisory is about."""
        return About(self.card.id, self.feed, self.time)

    @property
    def time(self) -> datetime:
        """Its event time."""
        return datetime.fromtimestamp(self.card.time / 1000, UTC)


class Outcome(NamedTuple):
    """What was decided on a story. `body` takes the place of the story's own where takes were joined."""

    cluster: Cluster
    chain: Chain | None = None
    advisories: tuple[Advisory, ...] = ()
    fate: Fate | None = None
    standing: int = 0
    body: str | None = None


class Likeness(NamedTuple):
    """How much of a story stands in the text that it joins, and of that in the story; which facts differ,
    and which stories stand in it or it in them."""

    containment: float | None = None
    contained: float | None = None
    jaccard: float | None = None
    differs: tuple[str, ...] = ()
    inside: tuple[Inside, ...] = ()


class Resemblance(Protocol):
    """What deduplication knows of a story by its text."""

    def place(self, card: Card) -> Cluster:
        """Its cluster by resemblance alone."""

    def alone(self, card: Card, role: Role) -> Cluster:
        """A cluster of its own."""

    def joined(
        self, card: Card, row: int, role: Role, like: Likeness = ..., *, may_lead: bool = ...
    ) -> Cluster:
        """Its place in the cluster of a row that it is known to belong to, as the original of it where it
        outranks that and may."""

    def nearest(self, card: Card, least: float) -> int:
        """The row of the text that has most in common with it, whatever differs; 0 where none shares the
        share `least` of the shorter of the two."""

    def shared(self, card: Card, row: int) -> float:
        """The share of the shorter of the two texts that stands in the longer."""
