"""What *dedup* failed at: a record, or a story that waited for the end of an embargo."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from aiokafka import ConsumerRecord

from stream.codec import feed_of
from stream.faults import Fault
from stream.kafka.dead_letter import dead_letter
from stream.kafka.emit import Outgoing
from stream.kafka.held import feed_of_held, is_held
from stream.kafka.records import read_record
from stream.model import Record


class Failed(NamedTuple):
    """A record over which the program raised."""

    record: Record
    feed: str
    fault: Fault

    @classmethod
    def at(cls, record: ConsumerRecord, fault: Fault) -> Failed:
        """`record` is an annotated story's, or a held one's."""
        feed = feed_of_held(record.headers) if is_held(record.headers) else feed_of(record.headers)
        return cls(read_record(record), feed, fault)

    def letter(self, topic_name: str, stage: str, when: datetime) -> Outgoing:
        return dead_letter(topic_name, self.record, self.fault, stage, when=when, feed=self.feed)
