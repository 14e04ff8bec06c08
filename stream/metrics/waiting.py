"""How many records of a partition wait and for how long, from what a consumer knows without reading them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Waiting:
    """One partition's input since it was `taken` over. Times are seconds since the epoch.

    The records that wait are no older than the last one that was finished, nor than the last moment when
    none waited; before either, all that is known is that they wait since the take-over.
    """

    taken: float
    offset: int | None = None
    """Behind the last finished record."""
    _finished: float | None = None
    _empty: float = 0.0

    def finish(self, offset: int, timestamp_ms: int | None) -> None:
        """The record at `offset` and all before it are finished. Kafka stamps a record that has no time
        with -1."""
        self.offset = offset + 1
        if timestamp_ms is not None and timestamp_ms >= 0:
            self._finished = timestamp_ms / 1000

    def seconds(self, records: int, now: float) -> float:
        """How long the oldest of the `records` that wait has waited, at most."""
        if records == 0:
            self._empty = now
            return 0.0
        return max(0.0, now - max(self._empty, self.taken if self._finished is None else self._finished))
