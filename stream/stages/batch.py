"""One batch of *dedup* while it is decided: what comes of each record, and what is to be sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiokafka import ConsumerRecord

from stream.codec import read_annotated
from stream.fold import Folded, Shard
from stream.kafka.emit import Outgoing
from stream.kafka.held import held_of, held_records, is_held
from stream.kafka.ledger import entry_record
from stream.lifecycle.waiting import Held, Release
from stream.stages.embargoes import Sending
from stream.topology import Topology


@dataclass(slots=True)
class Batch:
    """Of one shard: the stories that were decided on, without redeliveries; those that came back from the
    dead letters, to wait again or to be released; and what is to be sent of both, and of the stories that
    wait no longer because of them, whose `sending` tells of those that could not be sent on."""

    topology: Topology
    shard: int
    sending: Sending
    folded: list[Folded] = field(default_factory=list)
    returned: list[Held | Release] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)

    def decide(self, shard: Shard, record: ConsumerRecord, now_ms: int) -> None:
        """Takes the next record. Whatever it raises, what `shard` knows is then uncertain. `FaultLimitError`
        is not about the record."""
        if is_held(record.headers):
            self._wait_again(shard.wait_again(held_of(record), now_ms))
        elif fold := shard.fold(read_annotated(record.value, record.headers), now_ms):
            self._fold(fold)

    def _wait_again(self, returned: Held | Release) -> None:
        # One that is not to go out any more was taken back when it became a dead letter.
        if isinstance(returned, Held):
            self.outgoing += held_records(self.topology.held, self.shard, (returned,), ())
        self.returned.append(returned)

    def _fold(self, fold: Folded) -> None:
        story, ledger = fold.annotated, self.topology.ledger
        self.outgoing += (
            *self.sending.records(fold.before),
            *(Outgoing(*record) for event in fold.own for record in event.records),
            *self.sending.records(fold.after),
            entry_record(ledger, self.shard, story.id, story.origin, fold.entry, fold.watermark_ms),
            *held_records(self.topology.held, self.shard, fold.held, ()),
        )
        self.folded.append(fold)
