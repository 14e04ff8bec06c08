"""The whole job without Kafka: items in, story events out, through the stages that the worker runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from stream.annotate import Annotator, Outcome
from stream.codec import timestamp_ms
from stream.fold import Folded, Further, Shard, released
from stream.lifecycle.notices import deliveries
from stream.model import Origin, Record
from stream.settings import Settings
from stream.sources import Item
from stream.topology import Topology

# As many as a worker's batch: the classifier's vector operations pay, and memory stays bounded.
_BATCH = 250


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An item that could not become a story."""

    name: str
    reason: str
    message: str
    bytes: int


@dataclass(slots=True)
class Tally:
    """What became of the items so far; `repeats` are stories whose id came before, `events` story events,
    `held` the stories that wait for the end of an embargo."""

    items: int = 0
    events: int = 0
    advisories: int = 0
    repeats: int = 0
    dead_letters: int = 0
    held: int = 0


def process(
    settings: Settings,
    items: Iterable[Item],
    *,
    feed: str | None,
    received_at: datetime,
    annotator: Annotator | None = None,
    on_event: Callable[[Folded], None],
    on_dead_letter: Callable[[DeadLetter], None],
    on_release: Callable[[Further], None] = lambda _: None,
) -> Tally:
    """Runs every item through both stages, in order, and tells what came of each in the same order.

    What one shard decides on a story comes as one `Folded`; a kill comes to every shard. `received_at` stands
    for the record's timestamp, which a file does not have. Embargoes end by the stories' own times; of those
    that are left at the end of the input, `on_release` gets what is free by `received_at`. Memory grows with
    the stories of one window only.
    """
    annotator = annotator or Annotator(settings)
    topology = Topology(settings)
    shards: dict[int, Shard] = {}
    tally = Tally()
    for batch in _batches(enumerate(items), _BATCH):
        records = [
            Record(item.value, received_at, Origin(item.name, 0, number), headers=item.headers)
            for number, item in batch
        ]
        for (_, item), outcome in zip(batch, annotator.annotate(records, feed=feed), strict=True):
            tally.items += 1
            if outcome.rejected is not None:
                tally.dead_letters += 1
                on_dead_letter(_dead_letter(item, outcome))
            delivered = (one for story in outcome.stories for one in deliveries(story, topology))
            for number, story in delivered:
                if number not in shards:
                    shards[number] = Shard(settings, routes=())
                folded = shards[number].fold(story)
                if folded is not None:
                    tally.events += bool(folded.topic_names) + sum(one.goes_out for one in folded.releases)
                    tally.advisories += len(folded.advisories)
                    on_event(folded)
                elif not story.notice:
                    tally.repeats += 1
    for shard in shards.values():
        for event in released(shard.release(timestamp_ms(received_at))):
            tally.events += 1
            on_release(event)
        tally.held += len(shard.embargoes.waiting)
    return tally


def _dead_letter(item: Item, outcome: Outcome) -> DeadLetter:
    rejected = outcome.rejected
    assert rejected is not None
    return DeadLetter(item.name, rejected.reason.value, rejected.detail, len(item.value))


def _batches(items: Iterable[tuple[int, Item]], size: int) -> Iterator[list[tuple[int, Item]]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
