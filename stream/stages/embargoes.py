"""What happens in *dedup* to the stories that wait for the end of an embargo: sent on, and taken up by the
next owner of their shard. Pure.

The program may fail at one of them, as at a record. It is not tried again: what waits is read anew from the
topic where it stands, and that story alone is put by for the dead letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from aiokafka import ConsumerRecord

from stream.faults import NOT_OF_THE_RECORD, Fault, FaultLimitError
from stream.fold import released
from stream.kafka.emit import Outgoing
from stream.kafka.held import Standing, held_of, held_records
from stream.lifecycle.waiting import Held, Release
from stream.model import Origin


@dataclass(slots=True)
class Sending:
    """Puts together what is to be sent of the stories of one shard that wait no longer.

    `topic_name` is that of the stories that wait, `faults` are those in a row at which the program failed,
    `limit` how many are too many. `sent` are the stories with which all is well. The `failed`, by the keys of
    their records, stay in the topic, from where they are to be put by.
    """

    topic_name: str
    partition: int
    faults: int
    limit: int
    sent: list[Release] = field(default_factory=list)
    failed: dict[bytes, Fault] = field(default_factory=dict)

    def records(self, releases: Iterable[Release]) -> list[Outgoing]:
        """The records of some more, in order. Raises `FaultLimitError` when the program fails at the
        `limit`th in a row."""
        return [record for release in releases for record in self._records(release)]

    def _records(self, release: Release) -> list[Outgoing]:
        held = release.held
        try:
            events = [Outgoing(*record) for event in released((release,)) for record in event.records]
        except NOT_OF_THE_RECORD:
            raise
        except Exception as error:
            self.failed[held.id.encode()] = Fault.of(error)
            self.faults += not held.is_retried
            if self.faults >= self.limit:
                where = f"story {held.id}, held in partition {self.partition}"
                raise FaultLimitError(self.faults, where) from error
            # What ended its embargo stands, whoever takes it up.
            return held_records(self.topic_name, self.partition, (held,), ())
        self.sent.append(release)
        self.faults = 0
        return [*events, *held_records(self.topic_name, self.partition, (), (release,))]


class PutBy(NamedTuple):
    """The record of a story that waits no longer because the program failed at it; `counts` unless somebody
    sent it back by hand, which says nothing of the program: it was in the dead letters already."""

    record: ConsumerRecord
    fault: Fault
    counts: bool


@dataclass(slots=True)
class TakenUp:
    """What stands in a shard's topic: the stories that wait, and those that do not. `faults` are those in a
    row at which the program failed."""

    waiting: list[Held] = field(default_factory=list)
    put_by: list[PutBy] = field(default_factory=list)
    faults: int = 0


def take_up(standing: Standing, failed: Mapping[bytes, Fault], *, limit: int) -> TakenUp:
    """Sorts what stands in a shard's topic: `failed` are the stories that could not be sent on. Raises
    `FaultLimitError` when `limit` records cannot be read."""
    taken, unreadable = TakenUp(faults=standing.faults), 0
    for record in standing.records:
        try:
            held = held_of(record)
        except NOT_OF_THE_RECORD:
            raise
        except Exception as error:
            unreadable += 1
            if unreadable >= limit:
                place = Origin(record.topic, record.partition, record.offset)
                raise FaultLimitError(unreadable, place.in_words) from error
            one = PutBy(record, Fault.of(error), counts=True)
        else:
            fault = failed.get(record.key)
            if fault is None:
                taken.waiting.append(held)
                continue
            one = PutBy(record, fault, counts=not held.is_retried)
        taken.put_by.append(one)
        taken.faults += one.counts
    return taken
