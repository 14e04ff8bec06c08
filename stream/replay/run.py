"""Running a replay: stories in live order through the stages into the replay's own topics.

A story over which the program raises goes to the replay's dead letters, as one of the live run does. What it
left of its shard's state nobody knows: all before it is committed, and the shard made anew from what the
replay itself has written, as on a resumption.
"""

from __future__ import annotations

import asyncio
import time
from bisect import insort
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition

from stream.codec import annotated_headers, timestamp_ms
from stream.errors import Rejected
from stream.faults import NOT_OF_THE_RECORD, Fault, FaultLimitError, tell
from stream.fold import Folded, Shard, released
from stream.kafka.dead_letter import dead_letter
from stream.kafka.emit import Outgoing
from stream.kafka.held import held_records, read_held
from stream.kafka.ledger import entry_record, read_ledger
from stream.lifecycle.notices import deliveries
from stream.lifecycle.waiting import Release
from stream.model import Annotated, Record
from stream.replay.guide import Guide
from stream.replay.metrics import ReplayMetrics
from stream.replay.order import Order, Step
from stream.replay.output import Output
from stream.replay.scope import Scope
from stream.replay.source import Chunk, Source
from stream.routes import Route
from stream.settings import Settings
from stream.topology import Topology

STAGE = "replay"
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
        # Where each partition was read to, and the dead letters that wait for all before them to be done.
        self._read = {partition: stretch.first for partition, stretch in scope.stretches.items()}
        self._letters: dict[int, deque[_Letter]] = {partition: deque() for partition in scope.stretches}
        self._steps = 0
        # Stories in a row at which the program failed.
        self._faults = 0
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
        shard.embargoes.waiting.take_up(await read_held(self._client, self._topology.held, number))
        self._shards[number] = shard

    async def _work(self, order: Order) -> None:
        begun = time.monotonic()
        while True:
            for step in order.ready():
                if (fault := self._take(step)) is not None:
                    await self._put_by(order, step, fault)
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
        self._release_free()
        await self._commit(order)

    def _release_free(self) -> None:
        """Sends on what no story of the replay was late enough to release, and whose time has come since."""
        now = timestamp_ms(datetime.now(UTC))
        for number, shard in self._shards.items():
            releases = shard.release(now)
            records = [Outgoing(*one) for event in released(releases) for one in event.records]
            self._output.add(*records, *held_records(self._topology.held, number, (), releases))
            self._count_released(releases)
            self.tally.held += len(shard.embargoes.waiting)

    def _admit(self, order: Order, partition: int, chunk: Chunk) -> None:
        start = self._scope.stretches[partition].start
        stories: list[tuple[Annotated, int, bool]] = []
        for record, result in zip(chunk.records, chunk.results, strict=True):
            replayed = record.origin.offset >= start
            if isinstance(result, Rejected):
                if replayed and self._is_ours(record):
                    self._letters[partition].append(self._letter(record, result))
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

    def _letter(self, record: Record, rejected: Rejected) -> _Letter:
        return _Letter(record.origin.offset, rejected.reason.value, self._dead_letter(record, rejected))

    def _dead_letter(self, record: Record, rejected: Rejected, feed: str = "") -> Outgoing:
        topic_name, when = self._topology.dead_letter, datetime.now(UTC)
        return dead_letter(topic_name, record, rejected, STAGE, when=when, feed=feed)

    def _count_left(self) -> None:
        stretches = self._scope.stretches
        self.tally.left = sum(stretch.end - self._read[p] for p, stretch in stretches.items())

    def _take(self, step: Step) -> Fault | None:
        """Takes a step; nothing of it is written when the program raises over its story."""
        self._steps += 1
        if step.mark is not None:
            mark = step.mark
            self._shards[step.shard].restore([(mark.id, mark.entry)])
            ledger = self._topology.ledger
            self._output.add(Outgoing(ledger, mark.id.encode(), mark.entry, mark.headers, step.shard))
            self.tally.primed += 1
            return None
        assert step.story is not None
        try:
            folded = self._shards[step.shard].fold(step.story)
            outgoing = [] if folded is None else self._outgoing(step, folded)
        except NOT_OF_THE_RECORD:
            raise
        except Exception as error:  # noqa: BLE001 - kept with the story
            return Fault.of(error)
        self._faults = 0
        if folded is not None:
            self._output.add(*outgoing)
            self._count(step, folded)
        return None

    def _outgoing(self, step: Step, folded: Folded) -> list[Outgoing]:
        """What is written of a decision; of a story that only primes the window, what concerns others."""
        story, shard = folded.annotated, step.shard
        records, held = list(folded.records), folded.held
        if not step.emit:
            self._shards[shard].embargoes.waiting.forget(story.id)
            held = tuple(one for one in held if one.id != story.id)
            records = [record for event in released(folded.releases) for record in event.records]
        ledger = self._topology.ledger
        return [
            *(Outgoing(*record) for record in records),
            *held_records(self._topology.held, shard, held, folded.releases),
            entry_record(ledger, shard, story.id, story.origin, folded.entry, folded.watermark_ms),
        ]

    def _count(self, step: Step, folded: Folded) -> None:
        self._count_released(folded.releases)
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
        if self._faults >= self._settings.rejections.faults:
            raise FaultLimitError(self._faults, place.in_words) from fault.__cause__
        tell(STAGE, place, feed, fault)
        if step.emit:
            record = Record(story.event, story.received_at, place, headers=annotated_headers(story))
            letter = _Letter(place.offset, fault.reason.value, self._dead_letter(record, fault, feed))
            insort(self._letters[place.partition], letter, key=lambda one: one.offset)
        await self._commit(order)
        # A new producer waits until readers see what the one before has committed.
        await self._output.close()
        await self._output.open()
        await self._restore(step.shard)

    def _count_released(self, releases: Sequence[Release]) -> None:
        self.tally.roles.update(release.held.role for release in releases if release.goes_out)

    async def _commit(self, order: Order) -> None:
        offsets: dict[TopicPartition, int] = {}
        for partition, letters in self._letters.items():
            done = offsets[TopicPartition(self._scope.topic_name, partition)] = order.resume_at(partition)
            # One that was written before a story that is still waiting would be written again on resumption.
            while letters and letters[0].offset < done:
                letter = letters.popleft()
                self._output.add(letter.record)
                self.tally.dead_letters[letter.reason] += 1
        for shard in self._scope.ledger:
            followed = order.followed_to(shard)
            if followed is not None:
                offsets[TopicPartition(self._live_ledger, shard)] = followed
        await self._output.commit(offsets)
        self._steps = 0
        self._metrics.show(self.tally.roles, self.tally.advisories, self.tally.dead_letters)


@dataclass(frozen=True, slots=True)
class _Letter:
    offset: int
    reason: str
    record: Outgoing
