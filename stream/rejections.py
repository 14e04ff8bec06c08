"""How much of a feed may be rejected before the worker stops. Pure: no Kafka, no clock.

A feed that suddenly sends another format, or nothing but error pages, would drain into the dead-letter
topic within minutes, and be found there by somebody the next morning. So there are two limits for each
feed: so many rejected in a row, and a share of its last records. What passes a limit is not sent: the
worker stops before it, and whatever restarts it stops at the same place. For that the standing of a feed is
written into each of its dead letters, and taken up from the newest one at a start.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from stream.settings import RejectionSettings

# Feeds are tens or hundreds; a feed name minted per story must not grow the memory without end.
_MOST_FEEDS = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one feed: how many records in a row were rejected, and how many of the last `seen`."""

    run: int
    rejected: int
    seen: int


@dataclass(slots=True)
class _Feed:
    outcomes: deque[bool]
    run: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def note(self, reason: str | None) -> None:
        if len(self.outcomes) == self.outcomes.maxlen:
            self.rejected -= self.outcomes[0]
        self.outcomes.append(reason is not None)
        if reason is None:
            self.run = 0
            return
        self.run += 1
        self.rejected += 1
        self.reasons[reason] += 1


class Rejections:
    """Counts what becomes of each feed's records, in order."""

    def __init__(self, settings: RejectionSettings) -> None:
        self._settings = settings
        self._feeds: dict[str, _Feed] = {}

    def note(self, feed: str, reason: str | None) -> Standing:
        """One more record of `feed`; `reason` None when it became a story."""
        known = self._feed(feed)
        known.note(reason)
        return Standing(known.run, known.rejected, len(known.outcomes))

    def resume(self, feed: str, standing: Standing) -> None:
        """Takes up what an earlier run knew of a feed."""
        known = self._feed(feed)
        seen = min(standing.seen, self._settings.sample)
        rejected = min(standing.rejected, seen)
        known.outcomes.clear()
        known.outcomes.extend([False] * (seen - rejected) + [True] * rejected)
        known.rejected, known.run = rejected, standing.run

    def broken(self, feed: str) -> str | None:
        """Which limit a feed has passed, in words for its operator; None when all is well."""
        known = self._feeds.get(feed)
        if known is None:
            return None
        limits, seen = self._settings, len(known.outcomes)
        if known.run >= limits.run:
            what = f"{known.run} records in a row were rejected (limit: rejections.run)"
        elif seen >= limits.sample and known.rejected > limits.share * seen:
            what = f"{known.rejected} of its last {seen} records were rejected (limit: rejections.share)"
        else:
            return None
        reasons = ", ".join(f"{count} {reason}" for reason, count in known.reasons.most_common(3))
        return f"{what}; since the start: {reasons}"

    def _feed(self, feed: str) -> _Feed:
        known = self._feeds.get(feed)
        if known is None:
            if len(self._feeds) >= _MOST_FEEDS:
                self._feeds.pop(next(iter(self._feeds)))
            known = self._feeds[feed] = _Feed(deque(maxlen=self._settings.sample))
        return known
