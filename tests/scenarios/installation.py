"""One installation of wirestream on the test broker: its own topics, consumer group and workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import yaml
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from stream.config import load
from stream.kafka.produce import produce
from stream.kafka.security import client_settings
from stream.kafka.topics import apply, connect, plan
from stream.settings import Settings
from stream.sources import Item
from stream.topology import Topology

WIRESTREAM = ("-m", "stream")
# Of one worker under supervision: more restarts than any scenario has faults is a crash loop.
_MOST_RESTARTS = 30


class Worker:
    """A `wirestream worker` process, or another verb's that runs until it is stopped. Its log goes to a file
    that a failing test can show."""

    def __init__(
        self,
        config: Path,
        log: Path,
        *flags: str,
        verb: str = "worker",
        program: Sequence[str] = WIRESTREAM,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.log = log
        self._environ = {**os.environ, **(environ or {})}
        self.supervised = False
        self.codes: list[int] = []
        self._command = [sys.executable, *program, verb, "--config", str(config), *flags]
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._command, env=self._environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def restart(self) -> None:
        """Starts the process again after it ended, as a supervisor would."""
        self.process = self._start()

    def tend(self) -> None:
        """What a supervisor does: start it again when it ended by itself. Exit codes are kept."""
        if self.supervised and not self.alive:
            self.codes.append(self.process.returncode)
            assert len(self.codes) < _MOST_RESTARTS, f"{self.log} restarts without end: {self.codes}"
            self.restart()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self, timeout: float = 60) -> int:
        """SIGTERM, and the exit code."""
        self.supervised = False
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def said(self, text: str) -> bool:
        return text in self.log.read_text("utf-8")

    @property
    def http(self) -> str:
        """The base URL of /metrics, /live and /ready, once the worker has said it."""
        for line in reversed(self.log.read_text("utf-8").splitlines()):
            if "serving /metrics" in line:
                return str(orjson.loads(line)["message"].rpartition(" ")[2])
        raise LookupError("the worker has not said its port yet")


class Installation:
    def __init__(self, bootstrap: str, folder: Path, **options: Any) -> None:
        name = f"t{uuid4().hex[:10]}"
        values = {
            "app": name,
            "kafka": {"bootstrap_servers": bootstrap.split(",")},
            "topics": {"prefix": name, "stories_partitions": 4, "shards": 2, "output_partitions": 2},
            "worker": {"http_port": 0, "session_timeout": "4s"},
        }
        self.folder = folder
        self.config = folder / "wirestream.yaml"
        self.workers: list[Worker] = []
        self._values: dict[str, Any] = values
        self._watcher: Any = None
        merged = {
            key: {**values[key], **value} if isinstance(values.get(key), dict) else value
            for key, value in options.items()
        }
        self.configure(**merged)

    def configure(self, **sections: Any) -> None:
        """Changes sections of the settings file, for what starts after it."""
        self._values |= sections
        self.config.write_text(yaml.safe_dump(self._values), "utf-8")
        self.settings: Settings = load(self.config, environ={}).settings
        self.topology = Topology(self.settings)
        self.client = client_settings(self.settings.kafka)

    def create_topics(self) -> None:
        with connect(self.client) as admin:
            apply(admin, plan(admin, self.topology.specs()))

    def worker(
        self,
        *flags: str,
        verb: str = "worker",
        program: Sequence[str] = WIRESTREAM,
        supervised: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> Worker:
        log = self.folder / f"{verb}-{len(self.workers)}.log"
        worker = Worker(self.config, log, *flags, verb=verb, program=program, environ=environ)
        worker.supervised = supervised
        self.workers.append(worker)
        return worker

    def environ(self) -> dict[str, str]:
        """An environment in which the command line is this installation's."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "WIRESTREAM_CONFIG": str(self.config)}

    def close(self) -> None:
        for worker in self.workers:
            worker.supervised = False
            if worker.alive:
                worker.kill()
        if self._watcher is not None:
            self._watcher.close()

    def produce(
        self,
        values: Iterable[bytes],
        feed: str | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        items = (Item(str(number), value, tuple(headers)) for number, value in enumerate(values))
        report = produce(self.client, self.topology.stories, items, feed=feed, delivery_timeout=300)
        assert not report.failed

    def scan(self, topic_name: str, *, committed: bool = True) -> Iterator[Any]:
        """Every record of a topic as it stands now; with `committed`, as a reader should see it."""
        level = "read_committed" if committed else "read_uncommitted"
        consumer = KafkaConsumer(**self.client, isolation_level=level, enable_auto_commit=False)
        try:
            partitions = [TopicPartition(topic_name, p) for p in consumer.partitions_for_topic(topic_name)]
            consumer.assign(partitions)
            consumer.seek_to_beginning(*partitions)
            # The last stable offset is the end that a reader of committed records can reach.
            ends = consumer.end_offsets(partitions)
            while any(consumer.position(tp) < ends[tp] for tp in partitions):
                for found in consumer.poll(timeout_ms=200).values():
                    yield from found
        finally:
            consumer.close()

    def read(self, topic_name: str, *, committed: bool = True) -> list[Any]:
        return list(self.scan(topic_name, committed=committed))

    def events(self) -> list[dict[str, Any]]:
        """The events of enriched and duplicates, as a reader of committed records sees them."""
        topics = (self.topology.enriched, self.topology.duplicates)
        return [orjson.loads(record.value) for name in topics for record in self.scan(name)]

    def uris(self) -> Counter[str]:
        """How often each item came out, for a reader of committed records."""
        topics = (self.topology.enriched, self.topology.duplicates)
        return Counter(orjson.loads(record.value)["uri"] for name in topics for record in self.scan(name))

    def written(self) -> int:
        """About how many events were written so far (transaction markers and aborted ones count too)."""
        return self.offsets(self.topology.enriched, self.topology.duplicates)

    def offsets(self, *topic_names: str) -> int:
        """The sum of the end offsets of some topics."""
        return sum(self._ends(*topic_names).values())

    def dead_letters(self) -> list[Any]:
        return self.read(self.topology.dead_letter)

    def wait_for(
        self,
        done: Callable[[], bool],
        what: str,
        timeout: float = 90,
        *,
        look: float = 0.1,
        moving: Callable[[], int] | None = None,
    ) -> None:
        """Awaits a condition, and fails with the workers' logs when it does not come or none is left.
        Workers under supervision are tended meanwhile; a broker that is away is no failure. With `moving`
        the time begins anew whenever that figure changes: a busy machine takes as long as it takes."""
        deadline, figure = time.monotonic() + timeout, None
        while not _holds(done):
            for worker in self.workers:
                worker.tend()
            if moving is not None and (now := _known(moving)) not in (None, figure):
                deadline, figure = time.monotonic() + timeout, now
            # One that ended since it was tended is started again the next time.
            alone = not any(worker.supervised or worker.alive for worker in self.workers)
            if alone or time.monotonic() > deadline:
                logs = "\n".join(f"--- {w.log}\n{w.log.read_text('utf-8')[-3000:]}" for w in self.workers)
                why = "no worker is running" if alone else f"{timeout:g} s passed"
                raise AssertionError(f"waited in vain for {what}: {why}\n{logs}")
            time.sleep(look)

    def lag(self) -> int:
        """Records of the inputs of both stages that are not committed yet."""
        total = 0
        # The order matters: once the first input is done, nothing comes to the second any more.
        for name in (self.topology.stories, self.topology.annotated):
            ends = self._ends(name)
            total += sum(end - (self._consumer.committed(tp) or 0) for tp, end in ends.items())
        return total

    def _ends(self, *topic_names: str) -> dict[TopicPartition, int]:
        consumer = self._consumer
        ends: dict[TopicPartition, int] = consumer.end_offsets(
            [TopicPartition(name, p) for name in topic_names for p in consumer.partitions_for_topic(name)]
        )
        return ends

    @property
    def _consumer(self) -> Any:
        if self._watcher is None:
            self._watcher = KafkaConsumer(**self.client, group_id=self.settings.app, enable_auto_commit=False)
        return self._watcher


def _holds(done: Callable[[], bool]) -> bool:
    return bool(_known(done))


def _known(ask: Callable[[], Any]) -> Any:
    """None while the broker is away."""
    try:
        return ask()
    except KafkaError:
        return None


@contextmanager
def installed(bootstrap: str, folder: Path, **options: Any) -> Iterator[Installation]:
    """An installation with its topics; workers that still run at the end are killed."""
    installation = Installation(bootstrap, folder, **options)
    installation.create_topics()
    try:
        yield installation
    finally:
        installation.close()
