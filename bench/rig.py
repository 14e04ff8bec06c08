"""The rig of every comparison: a broker on its core, the process that is measured on another, and stories
that wait for it.

A measured process is started, warmed with the first stories of the stream and, once their events are out,
stopped (SIGSTOP) while all the others are produced. What counts is the time from the moment it goes on to
the moment at which the broker appended the last event. So neither start-up nor the speed of the bench's own
producer is in a figure, and while it works nobody else reads or writes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from kafka import KafkaConsumer, TopicPartition

from bench import machine
from stream.config import load
from stream.errors import UserError
from stream.kafka.broker import Broker
from stream.kafka.produce import produce
from stream.kafka.security import client_settings
from stream.kafka.topics import apply, connect, plan
from stream.sources import Item
from stream.topology import TopicSpec, Topology

WARM_STORIES = 300
# Joining a group, loading tables and a first pass over them, on a machine that does other work too.
_START_SECONDS = 120.0
# So long without a new event, and no more will come.
_QUIET_SECONDS = 30.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Contender:
    """What is measured. `{bootstrap}` and `{prefix}` in its command and environment are filled in.

    It reads `PREFIX.stories` and writes its events to `PREFIX.enriched` and `PREFIX.duplicates`, JSON with
    the `uri` of the story. `times` repeats the stories for one too fast to be timed on them.
    """

    name: str
    what: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    times: int = 1


@dataclass(frozen=True, slots=True)
class Run:
    """One run: `seconds` for `stories`, whose events were counted. `cpu` are the seconds of processor time,
    `memory` the peak in bytes (of the largest of several processes), `copies` the events on the duplicates
    topic."""

    stories: int
    seconds: float
    cpu: float
    memory: int
    copies: int
    lost: int
    doubled: int

    @property
    def rate(self) -> float:
        return self.stories / self.seconds


class Rig:
    """A running broker, and the means to measure against it. Made by `open_rig`."""

    def __init__(self, broker: Broker, folder: Path, cores: Collection[int]) -> None:
        self.bootstrap = broker.bootstrap
        self.folder = folder
        self.cores = cores
        self._settings = load(flags={"kafka.bootstrap_servers": [broker.bootstrap]}, environ={}).settings
        self.client = client_settings(self._settings.kafka)

    def topology(self, prefix: str) -> Topology:
        topics = self._settings.topics.model_copy(update={"prefix": prefix})
        return Topology(self._settings.model_copy(update={"topics": topics}))

    def make_topics(self, prefix: str) -> Topology:
        """wirestream's own topics. The outputs bear the time at which the broker appended a record."""
        topology = self.topology(prefix)
        with connect(self.client) as admin:
            apply(admin, plan(admin, [_stamped(spec, topology) for spec in topology.specs()]))
        return topology

    @contextmanager
    def running(
        self, contender: Contender, prefix: str, *, name: str = "", cores: Collection[int] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """The contender's process, pinned; ended at the end."""
        log = self.folder / f"{name or prefix}.log"
        filled = {"bootstrap": self.bootstrap, "prefix": prefix}
        command = [part.format(**filled) for part in contender.command]
        environment = {key: value.format(**filled) for key, value in contender.environment.items()}
        with log.open("wb") as stream:
            process = subprocess.Popen(
                command, stdout=stream, stderr=stream, env={**os.environ, **environment}
            )
        machine.pin(process.pid, self.cores if cores is None else cores)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def measure(self, contender: Contender, prefix: str, stories: Sequence[bytes]) -> Run:
        """One run of `contender` over `stories`, the first `WARM_STORIES` of which warm it up."""
        topology = self.make_topics(prefix)
        warm, timed = stories[:WARM_STORIES], list(stories[WARM_STORIES:]) * contender.times
        with self.running(contender, prefix) as process:
            self.warm(topology, process, warm)
            return self.time([process], topology, warm, timed)

    def time(
        self,
        processes: Sequence[subprocess.Popen[bytes]],
        topology: Topology,
        warm: Sequence[bytes],
        timed: Sequence[bytes],
    ) -> Run:
        """How long running processes, which have done the `warm` stories, need for the `timed` ones."""
        outputs, every = Outputs(self, topology), len(warm) + len(timed)
        # Commits and what else follows the first events.
        time.sleep(0.5)
        for process in processes:
            process.send_signal(signal.SIGSTOP)
        self.produce(topology.stories, timed)
        used, begun = sum(machine.processor_seconds(process.pid) for process in processes), time.time()
        for process in processes:
            process.send_signal(signal.SIGCONT)
        outputs.await_records(every, processes[0], _QUIET_SECONDS)
        seen = outputs.read(every)
        expected = Counter(map(_uri, (*warm, *timed)))
        return Run(
            stories=len(timed),
            seconds=seen.last_ms / 1000 - begun,
            cpu=sum(machine.processor_seconds(process.pid) for process in processes) - used,
            memory=max(machine.resident(process.pid, peak=True) for process in processes),
            copies=seen.copies,
            lost=(expected - seen.events).total(),
            doubled=(seen.events - expected).total(),
        )

    def warm(self, topology: Topology, process: subprocess.Popen[bytes], stories: Sequence[bytes]) -> None:
        """Sends the first stories and waits for their events. Raises `UserError` with the end of the log of
        a process that does not bring them."""
        self.produce(topology.stories, stories)
        if not Outputs(self, topology).await_records(len(stories), process, _START_SECONDS):
            log = (self.folder / f"{topology.settings.topics.prefix}.log").read_text("utf-8", "replace")
            raise UserError(f"the first events did not come; the end of the process's log:\n{log[-3000:]}")

    def produce(self, topic_name: str, stories: Sequence[bytes]) -> None:
        """Sends them and waits until the broker has them all."""
        items = (Item(str(number), value) for number, value in enumerate(stories))
        produce(self.client, topic_name, items)


@dataclass(slots=True)
class Seen:
    """What readers of committed records saw on the output topics."""

    events: Counter[str] = field(default_factory=Counter)
    copies: int = 0
    last_ms: int = 0


class Outputs:
    """The output topics of one run."""

    def __init__(self, rig: Rig, topology: Topology) -> None:
        self._duplicates = topology.duplicates
        self._consumer = KafkaConsumer(
            **rig.client, isolation_level="read_committed", enable_auto_commit=False
        )
        names = (topology.enriched, topology.duplicates)
        self._partitions = [
            TopicPartition(name, p) for name in names for p in self._consumer.partitions_for_topic(name)
        ]
        self._consumer.assign(self._partitions)

    def await_records(self, count: int, process: subprocess.Popen[bytes], patience: float) -> bool:
        """True when the topics hold `count` records, markers of transactions included; none of them is
        read. False when `process` ended or nothing was added for `patience` seconds."""
        held, moved = -1, time.monotonic()
        while process.poll() is None and time.monotonic() - moved < patience:
            now = sum(self._consumer.end_offsets(self._partitions).values())
            if now >= count:
                return True
            if now != held:
                held, moved = now, time.monotonic()
            time.sleep(_POLL_SECONDS)
        return False

    def read(self, count: int) -> Seen:
        """All events, when `count` are there or no more come."""
        self._consumer.seek_to_beginning(*self._partitions)
        seen, moved = Seen(), time.monotonic()
        while seen.events.total() < count and time.monotonic() - moved < _QUIET_SECONDS:
            for tp, records in self._consumer.poll(timeout_ms=100).items():
                moved = time.monotonic()
                seen.copies += len(records) if tp.topic == self._duplicates else 0
                seen.events.update(_uri(record.value) for record in records)
                seen.last_ms = max(seen.last_ms, records[-1].timestamp)
        return seen


@contextmanager
def open_rig() -> Iterator[Rig]:
    """A broker in a temporary folder. It and the bench share all cores but the one that is measured."""
    measured, others = machine.split_cores()
    machine.pin(0, others)
    try:
        with (
            TemporaryDirectory(prefix="wirestream-bench-") as folder,
            Broker(Path(folder) / "kafka") as broker,
        ):
            yield Rig(broker, Path(folder), measured)
    finally:
        machine.pin(0, measured | others)


def _stamped(spec: TopicSpec, topology: Topology) -> TopicSpec:
    if spec.name not in (topology.enriched, topology.duplicates):
        return spec
    config = {**spec.config, "message.timestamp.type": "LogAppendTime"}
    return TopicSpec(spec.name, spec.partitions, spec.replication, config)


def _uri(value: bytes) -> str:
    uri: str = orjson.loads(value)["uri"]
    return uri
