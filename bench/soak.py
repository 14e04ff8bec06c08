"""Memory of one worker at full speed over time, with stories always waiting.

    wirestream bench soak [--minutes 10] [--words 250]

Stories are produced ahead of the worker on one partition of the stories topic, so that it never runs dry and
what it holds of a huge partition is seen too. The window is an hour of event time and the stories' own clock
runs 60 times as fast, so that the index is full after a minute and turns over from then on. Prints resident
memory every ten seconds; exits 1 when it grew by more than a tenth over the second half.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from stream.config import load
from stream.kafka.broker import Broker
from stream.kafka.security import client_settings
from stream.kafka.topics import apply, connect, plan
from stream.topology import Topology

_EVERY_SECONDS = 10.0
# What waits for the worker: minutes of work, and little of the disk.
_AHEAD = 20_000
_GROWTH = 1.1
_SPEED = 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it once and prints a line every ten seconds. 0 when memory stays flat."""
    parser = argparse.ArgumentParser(prog="wirestream bench soak", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--words", type=int, default=250, help="words of a story")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="wirestream-bench-") as folder, Broker(Path(folder) / "kafka") as broker:
        config = Path(folder) / "wirestream.yaml"
        config.write_text(
            "dedup: {window: 1h}\ntopics: {ledger_retention: 2d}\nworker: {http_port: 0}\n"
            f"kafka: {{bootstrap_servers: ['{broker.bootstrap}']}}\n"
        )
        settings = load(config, environ={}).settings
        topology, client = Topology(settings), client_settings(settings.kafka)
        with connect(client) as admin:
            apply(admin, plan(admin, topology.specs()))
        log = Path(folder) / "worker.log"
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "stream", "worker", "--config", str(config)]
            worker = subprocess.Popen(command, stdout=stream, stderr=stream)
        producer = KafkaProducer(**client, compression_type="zstd", linger_ms=20)
        watcher = KafkaConsumer(**client, group_id=settings.app, enable_auto_commit=False)
        stories = _stories(asked.words)
        place = TopicPartition(topology.stories, 0)
        begun = told = time.monotonic()
        sent = 0
        seen: list[int] = []
        try:
            while time.monotonic() - begun < asked.minutes * 60 and worker.poll() is None:
                done = watcher.committed(place) or 0
                while sent - done < _AHEAD:
                    producer.send(topology.stories, next(stories), partition=0)
                    sent += 1
                producer.flush()
                if time.monotonic() - told >= _EVERY_SECONDS:
                    told = time.monotonic()
                    seen.append(_resident(worker.pid))
                    print(f"{told - begun:6.0f} s {done:9,} stories {seen[-1] / 1024:6.0f} MiB", flush=True)
                time.sleep(0.2)
        finally:
            worker.terminate()
            code = worker.wait(60)
    if code != 0:
        print(f"the worker ended with exit code {code}")
        return 1
    second_half = seen[len(seen) // 2 :]
    print(f"second half: {second_half[0] / 1024:.0f} to {max(second_half) / 1024:.0f} MiB")
    return 0 if max(second_half) <= _GROWTH * second_half[0] else 1


def _stories(words: int) -> Iterator[bytes]:
    rng = random.Random(1)
    vocabulary = [f"word{number}" for number in range(30_000)]
    begun, first = time.time(), datetime.now(UTC) - timedelta(days=30)
    number = 0
    while True:
        at = first + timedelta(seconds=(time.time() - begun) * _SPEED)
        yield orjson.dumps(
            {
                "uri": f"urn:soak:{number}",
                "type": "text",
                "language": "en",
                "versioncreated": at.isoformat(),
                "headline": f"Story {number}",
                "body_text": " ".join(rng.choices(vocabulary, k=words)),
            }
        )
        number += 1


def _resident(pid: int) -> int:
    """Resident memory of a process in KiB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
