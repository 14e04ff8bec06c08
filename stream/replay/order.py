"""The order in which a replay decides on its stories: the live run's own, as far as that is known.

What a decision is depends on what was decided before. The live run met the stories in the order in which
its workers took them from the partitions, which nothing but the ledger remembers: one record a decision,
with the input record that it was about. So each shard of the replay follows its partition of the ledger:

- an entry about a record of the stretch waits until that record is annotated again, and gives its story,
  or, where that story's feed or language is not replayed, primes the window;
- an entry about any other record primes the window;
- a story that the live run did not have (it was a dead letter then) comes before the next one of its
  partition that it did have;
- where the ledger ends, or none is followed, stories come by the time at which they were received.

Pure: what was read is put in, steps come out, `wants` says what must be read next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stream.model import Annotated
from stream.replay.scope import Stretch


class Mark(NamedTuple):
    """One decision of the live run: the story with its entry, as the ledger has them at `offset`, and the
    partition and offset of the input record that the story came in."""

    id: str
    partition: int
    position: int
    offset: int
    entry: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing to do in a shard: decide on a story (and emit it, unless it only primes the window),
    or take up an entry of the live ledger."""

    shard: int
    story: Annotated | None = None
    emit: bool = True
    mark: Mark | None = None


@dataclass(slots=True)
class _Candidate:
    """A story that waits for its turn; `time` never falls within a partition (milliseconds)."""

    story: Annotated
    shard: int
    partition: int
    position: int
    time: int
    emit: bool
    done: bool = False


class Order:
    """Steps of all shards, from stories and ledger as they are read.

    `marked` are the shards that follow the ledger. `admit` takes the stories of a partition in offset
    order, `follow` takes the ledger of a shard in offset order, `ready` gives the steps that are certain.
    """

    def __init__(
        self, stretches: Mapping[int, Stretch], shards: Iterable[int], marked: Iterable[int]
    ) -> None:
        self._stretches = stretches
        self._read = {partition: stretch.first for partition, stretch in stretches.items()}
        self._time = dict.fromkeys(stretches, -1)
        self._shards = tuple(shards)
        self._guides: dict[int, deque[Mark]] = {shard: deque() for shard in marked}
        self._given: dict[int, int] = {}
        self._waiting: dict[tuple[int, int], deque[_Candidate]] = {
            (shard, partition): deque() for shard in self._shards for partition in stretches
        }
        self._by_id: dict[tuple[int, str], _Candidate] = {}

    def admit(
        self,
        partition: int,
        stories: Sequence[tuple[Annotated, int, bool]],
        *,
        time: int | None,
        read: int,
    ) -> None:
        """Takes stories as (story, its shard, whether it is emitted), all of one partition and in order.

        `time` is when their records were received (milliseconds; None where it is not known), `read` the
        offset behind the last record they came in.
        """
        if time is not None:
            self._time[partition] = max(self._time[partition], time)
        for story, shard, emit in stories:
            position = story.origin.offset
            candidate = _Candidate(story, shard, partition, position, self._time[partition], emit)
            self._waiting[shard, partition].append(candidate)
            self._by_id.setdefault((shard, story.id), candidate)
        self._read[partition] = read

    def follow(self, shard: int, marks: Iterable[Mark]) -> None:
        """Takes the next entries of a shard's ledger."""
        self._guides[shard].extend(marks)

    def end(self, shard: int) -> None:
        """Says that a shard's ledger has no more entries. Those that were taken still count."""
        self._guides[shard].append(_END)

    def ready(self) -> Iterator[Step]:
        """The steps that nothing still unread can come before. Each is given once."""
        for shard in self._shards:
            yield from self._guided(shard)
            if shard not in self._guides:
                yield from self._timed(shard)

    def wants(self) -> tuple[str, int] | None:
        """What must be read for the order to go on: ("ledger", shard) or ("stories", partition); None when
        everything was read and given."""
        for shard, guide in self._guides.items():
            if not guide:
                return "ledger", shard
            return "stories", guide[0].partition
        unread = [p for p, stretch in self._stretches.items() if self._read[p] < stretch.end]
        if not unread:
            return None
        return "stories", min(unread, key=lambda partition: (self._time[partition], partition))

    def resume_at(self, partition: int) -> int:
        """The offset before which everything of a partition was given."""
        heads = [
            self._waiting[shard, partition][0].position
            for shard in self._shards
            if self._waiting[shard, partition]
        ]
        return min([self._read[partition], *heads])

    def followed_to(self, shard: int) -> int | None:
        """The offset in a shard's ledger before which everything was given; None when nothing was."""
        return self._given.get(shard)

    def _guided(self, shard: int) -> Iterator[Step]:
        guide = self._guides.get(shard)
        while guide:
            mark = guide[0]
            if mark is _END:
                del self._guides[shard]
                return
            stretch = self._stretches.get(mark.partition)
            within = stretch is not None and stretch.start <= mark.position < stretch.end
            if within and self._read[mark.partition] <= mark.position:
                return
            if within:
                yield from self._before(shard, mark)
            # Before the step and not after it: whoever takes the step may commit how far this went.
            guide.popleft()
            self._given[shard] = mark.offset + 1
            if not within:
                yield Step(shard, mark=mark)
                continue
            candidate = self._by_id.get((shard, mark.id))
            if candidate is not None:
                step = self._give(candidate)
                # Of a story that only primes the window, the live run's own decision is the better witness.
                yield step if candidate.emit else Step(shard, mark=mark)

    def _before(self, shard: int, mark: Mark) -> Iterator[Step]:
        """The stories of a mark's partition that stand before it and that the live run did not have."""
        waiting = self._waiting[shard, mark.partition]
        while waiting and waiting[0].position < mark.position:
            yield self._give(waiting[0])

    def _timed(self, shard: int) -> Iterator[Step]:
        while True:
            heads = [waiting[0] for p in self._stretches if (waiting := self._waiting[shard, p])]
            if not heads:
                return
            first = min(heads, key=lambda c: (c.time, c.partition, c.position))
            for partition, stretch in self._stretches.items():
                unread = self._read[partition] < stretch.end and not self._waiting[shard, partition]
                if unread and (self._time[partition], partition) <= (first.time, first.partition):
                    return
            yield self._give(first)

    def _give(self, candidate: _Candidate) -> Step:
        candidate.done = True
        key = candidate.shard, candidate.story.id
        if self._by_id.get(key) is candidate:
            del self._by_id[key]
        waiting = self._waiting[candidate.shard, candidate.partition]
        while waiting and waiting[0].done:
            waiting.popleft()
        return Step(candidate.shard, story=candidate.story, emit=candidate.emit)


_END = Mark("", -1, -1, -1, b"")
