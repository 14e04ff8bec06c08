"""Sending many records at once: whole batches built here, split at the size cap, delivery awaited.

aiokafka's `send` costs a coroutine and a future per record; `create_batch`/`send_batch` cost one per batch.
The compression is zstd: on these records snappy is about as fast and larger, and aiokafka's lz4 encoder is
several times slower than either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2

from stream.sizes import BATCH_BYTES, RECORD_BYTES

COMPRESSION = "zstd"


class Outgoing(NamedTuple):
    """One record to send. `partition` None means by Kafka's own hash of the key."""

    topic_name: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None
    timestamp_ms: int | None = None


def producer_settings(client: Mapping[str, Any]) -> dict[str, Any]:
    """aiokafka producer settings for batches that must not be lost, over the client's connection settings."""
    return {
        **client,
        "acks": "all",
        "enable_idempotence": True,
        "compression_type": COMPRESSION,
        "max_batch_size": BATCH_BYTES,
        "max_request_size": RECORD_BYTES,
    }


def partition_for(key: bytes, partitions: int) -> int:
    """The partition that every Kafka client's default partitioner gives a key."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


class BatchEmitter:
    """Emits through one producer, which the caller starts and stops, and whose transactions are its own."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def send(self, records: Iterable[Outgoing]) -> dict[tuple[str, int], int]:
        """Sends `records` and returns when every one is delivered: for each (topic name, partition) written
        to, the offset behind the last record. Order is kept within a partition. Raises aiokafka's
        `KafkaError` when any was refused: some may then have been written."""
        counts: dict[str, int] = {}
        open_batches: dict[tuple[str, int], Any] = {}
        closed: list[tuple[tuple[str, int], Any]] = []
        for record in records:
            partition = record.partition
            if partition is None:
                count = counts.get(record.topic_name)
                if count is None:
                    found = await self._producer.partitions_for(record.topic_name)
                    count = counts[record.topic_name] = len(found)
                partition = partition_for(record.key or b"", count)
            where = (record.topic_name, partition)
            batch = open_batches.get(where)
            if batch is None:
                batch = open_batches[where] = self._producer.create_batch()
            if not _append(batch, record):
                closed.append((where, batch))
                batch = open_batches[where] = self._producer.create_batch()
                # A record alone in its batch is always taken; the broker judges its size.
                _append(batch, record)
        closed.extend(open_batches.items())
        waiting = [
            await self._producer.send_batch(batch, topic_name, partition=partition)
            for (topic_name, partition), batch in closed
        ]
        delivered = await asyncio.gather(*waiting)
        return {
            where: metadata.offset + batch.record_count()
            for (where, batch), metadata in zip(closed, delivered, strict=True)
        }


def _append(batch: Any, record: Outgoing) -> bool:
    added = batch.append(
        key=record.key, value=record.value, timestamp=record.timestamp_ms, headers=list(record.headers)
    )
    return added is not None
