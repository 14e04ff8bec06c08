"""Running a replay: stories in live order through the stages into the replay's own topics.

A story over which the program raises goes to the replay's dead letters, as one of the live run does. What it
left of its shard's state nobody knows: all before it is committed, and the shard made anew from what the
replay itself has written, as on a resumption. A story that cannot be sent on when its embargo ends goes there
alone: the story by whose time it ends is decided on, and what waits is read anew.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition

from stream.annotate import UNKNOWN_FEED
from stream.codec import annotated_headers, timestamp_ms
from stream.errors import Rejected
from stream.faults import NOT_OF_THE_RECORD, Fault, FaultLimitError, FaultRuns, tell
from stream.fold import Folded, Shard
from stream.kafka.dead_letter import first_place
from stream.kafka.dead_letters import newest
from stream.kafka.emit import Outgoing
from stream.kafka.held import held_records, put_by, read_standing
from stream.kafka.ledger import entry_record, read_ledger
from stream.lifecycle.notices import deliveries
from stream.model import Annotated, Record
from stream.replay.guide import Guide
from stream.replay.letters import STAGE, Letters
from stream.replay.metrics import ReplayMetrics
from stream.replay.order import Mark, Order, Step
from stream.replay.output import Output
from stream.replay.scope import Scope
from stream.replay.source import Chunk, Result, Source
from stream.routes import Route
from stream.settings import Settings
from stream.stages.embargoes import Sending, take_up
from stream.stages.failed import Failed
from stream.topology import Topology

# Nobody waits for the events of a replay, so its transactions are larger than live ones; the memory of one
# stays at some tens of megabytes.
_BATCH_STEPS = 1000


@dataclass(slots=True)
class Tally:
    """What came of a replay in this run of it. `left` are offsets that were not read yet, `held` the stories
    that are under an embargo still."""

    left: int
    read: int = 0
    primed: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    advisories: Counter[str] = field(default_factory=Counter)
    dead_letters: Counter[str] = field(default_factory=Counter)
    held: int = 0


class Replay:
    """One run of a replay: one process that decides and writes, and `workers` that annotate for it.

    `rate` bounds the records read in a second. `on_progress` gets the tally after every chunk.
    """

    def __init__(
        self,
        client: Mapping[str, Any],
        settings: Settings,
        scope: Scope,
        routes: tuple[Route, ...] = (),
        *,
        workers: int = 1,
        rate: float | None = None,
        metrics: ReplayMetrics | None = None,
        on_progress: Callable[[Tally], None] = lambda _: None,
    ) -> None:
        self._client = client
        self._settings = settings
        self._scope = scope
        self._workers = workers
        self._rate = rate
        self._metrics = metrics or ReplayMetrics(scope.name)
        self._on_progress = on_progress
        self._topology = scope.topology(settings)
        self._live_ledger = Topology(settings).ledger
        self._routes = routes
        self._shards = {number: self._new_shard() for number in range(settings.topics.shards)}
        self._output = Output(client, scope.group(settings))
        self._source = Source(client, settings, scope.topic_name, scope.stretches)
        self._guide = Guide(client, self._live_ledger, scope.topic_name)
        # Where each partition was read to.
        self._read = {partition: stretch.first for partition, stretch in scope.stretches.items()}
        self._letters = Letters(self._topology.dead_letter, scope.stretches)
        self._steps = 0
        self._fault_limit = settings.rejections.faults
        # In a row: records that the program failed to annotate; stories that it failed to decide on; and of
        # each shard, those that it failed to send on when their embargo ended.
        self._runs = FaultRuns(self._fault_limit)
        self._faults = 0
        self._held_faults = dict.fromkeys(self._shards, 0)
        self.tally = Tally(left=scope.records)

    async def run(self) -> Tally:
        """Works from where the last run of this replay ended to the end of its scope. Cancelled or killed,
        it can be run again."""
        try:
            await self._output.open()
            order = await self._resume()
            await self._work(order)
        finally:
            await self._source.close()
            await self._guide.close()
            await self._output.close()
        return self.tally

    async def _resume(self) -> Order:
        scope = self._scope
        stories = {partition: TopicPartition(scope.topic_name, partition) for partition in scope.stretches}
        ledger = {shard: TopicPartition(self._live_ledger, shard) for shard in scope.ledger}
        come_to = await self._output.come_to([*stories.values(), *ledger.values()])
        stretches = {
            partition: stretch._replace(first=come_to.get(stories[partition], stretch.first))
            for partition, stretch in scope.stretches.items()
        }
        spans = {
            shard: span._replace(start=come_to.get(ledger[shard], span.start))
            for shard, span in scope.ledger.items()
        }
        for number in self._shards:
            await self._restore(number)
        self._runs.resume((await newest(self._client, self._topology.dead_letter)).faults)
        self._read = {partition: stretch.first for partition, stretch in stretches.items()}
        self._count_left()
        await self._guide.open(spans)
        await self._source.open(self._read, self._workers)
        return Order(stretches, self._shards, spans)

    def _new_shard(self) -> Shard:
        return Shard(self._settings, self._routes, topology=self._topology)

    async def _restore(self, number: int) -> None:
        """Makes a shard of what the replay has committed."""
        shard, window = self._new_shard(), self._settings.dedup.window
        async for page in read_ledger(self._client, self._topology.ledger, number, start=None, window=window):
            shard.restore(page.decisions)
        self._shards[number] = shard
        await self._take_up(number)

    async def _take_up(self, number: int, failed: Mapping[bytes, Fault] | None = None) -> None:
        """Reads what waits in a shard, as the replay has committed it; puts by what cannot be read and the
        `failed`, by the keys of their records."""
        standing = await read_standing(self._client, self._topology.held, number)
        taken = take_up(standing, failed or {}, limit=self._fault_limit)
        for one in taken.put_by:
            letter = Failed.at(one.record, one.fault)
            tell(STAGE, letter.record.origin, letter.feed, one.fault)
            when = datetime.now(UTC)
            self._output.add(letter.letter(self._topology.dead_letter, STAGE, when))
            self._output.add(put_by(one.record, counts=one.counts))
            self.tally.dead_letters[one.fault.reason.value] += 1
        self._held_faults[number] = taken.faults
        self._shards[number].embargoes.waiting.take_up(taken.waiting)

    async def _work(self, order: Order) -> None:
        begun = time.monotonic()
        while True:
            for step in order.ready():
                await self._take(order, step)
                if self._steps >= _BATCH_STEPS:
                    await self._commit(order)
            wanted = order.wants()
            if wanted is None:
                break
            what, number = wanted
            if what == "stories":
                self._admit(order, number, await self._source.chunk(number))
                if self._rate is not None:
                    await asyncio.sleep(max(0.0, begun + self.tally.read / self._rate - time.monotonic()))
            elif (marks := await self._guide.marks(number)) is not None:
                order.follow(number, marks)
            else:
                order.end(number)
        await self._release_free(order)
        await self._commit(order)

    async def _release_free(self, order: Order) -> None:
        """Sends on what no story of the replay was late enough to release, and whose time has come since."""
        now = timestamp_ms(datetime.now(UTC))
        for number, shard in self._shards.items():
            sending = self._sending(number)
            self._output.add(*sending.records(shard.release(now)))
            await self._sent(order, number, sending)
            self.tally.held += len(shard.embargoes.waiting)

    def _admit(self, order: Order, partition: int, chunk: Chunk) -> None:
        start = self._scope.stretches[partition].start
        stories: list[tuple[Annotated, int, bool]] = []
        for record, result in zip(chunk.records, chunk.results, strict=True):
            self._note(record, result)
            replayed = record.origin.offset >= start
            if isinstance(result, Rejected):
                if replayed and self._is_ours(record):
                    self._reject(record, result)
                continue
            for story in result:
                is_emitted = replayed and self._scope.covers(story.facets)
                delivered = deliveries(story, self._topology)
                stories += [(one, shard, is_emitted) for shard, one in delivered]
        order.admit(partition, stories, time=chunk.time, read=chunk.next_offset)
        self._read[partition] = chunk.next_offset
        self.tally.read += len(chunk.records)
        self._count_left()
        self._metrics.count_read(len(chunk.records), self.tally.left)
        self._on_progress(self.tally)

    def _is_ours(self, record: Record) -> bool:
        """Whether a record without a story belongs to the replay, by its feed as far as that is known."""
        return not self._scope.feeds or record.header("feed") in self._scope.feeds

    def _note(self, record: Record, result: Result) -> None:
        """What somebody sent back by hand says nothing of the program, as in the live run."""
        if first_place(record.headers) is None:
            self._runs.note(record.origin, result if isinstance(result, Fault) else None)

    def _reject(self, record: Record, rejected: Rejected) -> None:
        if isinstance(rejected, Fault):
            tell(STAGE, record.origin, record.header("feed") or UNKNOWN_FEED, rejected)
        self._letters.add(record, rejected)

    def _count_left(self) -> None:
        stretches = self._scope.stretches
        self.tally.left = sum(stretch.end - self._read[p] for p, stretch in stretches.items())

    async def _take(self, order: Order, step: Step) -> None:
        """Takes a step. A story over which the program raises is put by; nothing else of it is written."""
        self._steps += 1
        if step.mark is not None:
            self._prime(step.shard, step.mark)
            return
        assert step.story is not None
        sending = self._sending(step.shard)
        try:
            folded = self._shards[step.shard].fold(step.story)
            outgoing = [] if folded is None else self._outgoing(step, folded, sending)
        except NOT_OF_THE_RECORD:
            raise
        except Exception as error:  # noqa: BLE001 - kept with the story
            await self._put_by(order, step, Fault.of(error))
            return
        self._faults = 0
        if folded is not None:
            self._output.add(*outgoing)
            self._count(step, folded)
            await self._sent(order, step.shard, sending)

    def _prime(self, shard: int, mark: Mark) -> None:
        """Takes up a decision of the live run."""
        self._shards[shard].restore([(mark.id, mark.entry)])
        self._output.add(Outgoing(self._topology.ledger, mark.id.encode(), mark.entry, mark.headers, shard))
        self.tally.primed += 1

    def _outgoing(self, step: Step, folded: Folded, sending: Sending) -> list[Outgoing]:
        """What is written of a decision; of a story that only primes the window, what concerns others."""
        story, shard = folded.annotated, step.shard
        own, held = list(folded.own), folded.held
        if not step.emit:
            self._shards[shard].embargoes.waiting.forget(story.id)
            held = tuple(one for one in held if one.id != story.id)
            own = []
        return [
            *sending.records(folded.before),
            *(Outgoing(*record) for event in own for record in event.records),
            *sending.records(folded.after),
            *held_records(self._topology.held, shard, held, ()),
            entry_record(
                self._topology.ledger, shard, story.id, story.origin, folded.entry, folded.watermark_ms
            ),
        ]

    def _sending(self, shard: int) -> Sending:
        return Sending(self._topology.held, shard, self._held_faults[shard], self._fault_limit)

    async def _sent(self, order: Order, shard: int, sending: Sending) -> None:
        """Counts the stories that wait no longer, and puts by those that cannot be sent on."""
        self._held_faults[shard] = sending.faults
        self.tally.roles.update(release.held.role for release in sending.sent if release.goes_out)
        if sending.failed:
            await self._commit_and_reopen(order)
            await self._take_up(shard, sending.failed)

    def _count(self, step: Step, folded: Folded) -> None:
        if not step.emit:
            self.tally.primed += 1
            return
        if folded.topic_names:
            self.tally.roles[folded.cluster.role] += 1
        self.tally.advisories.update(advisory.kind for advisory in folded.advisories)

    async def _put_by(self, order: Order, step: Step, fault: Fault) -> None:
        """Goes on without the story of a step. Of one that only primes the window, the live run tells. Raises
        `FaultLimitError` at so many in a row that the program is broken."""
        story = step.story
        assert story is not None
        place, feed = story.origin, story.facets.feed
        self._faults += 1
        if self._faults >= self._fault_limit:
            raise FaultLimitError(self._faults, place.in_words) from fault.__cause__
        tell(STAGE, place, feed, fault)
        if step.emit:
            record = Record(story.event, story.received_at, place, headers=annotated_headers(story))
            self._letters.add(record, fault, feed)
        await self._commit_and_reopen(order)
        await self._restore(step.shard)

    async def _commit_and_reopen(self, order: Order) -> None:
        """Lets readers see what was written."""
        await self._commit(order)
        # A new producer waits until readers see what the one before has committed.
        await self._output.close()
        await self._output.open()

    async def _commit(self, order: Order) -> None:
        offsets: dict[TopicPartition, int] = {}
        for partition in self._scope.stretches:
            done = offsets[TopicPartition(self._scope.topic_name, partition)] = order.resume_at(partition)
            for letter in self._letters.take(partition, done):
                self._output.add(letter.record)
                self.tally.dead_letters[letter.reason] += 1
        for shard in self._scope.ledger:
            followed = order.followed_to(shard)
            if followed is not None:
                offsets[TopicPartition(self._live_ledger, shard)] = followed
        await self._output.commit(offsets)
        self._steps = 0
        self._metrics.show(self.tally.roles, self.tally.advisories, self.tally.dead_letters)
