"""Reading a shard's memory back, on a real broker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiokafka import AIOKafkaProducer
from kafka.admin import KafkaAdminClient

from stream.kafka.broker import Broker
from stream.kafka.emit import BatchEmitter, producer_settings
from stream.kafka.ledger import entry_record, read_ledger
from stream.kafka.topics import TopicSpec, apply, connect, plan
from stream.model import Origin

ORIGIN = Origin("wire.stories", 0, 7)
WINDOW = timedelta(hours=72)


@pytest.fixture
def topic_name(broker: Broker, request: pytest.FixtureRequest) -> str:
    name = f"ledger.{request.node.name}"
    with connect({"bootstrap_servers": broker.bootstrap}) as admin:
        assert isinstance(admin, KafkaAdminClient)
        apply(admin, plan(admin, [TopicSpec(name, 2, 1)]))
    return name


@pytest.fixture
async def producer(broker: Broker, topic_name: str) -> AsyncIterator[AIOKafkaProducer]:
    settings = producer_settings({"bootstrap_servers": broker.bootstrap})
    producer = AIOKafkaProducer(**settings, transactional_id=topic_name)
    await producer.start()
    yield producer
    await producer.stop()


async def write(
    producer: AIOKafkaProducer,
    topic_name: str,
    entries: list[bytes],
    watermark_ms: int,
    *,
    commit: bool = True,
) -> dict[tuple[str, int], int]:
    await producer.begin_transaction()
    records = [entry_record(topic_name, 0, e.hex(), ORIGIN, e, watermark_ms) for e in entries]
    ends = await BatchEmitter(producer).send(records)
    await (producer.commit_transaction() if commit else producer.abort_transaction())
    return ends


async def read(broker: Broker, topic_name: str, start: int | None = None) -> tuple[list[bytes], int | None]:
    entries: list[bytes] = []
    end = start
    client = {"bootstrap_servers": broker.bootstrap}
    async for page in read_ledger(client, topic_name, 0, start=start, window=WINDOW):
        entries += [entry for _, entry in page.decisions]
        end = page.next_offset
    return entries, end


async def test_an_empty_ledger_gives_nothing(broker: Broker, topic_name: str) -> None:
    assert await read(broker, topic_name) == ([], None)


async def test_committed_entries_come_back_in_order_and_aborted_ones_do_not(
    broker: Broker, topic_name: str, producer: AIOKafkaProducer
) -> None:
    await write(producer, topic_name, [b"a", b"b"], 1000)
    await write(producer, topic_name, [b"x"], 1000, commit=False)
    await write(producer, topic_name, [b"c"], 1000)
    entries, _ = await read(broker, topic_name)
    assert entries == [b"a", b"b", b"c"]


async def test_reading_goes_on_behind_what_was_written_last(
    broker: Broker, topic_name: str, producer: AIOKafkaProducer
) -> None:
    ends = await write(producer, topic_name, [b"a", b"b"], 1000)
    assert await read(broker, topic_name, start=ends[topic_name, 0]) == ([], ends[topic_name, 0])
    await write(producer, topic_name, [b"c"], 1000)
    entries, _ = await read(broker, topic_name, start=ends[topic_name, 0])
    assert entries == [b"c"]


async def test_entries_written_before_the_window_began_are_not_read(
    broker: Broker, topic_name: str, producer: AIOKafkaProducer
) -> None:
    hour = 3_600_000
    for hours, entry in ((0, b"old"), (50, b"edge"), (100, b"new")):
        await producer.begin_transaction()
        record = entry_record(topic_name, 0, entry.hex(), ORIGIN, entry, hours * hour)
        await BatchEmitter(producer).send([record._replace(timestamp_ms=hours * hour)])
        await producer.commit_transaction()
    entries, _ = await read(broker, topic_name)
    assert entries == [b"edge", b"new"]
