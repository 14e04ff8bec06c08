"""Peer: plain Faust around wirestream's own stages, record by record as its documentation shows agents.

Two agents over the same topics. At least once, with Faust's defaults but for compression; what it remembers
of earlier stories is in memory only and lost at a restart. It needs nothing that wirestream does not need.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from tempfile import mkdtemp
from typing import Any

import faust

from stream.annotate import Annotator
from stream.codec import annotated_headers, read_annotated
from stream.fold import Shard
from stream.lifecycle.notices import deliveries
from stream.model import Origin, Record
from stream.settings import Settings
from stream.topology import Topology


def make_app(bootstrap: str, prefix: str) -> faust.App:
    """The app with both agents."""
    settings = Settings()
    settings = settings.model_copy(update={"topics": settings.topics.model_copy(update={"prefix": prefix})})
    topology, annotator = Topology(settings), Annotator(settings)
    shards: Mapping[int, Shard] = defaultdict(lambda: Shard(settings, ()))
    app = faust.App(
        prefix,
        broker=f"kafka://{bootstrap}",
        consumer_auto_offset_reset="earliest",
        producer_compression_type="zstd",
        # Its leader topic cannot be made on Kafka 4.
        topic_disable_leader=True,
        topic_allow_declare=False,
        key_serializer="raw",
        value_serializer="raw",
        web_enabled=False,
        datadir=mkdtemp(),
    )

    def topic(name: str) -> Any:
        return app.topic(name, key_serializer="raw", value_serializer="raw")

    annotated = topic(topology.annotated)
    outputs = {name: topic(name) for name in (topology.enriched, topology.duplicates)}

    @app.agent(topic(topology.stories))
    async def annotate(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            origin = Origin(message.topic, message.partition, message.offset)
            received = datetime.fromtimestamp(message.timestamp, UTC)
            headers = tuple(message.headers or ())
            [outcome] = annotator.annotate([Record(event.value, received, origin, message.key, headers)])
            for story in outcome.stories:
                for shard, one in deliveries(story, topology):
                    await annotated.send(
                        key=(one.facets.language or "und").encode(),
                        value=one.event,
                        partition=shard,
                        headers=dict(annotated_headers(one)),
                    )

    @app.agent(annotated)
    async def dedup(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            story = read_annotated(event.value, message.headers)
            fold = shards[message.partition].fold(story)
            for told in fold.told if fold is not None else ():
                for name, key, value, headers in told.records:
                    await outputs[name].send(key=key, value=value, headers=dict(headers))

    return app


def main() -> None:
    """Runs until it is stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--prefix", required=True)
    asked = parser.parse_args()
    faust.Worker(make_app(asked.bootstrap, asked.prefix), loglevel="WARN").execute_from_commandline()


if __name__ == "__main__":
    main()
