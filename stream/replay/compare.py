"""What a replay decided otherwise than the live run: pure comparison of story events, by story id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# As many differences are kept for people to look at; all are counted.
_SAMPLES = 5


class Kind(StrEnum):
    """In what a story differs."""

    ONLY_LIVE = "only live"
    """The replay has no event for it: what it came in is a dead letter now."""
    ONLY_REPLAY = "only replay"
    """The live run has none: it was a dead letter, or is older than the live outputs are kept."""
    DECISION = "decision"
    CLUSTER = "cluster"
    AGENCY = "agency"
    TOPICS = "topics"
    REGIONS = "regions"
    ADVISORIES = "advisories"
    """The copies that its arrival showed to be stale, killed or leaked."""


@dataclass(frozen=True, slots=True)
class View:
    """What of an event is compared, and enough of it to show. Lists are in the event's own order."""

    id: str
    headline: str
    decision: str | None
    cluster: tuple[str, str]
    agency: str | None
    topics: tuple[str, ...]
    regions: tuple[str, ...]
    advisories: tuple[str, ...] = ()

    def told(self, kind: Kind) -> str:
        """For people, what this event says in the matter of `kind`."""
        match kind:
            case Kind.DECISION:
                return str(self.decision)
            case Kind.CLUSTER:
                return f"{self.cluster[0][:8]}, original {self.cluster[1][:8]}"
            case Kind.AGENCY:
                return str(self.agency)
            case Kind.TOPICS:
                return " ".join(self.topics) or "none"
            case Kind.REGIONS:
                return " ".join(self.regions) or "none"
            case Kind.ADVISORIES:
                return ", ".join(self.advisories) or "none"
            case _:
                return self.headline


def view(event: Mapping[str, Any], *, promoted: bool = False) -> View:
    """What is compared of a story event. A promoted event says `update` where the replay had decided."""
    cluster = event["cluster"]
    agency = event["agency"]
    return View(
        id=event["id"],
        headline=event["headline"] or event["body"][:80],
        decision=None if promoted else cluster["role"],
        cluster=(cluster["id"], cluster["original"]),
        agency=agency["id"] if agency else None,
        topics=tuple(topic["qcode"] for topic in event["topics"]),
        regions=tuple(f"{r['country'] or r['m49']}:{r['role']}" for r in event["regions"]),
    )


def advisory_view(event: Mapping[str, Any]) -> str:
    """What is compared of an advisory."""
    return f"{event['kind']} of {event['about']['id']} by {event['cause']['id']}"


def differences(live: View, replayed: View) -> Iterator[Kind]:
    """In what two events of one story differ."""
    if live.decision is not None and live.decision != replayed.decision:
        yield Kind.DECISION
    if live.cluster != replayed.cluster:
        yield Kind.CLUSTER
    if live.agency != replayed.agency:
        yield Kind.AGENCY
    if live.topics != replayed.topics:
        yield Kind.TOPICS
    if live.regions != replayed.regions:
        yield Kind.REGIONS
    if set(live.advisories) != set(replayed.advisories):
        yield Kind.ADVISORIES


@dataclass(slots=True)
class Comparison:
    """Counts of what differs, and some differences as (kind, live, replayed) to look at."""

    same: int = 0
    different: int = 0
    counts: Counter[Kind] = field(default_factory=Counter)
    samples: dict[Kind, list[tuple[View | None, View | None]]] = field(default_factory=dict)

    def note(self, kinds: Iterable[Kind], live: View | None, replayed: View | None) -> None:
        kinds = list(kinds)
        if not kinds:
            self.same += 1
            return
        self.different += 1
        for kind in kinds:
            self.counts[kind] += 1
            samples = self.samples.setdefault(kind, [])
            if len(samples) < _SAMPLES:
                samples.append((live, replayed))


def compare(live: Mapping[str, View], replayed: Mapping[str, View]) -> Comparison:
    """Compares two runs over the same stories."""
    comparison = Comparison()
    for identity, after in replayed.items():
        before = live.get(identity)
        kinds = [Kind.ONLY_REPLAY] if before is None else differences(before, after)
        comparison.note(kinds, before, after)
    for identity, before in live.items():
        if identity not in replayed:
            comparison.note([Kind.ONLY_LIVE], before, None)
    return comparison
