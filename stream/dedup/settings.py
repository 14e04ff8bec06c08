"""What an operator may set about deduplication, each with the reason for its default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupSettings:
    """Window, thresholds and caps of one `Deduplicator`."""

    window: timedelta = timedelta(hours=72)
    """How far apart in event time two texts may be and still be one story. Reprints follow within a day;
    weeklies and weekend editions within three."""

    stories: int = 2_000_000
    """The most stories remembered, whatever the window says: the oldest arrivals go first. At 900 bytes a
    story this bounds a shard to 1.8 GB when a clock is wrong or an archive is replayed in disorder."""

    texts: int = 32 * 2**20
    """The most bytes of text kept to tell what a new version of an item changed: of some 15,000 items, which
    a large agency sends in one language in three days. Of older ones an update does not say what changed."""

    containment: float = 0.35
    """The least share of the shorter text that must stand in the other for the two to be weighed at all.
    Below it, pairs labelled by reading are the same event told twice, not the same copy."""

    inside: float = 0.5
    """The least share of a text that must stand within another one to be reported as standing inside."""

    candidates: int = 8
    """How many remembered texts one story is compared with, best first. A story has one original; the rest
    are round-ups that hold it and members of its template family."""

    representatives: int = 4
    """How many texts stand for a cluster in the index: the first, and those that differ enough to be the
    source of other reprints (fuller versions, the agency's own)."""
