"""From a story's publication to its committed event: latency at half the highest rate and behind a backlog.

    wirestream bench latency [--seconds 20] [--batches 50,250,1000]

One worker with both stages, pinned as in `wirestream bench peers`. First its highest rate, then for each size
of batch (`worker.batch_records`) a steady load at half of that. Last a backlog: all at once what takes the
worker several seconds; of each story how long it waited between the stages is told, which should not grow
with the backlog, beside the whole latency, which must. Under a steady load a reader of committed records
notes when it sees an event; its own polls, at most 10 ms, are in the figures. Behind the backlog an event
counts as there when the broker appended it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from bench.peers.contenders import worker
from bench.report import Report, Table
from bench.rig import WARM_STORIES, Rig, open_rig
from bench.stories import stories
from stream.codec import read_annotated
from stream.topology import Topology

# Joining, loading, and the first stories that meet empty memos are not counted.
_WARM_SECONDS = 5.0
_TAIL_SECONDS = 5.0
_DEFAULT_BATCH = 250
# Of the backlog: so many seconds of work.
_BACKLOG_SECONDS = 8


class Latency(NamedTuple):
    """Quantiles in seconds."""

    median: float
    p99: float
    most: float

    @classmethod
    def of(cls, seen: Sequence[float]) -> Latency:
        return cls(statistics.median(seen), statistics.quantiles(seen, n=100)[98], max(seen))

    def cells(self) -> list[str]:
        return [f"{value * 1000:,.0f} ms" for value in self]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it once and prints the tables."""
    parser = argparse.ArgumentParser(
        prog="wirestream bench latency", description=__doc__.partition("\n\n")[0]
    )
    parser.add_argument("--seconds", type=float, default=20, help="of each steady load")
    parser.add_argument("--batches", default="50,250,1000", help="sizes of batch to compare")
    parser.add_argument("--rate", type=float, help="stories a second instead of half of the highest rate")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    asked = parser.parse_args(arguments)
    report = Report("latency")
    made = stories(10**9)
    with open_rig() as rig:
        most = rig.measure(worker(), "most", list(islice(made, 3000 + WARM_STORIES))).rate
        rate = asked.rate or most / 2
        table = Table(("worker.batch_records", "p50", "p99", "most"), f"{rate:.0f} stories/s of {most:.0f}")
        for batch in map(int, asked.batches.split(",")):
            latency = Latency.of(_steady(rig, batch, made, rate, asked.seconds))
            table.add(f"{batch}{' (default)' if batch == _DEFAULT_BATCH else ''}", *latency.cells())
        report.add(table)
        whole, between = _backlog(rig, made, int(most * _BACKLOG_SECONDS))
        table = Table(("behind a backlog", "p50", "p99", "most"), f"{_BACKLOG_SECONDS} s of work at once")
        table.add("from publication to the committed event", *Latency.of(whole).cells())
        table.add("of it, from annotated to the committed event", *Latency.of(between).cells())
        report.add(table)
    report.finish(asked.write)
    return 0


def _steady(rig: Rig, batch: int, made: Iterator[bytes], rate: float, seconds: float) -> list[float]:
    prefix = f"steady-{batch}"
    topology = rig.make_topics(prefix)
    with rig.running(worker(WORKER__BATCH_RECORDS=batch), prefix) as process, _Watch(rig, topology) as watch:
        rig.warm(topology, process, list(islice(made, 20)))
        producer = KafkaProducer(**rig.client, acks="all", linger_ms=5)
        begun, sent = time.monotonic(), 0
        end = _WARM_SECONDS + seconds
        while (now := time.monotonic() - begun) < end + _TAIL_SECONDS:
            due = int(min(now, end) * rate)
            for value in islice(made, max(0, due - sent)):
                producer.send(topology.stories, value, timestamp_ms=int(time.time() * 1000))
            sent = max(sent, due)
            watch.look()
        producer.close()
    first = time.time() - (end + _TAIL_SECONDS) + _WARM_SECONDS
    return [seen.came - seen.published for seen in watch.seen.values() if seen.published > first]


def _backlog(rig: Rig, made: Iterator[bytes], count: int) -> tuple[list[float], list[float]]:
    """Seconds from publication, and from the annotated topic, until the broker had each event."""
    topology = rig.make_topics("backlog")
    with rig.running(worker(), "backlog") as process, _Watch(rig, topology) as watch:
        rig.warm(topology, process, list(islice(made, WARM_STORIES)))
        while len(watch.seen) < WARM_STORIES:
            watch.look()
        known = len(watch.seen)
        rig.produce(topology.stories, list(islice(made, count)))
        deadline = time.monotonic() + 30 + 4 * _BACKLOG_SECONDS
        while len(watch.seen) < known + count and time.monotonic() < deadline:
            watch.look()
    late = list(watch.seen.items())[known:]
    annotated = _annotated_at(rig, topology)
    whole = [seen.appended - seen.published for _, seen in late]
    return whole, [seen.appended - annotated[identity] for identity, seen in late]


class _Seen(NamedTuple):
    """Of one story, in seconds since the epoch: when it was published, when the broker appended its event,
    and when the reader had it."""

    published: float
    appended: float
    came: float


class _Watch:
    """A reader of committed events: what it saw, by story id."""

    def __init__(self, rig: Rig, topology: Topology) -> None:
        self.seen: dict[bytes, _Seen] = {}
        self._consumer = KafkaConsumer(
            **rig.client, isolation_level="read_committed", enable_auto_commit=False, fetch_max_wait_ms=10
        )
        _read_all(self._consumer, topology.enriched, topology.duplicates)

    def __enter__(self) -> _Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def look(self) -> None:
        for records in self._consumer.poll(timeout_ms=10).values():
            now = time.time()
            for record in records:
                received = orjson.loads(record.value)["received_at"]
                self.seen[record.key] = _Seen(_seconds(received), record.timestamp / 1000, now)


def _annotated_at(rig: Rig, topology: Topology) -> dict[bytes, float]:
    """When the broker had each annotated story, by id."""
    consumer = KafkaConsumer(**rig.client, enable_auto_commit=False)
    _read_all(consumer, topology.annotated)
    found: dict[bytes, float] = {}
    while records := consumer.poll(timeout_ms=2000):
        for of_partition in records.values():
            for record in of_partition:
                identity = read_annotated(record.value, record.headers).id
                found[identity.encode()] = record.timestamp / 1000
    consumer.close()
    return found


def _read_all(consumer: KafkaConsumer, *topic_names: str) -> None:
    partitions = [
        TopicPartition(name, p) for name in topic_names for p in consumer.partitions_for_topic(name)
    ]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


if __name__ == "__main__":
    sys.exit(main())
