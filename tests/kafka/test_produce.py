from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from stream.errors import UserError
from stream.kafka.broker import Broker
from stream.kafka.produce import produce
from stream.kafka.topics import TopicSpec, apply, connect, plan
from stream.sources import Item


@pytest.fixture
def settings(broker: Broker) -> dict[str, Any]:
    return {"bootstrap_servers": broker.bootstrap}


@pytest.fixture
def topic_name(settings: dict[str, Any], request: pytest.FixtureRequest) -> str:
    """A topic of the test's own with three partitions and Kafka's usual limits."""
    return make_topic(settings, f"produce.{request.node.name}", partitions=3)


def make_topic(settings: dict[str, Any], name: str, partitions: int = 1, **config: str) -> str:
    with connect(settings) as admin:
        spec = TopicSpec(name, partitions, 1, {key.replace("_", "."): value for key, value in config.items()})
        apply(admin, plan(admin, [spec]))
    return name


def read_all(settings: dict[str, Any], topic_name: str) -> list[Any]:
    """Every record of the topic, partition by partition."""
    consumer = KafkaConsumer(**settings, auto_offset_reset="earliest", enable_auto_commit=False)
    try:
        partitions = [
            TopicPartition(topic_name, number) for number in consumer.partitions_for_topic(topic_name)
        ]
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        missing = sum(consumer.end_offsets(partitions).values())
        records: list[Any] = []
        while len(records) < missing:
            for batch in consumer.poll(timeout_ms=1000).values():
                records += batch
        return records
    finally:
        consumer.close()


def incompressible(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def test_each_item_arrives_once_with_its_value_and_headers(settings: dict[str, Any], topic_name: str) -> None:
    item = Item("خبر.json", b"{}", (("content-type", b"application/json"),))
    report = produce(settings, topic_name, [item], feed="okaz")
    assert (report.sent, report.size, report.failed) == (1, 2, [])
    [record] = read_all(settings, topic_name)
    assert record.value == b"{}"
    assert record.key is None
    assert dict(record.headers) == {
        "content-type": b"application/json",
        "file": "خبر.json".encode(),
        "feed": b"okaz",
    }


def test_without_a_feed_there_is_no_feed_header(settings: dict[str, Any], topic_name: str) -> None:
    produce(settings, topic_name, [Item("a", b"1")])
    [record] = read_all(settings, topic_name)
    assert [name for name, _ in record.headers] == ["file"]


def test_an_empty_item_is_sent_as_an_empty_value(settings: dict[str, Any], topic_name: str) -> None:
    produce(settings, topic_name, [Item("empty", b"")])
    assert [record.value for record in read_all(settings, topic_name)] == [b""]


def test_many_items_spread_over_all_partitions_and_none_is_lost(
    settings: dict[str, Any], topic_name: str
) -> None:
    values = [f"story {number}".encode() * 20 for number in range(2_000)]
    report = produce(settings, topic_name, [Item("a", value) for value in values])
    records = read_all(settings, topic_name)
    assert report.sent == len(records) == len(values)
    assert {record.value for record in records} == set(values)
    assert {record.partition for record in records} == {0, 1, 2}


def test_each_confirmed_item_is_told_in_order(settings: dict[str, Any], topic_name: str) -> None:
    told: list[str] = []
    items = [Item(str(number), b"x") for number in range(50)]
    produce(settings, topic_name, items, on_sent=lambda item: told.append(item.name))
    assert told == [item.name for item in items]


def test_an_item_too_large_for_the_topic_is_named_and_the_others_arrive(
    settings: dict[str, Any], topic_name: str
) -> None:
    items = [Item("before", b"1"), Item("large.xml", incompressible(3_000_000)), Item("after", b"2")]
    report = produce(settings, topic_name, items)
    assert report.sent == 2
    assert [name for name, _ in report.failed] == ["large.xml"]
    assert "3000000 bytes are too large for the topic" in report.failed[0][1]
    assert sorted(record.value for record in read_all(settings, topic_name)) == [b"1", b"2"]


def test_a_topic_with_a_low_limit_takes_many_small_items(settings: dict[str, Any]) -> None:
    low = make_topic(settings, "produce.low-limit", max_message_bytes="20000")
    report = produce(settings, low, [Item(str(number), incompressible(9_000)) for number in range(30)])
    assert (report.sent, report.failed) == (30, [])


def test_a_topic_with_a_high_limit_takes_a_large_item(settings: dict[str, Any]) -> None:
    high = make_topic(settings, "produce.high-limit", max_message_bytes="8000000")
    report = produce(settings, high, [Item("large", incompressible(6_000_000))])
    assert (report.sent, report.failed) == (1, [])


def test_a_missing_topic_is_an_error_and_is_not_created(settings: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"there is no topic produce\.gone"):
        produce(settings, "produce.gone", [Item("a", b"1")])
    with connect(settings) as admin:
        assert "produce.gone" not in admin.list_topics()


@pytest.mark.broker
def test_a_broker_that_dies_is_an_error_that_names_the_first_unconfirmed_item(tmp_path: Path) -> None:
    with Broker(tmp_path) as mortal:
        settings = {"bootstrap_servers": mortal.bootstrap}
        topic_name = make_topic(settings, "wire.stories")
        confirmed: list[Item] = []

        def items() -> Iterator[Item]:
            # The first is large enough to be awaited alone, so that it is confirmed before the death.
            yield Item("first", b"1" * 1_047_000)
            mortal.kill()
            yield Item("second", b"2")
            yield Item("third", b"3")

        with pytest.raises(UserError, match=r"second could not be sent to wire\.stories: .*1 items before"):
            produce(settings, topic_name, items(), on_sent=confirmed.append, delivery_timeout=1)
        assert [item.name for item in confirmed] == ["first"]
