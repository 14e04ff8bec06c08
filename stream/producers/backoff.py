"""How long to wait after a failure, and the next, and the next."""

from __future__ import annotations

import random
from collections.abc import Iterator

_JITTER = 0.25
"""Of a pause, either way: what failed together must not come back together."""


def pause(failures: int, first: float, most: float, *, rng: random.Random) -> float:
    """Seconds to wait after so many failures in a row (from 1): `first`, doubled each time, at most `most`;
    give or take a quarter."""
    # The exponent is bounded because a broker may be away for days.
    return min(most, first * 2.0 ** min(failures - 1, 30)) * rng.uniform(1 - _JITTER, 1 + _JITTER)


def pauses(first: float, most: float) -> Iterator[float]:
    """The pauses after the first, second, third … failure, without end."""
    rng = random.Random()
    failures = 1
    while True:
        yield pause(failures, first, most, rng=rng)
        failures += 1
