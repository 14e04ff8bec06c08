"""How long stories wait when a worker is killed: two workers, default settings, a full window.

    wirestream bench takeover [--stories 500000]

The ledger is filled with that many decisions on made-up stories of 2.5 kB, all of one language and so all
in one shard, which is the worst there is. The worker that has the shard is killed (`kill -9`) and not started
again, once the other stands by; a story sent at that moment is awaited at the other end. Exits 1 when it took
longer than 20 s.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import orjson
from aiokafka import AIOKafkaProducer
from kafka import KafkaConsumer, TopicPartition

from bench.stories import stories as usual_stories
from stream.config import load
from stream.dedup.card import make_card
from stream.dedup.cluster import Deduplicator
from stream.dedup.ledger import Entry
from stream.dedup.settings import DedupSettings
from stream.dedup.sketch import threshold
from stream.dedup.text import Text
from stream.kafka.broker import Broker
from stream.kafka.emit import BatchEmitter, Outgoing, producer_settings
from stream.kafka.ledger import entry_record
from stream.kafka.produce import produce
from stream.kafka.security import client_settings
from stream.kafka.topics import apply, connect, plan
from stream.model import Origin
from stream.settings import Settings
from stream.sources import Item
from stream.text.tokens import hashes
from stream.topology import Topology

_BAR_SECONDS = 20.0
_BATCH = 2_000
# So many different stories stand in the ledger, with ids and sketches of their own each time.
_USUAL = 500
_LANGUAGE = "ar"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it once and prints the times. 0 when the bar is met."""
    parser = argparse.ArgumentParser(
        prog="wirestream bench takeover", description=__doc__.partition("\n\n")[0]
    )
    parser.add_argument("--stories", type=int, default=500_000, help="decisions in the window")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="wirestream-bench-") as folder, Broker(Path(folder) / "kafka") as broker:
        settings = load(flags={"kafka.bootstrap_servers": [broker.bootstrap]}, environ={}).settings
        with connect(client_settings(settings.kafka)) as admin:
            apply(admin, plan(admin, Topology(settings).specs()))
        begun = time.monotonic()
        asyncio.run(fill_ledger(settings, asked.stories, _LANGUAGE, datetime.now(UTC)))
        print(
            f"ledger filled with {asked.stories:,} decisions in {time.monotonic() - begun:.0f} s", flush=True
        )
        workers = [_Worker(Path(folder) / f"worker-{number}.log", broker.bootstrap) for number in (0, 1)]
        try:
            return _measure(settings, workers)
        finally:
            for worker in workers:
                worker.process.kill()


class _Worker:
    def __init__(self, log: Path, bootstrap: str) -> None:
        self._log = log
        command = ["worker", "--bootstrap", bootstrap, "--http-port", "0"]
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "stream", *command], stdout=stream, stderr=stream
            )

    def partitions(self) -> dict[str, list[int]] | None:
        """What it has, by its last word; None before it said so, and while the group is moving."""
        said = None
        for line in self._log.read_text("utf-8").splitlines():
            message = orjson.loads(line)["message"] if line.startswith("{") else ""
            if message.startswith("ready: {"):
                said = orjson.loads(message.removeprefix("ready: ").replace("'", '"'))
        return said

    def stands_by(self, shard: int) -> bool:
        return f"standing by for shard {shard}:" in self._log.read_text("utf-8")


def _measure(settings: Settings, workers: Sequence[_Worker]) -> int:
    topology = Topology(settings)
    shard = topology.shard(_LANGUAGE)
    owner, started = None, time.monotonic()
    while owner is None:
        time.sleep(0.2)
        having = [worker.partitions() or {} for worker in workers]
        if all(having):
            owners = [w for w, has in zip(workers, having, strict=True) if shard in has[topology.annotated]]
            owner = owners[0] if len(owners) == 1 else None
    print(f"both workers ready {time.monotonic() - started:.1f} s after the start", flush=True)
    [other] = [worker for worker in workers if worker is not owner]
    while settings.dedup.standby and not other.stands_by(shard):
        time.sleep(0.2)
    print(f"the other stands by {time.monotonic() - started:.1f} s after the start", flush=True)
    client = client_settings(settings.kafka)
    consumer = KafkaConsumer(**client, isolation_level="read_committed", enable_auto_commit=False)
    partitions = [
        TopicPartition(topology.enriched, number) for number in range(settings.topics.output_partitions)
    ]
    consumer.assign(partitions)
    consumer.seek_to_end()
    for tp in partitions:
        consumer.position(tp)
    owner.process.kill()
    killed = time.monotonic()
    story = next(usual_stories(1, seed=2))
    produce(client, topology.stories, [Item("story", story)], feed="bench")
    while not consumer.poll(timeout_ms=100):
        pass
    seconds = time.monotonic() - killed
    consumer.close()
    print(f"kill -9 to the next event: {seconds:.1f} s (bar {_BAR_SECONDS:g} s)")
    return 0 if seconds <= _BAR_SECONDS else 1


async def fill_ledger(
    settings: Settings, stories: int, language: str, at: datetime, *, reprints: float = 0.0
) -> None:
    """Writes so many decisions, all of the event time `at`: originals that share nothing, and that share of
    plain reprints of them."""
    topology = Topology(settings)
    shard = topology.shard(language)
    producer = AIOKafkaProducer(**producer_settings(client_settings(settings.kafka)))
    await producer.start()
    batch: list[Outgoing] = []
    for number, entry in enumerate(_entries(stories, at, reprints)):
        origin = Origin(topology.stories, 0, number)
        batch.append(
            entry_record(topology.ledger, shard, entry.id.hex(), origin, entry.to_bytes(), entry.time)
        )
        if len(batch) == _BATCH:
            await BatchEmitter(producer).send(batch)
            batch.clear()
    await BatchEmitter(producer).send(batch)
    await producer.stop()


def _entries(stories: int, at: datetime, reprints: float) -> Iterator[Entry]:
    """Originals that share no sketch: usual stories' entries with ids, text hash and sketch drawn anew. A
    reprint is one of the original before it, and is known by its ids only."""
    random_numbers = np.random.default_rng(1)
    usual = [_decided(value, at) for value in usual_stories(_USUAL, reprints=0.0)]
    original = None
    for number in range(stories):
        text, entry = usual[number % _USUAL]
        identity = random_numbers.bytes(16)
        known = entry._replace(id=identity, content=int.from_bytes(identity[:8], "big"))
        if original is not None and random_numbers.random() < reprints:
            yield known._replace(cluster=original, matched=original, text=None)
            continue
        original = identity
        sketch = random_numbers.integers(0, threshold(text.length), len(text.sketch), dtype=np.uint32)
        others = (text.words, text.subjects, text.headline, text.numbers, text.slots, text.countries)
        drawn = Text.of(text.length, text.feed, (sketch, *others))
        yield known._replace(cluster=identity, text=drawn.data)


def _decided(value: bytes, at: datetime) -> tuple[Text, Entry]:
    """The text of a story and the entry of a decision on it alone."""
    story = orjson.loads(value)
    headline, body = story["headline"], story["body_text"]
    card = make_card(
        id="0" * 32,
        event_time=at,
        received_at=at,
        headline=headline,
        body=body,
        tokens=hashes(body),
        headline_tokens=hashes(headline),
        feed="bench",
    )
    return card.text, Entry.from_bytes(Deduplicator(DedupSettings()).judge(card).entry.to_bytes())
