"""Label values that come from outside, kept to a number that Prometheus and a worker's memory can bear.

With every bound reached a worker has some six thousand series.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OTHER = "other"
NONE = "none"
BOUNDS = {
    # Tens in a newsroom, hundreds in an archive; a feed name minted per story must not grow the index.
    "feed": 200,
    # Those of the table, whose ids are the only ones that come, with room for as many more.
    "agency": 200,
    # A desk reads a few; a supplier may write anything into the field.
    "language": 40,
    # 17 top-level Media Topics, 22 M49 sub-regions with a few wider ones, and the countries of ISO 3166,
    # each with room for the next edition of its table.
    "topic": 30,
    "region": 40,
    "country": 260,
}


class Bounded:
    """Maps label values to themselves until `most` distinct ones were seen, then new ones to `other`; None
    to `none`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: set[str] = set()

    def __call__(self, value: str | None) -> str:
        if value is None:
            return NONE
        if value not in self._seen:
            if len(self._seen) >= self._most:
                return OTHER
            self._seen.add(value)
        return value


@dataclass(frozen=True, slots=True)
class Names:
    """What people call the codes of top-level topics and of M49 sub-regions. A topic without a name is
    shown by its code; codes that are not in `regions` hold those that are."""

    topics: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
