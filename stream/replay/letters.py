"""The dead letters of a replay. Each waits until all before its record is decided on: one that was written
before a story that is still waiting would be written again on resumption. Pure, but for the time.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from stream.errors import Rejected
from stream.kafka.dead_letter import dead_letter
from stream.kafka.emit import Outgoing
from stream.model import Record

STAGE = "replay"


class Letter(NamedTuple):
    """`offset` is that of the record which is dead."""

    offset: int
    reason: str
    record: Outgoing


class Letters:
    """Those of the input's `partitions`, for the topic `topic_name`."""

    def __init__(self, topic_name: str, partitions: Iterable[int]) -> None:
        self._topic_name = topic_name
        self._waiting: dict[int, deque[Letter]] = {partition: deque() for partition in partitions}

    def add(self, record: Record, rejected: Rejected, feed: str = "") -> None:
        """One more, of any place of its partition. `feed` is for a record whose headers do not name it."""
        when, place = datetime.now(UTC), record.origin
        outgoing = dead_letter(self._topic_name, record, rejected, STAGE, when=when, feed=feed)
        letter = Letter(place.offset, rejected.reason.value, outgoing)
        insort(self._waiting[place.partition], letter, key=lambda one: one.offset)

    def take(self, partition: int, done: int) -> Iterator[Letter]:
        """Those of a partition that stand before the offset `done`; they wait no longer."""
        waiting = self._waiting[partition]
        while waiting and waiting[0].offset < done:
            yield waiting.popleft()
