"""A consumer's record as the pure stages take it."""

from __future__ import annotations

from datetime import UTC, datetime

from aiokafka import ConsumerRecord

from stream.codec import from_timestamp_ms
from stream.kafka.dead_letter import first_place
from stream.model import Origin, Record

# The end of the year 9999, the last that a date can have.
_LATEST_MS = 253_402_300_799_999


def read_record(record: ConsumerRecord) -> Record:
    """A record without a timestamp that a date can have was received now; a dead letter that was sent back
    stands where it stood at first."""
    stamped = record.timestamp is not None and 0 <= record.timestamp <= _LATEST_MS
    origin = Origin(record.topic, record.partition, record.offset)
    timestamp = from_timestamp_ms(record.timestamp) if stamped else datetime.now(UTC)
    if first := first_place(record.headers):
        origin, timestamp = first
    return Record(record.value, timestamp, origin, record.key, tuple(record.headers))
