"""The events of a replay and of the live run over the same records, as readers of committed records see
them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from kafka import KafkaConsumer, TopicPartition

from stream.codec import timestamp_ms
from stream.kafka import header_names
from stream.replay.compare import View, advisory_view, view
from stream.replay.scope import Scope
from stream.settings import Settings
from stream.topology import Topology

PROMOTED = "wirestream-replay"
"""The header of a live event that came from a replay: its name."""
_POLL_MS = 500


def live_views(client: Mapping[str, Any], settings: Settings, scope: Scope) -> dict[str, View]:
    """By story id, the live run's last word on the stories of the replay's stretch."""
    topology = Topology(settings)
    found: dict[str, View] = {}
    for record in read_events(client, topology.enriched, topology.duplicates, since=scope.begin):
        event = orjson.loads(record.value)
        if _within(scope, event):
            found[event["id"]] = view(event, promoted=any(name == PROMOTED for name, _ in record.headers))
    return _with_advisories(found, read_events(client, topology.advisories, since=scope.begin))


def replay_views(client: Mapping[str, Any], settings: Settings, scope: Scope) -> dict[str, View]:
    """By story id, what the replay decided."""
    topology = scope.topology(settings)
    events = read_events(client, topology.enriched, topology.duplicates)
    found = {seen.id: seen for seen in (view(orjson.loads(record.value)) for record in events)}
    return _with_advisories(found, read_events(client, topology.advisories))


def _with_advisories(views: dict[str, View], records: Iterable[Any]) -> dict[str, View]:
    """The views with the advisories that their stories gave rise to."""
    for record in records:
        event = orjson.loads(record.value)
        if found := views.get(event["told_by"]):
            views[found.id] = replace(found, advisories=(*found.advisories, advisory_view(event)))
    return views


def read_events(client: Mapping[str, Any], *topic_names: str, since: datetime | None = None) -> Iterator[Any]:
    """The committed records of some topics up to their ends now, those written since a time."""
    header_names.accept_any()
    consumer = KafkaConsumer(**client, enable_auto_commit=False, isolation_level="read_committed")
    try:
        partitions = [
            TopicPartition(name, partition)
            for name in topic_names
            for partition in consumer.partitions_for_topic(name) or ()
        ]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        consumer.seek_to_beginning(*partitions)
        if since is not None:
            asked = dict.fromkeys(partitions, max(timestamp_ms(since), 0))
            for tp, found in consumer.offsets_for_times(asked).items():
                consumer.seek(tp, found.offset if found else ends[tp])
        while any(consumer.position(tp) < ends[tp] for tp in partitions):
            for tp, records in consumer.poll(timeout_ms=_POLL_MS).items():
                yield from (record for record in records if record.offset < ends[tp])
    finally:
        consumer.close()


def _within(scope: Scope, event: Mapping[str, Any]) -> bool:
    source = event["source"]
    stretch = scope.stretches.get(source["partition"])
    return (
        source["topic"] == scope.topic_name
        and stretch is not None
        and stretch.start <= source["offset"] < stretch.end
        and (not scope.feeds or event["feed"] in scope.feeds)
        and (not scope.languages or event["language"] in scope.languages)
    )
