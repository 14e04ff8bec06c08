"""Publishing what a replay decided otherwise to the live outputs, as updates.

One transaction for all: readers of committed records see every correction or none. A second promotion
finds nothing left to do, because what was promoted is the live run's last word by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer

from stream.codec import encode
from stream.kafka.emit import BatchEmitter, Outgoing, producer_settings
from stream.replay.compare import View, advisory_view, differences, view
from stream.replay.results import PROMOTED, read_events
from stream.replay.scope import Scope
from stream.settings import Settings
from stream.topology import Topology

# As long as a broker lets a transaction take by default (transaction.max.timeout.ms).
_TRANSACTION_TIMEOUT_MS = 900_000
_BATCH = 1000


def promotions(
    client: Mapping[str, Any], settings: Settings, scope: Scope, live: Mapping[str, View]
) -> Iterator[Outgoing]:
    """The records that make the replay the live run's last word: for every story that differs an `update`,
    for every one that the live run did not have the replay's own event, and so for advisories; to the live
    outputs and routes."""
    topology = scope.topology(settings)
    names = [topology.enriched, topology.duplicates]
    routes = {topology.route(route.topic_name) for route in settings.routes}
    updated = {route.topic_name for route in settings.routes if "update" in (route.where.roles or ["update"])}
    for record in read_events(client, *names, *routes):
        event = orjson.loads(record.value)
        after, before = view(event), live.get(event["id"])
        target = record.topic.removesuffix(topology.suffix)
        if before is None:
            yield _promoted(record, event, target, scope.name, is_update=False)
        elif any(differences(replace(before, advisories=()), after)):
            if record.topic not in routes:
                target = Topology(settings).enriched
            elif target not in updated:
                continue
            yield _promoted(record, event, target, scope.name, is_update=True)
    for record in read_events(client, topology.advisories):
        event = orjson.loads(record.value)
        known = live.get(event["told_by"])
        if known is None or advisory_view(event) not in known.advisories:
            yield _promoted(record, event, Topology(settings).advisories, scope.name, is_update=False)


def _promoted(record: Any, event: dict[str, Any], target: str, name: str, *, is_update: bool) -> Outgoing:
    headers = dict(record.headers)
    value = record.value
    if is_update:
        event["cluster"]["role"] = "update"
        value = encode(event)
        headers["ce_type"] = b"wirestream.story.update"
    headers[PROMOTED] = name.encode()
    return Outgoing(target, record.key, value, tuple(headers.items()))


async def publish(client: Mapping[str, Any], group: str, records: Iterable[Outgoing]) -> int:
    """Publishes the records in one transaction and returns how many they were."""
    producer = AIOKafkaProducer(
        **producer_settings(client),
        transactional_id=f"{group}-promote",
        transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
    )
    await producer.start()
    count = 0
    try:
        async with producer.transaction():
            emitter = BatchEmitter(producer)
            for batch in _batches(records):
                await emitter.send(batch)
                count += len(batch)
    finally:
        await producer.stop()
    return count


def _batches(records: Iterable[Outgoing]) -> Iterator[Sequence[Outgoing]]:
    batch: list[Outgoing] = []
    for record in records:
        batch.append(record)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
