"""What a replay costs: its speed with one and with two workers, and what it does to live latency.

    wirestream bench replay [--stories 6000] [--rounds 3]

On the embedded broker, side by side in one run. First a live run over generated stories, replayed with one
and with two annotating processes in turn. Then stories come in at a steady rate while a rate-limited replay
runs and while none does, in turn; latency is from a story's publication to a reader of committed records.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import yaml
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from bench.stories import stories
from stream.config import load
from stream.kafka.broker import Broker
from stream.kafka.produce import produce
from stream.kafka.security import client_settings
from stream.kafka.topics import apply, connect, plan
from stream.settings import Settings
from stream.sources import Item
from stream.topology import Topology

# The first seconds of a phase, when a replay starts its processes, are not counted.
_WARM_SECONDS = 8.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it once and prints the figures."""
    parser = argparse.ArgumentParser(prog="wirestream bench replay", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--stories", type=int, default=6000, help="stories that are replayed")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--live-rate", type=float, default=100, help="live stories a second")
    parser.add_argument("--replay-rate", type=float, default=100, help="replayed records a second")
    parser.add_argument("--seconds", type=float, default=30, help="of each phase of the latency part")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="wirestream-bench-") as folder, Broker(Path(folder) / "kafka") as broker:
        config = Path(folder) / "wirestream.yaml"
        values = {"kafka": {"bootstrap_servers": [broker.bootstrap]}, "worker": {"http_port": 0}}
        config.write_text(yaml.safe_dump(values), "utf-8")
        settings = load(config, environ={}).settings
        client = client_settings(settings.kafka)
        with connect(client) as admin:
            apply(admin, plan(admin, Topology(settings).specs()))
        made = stories(asked.stories + int(asked.rounds * 2 * (asked.seconds + 60) * asked.live_rate))
        items = (Item(str(n), value) for n, value in enumerate(islice(made, asked.stories)))
        with _worker(config, Path(folder)):
            produce(client, Topology(settings).stories, items)
            _await_events(settings, asked.stories)
            speeds: dict[int, list[float]] = {1: [], 2: []}
            for round_ in range(asked.rounds):
                for workers in speeds:
                    name = f"speed-{workers}-{round_}"
                    begun = time.monotonic()
                    _replay(config, name, "--workers", str(workers)).wait()
                    speeds[workers].append(asked.stories / (time.monotonic() - begun))
            _print_speeds(speeds)
            _latency(settings, config, made, asked)
    return 0


def _print_speeds(speeds: dict[int, list[float]]) -> None:
    for workers, found in speeds.items():
        print(f"{workers} worker(s): {statistics.median(found):,.0f} records/s, start and end included")
    ratios = [two / one for one, two in zip(speeds[1], speeds[2], strict=True)]
    print(f"two workers over one: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def _latency(settings: Settings, config: Path, made: Iterator[bytes], asked: argparse.Namespace) -> None:
    found: dict[bool, list[float]] = {False: [], True: []}
    medians: dict[bool, list[float]] = {False: [], True: []}
    for round_ in range(asked.rounds):
        for with_replay in (False, True):
            running = None
            if with_replay:
                rate = str(asked.replay_rate)
                running = _replay(config, f"beside-{round_}", "--rate", rate)
            seen = _phase(settings, made, asked.live_rate, asked.seconds)
            if running is not None:
                over = running.poll() is not None
                running.terminate()
                running.wait()
                if over:
                    print(
                        "the replay ended before its phase did; give more --stories or a lower --replay-rate"
                    )
            found[with_replay].append(statistics.quantiles(seen, n=100)[98])
            medians[with_replay].append(statistics.median(seen))
    for with_replay, label in ((False, "live alone"), (True, "beside a replay")):
        p50, p99 = statistics.median(medians[with_replay]), statistics.median(found[with_replay])
        print(f"{label:<16} p50 {p50 * 1000:6.0f} ms   p99 {p99 * 1000:6.0f} ms")
    ratios = [beside / alone for alone, beside in zip(found[False], found[True], strict=True)]
    print(f"p99 beside over alone: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def _phase(settings: Settings, made: Iterator[bytes], rate: float, seconds: float) -> list[float]:
    """Latencies in seconds of stories that were published at a steady rate."""
    topology, client = Topology(settings), client_settings(settings.kafka)
    consumer = KafkaConsumer(**client, isolation_level="read_committed", enable_auto_commit=False)
    names = (topology.enriched, topology.duplicates)
    partitions = [TopicPartition(name, p) for name in names for p in consumer.partitions_for_topic(name)]
    consumer.assign(partitions)
    consumer.seek_to_end(*partitions)
    for tp in partitions:
        consumer.position(tp)
    producer = KafkaProducer(**client, acks="all", linger_ms=5)
    published: dict[str, float] = {}
    seen: list[float] = []
    begun = time.monotonic()
    sent = 0
    while (now := time.monotonic()) < begun + _WARM_SECONDS + seconds + 5:
        due = int(min(now - begun, _WARM_SECONDS + seconds) * rate)
        for value in islice(made, due - sent):
            published[orjson.loads(value)["uri"]] = time.monotonic()
            producer.send(topology.stories, value)
        sent = max(sent, due)
        for records in consumer.poll(timeout_ms=10).values():
            came = time.monotonic()
            for record in records:
                at = published.pop(orjson.loads(record.value)["uri"], None)
                if at is not None and at > begun + _WARM_SECONDS:
                    seen.append(came - at)
    producer.close()
    consumer.close()
    return seen


def _replay(config: Path, name: str, *flags: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "stream", "replay", "--config", str(config)]
    command += ["--last", "1d", "--name", name, "--execute", *flags]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


@contextmanager
def _worker(config: Path, folder: Path) -> Iterator[None]:
    with (folder / "worker.log").open("wb") as log:
        command = [sys.executable, "-m", "stream", "worker", "--config", str(config)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def _await_events(settings: Settings, count: int) -> None:
    topology = Topology(settings)
    consumer = KafkaConsumer(**client_settings(settings.kafka), isolation_level="read_committed")
    names = (topology.enriched, topology.duplicates)
    consumer.assign([TopicPartition(n, p) for n in names for p in consumer.partitions_for_topic(n)])
    consumer.seek_to_beginning()
    deadline = time.monotonic() + 60 + count / 50
    while count > 0:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{count} events did not come")
        count -= sum(map(len, consumer.poll(timeout_ms=200).values()))
    consumer.close()


if __name__ == "__main__":
    sys.exit(main())
