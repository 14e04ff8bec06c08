"""Which replays there are: one compacted topic, key = name, value = the scope as JSON.

On the cluster and not in a folder, so that a replay can go on on another machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from stream.codec import encode
from stream.replay.scope import Scope, Span, Stretch


def replays(client: Mapping[str, Any], topic_name: str) -> dict[str, Scope]:
    """Every replay that was begun and not cleaned up, by name, oldest first; none where the topic is not."""
    consumer = KafkaConsumer(**client, enable_auto_commit=False)
    try:
        if not consumer.partitions_for_topic(topic_name):
            return {}
        tp = TopicPartition(topic_name, 0)
        consumer.assign([tp])
        consumer.seek_to_beginning(tp)
        end = consumer.end_offsets([tp])[tp]
        found: dict[str, Scope] = {}
        while consumer.position(tp) < end:
            for record in consumer.poll(timeout_ms=200).get(tp, ()):
                name = record.key.decode()
                found.pop(name, None)
                if record.value is not None:
                    found[name] = _scope(orjson.loads(record.value))
        return found
    finally:
        consumer.close()


def enter(client: Mapping[str, Any], topic_name: str, name: str, scope: Scope | None) -> None:
    """Notes a replay, or with None forgets it; returns when that is on the cluster."""
    producer = KafkaProducer(**client, acks="all")
    try:
        value = encode(_fields(scope)) if scope is not None else None
        producer.send(topic_name, key=name.encode(), value=value).get(timeout=30)
    finally:
        producer.close()


def _fields(scope: Scope) -> dict[str, object]:
    return {
        "name": scope.name,
        "topic_name": scope.topic_name,
        "begin": scope.begin,
        "until": scope.until,
        "order": scope.order,
        "stretches": {str(partition): list(stretch) for partition, stretch in scope.stretches.items()},
        "ledger": {str(shard): list(span) for shard, span in scope.ledger.items()},
        "feeds": scope.feeds,
        "languages": scope.languages,
    }


def _scope(fields: dict[str, Any]) -> Scope:
    return Scope(
        name=fields["name"],
        topic_name=fields["topic_name"],
        begin=datetime.fromisoformat(fields["begin"]),
        until=datetime.fromisoformat(fields["until"]),
        order=fields["order"],
        stretches={int(p): Stretch(*offsets) for p, offsets in fields["stretches"].items()},
        ledger={int(s): Span(*offsets) for s, offsets in fields["ledger"].items()},
        feeds=tuple(fields["feeds"]),
        languages=tuple(fields["languages"]),
    )
