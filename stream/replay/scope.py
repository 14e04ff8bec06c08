"""What one replay covers: fixed when it is planned, and the same when it goes on after an interruption."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from stream.model import Facets
from stream.settings import Settings
from stream.topology import Topology

# As Kafka allows in the name of a topic, short enough for one.
NAME_PATTERN = r"^[a-z0-9][a-z0-9-]{0,59}$"

OrderBy = Literal["ledger", "time"]


class Stretch(NamedTuple):
    """Offsets of one partition of the stories topic: reading starts at `first`, what stands from `start` on
    is replayed, what stands before it only primes the window, and `end` is the first offset not read."""

    first: int
    start: int
    end: int


class Span(NamedTuple):
    """Offsets of one partition of the live ledger, from the window before the replay to its end."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One replay. Times are aware UTC.

    `order` says how stories of several partitions are put in order: as the live ledger has them, with the
    window primed from it too; or, where the ledger does not reach back that far, by the time at which the
    records were received, with the window primed by the stories before the replay.
    Empty `feeds` or `languages` mean all.
    """

    name: str
    topic_name: str
    begin: datetime
    until: datetime
    order: OrderBy
    stretches: Mapping[int, Stretch]
    ledger: Mapping[int, Span]
    feeds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        """Offsets that are read; fewer records where the topic was compacted."""
        return sum(stretch.end - stretch.first for stretch in self.stretches.values())

    @property
    def primed(self) -> int:
        """Those of them that only prime the window."""
        return sum(stretch.start - stretch.first for stretch in self.stretches.values())

    def covers(self, facets: Facets) -> bool:
        """Whether a story of the stretch is replayed by its feed and language."""
        return _among(facets.feed, self.feeds) and _among(facets.language, self.languages)

    def topology(self, settings: Settings) -> Topology:
        """The names of this replay's own topics."""
        return Topology(settings, suffix=f".replay-{self.name}")

    def group(self, settings: Settings) -> str:
        """Its consumer group, which is also its transactional id."""
        return f"{settings.app}-replay-{self.name}"


def _among(value: str | None, wanted: Collection[str]) -> bool:
    return not wanted or value in wanted
