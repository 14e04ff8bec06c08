"""Reading the stretch: records of each partition in order, annotated by processes of their own.

Annotating is nearly all of the work and needs no order, so chunks of records go to a pool of processes, a
few ahead of what is asked for; they come back in the order of their partition.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context, parent_process
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from stream.annotate import Annotator
from stream.codec import from_timestamp_ms
from stream.errors import Rejected
from stream.exits import EXIT_FAILED
from stream.kafka import header_names
from stream.kafka.dead_letter import first_place
from stream.model import Annotated, Origin, Record
from stream.replay.scope import Stretch
from stream.settings import Settings

# Enough for the classifier's vector operations to pay, few enough that the pool is busy on a short stretch.
_CHUNK = 100
# Chunks that are read and not asked for yet: for each process one in work, one waiting and one done.
_AHEAD = 3
_POLL_MS = 200
_LEAST_TIME = datetime(1970, 1, 1, tzinfo=UTC)

# One record's stories, or why there are none.
Result = tuple[Annotated, ...] | Rejected


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records of one partition with what became of each, and the offset that the next chunk begins at.
    `time` is the latest record's timestamp (milliseconds), None where none had one."""

    records: Sequence[Record]
    results: Sequence[Result]
    time: int | None
    next_offset: int


class Source:
    """The stretches of one topic. `open`, `chunk` until every partition has given its end, `close`."""

    def __init__(
        self, client: Mapping[str, Any], settings: Settings, topic_name: str, stretches: Mapping[int, Stretch]
    ) -> None:
        self._client = client
        self._settings = settings
        self._topic_name = topic_name
        self._ends = {partition: stretch.end for partition, stretch in stretches.items()}
        self._ahead: dict[int, deque[_Pending]] = {partition: deque() for partition in stretches}
        # The last timestamp of each partition, for records without one.
        self._times: dict[int, int] = {}
        self._most_ahead = 0
        self._consumer: AIOKafkaConsumer | None = None
        self._pool: ProcessPoolExecutor | None = None

    async def open(self, starts: Mapping[int, int], workers: int) -> None:
        """Begins each partition at its offset of `starts`, with so many processes that annotate."""
        self._most_ahead = _AHEAD * workers
        self._pool = ProcessPoolExecutor(
            workers, get_context("spawn"), initializer=_load, initargs=(self._settings,)
        )
        header_names.accept_any()
        self._consumer = AIOKafkaConsumer(
            **self._client, group_id=None, enable_auto_commit=False, isolation_level="read_committed"
        )
        await self._consumer.start()
        self._consumer.assign([self._tp(partition) for partition in starts])
        for partition, start in starts.items():
            self._consumer.seek(self._tp(partition), start)

    async def close(self) -> None:
        if self._consumer is not None:
            await self._consumer.stop()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    async def chunk(self, partition: int) -> Chunk:
        """The next chunk of a partition that has not given its end."""
        while not self._ahead[partition]:
            await self._read([partition])
        await self._read_ahead()
        pending = self._ahead[partition].popleft()
        results = await pending.results if pending.results is not None else []
        return Chunk(pending.records, results, pending.time, pending.next_offset)

    async def _read_ahead(self) -> None:
        """Keeps the pool busy with what the broker has at hand."""
        while sum(map(len, self._ahead.values())) < self._most_ahead:
            # Partitions with the least ahead first, so that none is waited for while others pile up.
            unread = [p for p in self._ahead if await self._position(p) < self._ends[p]]
            least = min((len(self._ahead[p]) for p in unread), default=0)
            if not await self._read([p for p in unread if len(self._ahead[p]) == least], wait=False):
                return

    async def _read(self, partitions: Sequence[int], *, wait: bool = True) -> bool:
        """Reads one chunk of one of `partitions`; False when the broker has none at hand."""
        assert self._consumer is not None
        if not partitions:
            return False
        asked = [self._tp(partition) for partition in partitions]
        found = await self._consumer.getmany(*asked, timeout_ms=_POLL_MS if wait else 0, max_records=_CHUNK)
        for tp, records in found.items():
            self._submit(tp.partition, records)
        for partition in partitions if wait else ():
            # Where the log ends in records that were compacted, aborted or deleted, nothing more comes.
            if not self._ahead[partition] and await self._position(partition) >= self._ends[partition]:
                self._ahead[partition].append(_Pending([], None, None, self._ends[partition]))
        return bool(found)

    def _submit(self, partition: int, found: Sequence[ConsumerRecord]) -> None:
        assert self._pool is not None
        end = self._ends[partition]
        records = [self._record(record) for record in found if record.offset < end]
        results = None
        if records:
            results = asyncio.get_running_loop().run_in_executor(self._pool, _annotate, records)
        next_offset = min(found[-1].offset + 1, end)
        self._ahead[partition].append(_Pending(records, results, self._times.get(partition), next_offset))

    def _record(self, record: ConsumerRecord) -> Record:
        """The record as the stages take it. One without a timestamp was received with the one before it:
        when it was really received, nobody knows. A dead letter that was sent back was received when it
        was sent first."""
        if record.timestamp is not None and record.timestamp >= 0:
            self._times[record.partition] = record.timestamp
        time = self._times.get(record.partition)
        timestamp = _LEAST_TIME if time is None else from_timestamp_ms(time)
        if first := first_place(record.headers):
            timestamp = first[1]
        origin = Origin(record.topic, record.partition, record.offset)
        return Record(record.value, timestamp, origin, record.key, tuple(record.headers))

    async def _position(self, partition: int) -> int:
        assert self._consumer is not None
        return int(await self._consumer.position(self._tp(partition)))

    def _tp(self, partition: int) -> TopicPartition:
        return TopicPartition(self._topic_name, partition)


@dataclass(slots=True)
class _Pending:
    records: Sequence[Record]
    results: asyncio.Future[list[Result]] | None
    time: int | None
    next_offset: int


_annotator: Annotator | None = None


def _load(settings: Settings) -> None:
    """Runs once in each process of the pool. It ends when the replay closes it or is gone: a signal to the
    whole group would cut it off within a result, for the rest of which the replay would wait for ever."""
    global _annotator
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _annotator = Annotator(settings)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(EXIT_FAILED)


def _annotate(records: Sequence[Record]) -> list[Result]:
    assert _annotator is not None
    outcomes = _annotator.annotate(records)
    return [outcome.rejected if outcome.rejected is not None else outcome.stories for outcome in outcomes]
