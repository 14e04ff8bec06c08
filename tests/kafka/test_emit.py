import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from stream.kafka.emit import BatchEmitter, Outgoing, partition_for


class FakeBatch:
    """Takes at most three records, as a full batch would refuse the fourth."""

    def __init__(self) -> None:
        self.records: list[Any] = []

    def append(self, **record: Any) -> object | None:
        if len(self.records) == 3:
            return None
        self.records.append(record)
        return object()

    def record_count(self) -> int:
        return len(self.records)


class FakeProducer:
    def __init__(self, partitions: int = 4, refuse: bool = False) -> None:
        self.sent: list[tuple[str, int, Sequence[Any]]] = []
        self._partitions, self._refuse = partitions, refuse
        self._ends: dict[tuple[str, int], int] = {}

    async def partitions_for(self, topic_name: str) -> set[int]:
        assert topic_name
        return set(range(self._partitions))

    def create_batch(self) -> FakeBatch:
        return FakeBatch()

    async def send_batch(self, batch: FakeBatch, topic_name: str, *, partition: int) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._refuse:
            future.set_exception(ConnectionError("refused"))
            return future
        where = (topic_name, partition)
        base = self._ends.get(where, 100)
        self._ends[where] = base + len(batch.records)
        self.sent.append((*where, batch.records))
        future.set_result(SimpleNamespace(offset=base))
        return future


async def test_a_full_batch_is_closed_and_the_next_record_opens_another() -> None:
    producer = FakeProducer()
    records = [Outgoing("t", None, bytes([n]), partition=0) for n in range(7)]
    ends = await BatchEmitter(producer).send(records)
    assert [len(batch) for *_, batch in producer.sent] == [3, 3, 1]
    assert [r["value"] for *_, batch in producer.sent for r in batch] == [bytes([n]) for n in range(7)]
    assert ends == {("t", 0): 107}


async def test_records_of_one_key_keep_their_partition() -> None:
    producer = FakeProducer()
    await BatchEmitter(producer).send([Outgoing("t", b"key", b"1"), Outgoing("t", b"key", b"2")])
    assert [(topic, partition) for topic, partition, _ in producer.sent] == [("t", partition_for(b"key", 4))]


async def test_a_refused_batch_raises() -> None:
    with pytest.raises(ConnectionError):
        await BatchEmitter(FakeProducer(refuse=True)).send([Outgoing("t", None, b"1", partition=0)])


async def test_nothing_to_send_is_nothing_sent() -> None:
    producer = FakeProducer()
    assert await BatchEmitter(producer).send([]) == {}
    assert producer.sent == []


@pytest.mark.parametrize(("key", "partition"), [(b"21", -973932308), (b"foobar", -790332482)])
def test_the_partition_is_that_of_kafkas_own_murmur2(key: bytes, partition: int) -> None:
    # Hash values of Apache Kafka's own UtilsTest.testMurmur2.
    assert partition_for(key, 1000) == (partition & 0x7FFFFFFF) % 1000
