"""The metrics of a running replay: their own names, so that no dashboard of the live workers counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from stream.metrics.declaring import Declared


class ReplayMetrics(Declared):
    """The metrics of one replay, which its name labels, on a registry of its own."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._records = self._counter(
            "wirestream_replay_records", "Records that a replay has read.", "replay"
        )
        self._events = self._counter(
            "wirestream_replay_events",
            "Story events that a replay has committed, by role in the cluster.",
            "replay",
            "role",
        )
        self._advisories = self._counter(
            "wirestream_replay_advisories",
            "Advisories that a replay has committed, by kind.",
            "replay",
            "kind",
        )
        self._dead_letters = self._counter(
            "wirestream_replay_dead_letters",
            "Dead letters that a replay has committed, by reason.",
            "replay",
            "reason",
        )
        self._left = self._gauge(
            "wirestream_replay_left_records", "Records that a replay has still to read.", "replay"
        )
        self._name = name
        self._shown_events: Counter[str] = Counter()
        self._shown_advisories: Counter[str] = Counter()
        self._shown_dead_letters: Counter[str] = Counter()

    def count_read(self, records: int, left: int) -> None:
        self._records.labels(self._name).inc(records)
        self._left.labels(self._name).set(left)

    def show(
        self, events: Mapping[str, int], advisories: Mapping[str, int], dead_letters: Mapping[str, int]
    ) -> None:
        """Brings the counters up to what was committed, by role, by kind and by reason."""
        for counter, totals, shown in (
            (self._events, events, self._shown_events),
            (self._advisories, advisories, self._shown_advisories),
            (self._dead_letters, dead_letters, self._shown_dead_letters),
        ):
            for label, total in totals.items():
                counter.labels(self._name, label).inc(total - shown[label])
                shown[label] = total
