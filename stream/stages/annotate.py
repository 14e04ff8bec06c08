"""The annotate stage: batches of `wire.stories` to `wire.annotated` and `wire.dead-letter`.

At-least-once: a batch is sent, awaited, and only then acknowledged by the caller. A worker that dies in
between leaves the batch to be annotated again, with the same ids, which dedup recognises.

A feed that passes a limit on rejections stops the stage before the batch is sent (`stream.rejections`), and
so does a program that raises over one record after the other (`stream.faults`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer, ConsumerRecord

from stream.annotate import UNKNOWN_FEED, Annotator, Outcome
from stream.codec import annotated_headers
from stream.errors import UserError
from stream.faults import Fault, FaultRuns, tell
from stream.kafka.dead_letter import ORIGIN, dead_letter
from stream.kafka.dead_letters import newest
from stream.kafka.emit import BatchEmitter, Outgoing, producer_settings
from stream.kafka.records import read_record
from stream.lifecycle.notices import deliveries
from stream.metrics import Metrics
from stream.model import Annotated, Record
from stream.rejections import Rejections, Standing
from stream.settings import Settings
from stream.topology import Topology

STAGE = "annotate"
# Of a feed's name, where its records are counted: whatever a header holds, memory stays bounded.
_FEED_CHARACTERS = 200


class AnnotateStage:
    """One per worker. `open` before the first batch, `close` after the last."""

    def __init__(
        self, client: Mapping[str, Any], settings: Settings, annotator: Annotator, metrics: Metrics
    ) -> None:
        self._client = client
        self._topology = Topology(settings)
        self._annotator = annotator
        self._metrics = metrics
        self._rejections = Rejections(settings.rejections) if settings.rejections.stop else None
        self._faults = FaultRuns(settings.rejections.faults)
        self._producer: AIOKafkaProducer | None = None

    async def open(self) -> None:
        """Connects, and takes up how the feeds stood; nothing when connected already."""
        if self._producer is None:
            self._producer = AIOKafkaProducer(**producer_settings(self._client))
            await self._producer.start()
            letters = await newest(self._client, self._topology.dead_letter)
            self._faults.resume(letters.faults)
            if self._rejections is not None:
                for feed, standing in letters.standings.items():
                    self._rejections.resume(feed or UNKNOWN_FEED, standing)

    async def close(self) -> None:
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def process(self, records: Sequence[ConsumerRecord]) -> None:
        """Annotates one batch; returns when everything that came of it is delivered. Raises with nothing
        sent: `UserError` when a feed has passed a limit on rejections, `FaultLimitError` when this program
        has failed at too many records in a row."""
        if self._producer is None:
            raise RuntimeError("the stage was not opened")
        with self._metrics.stage_seconds.labels(STAGE).time():
            # The event loop also serves dedup, whose transaction is several waits for the broker: each would
            # last as long as what is annotated meanwhile, if that were done here.
            outcomes, outgoing = await asyncio.to_thread(self._annotate, records)
            await BatchEmitter(self._producer).send(outgoing)
        self._metrics.records_read.labels(STAGE).inc(len(records))
        self._metrics.batch_records.labels(STAGE).observe(len(records))
        self._metrics.flow.count_annotated(outcomes)
        for outcome in outcomes:
            if isinstance(outcome.rejected, Fault):
                self._metrics.flow.count_fault(STAGE, outcome.record.origin, _feed(outcome.record))

    def _annotate(self, records: Sequence[ConsumerRecord]) -> tuple[list[Outcome], list[Outgoing]]:
        outcomes = self._annotator.annotate([read_record(record) for record in records])
        return outcomes, [record for outcome in outcomes for record in self._outgoing(outcome)]

    def _outgoing(self, outcome: Outcome) -> list[Outgoing]:
        standing = self._judge(outcome)
        if outcome.rejected is None:
            return [record for story in outcome.stories for record in self._annotated_records(story)]
        if isinstance(outcome.rejected, Fault):
            tell(STAGE, outcome.record.origin, _feed(outcome.record), outcome.rejected)
        topic_name, when = self._topology.dead_letter, datetime.now(UTC)
        return [
            dead_letter(topic_name, outcome.record, outcome.rejected, STAGE, when=when, standing=standing)
        ]

    def _judge(self, outcome: Outcome) -> Standing | None:
        """How the record's feed stands now. What somebody sent back by hand says nothing of its feed, nor
        of the program: it was in the dead letters already."""
        record, rejected = outcome.record, outcome.rejected
        if any(name == ORIGIN for name, _ in record.headers):
            return None
        self._faults.note(record.origin, rejected if isinstance(rejected, Fault) else None)
        if self._rejections is None:
            return None
        feed = _feed(record)
        standing = self._rejections.note(feed, rejected.reason.value if rejected is not None else None)
        if rejected is not None and (broken := self._rejections.broken(feed)):
            # Without the rejection's detail, which may quote the input: this goes into a log.
            raise UserError(
                f"feed {feed!r}: {broken}; the last was {record.origin.in_words} ({rejected.reason}). "
                f"Mend the feed, or its settings (feeds.{feed}), or let its records go to the dead letters "
                "with rejections.stop: false"
            )
        return standing

    def _annotated_records(self, story: Annotated) -> Iterator[Outgoing]:
        key = (story.facets.language or "und").encode()
        for shard, one in deliveries(story, self._topology):
            yield Outgoing(self._topology.annotated, key, one.event, annotated_headers(one), partition=shard)


def _feed(record: Record) -> str:
    """As its header names it. Not the item's own provider, which is not known of what was rejected."""
    return (record.header("feed") or UNKNOWN_FEED)[:_FEED_CHARACTERS]
