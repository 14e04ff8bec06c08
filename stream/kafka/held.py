"""The stories that wait for the end of an embargo, as a compacted Kafka topic with one partition a shard.

The transaction that decides on a story writes its event with all that is needed to send it on: key = story
id, value = the event, headers = those of the event and `wirestream-held`. The one that releases it writes the
same key without a value. So what stands in the topic waits, whoever owns the shard, and for however long:
compaction removes what was released, and nothing else. A story at which the program fails is taken back as
well, in the transaction that sends it to the dead letters, by a record that says so: how many in a row is
known from the topic, whoever owns the shard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from aiokafka import ConsumerRecord, TopicPartition

from stream.codec import encode, read_facets
from stream.kafka.dead_letter import original_headers, was_retried
from stream.kafka.emit import Outgoing
from stream.kafka.ledger import ledger_consumer, read_to
from stream.lifecycle.waiting import Held, Release

_HELD, _FAULT = "wirestream-held", "wirestream-fault"


@dataclass(frozen=True, slots=True)
class Standing:
    """The topic of one shard: the `records` of the stories that wait, in the order in which they came, and
    how many in a row the program failed at last."""

    records: Sequence[ConsumerRecord]
    faults: int


def held_records(
    topic_name: str, partition: int, held: Iterable[Held], releases: Iterable[Release]
) -> list[Outgoing]:
    """The records that keep the topic in step with a shard."""
    gone = [Outgoing(topic_name, release.held.id.encode(), None, (), partition) for release in releases]
    return [*gone, *(_record(topic_name, partition, one) for one in held)]


def put_by(record: ConsumerRecord, *, counts: bool) -> Outgoing:
    """Takes back a record whose story goes to the dead letters; `counts` in the row of those."""
    headers = ((_FAULT, b"1"),) if counts else ()
    return Outgoing(record.topic, record.key, None, headers, record.partition)


async def read_standing(client: Mapping[str, Any], topic_name: str, partition: int) -> Standing:
    """What stands in the topic of a shard. Call it after the older owner was fenced, or its open transaction
    hides the end."""
    consumer = ledger_consumer(client)
    await consumer.start()
    try:
        tp = TopicPartition(topic_name, partition)
        consumer.assign([tp])
        end = (await consumer.end_offsets([tp]))[tp]
        consumer.seek(tp, (await consumer.beginning_offsets([tp]))[tp])
        found: dict[bytes, ConsumerRecord] = {}
        faults = 0
        async for records in read_to(consumer, tp, end):
            for record in records:
                if record.value is None:
                    found.pop(record.key, None)
                    faults = faults + 1 if _FAULT in dict(record.headers) else 0
                else:
                    found[record.key] = record
        return Standing(list(found.values()), faults)
    finally:
        await consumer.stop()


async def read_held(client: Mapping[str, Any], topic_name: str, partition: int) -> list[Held]:
    """The stories of a shard that wait, in the order in which they came; else as `read_standing`, and raises
    as `held_of`."""
    standing = await read_standing(client, topic_name, partition)
    return [held_of(record) for record in standing.records]


def is_held(headers: Iterable[tuple[str, bytes]]) -> bool:
    """Whether a record is that of a story which waits."""
    return any(name == _HELD for name, _ in headers)


def feed_of_held(headers: Iterable[tuple[str, bytes]]) -> str:
    """The feed of such a story, empty where its headers do not tell."""
    try:
        return str(orjson.loads(dict(headers)[_HELD])["facets"]["feed"])
    except (KeyError, ValueError, TypeError):
        return ""


def held_of(record: ConsumerRecord) -> Held:
    """The story of a record. Raises KeyError, ValueError or TypeError on one that dedup did not write."""
    named = dict(original_headers(record.headers))
    told = orjson.loads(named.pop(_HELD))
    return Held(
        id=record.key.decode(),
        text=told["text"],
        until=told["until"],
        is_own=told["is_own"],
        role=told["role"],
        facets=read_facets(told["facets"]),
        event=record.value,
        headers=tuple(named.items()),
        topic_names=tuple(told["topic_names"]),
        is_retried=told.get("is_retried", False) or was_retried(record.headers),
    )


def _record(topic_name: str, partition: int, held: Held) -> Outgoing:
    """The reverse of `held_of`."""
    told = encode(
        {
            "text": held.text,
            "until": held.until,
            "is_own": held.is_own,
            "role": held.role,
            "facets": held.facets,
            "topic_names": held.topic_names,
            "is_retried": held.is_retried,
        }
    )
    return Outgoing(topic_name, held.id.encode(), held.event, (*held.headers, (_HELD, told)), partition)
