"""From times to a scope: which offsets a replay reads, and what it will cost. Reads only."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from stream.annotate import Annotator
from stream.codec import timestamp_ms
from stream.durations import parse_duration
from stream.errors import SettingsError, UserError
from stream.kafka import header_names
from stream.kafka.reach import no_topic
from stream.kafka.records import read_record
from stream.model import Record
from stream.replay.scope import OrderBy, Scope, Span, Stretch
from stream.settings import Settings
from stream.topology import Topology

# A story's event time is never taken to lie further than this ahead of its arrival (`stream.dedup`).
_AHEAD = timedelta(hours=1)
# Records that are annotated for an estimate: a second of work.
_SAMPLE = 200
_POLL_MS = 2000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sample of the stretch says of all of it."""

    sampled: int
    stories: int
    """Stories that will come out, copies included."""
    seconds: float
    """Of annotating, with one process on a core of its own."""
    bytes: int
    """Of events, before compression and replication."""


def moment(text: str, now: datetime) -> datetime:
    """A time as people write it: RFC 3339, a date (its beginning in UTC), `now`, or a duration before now.
    A time without a zone is UTC. Raises SettingsError."""
    if text == "now":
        return now
    try:
        return now - parse_duration(text)
    except ValueError:
        pass
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"{text!r} is no time; write 2026-03-01T06:00:00Z, 2026-03-01, or a duration before now as 7d"
        ) from None
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)


def plan_scope(
    client: Mapping[str, Any],
    settings: Settings,
    *,
    name: str,
    begin: datetime,
    until: datetime,
    topic_name: str | None = None,
    partitions: Collection[int] = (),
    feeds: Sequence[str] = (),
    languages: Sequence[str] = (),
    order: OrderBy | None = None,
) -> Scope:
    """The offsets between two times, ends fixed as they are now. No `partitions` means all, `order` None
    means by the ledger where it reaches back far enough.

    Raises UserError when the topic or a partition is not there, or nothing lies between the times.
    """
    if begin >= until:
        raise SettingsError(
            f"nothing lies between {begin:%Y-%m-%d %H:%M:%S} and {until:%Y-%m-%d %H:%M:%S} UTC"
        )
    topology = Topology(settings)
    topic_name = topic_name or topology.stories
    window = begin - settings.dedup.window - _AHEAD
    consumer = KafkaConsumer(**client, enable_auto_commit=False, isolation_level="read_committed")
    try:
        chosen = _partitions(consumer, topic_name, partitions)
        ledger = _Log(consumer, _partitions(consumer, topology.ledger, ()))
        reaches = ledger.reaches(begin - settings.dedup.window)
        if order == "ledger" and not reaches:
            raise UserError(
                f"{topology.ledger} does not reach back one window before the replay; "
                "leave the order to be chosen, or begin later"
            )
        order = order or ("ledger" if reaches else "time")
        stories = _Log(consumer, chosen)
        starts, ends = stories.at(begin), stories.at(until)
        firsts = starts if order == "ledger" else stories.at(window)
        spans = {}
        if order == "ledger":
            spans = {shard: Span(start, ledger.ends[shard]) for shard, start in ledger.at(window).items()}
        stretches = {p: Stretch(firsts[p], starts[p], ends[p]) for p in starts}
    except KafkaError as error:
        raise UserError(f"{topic_name} cannot be read: {error}") from error
    finally:
        consumer.close()
    if all(stretch.start >= stretch.end for stretch in stretches.values()):
        raise UserError(
            f"{topic_name} has no records between {begin:%Y-%m-%d %H:%M:%S} and {until:%Y-%m-%d %H:%M:%S} UTC"
        )
    return Scope(
        name=name,
        topic_name=topic_name,
        begin=begin,
        until=until,
        order=order,
        stretches=stretches,
        ledger=spans,
        feeds=tuple(feeds),
        languages=tuple(languages),
    )


def estimate(client: Mapping[str, Any], scope: Scope, annotator: Annotator) -> Estimate:
    """What a sample from the beginning of every partition makes likely."""
    records = _sample(client, scope)
    # The first ones fill the memos of words, as the first thousands of a replay do; they are not timed.
    warm = len(records) // 2
    outcomes = annotator.annotate(records[:warm])
    begun = perf_counter()
    outcomes += annotator.annotate(records[warm:])
    seconds = (perf_counter() - begun) / max(len(records) - warm, 1)
    stories = [story for outcome in outcomes for story in outcome.stories]
    covered = [story for story in stories if scope.covers(story.facets)]
    per_record = 1 / max(len(records), 1)
    emitted = scope.records - scope.primed
    return Estimate(
        sampled=len(records),
        stories=round(len(covered) * per_record * emitted),
        seconds=seconds * scope.records,
        bytes=round(sum(len(story.event) for story in covered) * per_record * emitted),
    )


class _Log:
    """Offsets of some partitions of a topic by time."""

    def __init__(self, consumer: KafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        self._consumer = consumer
        self._partitions = partitions
        self._beginnings = consumer.beginning_offsets(partitions)
        self.ends: dict[int, int] = {
            tp.partition: end for tp, end in consumer.end_offsets(partitions).items()
        }

    def at(self, time: datetime) -> dict[int, int]:
        """By partition, the first offset at or after `time`; the end where there is none."""
        milliseconds = max(timestamp_ms(time), 0)
        found = self._consumer.offsets_for_times(dict.fromkeys(self._partitions, milliseconds))
        return {
            tp.partition: min(found[tp].offset, end) if found.get(tp) else end
            for tp in self._partitions
            for end in (self.ends[tp.partition],)
        }

    def reaches(self, time: datetime) -> bool:
        """Whether no record of `time` or later was deleted by now: nothing was, or older ones are there."""
        found = self._consumer.offsets_for_times(dict.fromkeys(self._partitions, 0))
        return all(
            self._beginnings[tp] == 0
            or (found.get(tp) is not None and found[tp].timestamp <= timestamp_ms(time))
            for tp in self._partitions
        )


def _partitions(consumer: KafkaConsumer, topic_name: str, wanted: Collection[int]) -> list[TopicPartition]:
    there = consumer.partitions_for_topic(topic_name)
    if not there:
        raise no_topic(topic_name)
    if missing := sorted(set(wanted) - set(there)):
        raise UserError(f"{topic_name} has no partition {missing[0]}; it has 0 to {max(there)}")
    return [TopicPartition(topic_name, partition) for partition in sorted(wanted or there)]


def _sample(client: Mapping[str, Any], scope: Scope) -> list[Record]:
    header_names.accept_any()
    consumer = KafkaConsumer(**client, enable_auto_commit=False, isolation_level="read_committed")
    try:
        stretches = {
            TopicPartition(scope.topic_name, p): stretch
            for p, stretch in scope.stretches.items()
            if stretch.start < stretch.end
        }
        share = -(-_SAMPLE // len(stretches))
        records: list[Record] = []
        for tp, stretch in stretches.items():
            consumer.assign([tp])
            consumer.seek(tp, stretch.start)
            found = consumer.poll(timeout_ms=_POLL_MS, max_records=share).get(tp, ())
            records += [read_record(record) for record in found if record.offset < stretch.end]
        random.Random(0).shuffle(records)
        return records
    finally:
        consumer.close()
