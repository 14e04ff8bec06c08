"""Reading the live ledger, one partition a shard, as the order of a replay follows it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from stream.codec import ORIGIN
from stream.kafka.ledger import ledger_consumer, read_to
from stream.model import Origin
from stream.replay.order import Mark
from stream.replay.scope import Span


class Guide:
    """The spans of the ledger. `open`, `marks` of a shard until it is None, `close`."""

    def __init__(self, client: Mapping[str, Any], ledger: str, stories: str) -> None:
        self._client = client
        self._ledger = ledger
        self._stories = stories
        self._consumer: AIOKafkaConsumer | None = None
        self._pages: dict[int, AsyncIterator[list[Mark]]] = {}

    async def open(self, spans: Mapping[int, Span]) -> None:
        if not spans:
            return
        self._consumer = ledger_consumer(self._client)
        await self._consumer.start()
        self._consumer.assign([TopicPartition(self._ledger, shard) for shard in spans])
        for shard, span in spans.items():
            self._consumer.seek(TopicPartition(self._ledger, shard), span.start)
        self._pages = {shard: self._read(shard, span.end) for shard, span in spans.items()}

    async def close(self) -> None:
        if self._consumer is not None:
            await self._consumer.stop()

    async def marks(self, shard: int) -> list[Mark] | None:
        """The next decisions of a shard in ledger order; None at its end."""
        return await anext(self._pages[shard], None)

    async def _read(self, shard: int, end: int) -> AsyncIterator[list[Mark]]:
        assert self._consumer is not None
        async for records in read_to(self._consumer, TopicPartition(self._ledger, shard), end):
            yield [self._mark(record) for record in records if record.offset < end]

    def _mark(self, record: ConsumerRecord) -> Mark:
        origin = Origin.parse(dict(record.headers)[ORIGIN].decode())
        # A story of another topic is none of the replay's, whatever its partition.
        partition = origin.partition if origin.topic_name == self._stories else -1
        return Mark(
            record.key.decode(),
            partition,
            origin.offset,
            record.offset,
            record.value,
            tuple(record.headers),
        )
