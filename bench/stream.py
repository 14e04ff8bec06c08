"""A file of stories through the embedded broker and one worker: accounts for every record, and tells how
fast it went and how much memory it took.

    wirestream bench stream [--settings wirestream.yaml] stories.jsonl

All stories are produced first, so that the worker runs at full speed from its start to the last event.
Exits 1 when a record is lost or an event doubled.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from kafka import KafkaConsumer, TopicPartition

from bench.machine import resident
from stream.config import load
from stream.kafka.broker import Broker
from stream.kafka.produce import produce
from stream.kafka.security import client_settings
from stream.kafka.topics import apply, connect, plan
from stream.settings import Settings
from stream.sources import read_sources
from stream.topology import Topology

# After this long without a new record the outputs are taken to be complete.
_QUIET_SECONDS = 20.0

Place = tuple[int, int]


class Account:
    """What readers of committed records see of each input record, by its partition and offset."""

    def __init__(self) -> None:
        self.roles: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.events: Counter[Place] = Counter()
        self.dead: Counter[Place] = Counter()

    def take(self, record: Any, dead_letter: str) -> None:
        headers = dict(record.headers)
        if record.topic == dead_letter:
            self.reasons[headers["wirestream-error-reason"].decode()] += 1
            place = headers["__connect.errors.partition"], headers["__connect.errors.offset"]
            self.dead[int(place[0]), int(place[1])] += 1
        else:
            event = orjson.loads(record.value)
            self.roles[event["cluster"]["role"]] += 1
            self.events[event["source"]["partition"], event["source"]["offset"]] += 1

    @property
    def places(self) -> int:
        return len(self.events.keys() | self.dead.keys())

    @property
    def doubled(self) -> int:
        return (self.events + self.dead).total() - self.places


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it once and prints the account. 0 when nothing was lost or doubled."""
    parser = argparse.ArgumentParser(prog="wirestream bench stream", description=__doc__.partition("\n\n")[0])
    parser.add_argument("stories", nargs="+", help="files that `wirestream produce` takes")
    parser.add_argument("--settings", type=Path, help="settings file (its brokers are not used)")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="wirestream-bench-") as folder, Broker(Path(folder) / "kafka") as broker:
        flags = {"kafka.bootstrap_servers": [broker.bootstrap]}
        settings = load(asked.settings, flags=flags, environ={}).settings
        topology = Topology(settings)
        client = client_settings(settings.kafka)
        with connect(client) as admin:
            apply(admin, plan(admin, topology.specs()))
        sent = produce(client, topology.stories, read_sources(asked.stories)).sent
        brokers = ["--bootstrap", broker.bootstrap, "--http-port", "0"]
        config = ["--config", str(asked.settings)] if asked.settings else []
        log = Path(folder) / "worker.log"
        with log.open("wb") as stream:
            worker = subprocess.Popen(
                [sys.executable, "-m", "stream", "worker", *config, *brokers],
                stdout=stream,
                stderr=stream,
            )
        try:
            account, seconds = _read(settings, topology, sent)
            memory = resident(worker.pid, peak=True)
        finally:
            worker.terminate()
            code = worker.wait(60)
    lost = sent - account.places
    print(f"records       {sent}")
    print(f"events        {account.roles.total()} ({_counts(account.roles)})")
    print(f"dead letters  {account.reasons.total()} ({_counts(account.reasons)})")
    print(f"lost          {lost}")
    print(f"doubled       {account.doubled}")
    print(f"stories/s     {account.places / seconds:.0f} (first to last event {seconds:.1f} s)")
    print(f"peak memory   {memory / 2**20:.0f} MiB of the worker, which ended with exit code {code}")
    return 1 if lost or account.doubled or code else 0


def _read(settings: Settings, topology: Topology, sent: int) -> tuple[Account, float]:
    """The account when all is there or nothing more comes, and the seconds from first to last record."""
    consumer = KafkaConsumer(
        **client_settings(settings.kafka), isolation_level="read_committed", enable_auto_commit=False
    )
    topics = (topology.enriched, topology.duplicates, topology.dead_letter)
    partitions = [TopicPartition(name, p) for name in topics for p in consumer.partitions_for_topic(name)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    account = Account()
    begun = first = last = time.monotonic()
    # A few polls past the last expected record, which show what comes twice.
    beyond = 0
    while beyond < 10 and time.monotonic() - last < (_QUIET_SECONDS if account.places else 120):
        found = consumer.poll(timeout_ms=200)
        for records in found.values():
            for record in records:
                account.take(record, topology.dead_letter)
        if found:
            last = time.monotonic()
            first = last if first == begun else first
        beyond += account.places >= sent
    consumer.close()
    return account, max(last - first, 0.001)


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counter.most_common())


if __name__ == "__main__":
    sys.exit(main())
