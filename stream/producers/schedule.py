"""When a feed is asked: regularly, less and less often while it fails, and never sooner than it wishes."""

from __future__ import annotations

import random

from stream.producers.backoff import pause
from stream.producers.memory import Asked

_JITTER = 0.1
"""Of the interval, either way: a hundred feeds that were started together must not be asked together."""
# A clock that was set back must not silence a feed for longer than this.
_LONGEST_WAIT = 86_400.0


def wait(asked: Asked, every: float, *, now: float, rng: random.Random) -> float:
    """Seconds until a feed may be asked again; 0 for one that never was."""
    if asked.at == 0:
        return 0
    due = max(asked.not_before, asked.at + every * rng.uniform(1 - _JITTER, 1 + _JITTER))
    return min(max(0.0, due - now), _LONGEST_WAIT)


def after_success(now: float) -> Asked:
    return Asked(now)


def after_failure(
    before: Asked, every: float, longest: float, retry_after: float, *, now: float, rng: random.Random
) -> Asked:
    """`retry_after` is what the publisher asked for, 0 when it did not."""
    failures = before.failures + 1
    not_before = now + max(retry_after, pause(failures, every, longest, rng=rng))
    return Asked(now, failures, not_before)
