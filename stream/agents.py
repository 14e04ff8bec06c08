"""The two Faust agents, and what a rebalance means to them. Called by `stream.app`.

What Faust needs to be told so that nothing is lost:

- `stream.noack().events()`: an agent's record is acknowledged by us, after its sends were awaited. Left to
  itself Faust acknowledges a record whose agent raised.
- One batch at a time a partition (`concurrency=1`): with more, acknowledgements out of order can commit past
  a batch that is not finished.
- `on_rebalance_complete` is awaited before the first record of a new assignment flows;
  `on_partitions_assigned` is not.
- No exception leaves an agent. What is a fault of the input, or of ours at one record, was turned into a
  dead letter by the stage; anything else is of the program or the cluster: the process ends at once, before
  an offset is committed, and its supervisor starts it again. `app.crash()` would wait for ever for the
  records that are not acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Sequence
from typing import Any, NoReturn, cast

import faust
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError

from stream.errors import UserError
from stream.exits import EXIT_FAILED, EXIT_INTERNAL_FAULT
from stream.health import Health
from stream.kafka.batches import SliceConsumer
from stream.metrics import Metrics
from stream.metrics.waiting import Waiting
from stream.stages import annotate as annotating
from stream.stages import dedup as deduplicating
from stream.stages.annotate import AnnotateStage
from stream.stages.dedup import DedupStage
from stream.topology import Topology

# Lag is read off what the consumer knows; more often would show nothing that a scrape can see.
_MEASURE_SECONDS = 5.0
# How far a shard that stands by may be behind: what a takeover still has to read.
_FOLLOW_SECONDS = 5.0
# How late copy may be that an embargo held: embargoes end on the minute.
_RELEASE_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Agents:
    """The agents of one app. A stage that this worker does not run is None, and its topic is not read."""

    def __init__(
        self,
        app: faust.App,
        topology: Topology,
        *,
        annotate: AnnotateStage | None,
        dedup: DedupStage | None,
        metrics: Metrics,
        health: Health,
    ) -> None:
        self._app = app
        self._topology = topology
        self._annotate, self._dedup = annotate, dedup
        self._metrics, self._health = metrics, health
        # What is known of the input of every assigned partition.
        self._waiting: dict[TopicPartition, Waiting] = {}
        self._stages = {topology.stories: annotating.STAGE, topology.annotated: deduplicating.STAGE}

    def register(self) -> None:
        """Declares the agents and signal handlers on the app."""
        if self._annotate is not None:
            self._agent(annotating.STAGE, self._topology.stories, self._annotate_batch)
        if self._dedup is not None:
            self._agent(deduplicating.STAGE, self._topology.annotated, self._dedup_batch)
        self._app.on_partitions_revoked.connect(self._on_revoked, weak=False)
        self._app.on_rebalance_complete.connect(self._on_rebalance_complete, weak=False)
        self._app.on_before_shutdown.connect(self._on_before_shutdown, weak=False)
        self._app.timer(_MEASURE_SECONDS, name="measure")(self._measure)
        if self._dedup is not None:
            self._app.timer(_FOLLOW_SECONDS, name="standby")(self._follow)
            self._app.timer(_RELEASE_SECONDS, name="embargoes")(self._release)

    def _agent(self, name: str, topic_name: str, process: Any) -> None:
        topic = self._app.topic(topic_name, key_serializer="raw", value_serializer="raw")

        async def agent(stream: Any) -> None:
            async for event in stream.noack().events():
                message = event.message
                await _or_die(
                    process(message.partition, event.value), f"{name} failed at {_place(event.value)}"
                )
                self._health.moved()
                # Gone when the partition was taken away meanwhile.
                waiting = self._waiting.get(TopicPartition(message.topic, message.partition))
                if waiting is not None:
                    waiting.finish(message.offset, event.value[-1].timestamp)
                event.ack()

        self._app.agent(topic, name=name, concurrency=1)(agent)

    async def _annotate_batch(self, partition: int, records: Any) -> None:  # noqa: ARG002 - as of an agent
        assert self._annotate is not None
        await self._annotate.process(records)

    async def _dedup_batch(self, partition: int, records: Any) -> None:
        assert self._dedup is not None
        await self._dedup.process(partition, records)

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        self._health.wait("rebalancing")

    async def _on_rebalance_complete(self, *_: Any, **__: Any) -> None:
        await _or_die(self._take_assignment(), "taking over partitions failed")

    async def _take_assignment(self) -> None:
        self._health.wait("rebuilding the index")
        assigned: dict[str, list[int]] = {}
        for tp in sorted(self._app.consumer.assignment()):
            assigned.setdefault(tp.topic, []).append(tp.partition)
        now = time.time()
        self._waiting = {
            TopicPartition(topic_name, partition): Waiting(taken=now)
            for topic_name, partitions in assigned.items()
            for partition in partitions
        }
        for topic_name, stage in self._stages.items():
            self._metrics.keep_partitions(stage, assigned.get(topic_name, ()))
        if self._annotate is not None:
            await self._annotate.open()
        if self._dedup is not None:
            await self._dedup.assign(assigned.get(self._topology.annotated, []))
        self._health.ready(assigned)
        _log.info("ready: %s", assigned or "no partitions, standing by")

    async def _follow(self) -> None:
        assert self._dedup is not None
        await _or_die(self._dedup.follow(), "standing by failed")

    async def _release(self) -> None:
        assert self._dedup is not None
        # A stop cancels timers: a shard must not be left with a release half made.
        await asyncio.shield(_or_die(self._dedup.release(), "releasing copy whose embargo has ended failed"))

    async def _on_before_shutdown(self, *_: Any, **__: Any) -> None:
        self._health.wait("stopping")

    async def close(self) -> None:
        """Disconnects the stages' producers; after the app has stopped."""
        if self._annotate is not None:
            await self._annotate.close()
        if self._dedup is not None:
            await self._dedup.close()

    async def _measure(self) -> None:
        """Lag, the sizes of the shards, and to the health page how much waits and for how long no broker has
        answered."""
        now, total = time.time(), 0
        for tp, waiting in self._waiting.items():
            records = await self._unfinished(tp, waiting)
            # A rebalance may have come meanwhile.
            if records is not None and self._waiting.get(tp) is waiting:
                total += records
                stage = self._stages[tp.topic]
                self._metrics.set_lag(stage, tp.partition, records, waiting.seconds(records, now))
        answered = [moment for tp in self._waiting if (moment := self._answered(tp)) is not None]
        self._health.measured(total, silence=now - max(answered, default=now))
        if self._dedup is not None:
            self._dedup.measure()

    def _answered(self, tp: TopicPartition) -> float | None:
        try:
            return cast(SliceConsumer, self._app.consumer).answered(tp)
        except (AssertionError, IllegalStateError):
            return None

    async def _unfinished(self, tp: TopicPartition, waiting: Waiting) -> int | None:
        """How many records of a partition wait; None where that is not known, as in a rebalance or while
        the brokers are away."""
        consumer = self._app.consumer
        try:
            end = consumer.highwater(tp)
            done = waiting.offset
            if done is None:
                done = await asyncio.wait_for(consumer.position(tp), _MEASURE_SECONDS)
        except (AssertionError, IllegalStateError, TimeoutError):
            return None
        return None if end is None or done is None else max(0, end - done)


def _place(records: Sequence[ConsumerRecord]) -> str:
    first, last = records[0], records[-1]
    return f"{first.topic} partition {first.partition} offsets {first.offset} to {last.offset}"


async def _or_die(work: Awaitable[None], what: str) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing may be committed after it
        _die(what, error)


def _die(what: str, error: Exception) -> NoReturn:
    if isinstance(error, UserError):
        # Something that a person must mend: a restart would end the same way.
        _log.critical("%s: the worker stops before it commits an offset: %s", what, error)
        logging.shutdown()
        os._exit(EXIT_FAILED)
    _log.critical("%s: the worker stops before it commits an offset", what, exc_info=error)
    logging.shutdown()
    os._exit(EXIT_INTERNAL_FAULT)
