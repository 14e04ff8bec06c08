"""Listing and settling dead letters, on a real broker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from kafka import KafkaConsumer, TopicPartition

from stream.errors import Reason, Rejected, UserError
from stream.faults import Fault
from stream.kafka.broker import Broker
from stream.kafka.dead_letter import ORIGIN, Letter, dead_letter, first_place, was_retried
from stream.kafka.dead_letters import Filter, newest, opened
from stream.kafka.emit import BatchEmitter, producer_settings
from stream.kafka.topics import TopicSpec, apply, connect, plan
from stream.model import Origin, Record
from stream.rejections import Standing

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
Names = tuple[str, str]


@pytest.fixture
def names(broker: Broker, request: pytest.FixtureRequest) -> Names:
    """A dead-letter topic and a stories topic."""
    pair = f"dead.{request.node.name}", f"stories.{request.node.name}"
    with connect({"bootstrap_servers": broker.bootstrap}) as admin:
        apply(admin, plan(admin, [TopicSpec(name, 2, 1) for name in pair]))
    return pair


def client(broker: Broker) -> dict[str, Any]:
    return {"bootstrap_servers": broker.bootstrap}


def letter(number: int, topic_name: str, *, feed: str = "okaz", reason: Reason = Reason.CHARSET) -> Any:
    record = Record(
        b"value %d" % number,
        WHEN - timedelta(days=60),
        Origin("stories", number % 2, number),
        key=b"key",
        headers=(("feed", feed.encode()), ("x", b"\xff")),
    )
    rejected = Rejected(reason, f"because of {number}")
    standing = Standing(number, number, number + 1)
    when = WHEN + timedelta(minutes=number)
    return dead_letter(topic_name, record, rejected, "annotate", when=when, standing=standing)


async def write(broker: Broker, letters: Sequence[Any]) -> None:
    producer = AIOKafkaProducer(**producer_settings(client(broker)))
    await producer.start()
    await BatchEmitter(producer).send(
        [outgoing._replace(partition=number % 2) for number, outgoing in enumerate(letters)]
    )
    await producer.stop()


async def found(
    broker: Broker, name: str, wanted: Filter | None = None, *, settled: bool = False
) -> list[str]:
    async with opened(client(broker), "app", name) as queue:
        letters = [entry async for entry in queue.letters(wanted or Filter(), settled=settled)]
    return sorted(f"{one.message.split()[-1]} {state}" for one, state in letters)


def read(broker: Broker, topic_name: str, level: str = "read_committed") -> list[Any]:
    consumer = KafkaConsumer(**client(broker), isolation_level=level, enable_auto_commit=False)
    partitions = [TopicPartition(topic_name, number) for number in range(2)]
    consumer.assign(partitions)
    consumer.seek_to_beginning()
    ends = consumer.end_offsets(partitions)
    records = []
    while any(consumer.position(tp) < ends[tp] for tp in partitions):
        for some in consumer.poll(200).values():
            records.extend(some)
    consumer.close()
    return records


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Filter(), "012345"),
        (Filter(reasons=["malformed"]), "5"),
        (Filter(feeds=["dpa"]), "4"),
        (Filter(positions=[(1, 0), (0, 2)]), "14"),
        (Filter(origin_topic="stories", origin_partition=0), "024"),
        (Filter(origin_topic="elsewhere"), ""),
        (Filter(origin_offset=3), "3"),
        (Filter(since=WHEN + timedelta(minutes=2), until=WHEN + timedelta(minutes=4)), "23"),
        (Filter(contains="because of 1"), "1"),
        (Filter(feeds=["dpa"], reasons=["malformed"]), ""),
    ],
    ids=str,
)
def test_a_filter_means_the_letters_that_meet_all_of_it(wanted: Filter, numbers: str) -> None:
    from stream.kafka.dead_letter import read_letter

    letters = [letter(number, "d") for number in range(4)]
    letters += [letter(4, "d", feed="dpa"), letter(5, "d", reason=Reason.MALFORMED)]
    matching = ""
    for number, one in enumerate(letters):
        back = read_letter((number % 2, number // 2), one.value, one.key, one.headers, 0)
        assert back is not None
        matching += str(number) if wanted.matches(back) else ""
    assert matching == numbers


async def test_open_letters_are_listed_until_they_are_settled(broker: Broker, names: Names) -> None:
    dead, stories = names
    await write(broker, [letter(number, dead) for number in range(4)])
    assert await found(broker, dead) == ["0 open", "1 open", "2 open", "3 open"]
    async with opened(client(broker), dead, dead, writing=True) as queue:
        assert (
            await queue.settle(Filter(origin_offset=1), "dropped", **topics(stories), on_settled=print) == 1
        )
        assert (
            await queue.settle(Filter(origin_offset=2), "retried", **topics(stories), on_settled=print) == 1
        )
    assert await found(broker, dead) == ["0 open", "3 open"]
    assert await found(broker, dead, settled=True) == ["0 open", "1 dropped", "2 retried", "3 open"]


async def test_a_retried_record_is_what_it_was_and_knows_where_it_stood(broker: Broker, names: Names) -> None:
    dead, stories = names
    original = letter(3, dead)
    await write(broker, [original])
    async with opened(client(broker), dead, dead, writing=True) as queue:
        await queue.settle(Filter(), "retried", **topics(stories), on_settled=print)
    [again] = read(broker, stories)
    assert (again.key, again.value, again.partition) == (b"key", b"value 3", 1)
    assert again.headers[:-1] == [("feed", b"okaz"), ("x", b"\xff")]
    assert again.headers[-1][0] == ORIGIN
    assert first_place(again.headers) == (Origin("stories", 1, 3), WHEN - timedelta(days=60))
    # Not the first timestamp, by which the topic's retention would take it away at once.
    assert again.timestamp > (WHEN - timedelta(days=60)).timestamp() * 1000


async def test_a_retry_that_dies_in_the_middle_is_repeated_without_doubles(
    broker: Broker, names: Names
) -> None:
    dead, stories = names
    await write(broker, [letter(number, dead) for number in range(120)])
    with pytest.raises(ZeroDivisionError):
        async with opened(client(broker), dead, dead, writing=True) as queue:
            await queue.settle(Filter(), "retried", **topics(stories), on_settled=dies_after(50))
    async with opened(client(broker), dead, dead, writing=True) as queue:
        assert await queue.settle(Filter(), "retried", **topics(stories), on_settled=lambda _: None) == 70
    values = [record.value for record in read(broker, stories)]
    assert sorted(values) == sorted(b"value %d" % number for number in range(120))


async def test_a_second_retry_takes_over_from_the_first(broker: Broker, names: Names) -> None:
    dead, stories = names
    await write(broker, [letter(number, dead) for number in range(4)])

    async def overtaken() -> None:
        async with opened(client(broker), dead, dead, writing=True) as first:
            async with opened(client(broker), dead, dead, writing=True) as second:
                assert await second.settle(Filter(), "retried", **topics(stories), on_settled=print) == 4
            await first.settle(Filter(), "retried", **topics(stories), on_settled=print)

    with pytest.raises(UserError, match="another retry"):
        await overtaken()
    assert len(read(broker, stories)) == 4


async def test_the_newest_letter_of_a_feed_says_how_it_stood(broker: Broker, names: Names) -> None:
    dead, _ = names
    await write(broker, [letter(number, dead, feed="dpa" if number == 2 else "okaz") for number in range(4)])
    told = await newest(client(broker), dead)
    assert told.standings == {"okaz": Standing(3, 3, 4), "dpa": Standing(2, 2, 3)}
    assert told.faults == []


async def test_the_newest_letters_say_where_the_program_failed(broker: Broker, names: Names) -> None:
    dead, _ = names
    reasons = (Reason.INTERNAL_FAULT, Reason.CHARSET, Reason.INTERNAL_FAULT)
    await write(broker, [letter(number, dead, reason=reason) for number, reason in enumerate(reasons)])
    assert (await newest(client(broker), dead)).faults == [Origin("stories", 0, 0), Origin("stories", 0, 2)]


async def test_an_annotated_story_goes_back_to_where_it_stood(broker: Broker, names: Names) -> None:
    # To the partition of its language, with its own headers, whatever partition there is for letters.
    dead, annotated = names
    headers = (("wirestream-id", b"1"), ("wirestream-origin", b"wire.stories:3:42"))
    record = Record(b"{}", WHEN, Origin(annotated, 1, 7), key=b"ar", headers=headers)
    fault = Fault.of(KeyError("x"))
    await write(broker, [dead_letter(dead, record, fault, "dedup", when=WHEN, feed="okaz")])
    async with opened(client(broker), dead, dead, writing=True) as queue:
        wanted = Filter(feeds=["okaz"], reasons=["internal-fault"])
        topic_names = {"stories": dead, "annotated": annotated}
        assert await queue.settle(wanted, "retried", **topic_names, on_settled=print) == 1
    [again] = read(broker, annotated)
    assert (again.partition, again.key, again.value) == (1, b"ar", b"{}")
    assert tuple(again.headers[:2]) == headers
    assert was_retried(again.headers)


async def test_a_missing_topic_is_named(broker: Broker) -> None:
    with pytest.raises(UserError, match="no-such-topic"):
        await found(broker, "no-such-topic")


def topics(stories: str) -> Any:
    """Where a retry sends to, when no letter of dedup is among those it sends."""
    return {"stories": stories, "annotated": "no-such-topic"}


def dies_after(count: int) -> Callable[[Letter], None]:
    left = iter(range(count - 1, -1, -1))

    def tell(_: Letter) -> None:
        _ = 1 / next(left)  # type: ignore[assignment]

    return tell
