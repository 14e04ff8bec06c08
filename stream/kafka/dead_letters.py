"""The dead-letter topic as a queue: which letters are open, and settling them by a retry or a drop.

Kafka deletes no single record, so a settled letter stays until its retention ends, and a *receipt* behind
it on the same partition says that it is settled: a record with the header `wirestream-settled` (`retried`
or `dropped`) and the letter's offset in `wirestream-letter`. A retry sends the records back and writes
their receipts in one transaction: a retry that dies in the middle has sent none of a batch, for readers of
committed records, which our worker is. Its transactional id is the installation's, so that a second retry
at the same time fences the first, and reads what that one has settled.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError, ProducerFenced

from stream.errors import Reason, UserError
from stream.kafka import header_names
from stream.kafka.dead_letter import Letter, origin_header, read_letter, read_standing, retried_header
from stream.kafka.emit import BatchEmitter, Outgoing, producer_settings
from stream.kafka.reach import no_topic, servers, why_unreachable
from stream.model import Origin
from stream.rejections import Standing

SETTLED, LETTER = "wirestream-settled", "wirestream-letter"
# Letters in one transaction: a fraction of a second, and with the largest letters some 50 MB.
_BATCH = 50
# How far back from the end of each partition the newest letter of a feed is looked for.
_TAIL_OFFSETS = 500
# The stage whose input is our own.
_LATER_STAGE = "dedup"

Action = Literal["retried", "dropped"]
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters are meant: all of what is given must hold; an empty one means every letter.

    `positions` are partitions and offsets in the dead-letter topic, `origin_*` those in the topic that the
    record came from, `since` and `until` bound when it was rejected, `contains` is part of the message.
    """

    reasons: Sequence[str] = ()
    feeds: Sequence[str] = ()
    positions: Sequence[Position] = ()
    origin_topic: str | None = None
    origin_partition: int | None = None
    origin_offset: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    contains: str | None = None

    def matches(self, letter: Letter) -> bool:
        origin = letter.record.origin
        return (
            (not self.reasons or letter.reason in self.reasons)
            and (not self.feeds or letter.feed in self.feeds)
            and (not self.positions or letter.position in self.positions)
            and self.origin_topic in (None, origin.topic_name)
            and self.origin_partition in (None, origin.partition)
            and self.origin_offset in (None, origin.offset)
            and (self.since is None or letter.when >= self.since)
            and (self.until is None or letter.when < self.until)
            and (self.contains is None or self.contains in letter.message)
        )


@dataclass(slots=True)
class Queue:
    """The dead letters of one installation. `settle` needs `opened(..., writing=True)`."""

    _client: Mapping[str, Any]
    _topic_name: str
    _producer: AIOKafkaProducer | None = None
    _settled: dict[Position, str] = field(default_factory=dict)

    async def letters(self, wanted: Filter, *, settled: bool = False) -> AsyncIterator[tuple[Letter, str]]:
        """The letters that match, partition by partition, oldest first, each with what was done about it
        (`open`, `retried`, `dropped`); only the open ones unless `settled`."""
        async for record in _records(self._client, self._topic_name):
            position = (record.partition, record.offset)
            letter = read_letter(position, record.value, record.key, tuple(record.headers), record.timestamp)
            state = self._settled.get(position, "open")
            if letter is not None and wanted.matches(letter) and (settled or state == "open"):
                yield letter, state

    async def settle(
        self,
        wanted: Filter,
        action: Action,
        *,
        stories: str,
        annotated: str,
        on_settled: Callable[[Letter], None],
    ) -> int:
        """Retries or drops the open letters that match; returns how many. A retry goes to the topic
        `stories`, on the partition that the record came from where there is one; what *dedup* failed at goes
        to its shard of `annotated`. `on_settled` is called once a letter is settled for good."""
        send = partial(self._settle, action=action, stories=stories, annotated=annotated)
        count = 0
        batch: list[Letter] = []
        async for letter, _ in self.letters(wanted):
            batch.append(letter)
            if len(batch) == _BATCH:
                count += await send(batch, on_settled=on_settled)
                batch.clear()
        return count + await send(batch, on_settled=on_settled)

    async def _settle(
        self,
        batch: Sequence[Letter],
        *,
        action: Action,
        stories: str,
        annotated: str,
        on_settled: Callable[[Letter], None],
    ) -> int:
        if not batch:
            return 0
        if self._producer is None:
            raise RuntimeError("the queue was opened for reading only")
        outgoing = [_receipt(self._topic_name, letter, action) for letter in batch]
        if action == "retried":
            partitions = await self._producer.partitions_for(stories)
            outgoing += [
                _again_late(annotated, letter)
                if letter.stage == _LATER_STAGE
                else _again(stories, letter, partitions)
                for letter in batch
            ]
        async with self._producer.transaction():
            await BatchEmitter(self._producer).send(outgoing)
        for letter in batch:
            on_settled(letter)
        return len(batch)

    async def read_receipts(self) -> None:
        async for record in _records(self._client, self._topic_name):
            headers = dict(record.headers)
            if SETTLED in headers and LETTER in headers:
                self._settled[record.partition, int(headers[LETTER])] = headers[SETTLED].decode()


