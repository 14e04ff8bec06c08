"""Copy that waits for the end of an embargo, on a real broker: kept by the topic, released once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from stream.annotate import Annotator
from stream.codec import annotated_headers
from stream.faults import FaultLimitError
from stream.fold import Further, Shard, released
from stream.kafka.broker import Broker
from stream.kafka.dead_letter import Letter
from stream.kafka.dead_letters import Filter, opened
from stream.kafka.emit import BatchEmitter, Outgoing, producer_settings
from stream.kafka.held import read_held
from stream.kafka.ledger import ledger_consumer, read_to
from stream.kafka.security import client_settings
from stream.kafka.topics import apply, connect, plan
from stream.lifecycle.waiting import Held, Release
from stream.metrics import Metrics
from stream.model import Origin, Record
from stream.routes import compile_routes
from stream.settings import Settings
from stream.stages import embargoes
from stream.stages.dedup import DedupStage
from stream.topology import Topology
from stream.vocabulary import vocabulary
from tests.lifecycle.messages import LIFT, Message, Times, ninjs
from tests.lifecycle.texts import BANK, DAM, FERRY, MUSEUM

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TIMES = Times(start=NOON, lift=NOON + timedelta(hours=1))


@pytest.fixture
def settings(broker: Broker) -> Settings:
    name = f"h{uuid4().hex[:10]}"
    settings = Settings.model_validate(
        {
            "app": name,
            "kafka": {"bootstrap_servers": [broker.bootstrap]},
            "topics": {"prefix": name, "shards": 1, "output_partitions": 1},
            "rejections": {"faults": 3},
            "routes": [{"topic_name": f"{name}.english", "where": {"languages": ["en"]}}],
        }
    )
    with connect(client_settings(settings.kafka)) as admin:
        apply(admin, plan(admin, Topology(settings).specs()))
    return settings


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(Settings())


class Clock:
    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> float:
        return self.moment.timestamp()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stage(settings: Settings, clock: Clock) -> Callable[[], DedupStage]:
    def make() -> DedupStage:
        client = client_settings(settings.kafka)
        return DedupStage(client, settings, lambda: Shard(settings, ()), Metrics(), clock=clock)

    return make


def batch(annotator: Annotator, *messages: Message, first: int = 0) -> list[Any]:
    records = [
        Record(message.build(TIMES), NOON, Origin("t", 0, 0), headers=(("feed", message.feed.encode()),))
        for message in messages
    ]
    stories = [outcome.stories[0] for outcome in annotator.annotate(records)]
    return [
        ConsumerRecord(
            topic="annotated",
            partition=0,
            offset=offset,
            timestamp=0,
            timestamp_type=0,
            key=None,
            value=story.event,
            checksum=None,
            serialized_key_size=0,
            serialized_value_size=0,
            headers=annotated_headers(story),
        )
        for offset, story in enumerate(stories, first)
    ]


async def settled(settings: Settings, topic_name: str) -> None:
    """Waits until readers see what was committed, which a broker that has just started shows later."""
    client, tp = client_settings(settings.kafka), TopicPartition(topic_name, 0)
    async with asyncio.timeout(30), ledger_consumer(client) as committed, AIOKafkaConsumer(**client) as every:
        while await committed.end_offsets([tp]) != await every.end_offsets([tp]):
            await asyncio.sleep(0.02)


async def keys(settings: Settings, topic_name: str) -> list[bytes]:
    """The keys of what readers of committed records see."""
    await settled(settings, topic_name)
    consumer = ledger_consumer(client_settings(settings.kafka))
    await consumer.start()
    try:
        tp = TopicPartition(topic_name, 0)
        consumer.assign([tp])
        await consumer.seek_to_beginning(tp)
        end = (await consumer.end_offsets([tp]))[tp]
        return [record.key async for page in read_to(consumer, tp, end) for record in page]
    finally:
        await consumer.stop()


async def held(settings: Settings) -> Sequence[Held]:
    await settled(settings, Topology(settings).held)
    return await read_held(client_settings(settings.kafka), Topology(settings).held, 0)


WAITS = ninjs("waits", FERRY, 0, embargo=LIFT)
OTHER = ninjs("other", DAM, 5)


async def test_what_one_worker_holds_the_next_releases_and_no_third_again(
    settings: Settings, annotator: Annotator, clock: Clock, stage: Callable[[], DedupStage]
) -> None:
    topology, records = Topology(settings), batch(annotator, WAITS, OTHER)
    first, second, third = stage(), stage(), stage()
    await first.assign([0])
    await first.process(0, records)
    await first.release()
    assert len(await keys(settings, topology.enriched)) == 1
    (waiting,) = await held(settings)
    await first.close()

    await second.assign([0])
    await second.release()
    assert len(await keys(settings, topology.enriched)) == 1
    clock.moment = TIMES.lift
    await second.release()
    assert (await keys(settings, topology.enriched))[1:] == [waiting.id.encode()]
    assert await held(settings) == []
    await second.release()
    await second.close()

    await third.assign([0])
    await third.release()
    # A story that was held and released is known: delivered again, it is a redelivery.
    await third.process(0, records)
    assert len(await keys(settings, topology.enriched)) == 2
    await third.close()


async def test_a_held_event_goes_out_as_it_was_decided_to_its_routes_too(
    settings: Settings, annotator: Annotator, clock: Clock
) -> None:
    topology = Topology(settings)
    routes = compile_routes(settings.routes, vocabulary(annotator), set())
    client = client_settings(settings.kafka)
    stage = DedupStage(client, settings, lambda: Shard(settings, routes), Metrics(), clock=clock)
    await stage.assign([0])
    await stage.process(0, batch(annotator, WAITS))
    (waiting,) = await held(settings)
    assert waiting.topic_names == (topology.enriched, settings.routes[0].topic_name)
    assert dict(waiting.headers)["ce_type"] == b"wirestream.story.original"
    clock.moment = TIMES.lift
    await stage.release()
    for name in waiting.topic_names:
        assert await keys(settings, name) == [waiting.id.encode()]
    await stage.close()


async def test_a_release_that_was_not_committed_is_made_again(
    settings: Settings,
    annotator: Annotator,
    clock: Clock,
    stage: Callable[[], DedupStage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topology = Topology(settings)
    first, second = stage(), stage()
    await first.assign([0])
    await first.process(0, batch(annotator, WAITS))
    clock.moment = TIMES.lift

    async def killed(_: AIOKafkaProducer) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patch:
        patch.setattr(AIOKafkaProducer, "commit_transaction", killed)
        with pytest.raises(ConnectionAbortedError):
            await first.release()
    await second.assign([0])
    assert len(await held(settings)) == 1
    await second.release()
    assert len(await keys(settings, topology.enriched)) == 1
    for stopped in (first, second):
        await stopped.close()


async def test_a_shard_that_was_given_up_releases_nothing(
    settings: Settings, annotator: Annotator, clock: Clock, stage: Callable[[], DedupStage]
) -> None:
    topology = Topology(settings)
    first, second = stage(), stage()
    await first.assign([0])
    await first.process(0, batch(annotator, WAITS))
    await first.assign([])
    clock.moment = TIMES.lift
    await first.release()
    assert await keys(settings, topology.enriched) == []
    await second.assign([0])
    await second.release()
    await first.assign([0])
    await first.release()
    assert len(await keys(settings, topology.enriched)) == 1
    for stopped in (first, second):
        await stopped.close()


def break_at(patch: pytest.MonkeyPatch, *headlines: str) -> None:
    """Makes the program fail at sending on the stories with these headlines."""

    def failing(releases: Sequence[Release]) -> tuple[Further, ...]:
        for release in releases:
            if any(headline.encode() in release.held.event for headline in headlines):
                raise KeyError(release.held.event.decode())
        return released(releases)

    patch.setattr(embargoes, "released", failing)


async def letters(settings: Settings) -> list[Letter]:
    topology, client = Topology(settings), client_settings(settings.kafka)
    async with opened(client, settings.app, topology.dead_letter) as queue:
        return [letter async for letter, _ in queue.letters(Filter())]


async def retried(settings: Settings) -> list[Any]:
    """Sends every letter back; returns the records that come of it on the annotated topic."""
    topology, client = Topology(settings), client_settings(settings.kafka)
    async with opened(client, settings.app, topology.dead_letter, writing=True) as queue:
        await queue.settle(
            Filter(),
            "retried",
            stories=topology.stories,
            annotated=topology.annotated,
            on_settled=lambda _: None,
        )
    consumer = ledger_consumer(client)
    await consumer.start()
    try:
        tp = TopicPartition(topology.annotated, 0)
        consumer.assign([tp])
        await consumer.seek_to_beginning(tp)
        end = (await consumer.end_offsets([tp]))[tp]
        return [record async for page in read_to(consumer, tp, end) for record in page]
    finally:
        await consumer.stop()


SECOND = ninjs("second", DAM, 1, embargo=LIFT)


async def test_a_story_that_cannot_be_sent_on_is_put_by_and_the_others_go_out(
    settings: Settings,
    annotator: Annotator,
    clock: Clock,
    stage: Callable[[], DedupStage],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    topology, other = Topology(settings), ninjs("other", BANK, 70)
    first, second = stage(), stage()
    await first.assign([0])
    await first.process(0, batch(annotator, WAITS, SECOND))
    broken, sound = await held(settings)
    clock.moment = TIMES.lift
    with monkeypatch.context() as patch:
        break_at(patch, FERRY.headline)
        # It is a batch that finds that its time has come, and none of that batch is to blame.
        await first.process(0, batch(annotator, other, first=2))
        assert (await keys(settings, topology.enriched))[0] == sound.id.encode()
        assert len(await keys(settings, topology.enriched)) == 2
        assert await held(settings) == []
        (letter,) = await letters(settings)
        assert (letter.reason, letter.stage, letter.feed) == ("internal-fault", "dedup", "wire")
        assert (letter.record.key, letter.record.value) == (broken.id.encode(), broken.event)
        assert letter.record.origin == Origin(topology.held, 0, 0)
        assert f"failed at {topology.held} partition 0 offset 0" in caplog.text
        # Neither this worker nor the next tries it again.
        await first.release()
        await second.assign([0])
        await second.release()
        assert len(await letters(settings)) == 1

    # Sent back to a program that is mended, it goes out, once and as it was decided.
    await second.process(0, await retried(settings))
    await second.release()
    assert (await keys(settings, topology.enriched))[2:] == [broken.id.encode()]
    assert await held(settings) == []
    for stopped in (first, second):
        await stopped.close()


async def test_a_retried_story_that_was_killed_meanwhile_never_goes_out(
    settings: Settings,
    annotator: Annotator,
    clock: Clock,
    stage: Callable[[], DedupStage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = stage()
    await one.assign([0])
    await one.process(0, batch(annotator, ninjs("waits", FERRY, 0, uri="urn:ferry", embargo=LIFT)))
    clock.moment = TIMES.lift
    with monkeypatch.context() as patch:
        break_at(patch, FERRY.headline)
        await one.release()
    kill = ninjs("kill", FERRY, 70, uri="urn:ferry", version="2", status="canceled", signals=["kill"])
    await one.process(0, batch(annotator, kill, first=1))
    before = await keys(settings, Topology(settings).enriched)
    await one.process(0, await retried(settings))
    await one.release()
    assert await keys(settings, Topology(settings).enriched) == before
    assert await held(settings) == []
    await one.close()


FIRST = ninjs("first", FERRY, 0, uri="urn:ferry", version="1", embargo=LIFT)
LEAKED = ninjs("leaked", FERRY.titled("Ship hits sandbank").cut(1), 5, feed="paper")
FREE = ninjs("free", FERRY, 10, uri="urn:ferry", version="1", urgency=3)


@pytest.mark.parametrize("batches", [(2, 1), (3,)], ids=["held before", "held in the same batch"])
async def test_an_embargo_is_lifted_although_a_story_that_waited_for_it_cannot_be_sent_on(
    settings: Settings,
    annotator: Annotator,
    stage: Callable[[], DedupStage],
    monkeypatch: pytest.MonkeyPatch,
    batches: tuple[int, ...],
) -> None:
    topology = Topology(settings)
    one, records = stage(), batch(annotator, FIRST, LEAKED, FREE)
    first, leaked, free = (dict(record.headers)["wirestream-id"] for record in records)
    await one.assign([0])
    with monkeypatch.context() as patch:
        break_at(patch, FERRY.headline)
        for count in batches:
            taken, records = records[:count], records[count:]
            await one.process(0, taken)
    # The message that lifts it is told, and so is what others had of the text.
    out = [*await keys(settings, topology.enriched), *await keys(settings, topology.duplicates)]
    assert sorted(out) == sorted([leaked, free])
    (letter,) = await letters(settings)
    assert (letter.record.key, letter.record.origin.topic_name) == (first, topology.held)
    assert await held(settings) == []

    # Sent back it waits for nothing, as the embargo is over.
    await one.process(0, await retried(settings))
    await one.release()
    assert (await keys(settings, topology.enriched)).count(first) == 1
    assert await held(settings) == []
    await one.close()


async def test_a_worker_that_ends_before_it_has_put_such_a_story_by_leaves_it_to_the_next(
    settings: Settings,
    annotator: Annotator,
    stage: Callable[[], DedupStage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = stage(), stage()
    await first.assign([0])

    async def killed(*_: object) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patch:
        break_at(patch, FERRY.headline)
        patch.setattr(first, "_take", killed)
        with pytest.raises(ConnectionAbortedError):
            await first.process(0, batch(annotator, FIRST, FREE))
    (waiting,) = await held(settings)
    assert await letters(settings) == []
    # Its embargo is over, as the message says that was decided on.
    await second.assign([0])
    await second.release()
    assert await keys(settings, Topology(settings).enriched) == [waiting.id.encode()]
    assert await held(settings) == []
    for stopped in (first, second):
        await stopped.close()


async def test_too_many_in_a_row_stop_the_worker_at_the_same_place_every_time(
    settings: Settings,
    annotator: Annotator,
    clock: Clock,
    stage: Callable[[], DedupStage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = (FERRY, DAM, BANK, MUSEUM)
    messages = [
        ninjs(str(number), text, number, embargo=LIFT + 10 * number) for number, text in enumerate(texts)
    ]
    workers = [stage() for _ in range(4)]
    await workers[0].assign([0])
    await workers[0].process(0, batch(annotator, *messages))
    with monkeypatch.context() as patch:
        break_at(patch, *(text.headline for text in texts))
        for worker, minutes in zip(workers[:2], (0, 10), strict=True):
            clock.moment = TIMES.lift + timedelta(minutes=minutes)
            await worker.assign([0])
            await worker.release()
        clock.moment = TIMES.lift + timedelta(minutes=30)
        for worker in workers[1:3]:
            await worker.assign([0])
            with pytest.raises(FaultLimitError, match="3 records in a row"):
                await worker.release()
        assert len(await letters(settings)) == 2
    # The version before sends on what waits still, and what comes back.
    await workers[3].assign([0])
    await workers[3].release()
    await workers[3].process(0, await retried(settings))
    await workers[3].release()
    assert len(set(await keys(settings, Topology(settings).enriched))) == 4
    assert len(await keys(settings, Topology(settings).enriched)) == 4
    for worker in workers:
        await worker.close()


async def test_a_record_that_cannot_be_read_is_put_by_when_the_shard_is_taken_over(
    settings: Settings, annotator: Annotator, clock: Clock, stage: Callable[[], DedupStage]
) -> None:
    topology = Topology(settings)
    first, second = stage(), stage()
    await first.assign([0])
    await first.process(0, batch(annotator, WAITS))
    producer = AIOKafkaProducer(**producer_settings(client_settings(settings.kafka)))
    await producer.start()
    await BatchEmitter(producer).send([Outgoing(topology.held, b"f" * 32, b"{}", (("x", b"1"),), 0)])
    await producer.stop()
    clock.moment = TIMES.lift
    for _ in range(2):
        await second.assign([0])
        await second.release()
    (letter,) = await letters(settings)
    assert (letter.record.key, letter.record.value) == (b"f" * 32, b"{}")
    assert letter.record.headers == (("x", b"1"),)
    assert len(await keys(settings, topology.enriched)) == 1
    assert await held(settings) == []
    for stopped in (first, second):
        await stopped.close()
