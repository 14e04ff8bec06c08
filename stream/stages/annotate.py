"""The annotate stage: batches of `wire.stories` to `wire.annotated` and `wire.dead-letter`.

At-least-once: a batch is sent, awaited, and only then acknowledged by the caller. A worker that dies in
between leaves the batch to be annotated again, with the same ids, which dedup recognises.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer, ConsumerRecord

from stream.annotate import Annotator, Outcome
from stream.codec import annotated_headers, from_timestamp_ms
from stream.kafka.dead_letter import dead_letter
from stream.kafka.emit import BatchEmitter, Outgoing, producer_settings
from stream.metrics import Metrics
from stream.model import Annotated, Origin, Record
from stream.topology import Topology

STAGE = "annotate"
# The event loop also serves dedup, commits and rebalances: it gets its turn after so many stories.
_CHUNK = 50


class AnnotateStage:
    """One per worker. `open` before the first batch, `close` after the last."""

    def __init__(
        self, client: Mapping[str, Any], topology: Topology, annotator: Annotator, metrics: Metrics
    ) -> None:
        self._client = client
        self._topology = topology
        self._annotator = annotator
        self._metrics = metrics
        self._producer: AIOKafkaProducer | None = None

    async def open(self) -> None:
        """Connects; nothing when connected already."""
        if self._producer is None:
            self._producer = AIOKafkaProducer(**producer_settings(self._client))
            await self._producer.start()

    async def close(self) -> None:
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def process(self, records: Sequence[ConsumerRecord]) -> None:
        """Annotates one batch; returns when everything that came of it is delivered."""
        if self._producer is None:
            raise RuntimeError("the stage was not opened")
        outgoing: list[Outgoing] = []
        outcomes: list[Outcome] = []
        with self._metrics.stage_seconds.labels(STAGE).time():
            for start in range(0, len(records), _CHUNK):
                chunk = [read_record(record) for record in records[start : start + _CHUNK]]
                done = self._annotator.annotate(chunk)
                outcomes += done
                outgoing += [record for outcome in done for record in self._outgoing(outcome)]
                await asyncio.sleep(0)
            await BatchEmitter(self._producer).send(outgoing)
        self._metrics.records_read.labels(STAGE).inc(len(records))
        self._metrics.batch_records.labels(STAGE).observe(len(records))
        self._metrics.flow.count_annotated(outcomes)

    def _outgoing(self, outcome: Outcome) -> list[Outgoing]:
        if outcome.rejected is not None:
            return [dead_letter(self._topology.dead_letter, outcome.record, outcome.rejected, STAGE)]
        return [self._annotated_record(story) for story in outcome.stories]

    def _annotated_record(self, story: Annotated) -> Outgoing:
        language = story.facets.language or "und"
        return Outgoing(
            self._topology.annotated,
            language.encode(),
            story.event,
            annotated_headers(story),
            partition=self._topology.shard(language),
        )


def read_record(record: ConsumerRecord) -> Record:
    """A consumer's record as the pure stages take it. A record without a timestamp was received now."""
    stamped = record.timestamp is not None and record.timestamp >= 0
    return Record(
        value=record.value,
        timestamp=from_timestamp_ms(record.timestamp) if stamped else datetime.now(UTC),
        origin=Origin(record.topic, record.partition, record.offset),
        key=record.key,
        headers=tuple(record.headers),
    )