@asynccontextmanager
async def opened(
    client: Mapping[str, Any], app: str, topic_name: str, *, writing: bool = False
) -> AsyncIterator[Queue]:
    """The queue with its receipts read. Raises `UserError` when the broker or the topic cannot be had, or
    when another retry takes over."""
    producer = None
    try:
        if writing:
            producer = AIOKafkaProducer(**producer_settings(client), transactional_id=f"{app}-dead-letters")
            await producer.start()
        # After the producer has fenced off any other, whose open transaction would hide the end.
        queue = Queue(client, topic_name, producer)
        await queue.read_receipts()
        yield queue
    except ProducerFenced as error:
        raise UserError("another retry or drop has taken over; run this one again after it") from error
    except KafkaConnectionError as error:
        raise UserError(f"no Kafka broker answers at {servers(client)}: {why_unreachable(client)}") from error
    except KafkaError as error:
        raise UserError(f"the dead letters in {topic_name}: {error!r}") from error
    finally:
        if producer is not None:
            await producer.stop()


@dataclass(frozen=True, slots=True)
class Newest:
    """What the letters near the end of the topic tell: how each feed stood at its last one, and the places
    of the records that made the program fail."""

    standings: Mapping[str | None, Standing]
    faults: Sequence[Origin]


async def newest(client: Mapping[str, Any], topic_name: str) -> Newest:
    """Reads the end of the dead-letter topic, for a worker that starts."""
    stood: dict[str | None, tuple[datetime, Standing]] = {}
    faults = []
    async for record in _records(client, topic_name, tail=_TAIL_OFFSETS):
        headers = tuple(record.headers)
        letter = read_letter((record.partition, record.offset), None, None, headers, record.timestamp)
        if letter is None:
            continue
        standing = read_standing(headers)
        if standing and (letter.feed not in stood or letter.when >= stood[letter.feed][0]):
            stood[letter.feed] = letter.when, standing
        if letter.reason == Reason.INTERNAL_FAULT:
            faults.append(letter.record.origin)
    return Newest({feed: standing for feed, (_, standing) in stood.items()}, faults)


async def _records(
    client: Mapping[str, Any], topic_name: str, *, tail: int | None = None
) -> AsyncIterator[Any]:
    """The committed records of a topic as it stands, partition by partition; of each the last `tail`
    offsets, or all."""
    header_names.accept_any()
    consumer = AIOKafkaConsumer(
        topic_name, **client, group_id=None, enable_auto_commit=False, isolation_level="read_committed"
    )
    try:
        await consumer.start()
        partitions = sorted(consumer.assignment())
        if not partitions:
            raise no_topic(topic_name)
        ends = await consumer.end_offsets(partitions)
        beginnings = await consumer.beginning_offsets(partitions)
        for tp in partitions:
            start = beginnings[tp] if tail is None else max(beginnings[tp], ends[tp] - tail)
            consumer.seek(tp, start)
        for tp in partitions:
            while await consumer.position(tp) < ends[tp]:
                for record in (await consumer.getmany(tp, timeout_ms=200)).get(tp, ()):
                    if record.offset < ends[tp]:
                        yield record
    finally:
        await consumer.stop()


def _receipt(topic_name: str, letter: Letter, action: Action) -> Outgoing:
    partition, offset = letter.position
    headers = ((SETTLED, action.encode()), (LETTER, str(offset).encode()))
    return Outgoing(topic_name, None, None, headers, partition)


def _again(topic_name: str, letter: Letter, partitions: set[int]) -> Outgoing:
    """The record as it was sent at first. Its timestamp is today's, or an old one could be past the topic's
    retention as soon as it is written; when it was received is in the origin header."""
    record = letter.record
    partition = record.origin.partition if record.origin.partition in partitions else None
    return Outgoing(topic_name, record.key, record.value, (*record.headers, origin_header(record)), partition)


def _again_late(topic_name: str, letter: Letter) -> Outgoing:
    """A record of our own, on the one shard where it belongs: an annotated story, or one that waited for the
    end of an embargo, of whose fate that shard judges."""
    record = letter.record
    headers = (*record.headers, retried_header())
    return Outgoing(topic_name, record.key, record.value, headers, record.origin.partition)
