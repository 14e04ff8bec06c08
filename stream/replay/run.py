"""Running a replay: stories in live order through the stages into the replay's own topics."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition

from stream.codec import timestamp_ms
from stream.errors import Rejected
from stream.fold import Folded, Shard, released
from stream.kafka.dead_letter import dead_letter
from stream.kafka.emit import Outgoing
from stream.kafka.held import held_records, read_held
from stream.kafka.ledger import entry_record, read_ledger
from stream.lifecycle.notices import deliveries
from stream.lifecycle.waiting import Held, Release
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
        self._shards = {
            number: Shard(settings, routes, topology=self._topology)
            for number in range(settings.topics.shards)
        }
        self._output = Output(client, scope.group(settings))
        self._source = Source(client, settings, scope.topic_name, scope.stretches)
        self._guide = Guide(client, self._live_ledger, scope.topic_name)
        # Where each partition was read to, and the dead letters that wait for all before them to be done.
        self._read = {partition: stretch.first for partition, stretch in scope.stretches.items()}
        self._letters: dict[int, deque[_Letter]] = {partition: deque() for partition in scope.stretches}
        self._steps = 0
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
        window = self._settings.dedup.window
        for number, shard in self._shards.items():
            pages = read_ledger(self._client, self._topology.ledger, number, start=None, window=window)
            async for page in pages:
                shard.restore(page.decisions)
            shard.embargoes.waiting.take_up(await read_held(self._client, self._topology.held, number))
        self._read = {partition: stretch.first for partition, stretch in stretches.items()}
        self._count_left()
        await self._guide.open(spans)
        await self._source.open(self._read, self._workers)
        return Order(stretches, self._shards, spans)

    async def _work(self, order: Order) -> None:
        begun = time.monotonic()
        while True:
            for step in order.ready():
                self._take(step)
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
            self._release(number, shard.release(now))
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
        letter = dead_letter(self._topology.dead_letter, record, rejected, STAGE, when=datetime.now(UTC))
        return _Letter(record.origin.offset, rejected.reason.value, letter)

    def _count_left(self) -> None:
        stretches = self._scope.stretches
        self.tally.left = sum(stretch.end - self._read[p] for p, stretch in stretches.items())

    def _take(self, step: Step) -> None:
        self._steps += 1
        shard, ledger = self._shards[step.shard], self._topology.ledger
        if step.mark is not None:
            mark = step.mark
            shard.restore([(mark.id, mark.entry)])
            self._output.add(Outgoing(ledger, mark.id.encode(), mark.entry, mark.headers, step.shard))
            self.tally.primed += 1
            return
        assert step.story is not None
        folded = shard.fold(step.story)
        if folded is None:
            return
        story = folded.annotated
        if step.emit:
            self._emit(step.shard, folded)
        else:
            self.tally.primed += 1
            shard.embargoes.waiting.forget(story.id)
            put_off = [held for held in folded.held if held.id != story.id]
            self._release(step.shard, folded.releases, put_off)
        self._output.add(
            entry_record(ledger, step.shard, story.id, story.origin, folded.entry, folded.watermark_ms)
        )

    def _emit(self, shard: int, folded: Folded) -> None:
        self._output.add(
            *(Outgoing(*record) for record in folded.records),
            *held_records(self._topology.held, shard, folded.held, folded.releases),
        )
        if folded.topic_names:
            self.tally.roles[folded.cluster.role] += 1
        self._count_released(folded.releases)
        self.tally.advisories.update(advisory.kind for advisory in folded.advisories)

    def _release(self, shard: int, releases: Sequence[Release], put_off: Sequence[Held] = ()) -> None:
        """Sends on what waits no longer, of stories that are the replay's."""
        events = released(releases)
        self._output.add(
            *(Outgoing(*record) for event in events for record in event.records),
            *held_records(self._topology.held, shard, put_off, releases),
        )
        self._count_released(releases)

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
