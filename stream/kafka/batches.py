"""Batches through Faust: one pseudo-record per slice of a partition.

Faust delivers record by record, at a cost per record that is several times that of reading it. Its
consumer scheduler is the extension point: called by Faust's fetch loop with all that one poll returned, it
may yield what it likes. Ours yields slices. An agent then sees a batch as one event, whose value is the
list of Kafka records and whose offset is the last one's, so that acknowledging it commits the slice.

Faust's consumer takes the offsets that a slice leaps over for records deleted from the log, and its book of
such gaps lets every commit advance by one slice only: on a backlog the committed offset falls behind by
minutes, and a crash repeats all that work. `SliceTransport` has a consumer without that book, which one
agent per partition, taking its slices in turn, does not need. It also mends how Faust takes up a partition
that nobody has committed yet, reads committed records only, and bears header names of any bytes.

What is polled is also ours to say. Left to itself Faust polls until an agent's buffer is full and then waits
for that agent, and aiokafka hands out one partition after the other: in a worker with both stages a backlog
of stories keeps what it has annotated waiting until the backlog is done. `SliceConsumer` polls the topic
nearest to the output first, and none that has enough waiting, so that what was begun is soon finished.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakSet

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import IllegalStateError
from faust.transport.consumer import ensure_TP
from faust.transport.drivers import aiokafka as driver
from faust.transport.utils import DefaultSchedulingStrategy
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from stream.kafka import header_names

# A slice is also bounded in bytes: 250 stories of half a megabyte would hold the event loop for seconds
# and a transaction's memory with it.
SLICE_BYTES = 4 * 1024 * 1024
# One that an agent works on, and one so that it need not wait for the next.
_SLICES_OF_PARTITION = 2
# How soon a poll that left partitions out looks again: much less than the work of the slice that waits there.
_HELD_SECONDS = 0.01


class Slice:
    """A run of one partition's records in the shape of a Kafka record, as Faust's consumer reads it."""

    __slots__ = ("offset", "partition", "timestamp", "timestamp_type", "topic", "value")

    headers = ()
    key = None
    checksum = None
    serialized_key_size = 0
    serialized_value_size = 0

    def __init__(self, records: Sequence[ConsumerRecord]) -> None:
        last = records[-1]
        self.topic: str = last.topic
        self.partition: int = last.partition
        self.offset: int = last.offset
        self.timestamp: int = last.timestamp
        self.timestamp_type: int = last.timestamp_type
        self.value = records


def slices(records: Sequence[ConsumerRecord], most: int, most_bytes: int) -> Iterator[Slice]:
    """Consecutive slices of at most `most` records and about `most_bytes` bytes; a record larger than that
    stands alone. Order is kept and nothing is dropped."""
    start = size = 0
    for index, record in enumerate(records):
        length = len(record.value or b"")
        if index > start and (index - start >= most or size + length > most_bytes):
            yield Slice(records[start:index])
            start, size = index, 0
        size += length
    if start < len(records):
        yield Slice(records[start:])


def batching(most: int, most_bytes: int = SLICE_BYTES) -> type[DefaultSchedulingStrategy]:
    """A Faust `ConsumerScheduler` class that yields slices, taking turns between partitions so that a full
    one does not keep the others waiting."""

    class BatchingScheduler(DefaultSchedulingStrategy):
        def iterate(self, records: Mapping[TP, list[Any]]) -> Iterator[tuple[TP, Slice]]:
            waiting = [(tp, slices(of_partition, most, most_bytes)) for tp, of_partition in records.items()]
            while waiting:
                still = []
                for tp, source in waiting:
                    piece = next(source, None)
                    if piece is not None:
                        yield tp, piece
                        still.append((tp, source))
                waiting = still

    return BatchingScheduler


def due_partitions(
    active: Collection[TP], waiting: Iterable[Any], order: Sequence[str], most: int
) -> list[set[TP]]:
    """The partitions to poll now, by topic, in `order` of the topics: the one nearest to the output first.

    `waiting` are the slices that an agent has or will have, as messages that are not acknowledged. A
    partition with one in work and one behind it is passed over, so that what comes meanwhile makes one
    larger slice. A topic with `most` records waiting is passed over with all that lies behind it in
    `order`: it would only get more to do.
    """
    slices_of: Counter[TP] = Counter()
    records_of: Counter[str] = Counter()
    for message in waiting:
        slices_of[message.tp] += 1
        records_of[message.topic] += len(message.value)
    due = []
    for topic_name in order:
        if records_of[topic_name] >= most:
            break
        due.append({tp for tp in active if tp.topic == topic_name and slices_of[tp] < _SLICES_OF_PARTITION})
    return [of_topic for of_topic in due if of_topic]


class SliceConsumer(driver.Consumer):
    """Commits behind the newest acknowledged slice. Right only where the slices of a partition are
    acknowledged in order: agents of `concurrency=1`, which finish one before they take the next."""

    transport: SliceTransport

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Weak: what a rebalance drops is neither acknowledged nor kept.
        self._delivered: WeakSet[ConsumerMessage] = WeakSet()

    def _new_offset(self, tp: TP) -> int | None:
        acked = self._acked[tp]
        if not acked:
            return None
        newest: int = max(acked)
        acked.clear()
        self._acked_index[tp].clear()
        return newest + 1

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Offsets without a record need no note of their own."""

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Every partition back to its committed offset, those without one to their beginning.

        A fetch that was under way when partitions moved may return records of the new assignment. Faust
        drops them and seeks back, and aiokafka leaves a partition without a committed offset where it is:
        behind the records that were dropped.
        """
        committed: Mapping[TP, int] = await super().seek_to_committed()
        fresh = [tp for tp, offset in committed.items() if not offset]
        for tp in fresh:
            # Faust notes a commit as done that the broker refused (the partition had moved), and would then
            # take every acknowledgement up to it for old: the partition would never be committed.
            self._committed_offset[ensure_TP(tp)] = None
        try:
            if fresh:
                await self._thread.seek_to_beginning(*fresh)
        except IllegalStateError:
            # They were taken away meanwhile; whoever has them now seeks for itself.
            pass
        return committed

    def answered(self, tp: TP) -> float | None:
        """When a broker last answered a fetch of an assigned partition, with records or without (Unix time);
        None before the first. AssertionError where it is not assigned, as of `highwater`."""
        milliseconds: int | None = self._thread._ensure_consumer().last_poll_timestamp(tp)
        return None if milliseconds is None else milliseconds / 1000

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Mapping[TP, list[Any]]:
        """The next records of the topics that are due; those of the last stage alone where it has any."""
        order, most = self.transport.order, self.transport.waiting_records
        due = due_partitions(active_partitions or set(), self._waiting(), order, most)
        for of_topic in due[:-1]:
            if found := await self._thread.getmany(of_topic, 0):
                return found
        if not due:
            await asyncio.sleep(_HELD_SECONDS)
            return {}
        held = sum(map(len, due)) < len(active_partitions or ())
        return await self._thread.getmany(set().union(*due), _HELD_SECONDS if held else timeout)

    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:
        message = super()._to_message(tp, record)
        self._delivered.add(message)
        return message

    def _waiting(self) -> list[ConsumerMessage]:
        """The slices that agents have not finished. Faust notes one only when its agent takes it up."""
        now = self.app.consumer_generation_id
        return [m for m in self._delivered if not m.acked and m.generation_id == now]

    def _new_consumer_thread(self) -> CommittedRecords:
        return CommittedRecords(self, loop=self.loop, beacon=self.beacon)


class CommittedRecords(driver.AIOKafkaConsumerThread):
    """The thread that owns the consumer. What a producer sent in a transaction that it then aborted was
    never sent: Faust would read it all the same."""

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        header_names.accept_any()
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"
        return consumer


class SliceTransport(driver.Transport):
    """Faust's Kafka transport with that consumer: `order` and `waiting_records` as of `due_partitions`."""

    Consumer = SliceConsumer

    def __init__(self, *args: Any, order: Sequence[str], waiting_records: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.waiting_records = waiting_records
