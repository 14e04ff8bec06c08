"""Peer: Quix Streams around wirestream's own stages, which leaves the engine as the only difference.

The same two stages over the same topics: annotated stories go to the partition of their language, where all
copies meet however many processes run. Record by record, as Quix Streams works. What it remembers of earlier
stories is in memory only and lost at a restart, where wirestream keeps a ledger.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quixstreams import Application, message_context
from quixstreams.models import BytesDeserializer, Serializer

from stream.annotate import Annotator
from stream.codec import annotated_headers, from_timestamp_ms, read_annotated
from stream.fold import Folded, Shard
from stream.model import Annotated, Origin, Record
from stream.settings import Settings

GUARANTEES = ("at-least-once", "exactly-once")


class EventBytes(Serializer):  # type: ignore[misc]
    """The event is encoded already."""

    def __call__(self, value: Annotated | Folded, ctx: Any) -> bytes:  # noqa: ARG002 - as its base class
        return value.event


class Stages:
    """Both stages as functions of one record."""

    def __init__(self) -> None:
        settings = Settings()
        self._annotator = Annotator(settings)
        self._shards: Mapping[int, Shard] = defaultdict(lambda: Shard(settings, ()))

    def annotate(self, value: bytes, key: Any, timestamp: int, headers: Any) -> tuple[Annotated, ...]:
        """The stories of one record."""
        context = message_context()
        received: datetime = from_timestamp_ms(timestamp)
        origin = Origin(context.topic, context.partition, context.offset)
        [outcome] = self._annotator.annotate([Record(value, received, origin, key, tuple(headers or ()))])
        return outcome.stories

    def fold(self, value: bytes, key: Any, timestamp: int, headers: Any) -> Folded | None:  # noqa: ARG002
        """The event of one annotated story."""
        return self._shards[message_context().partition].fold(read_annotated(value, headers))


def main() -> None:
    """Runs until it is stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--guarantee", choices=GUARANTEES, default=GUARANTEES[0])
    asked = parser.parse_args()
    app = Application(
        broker_address=asked.bootstrap,
        consumer_group=asked.prefix,
        auto_offset_reset="earliest",
        auto_create_topics=False,
        processing_guarantee=asked.guarantee,
        producer_extra_config={"compression.type": "zstd", "linger.ms": 20, "acks": "all"},
        loglevel="WARNING",
    )
    stages, as_bytes, raw = Stages(), EventBytes(), BytesDeserializer()
    names = ("enriched", "duplicates")
    outputs = {name: app.topic(f"{asked.prefix}.{name}", value_serializer=as_bytes) for name in names}
    stories = app.topic(f"{asked.prefix}.stories", value_deserializer=raw)
    annotated = app.topic(
        f"{asked.prefix}.annotated", value_deserializer=raw, value_serializer=as_bytes, key_serializer="str"
    )
    frame = app.dataframe(stories).apply(stages.annotate, expand=True, metadata=True)
    frame = frame.set_headers(lambda story, *_: list(annotated_headers(story)))
    # librdkafka hashes the key as `Topology.shard` does.
    frame.to_topic(annotated, key=lambda story: story.facets.language or "und")
    folded = app.dataframe(annotated).apply(stages.fold, metadata=True).filter(lambda fold: fold is not None)
    folded = folded.set_headers(lambda fold, *_: list(fold.headers))
    folded.to_topic(
        lambda fold, *_: outputs["duplicates" if fold.cluster.role == "copy" else "enriched"],
        key=lambda fold: fold.annotated.id,
    )
    app.run()


if __name__ == "__main__":
    main()
