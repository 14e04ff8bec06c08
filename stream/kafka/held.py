"""The stories that wait for the end of an embargo, as a compacted Kafka topic with one partition a shard.

The transaction that decides on a story writes its event with all that is needed to send it on: key = story
id, value = the event, headers = those of the event and `wirestream-held`. The one that releases it writes the
same key without a value. So what stands in the topic waits, whoever owns the shard, and for however long:
compaction removes what was released, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from aiokafka import TopicPartition

from stream.codec import encode, read_facets
from stream.kafka.emit import Outgoing
from stream.kafka.ledger import ledger_consumer, read_to
from stream.lifecycle.waiting import Held, Release

_HELD = "wirestream-held"


def held_records(
    topic_name: str, partition: int, held: Iterable[Held], releases: Iterable[Release]
) -> list[Outgoing]:
    """The records that keep the topic in step with a shard."""
    gone = [Outgoing(topic_name, release.held.id.encode(), None, (), partition) for release in releases]
    return [*gone, *(_record(topic_name, partition, one) for one in held)]


async def read_held(client: Mapping[str, Any], topic_name: str, partition: int) -> list[Held]:
    """The stories of a shard that wait, in the order in which they came. Call it after the older owner was
    fenced, or its open transaction hides the end."""
    consumer = ledger_consumer(client)
    await consumer.start()
    try:
        tp = TopicPartition(topic_name, partition)
        consumer.assign([tp])
        end = (await consumer.end_offsets([tp]))[tp]
        consumer.seek(tp, (await consumer.beginning_offsets([tp]))[tp])
        found: dict[bytes, Held] = {}
        async for records in read_to(consumer, tp, end):
            for record in records:
                if record.value is None:
                    found.pop(record.key, None)
                else:
                    found[record.key] = _read(record.key, record.value, record.headers)
        return list(found.values())
    finally:
        await consumer.stop()


def _record(topic_name: str, partition: int, held: Held) -> Outgoing:
    told = encode(
        {
            "text": held.text,
            "until": held.until,
            "is_own": held.is_own,
            "role": held.role,
            "facets": held.facets,
            "topic_names": held.topic_names,
        }
    )
    return Outgoing(topic_name, held.id.encode(), held.event, (*held.headers, (_HELD, told)), partition)


def _read(key: bytes, value: bytes, headers: Iterable[tuple[str, bytes]]) -> Held:
    """The reverse of `_record`. Raises KeyError on a record that dedup did not write."""
    named = dict(headers)
    told = orjson.loads(named.pop(_HELD))
    return Held(
        id=key.decode(),
        text=told["text"],
        until=told["until"],
        is_own=told["is_own"],
        role=told["role"],
        facets=read_facets(told["facets"]),
        event=value,
        headers=tuple(named.items()),
        topic_names=tuple(told["topic_names"]),
    )
