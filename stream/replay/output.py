"""Where a replay writes: one transaction for a batch of events, dead letters and ledger entries, together
with how far the replay has come.

The transactional id is the replay's own, so that a second run of it shuts out the first, and a killed one
goes on where its last transaction ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from stream.kafka.emit import BatchEmitter, Outgoing, producer_settings

# A batch takes milliseconds; a process that stands still for longer is dead or frozen.
_TRANSACTION_TIMEOUT_MS = 60_000


class Output:
    """`group` is consumer group and transactional id. `open` first: it ends what an older run has open."""

    def __init__(self, client: Mapping[str, Any], group: str) -> None:
        self._client = client
        self._group = group
        self._producer: AIOKafkaProducer | None = None
        self._records: list[Outgoing] = []

    async def open(self) -> None:
        self._producer = AIOKafkaProducer(
            **producer_settings(self._client),
            transactional_id=self._group,
            transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
        )
        await self._producer.start()

    async def close(self) -> None:
        if self._producer is not None:
            await self._producer.stop()

    async def come_to(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        """The offsets that the last transaction committed, of those partitions that it did commit."""
        consumer = AIOKafkaConsumer(**self._client, group_id=self._group, enable_auto_commit=False)
        await consumer.start()
        try:
            found = {tp: await consumer.committed(tp) for tp in partitions}
        finally:
            await consumer.stop()
        return {tp: offset for tp, offset in found.items() if offset is not None}

    def add(self, *records: Outgoing) -> None:
        """Puts records into the next transaction."""
        self._records.extend(records)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Writes what was added, and `offsets` with it, all or nothing."""
        assert self._producer is not None
        await self._producer.begin_transaction()
        await BatchEmitter(self._producer).send(self._records)
        await self._producer.send_offsets_to_transaction(dict(offsets), self._group)
        await self._producer.commit_transaction()
        self._records.clear()
