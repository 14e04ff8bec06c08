"""The dedup stage: batches of `wire.annotated` to events, exactly once for readers of committed records.

Each assigned partition has one transactional producer, whose id fences any older owner of the partition,
and one shard of the index. A batch is one transaction: events, ledger entries and the offset of the input
become visible together or not at all. A shard's state is the fold of its ledger partition, and is caught
up whenever the partition is assigned; what the shard already holds is not read again. With `dedup.standby`
a worker follows the ledger of the other shards too, so that it can take one over at once. What waits for the
end of an embargo stands in a topic of its own, in step with the shard by the same transactions; it is read
when the shard is taken over, and released by the clock, whether or not stories flow.

A record over which the program raises goes to the dead letters, in the transaction of its batch. What it
left of the shard's state nobody knows; the topics do, so the shard is made anew from there, as after a
crash, and the batch is decided without that record. A story that cannot be read, or sent on when its embargo
ends, goes to the dead letters likewise and waits no longer; what ended its embargo stands. Sent back by a
retry it comes as a record of the shard, which knows what became of it meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic, time
from typing import Any

from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from stream.faults import NOT_OF_THE_RECORD, Fault, FaultRuns, tell
from stream.fold import Shard
from stream.kafka.dead_letter import was_retried
from stream.kafka.dead_letters import newest
from stream.kafka.emit import BatchEmitter, Outgoing, producer_settings
from stream.kafka.held import Standing, put_by, read_standing
from stream.kafka.ledger import Page, read_ledger
from stream.kafka.transactions import unfinished
from stream.lifecycle.waiting import Release
from stream.metrics import Metrics
from stream.model import Origin
from stream.settings import Settings
from stream.stages.batch import Batch
from stream.stages.embargoes import Sending, take_up
from stream.stages.failed import Failed
from stream.topology import Topology

STAGE = "dedup"
_COMMITTED, _ABORTED = "committed", "aborted"
# The broker aborts a transaction that stays open for longer; until then readers of committed records wait
# behind it. A batch takes milliseconds, a frozen worker is replaced after the session timeout (10 s).
_TRANSACTION_TIMEOUT_MS = 30_000
# Entries restored before the event loop has its turn: some 20 ms.
_CHUNK = 500

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """A shard, its producer while the partition is ours (None: standing by), and how far into the ledger
    its state reaches (None: nothing read yet)."""

    shard: Shard
    producer: AIOKafkaProducer | None = None
    ledger_offset: int | None = None
    # Stories in a row at whose release the program failed.
    faults: int = 0
    # One transaction at a time: a batch, or a release.
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


class DedupStage:
    """One per worker. `assign` after every rebalance, before any record flows; `follow` now and then,
    `release` every second; `close` at the end. Embargoes end by `clock`, in seconds since 1970."""

    def __init__(
        self,
        client: Mapping[str, Any],
        settings: Settings,
        make_shard: Callable[[], Shard],
        metrics: Metrics,
        *,
        clock: Callable[[], float] = time,
    ) -> None:
        self._client = client
        self._settings = settings
        self._fault_limit = settings.rejections.faults
        self._topology = Topology(settings)
        self._make_shard = make_shard
        self._metrics = metrics
        self._clock = clock
        self._held: dict[int, _Held] = {}
        # Known once the first shard is taken.
        self._faults: FaultRuns | None = None
        # Between `assign` and `follow`, for as long as a shard's state changes.
        self._changing = asyncio.Lock()
        for outcome in (_COMMITTED, _ABORTED):
            metrics.transactions.labels(outcome)

    async def assign(self, partitions: Sequence[int]) -> None:
        """Takes over `partitions` of the annotated topic and gives up all others."""
        async with self._changing:
            for partition in set(self._held) - set(partitions):
                await self._give_up(partition)
            if partitions and self._faults is None:
                self._faults = FaultRuns(self._fault_limit)
                self._faults.resume((await newest(self._client, self._topology.dead_letter)).faults)
            await self._count_aborted(set(partitions) - self._owned.keys())
            for partition in sorted(partitions):
                await self._take(partition)

    async def follow(self) -> None:
        """Catches up with the shards of other workers; nothing without `dedup.standby`. Ends early when a
        broker fails, or when a shard becomes ours on the way: `assign` reads the rest."""
        if not self._settings.dedup.standby:
            return
        try:
            for partition in range(self._settings.topics.shards):
                held = self._held.setdefault(partition, _Held(self._make_shard()))
                if held.producer is None:
                    await self._follow(partition, held)
        except KafkaError as error:
            _log.warning("standing by for other shards was interrupted: %r", error)

    async def close(self) -> None:
        async with self._changing:
            for held in self._held.values():
                await self._disconnect(held)
            self._held.clear()

    async def process(self, partition: int, records: Sequence[ConsumerRecord]) -> None:
        """Decides on one batch and commits it with its input offset. Any exception leaves the transaction
        open and the state ahead of the ledger: the process must end."""
        owned = self._held[partition]
        if owned.producer is None:
            raise RuntimeError(f"shard {partition} was not assigned")
        started = monotonic()
        failed: dict[int, Failed] = {}
        while (batch := await self._decide(owned, partition, records, failed)) is None:
            await self._take_again(owned, partition)
        if batch.sending.failed:
            await self._take_again(owned, partition, batch.sending.failed)
        self._count(partition, batch, list(failed.values()), read=len(records))
        self._metrics.stage_seconds.labels(STAGE).observe(monotonic() - started)

    async def _decide(
        self, owned: _Held, partition: int, records: Sequence[ConsumerRecord], failed: dict[int, Failed]
    ) -> Batch | None:
        """Decides on the records that are not among the `failed` (by offset) and commits the batch. None,
        with one more of those and an empty shard, when the program raised over another."""
        now = self._now_ms()
        if owned.shard.embargoes.has_due(now):
            # Before the records, none of which would be to blame if one of those stories cannot be sent on.
            await self.release()
        async with owned.busy:
            batch = self._fold(owned, partition, records, failed, now)
            if batch is None:
                # At once, before a release could use what is left of it.
                owned.shard, owned.ledger_offset = self._make_shard(), None
                return None
            # A batch of nothing but redeliveries has nothing to commit together with its offset, which the
            # caller's acknowledgement commits; an empty transaction would take as long as a full one.
            if batch.folded or batch.returned or failed:
                outgoing = [*batch.outgoing, *map(self._letter, failed.values())]
                source = TopicPartition(self._topology.annotated, partition)
                delivered = await self._commit(owned, outgoing, {source: records[-1].offset + 1})
                ledger = self._topology.ledger, partition
                owned.ledger_offset = delivered.get(ledger, owned.ledger_offset)
                owned.faults = batch.sending.faults
            return batch

    def _fold(
        self,
        owned: _Held,
        partition: int,
        records: Sequence[ConsumerRecord],
        failed: dict[int, Failed],
        now: int,
    ) -> Batch | None:
        """The decisions; None at the first record over which the program raises."""
        batch = Batch(self._topology, partition, self._sending(owned, partition))
        for record in records:
            if record.offset in failed:
                continue
            try:
                batch.decide(owned.shard, record, now)
            except NOT_OF_THE_RECORD:
                raise
            except Exception as error:  # noqa: BLE001 - kept with the record
                fault = Fault.of(error)
                self._note(record, fault)
                failed[record.offset] = self._failed(record, fault)
                return None
            self._note(record, None)
        return batch

    @staticmethod
    def _failed(record: ConsumerRecord, fault: Fault) -> Failed:
        failed = Failed.at(record, fault)
        tell(STAGE, failed.record.origin, failed.feed, fault)
        return failed

    def _note(self, record: ConsumerRecord, fault: Fault | None) -> None:
        """What somebody sent back by hand says nothing of the program: it was in the dead letters already."""
        assert self._faults is not None
        if fault is None or not was_retried(record.headers):
            self._faults.note(Origin(record.topic, record.partition, record.offset), fault)

    async def _take_again(
        self, owned: _Held, partition: int, failed: Mapping[bytes, Fault] | None = None
    ) -> None:
        async with self._changing:
            if self._held.get(partition) is not owned or owned.producer is None:
                raise RuntimeError(f"shard {partition} was taken away")
            await self._take(partition, failed)

    async def release(self) -> None:
        """Sends on what waits no longer, each shard's in a transaction of its own. Raises as `process`
        does."""
        async with self._changing:
            for partition, owned in self._owned.items():
                # What waits stands in the topic still: it is read again, but for those stories.
                while failed := await self._release(partition, owned):
                    await self._take(partition, failed)

    async def _release(self, partition: int, owned: _Held) -> dict[bytes, Fault]:
        """Sends on what waits no longer; nothing of it when the program raises over some, which are returned,
        by the keys of their records."""
        async with owned.busy:
            sending = self._sending(owned, partition)
            outgoing = sending.records(owned.shard.release(self._now_ms()))
            if outgoing and not sending.failed:
                await self._commit(owned, outgoing, {})
                owned.faults = sending.faults
                self._metrics.flow.count_released(sending.sent)
            return sending.failed

    def _sending(self, owned: _Held, partition: int) -> Sending:
        return Sending(self._topology.held, partition, owned.faults, self._fault_limit)

    async def _commit(
        self, owned: _Held, outgoing: Sequence[Outgoing], offsets: Mapping[TopicPartition, int]
    ) -> dict[tuple[str, int], int]:
        assert owned.producer is not None
        await owned.producer.begin_transaction()
        delivered = await BatchEmitter(owned.producer).send(outgoing)
        if offsets:
            await owned.producer.send_offsets_to_transaction(dict(offsets), self._settings.app)
        await owned.producer.commit_transaction()
        self._metrics.transactions.labels(_COMMITTED).inc()
        return delivered

    async def _follow(self, partition: int, held: _Held) -> None:
        begun = reached = held.ledger_offset
        async with aclosing(self._pages(partition, held)) as pages:
            async for page in pages:
                async with self._changing:
                    # It may have become ours meanwhile, and been given up again.
                    if held.producer is not None or held.ledger_offset != reached:
                        return
                    await self._restore(held, page)
                    reached = held.ledger_offset
        if begun is None and reached is not None:
            _tell_standby(partition, held)

    async def _give_up(self, partition: int) -> None:
        held = self._held[partition]
        if held.producer is not None:
            await self._disconnect(held)
            held.shard.embargoes.waiting.take_up(())
            self._metrics.drop_shard(partition)
            if self._settings.dedup.standby and held.ledger_offset is not None:
                _tell_standby(partition, held)
        if not self._settings.dedup.standby:
            del self._held[partition]

    async def _take(self, partition: int, failed: Mapping[bytes, Fault] | None = None) -> None:
        """Makes a shard ours, or ours anew; `failed` are stories of it at which the program failed, by the
        keys of their records."""
        started = monotonic()
        owned = self._held.setdefault(partition, _Held(self._make_shard()))
        await self._disconnect(owned)
        # First fence the older owner, which aborts its open transaction, then read what it committed.
        owned.producer = AIOKafkaProducer(
            **producer_settings(self._client),
            transactional_id=self._transactional_id(partition),
            transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
        )
        await owned.producer.start()
        standing, _ = await asyncio.gather(
            read_standing(self._client, self._topology.held, partition), self._catch_up(partition, owned)
        )
        await self._take_up(owned, standing, failed or {})
        seconds = monotonic() - started
        self._metrics.rebuild_seconds.labels(str(partition)).set(seconds)
        self.measure()
        _log.info("shard %d ready: %d stories, %.1f s", partition, len(owned.shard.index), seconds)

    async def _take_up(self, owned: _Held, standing: Standing, failed: Mapping[bytes, Fault]) -> None:
        taken = take_up(standing, failed, limit=self._fault_limit)
        if taken.put_by:
            letters = [self._failed(one.record, one.fault) for one in taken.put_by]
            gone = [put_by(one.record, counts=one.counts) for one in taken.put_by]
            await self._commit(owned, [*map(self._letter, letters), *gone], {})
            self._count_failed(letters)
        owned.faults = taken.faults
        owned.shard.embargoes.waiting.take_up(taken.waiting)

    async def _catch_up(self, partition: int, owned: _Held) -> None:
        async for page in self._pages(partition, owned):
            await self._restore(owned, page)

    @property
    def _owned(self) -> dict[int, _Held]:
        """The shards that are ours, without those that stand by."""
        return {partition: held for partition, held in self._held.items() if held.producer is not None}

    def measure(self) -> None:
        """Tells what the shards hold; from time to time, as finding the span reads every story's time."""
        for partition, owned in self._owned.items():
            figures, label = owned.shard.index.figures(), str(partition)
            self._metrics.index_stories.labels(label).set(figures.stories)
            self._metrics.index_clusters.labels(label).set(figures.clusters)
            self._metrics.index_bytes.labels(label).set(figures.bytes)
            span = 0 if figures.earliest is None else (figures.latest or 0) - figures.earliest
            self._metrics.index_span_seconds.labels(label).set(span / 1000)
            waiting = owned.shard.embargoes.waiting
            self._metrics.embargo_held.labels(label).set(len(waiting))
            self._metrics.embargo_next.labels(label).set((waiting.next or 0) / 1000)

    async def _count_aborted(self, partitions: Collection[int]) -> None:
        """Counts the shards whose former owner ended in the middle of a transaction."""
        ids = [self._transactional_id(partition) for partition in partitions]
        found = await asyncio.to_thread(unfinished, self._client, ids)
        self._metrics.transactions.labels(_ABORTED).inc(len(found))

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)

    def _transactional_id(self, partition: int) -> str:
        return f"{self._settings.app}-{STAGE}-{partition}"

    def _pages(self, partition: int, held: _Held) -> AsyncGenerator[Page]:
        window = self._settings.dedup.window
        return read_ledger(
            self._client, self._topology.ledger, partition, start=held.ledger_offset, window=window
        )

    @staticmethod
    async def _restore(held: _Held, page: Page) -> None:
        for start in range(0, len(page.decisions), _CHUNK):
            held.shard.restore(page.decisions[start : start + _CHUNK])
            await asyncio.sleep(0)
        held.ledger_offset = page.next_offset

    @staticmethod
    async def _disconnect(held: _Held) -> None:
        producer, held.producer = held.producer, None
        if producer is not None:
            await producer.stop()

    def _letter(self, failed: Failed) -> Outgoing:
        return failed.letter(self._topology.dead_letter, STAGE, datetime.now(UTC))

    def _count(self, partition: int, batch: Batch, failed: Collection[Failed], *, read: int) -> None:
        metrics = self._metrics
        metrics.records_read.labels(STAGE).inc(read)
        metrics.batch_records.labels(STAGE).observe(read)
        metrics.redeliveries.inc(read - len(batch.folded) - len(batch.returned) - len(failed))
        metrics.flow.count_folded(partition, batch.folded, time())
        returned = [one for one in batch.returned if isinstance(one, Release)]
        metrics.flow.count_released([*batch.sending.sent, *returned])
        self._count_failed(failed)

    def _count_failed(self, failed: Collection[Failed]) -> None:
        for one in failed:
            self._metrics.flow.count_letter(one.fault.reason, one.feed)
            self._metrics.flow.count_fault(STAGE, one.record.origin, one.feed)


def _tell_standby(partition: int, held: _Held) -> None:
    _log.info("standing by for shard %d: %d stories", partition, len(held.shard.index))
