"""How long it took until a story was first reprinted.

Followed from the founding of a cluster, so that each is measured once: a cluster that was founded before the
worker took over the shard is not, as its first reprint may have come already.
"""

from __future__ import annotations

from typing import NamedTuple

from stream.model import Cluster

# A day and more of one language's news without a reprint, in some 25 MB. With more, only the quicker ones
# are seen.
_FOLLOWED = 100_000


class FirstReprint(NamedTuple):
    """`agency` is of the earlier text."""

    agency: str
    seconds: float


class FirstReprints:
    """The stories of one shard that nobody has reprinted yet."""

    def __init__(self, most: int = _FOLLOWED) -> None:
        self._most = most
        # In order of arrival: (event time in ms, agency) by cluster.
        self._alone: dict[bytes, tuple[int, str]] = {}

    def see(self, cluster: Cluster, time_ms: int, agency: str) -> FirstReprint | None:
        """The measure when this decision is the first copy of a cluster. Stories arrive in any order, so
        the time between the two texts counts, whichever was first."""
        key = bytes.fromhex(cluster.id)
        if cluster.role == "original":
            if len(self._alone) >= self._most:
                del self._alone[next(iter(self._alone))]
            self._alone[key] = time_ms, agency
            return None
        if cluster.role != "copy":
            return None
        founded = self._alone.pop(key, None)
        if founded is None:
            return None
        other_ms, other_agency = founded
        earlier = other_agency if other_ms <= time_ms else agency
        return FirstReprint(earlier, abs(time_ms - other_ms) / 1000)
