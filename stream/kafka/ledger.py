"""The ledger: what dedup remembers, as a Kafka topic with one partition per language shard.

Each decision adds one record in the transaction that emits its event: key = story id, value = the entry
of `stream.dedup`, header `watermark` = the shard's event-time high mark at that moment, in milliseconds,
header `wirestream-origin` = the input record that the story came in.
A shard's state is the fold of its ledger partition over the window, so a new owner rebuilds it by reading.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from stream.codec import ORIGIN
from stream.kafka import header_names
from stream.kafka.emit import Outgoing
from stream.model import Origin

WATERMARK = "watermark"
# How far back from the end the newest entry may hide behind transaction markers and aborted records.
_TAIL_OFFSETS = 5_000
# A story's event time is never taken to lie further than this ahead of its arrival (`stream.dedup`), so an
# entry was written no earlier than its event time minus this.
_AHEAD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Page:
    """Some decisions of one shard in ledger order, each a story id with its entry, and the offset that the
    next page begins at."""

    decisions: Sequence[tuple[str, bytes]]
    next_offset: int


def entry_record(
    topic_name: str, partition: int, story_id: str, origin: Origin, entry: bytes, watermark_ms: int
) -> Outgoing:
    """The ledger record of one decision."""
    headers = ((WATERMARK, str(watermark_ms).encode()), (ORIGIN, str(origin).encode()))
    return Outgoing(topic_name, story_id.encode(), entry, headers, partition)


async def read_ledger(
    client: Mapping[str, Any], topic_name: str, partition: int, *, start: int | None, window: timedelta
) -> AsyncGenerator[Page]:
    """The committed entries of one shard from offset `start` to the end as it stands at the call.

    `start` None begins where the window begins: entries whose event time lies within `window` of the
    newest entry's watermark. Older entries than asked may come first. Call it after the older owner of the
    shard was fenced, or its open transaction hides the end.
    """
    consumer = ledger_consumer(client)
    await consumer.start()
    try:
        tp = TopicPartition(topic_name, partition)
        consumer.assign([tp])
        end = (await consumer.end_offsets([tp]))[tp]
        beginning = (await consumer.beginning_offsets([tp]))[tp]
        if start is None:
            start = await _window_start(consumer, tp, beginning, end, window)
        consumer.seek(tp, max(start, beginning))
        async for records in read_to(consumer, tp, end):
            decisions = [(r.key.decode(), r.value) for r in records if r.value is not None]
            yield Page(decisions, records[-1].offset + 1)
    finally:
        await consumer.stop()


async def _window_start(
    consumer: AIOKafkaConsumer, tp: TopicPartition, beginning: int, end: int, window: timedelta
) -> int:
    """The first offset that can hold an entry of the window; `beginning` when no watermark is found."""
    consumer.seek(tp, max(beginning, end - _TAIL_OFFSETS))
    newest = None
    async for records in read_to(consumer, tp, end):
        newest = records[-1]
    marks = [value for name, value in newest.headers if name == WATERMARK] if newest is not None else []
    if not marks:
        return beginning
    since = int(marks[-1]) - int((window + _AHEAD).total_seconds() * 1000)
    found = (await consumer.offsets_for_times({tp: max(since, 0)}))[tp]
    return beginning if found is None else found.offset


def ledger_consumer(client: Mapping[str, Any]) -> AIOKafkaConsumer:
    """A consumer of committed records without a group, made for reading much at once."""
    header_names.accept_any()
    return AIOKafkaConsumer(
        **client,
        group_id=None,
        enable_auto_commit=False,
        isolation_level="read_committed",
        # Fewer, larger fetches: a rebuild reads up to a gigabyte and nobody else waits.
        max_partition_fetch_bytes=8 * 1024 * 1024,
    )


async def read_to(
    consumer: AIOKafkaConsumer, tp: TopicPartition, end: int
) -> AsyncIterator[Sequence[ConsumerRecord]]:
    """What the assigned partition holds from its position up to offset `end`."""
    # The position moves past markers and aborted records, which never come as records.
    while await consumer.position(tp) < end:
        found = await consumer.getmany(tp, timeout_ms=200, max_records=20_000)
        for records in found.values():
            yield records
