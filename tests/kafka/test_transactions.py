"""What the former owner of a transactional id left behind, on a real broker."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaProducer

from stream.kafka.broker import Broker
from stream.kafka.emit import BatchEmitter, Outgoing, producer_settings
from stream.kafka.topics import TopicSpec, apply, connect, plan
from stream.kafka.transactions import unfinished


@pytest.fixture
def topic_name(broker: Broker, request: pytest.FixtureRequest) -> str:
    name = f"transactions.{request.node.name}"
    with connect({"bootstrap_servers": broker.bootstrap}) as admin:
        apply(admin, plan(admin, [TopicSpec(name, 1, 1)]))
    return name


@pytest.fixture
async def producer(broker: Broker, topic_name: str) -> AsyncIterator[AIOKafkaProducer]:
    settings = producer_settings({"bootstrap_servers": broker.bootstrap})
    producer = AIOKafkaProducer(**settings, transactional_id=topic_name)
    await producer.start()
    await producer.begin_transaction()
    await BatchEmitter(producer).send([Outgoing(topic_name, b"k", b"v")])
    yield producer
    await producer.stop()


def left(broker: Broker, topic_name: str) -> list[str]:
    return unfinished({"bootstrap_servers": broker.bootstrap}, [topic_name, "never.seen"])


@pytest.mark.usefixtures("producer")
def test_a_transaction_that_stands_open_is_unfinished(broker: Broker, topic_name: str) -> None:
    assert left(broker, topic_name) == [topic_name]


async def test_one_that_was_committed_is_not(
    broker: Broker, topic_name: str, producer: AIOKafkaProducer
) -> None:
    await producer.commit_transaction()
    assert left(broker, topic_name) == []


@pytest.mark.usefixtures("producer")
async def test_one_that_a_new_owner_has_aborted_is_counted_by_nobody_else(
    broker: Broker, topic_name: str
) -> None:
    settings = producer_settings({"bootstrap_servers": broker.bootstrap})
    async with AIOKafkaProducer(**settings, transactional_id=topic_name):
        assert left(broker, topic_name) == []


def test_nothing_is_asked_when_nothing_is_taken_over() -> None:
    assert unfinished({"bootstrap_servers": "127.0.0.1:1"}, []) == []


def test_a_cluster_that_does_not_answer_is_no_error() -> None:
    assert unfinished({"bootstrap_servers": "127.0.0.1:1", "bootstrap_timeout_ms": 100}, ["one"]) == []
