"""Brokers killed, absent, full, slow, and one of three lost: nothing lost, nothing twice."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from stream.exits import EXIT_FAILED, EXIT_INTERNAL_FAULT
from stream.kafka import ports
from stream.kafka.broker import Broker
from tests.scenarios.faults import Trial
from tests.scenarios.installation import installed
from tests.scenarios.proxy import SlowProxy

pytestmark = pytest.mark.broker

# What a supervised worker may say of a broker that failed it.
CODES = {EXIT_FAILED, EXIT_INTERNAL_FAULT}
# On a small disk: what Kafka sets aside, and with room to spare what a thousand stories take in all topics.
_KAFKA_MIB, _STORIES_MIB = 128, 6
SESSIONS = {"group.min.session.timeout.ms": "1000"}


def test_a_broker_killed_and_back(tmp_path: Path, trial: Trial) -> None:
    with (
        Broker(tmp_path / "kafka", properties=SESSIONS) as broker,
        installed(broker.bootstrap, tmp_path) as installation,
    ):
        trial.produce(installation)
        for _ in range(2):
            installation.worker(supervised=True)

        def outage() -> None:
            broker.kill()
            time.sleep(trial.seconds)
            broker.start()

        trial.strike(installation, outage, times=max(1, trial.kills // 3))
        trial.settle(installation)
        assert {code for worker in installation.workers for code in worker.codes} <= CODES


def test_a_broker_absent_at_the_start(tmp_path: Path, trial: Trial) -> None:
    with (
        Broker(tmp_path / "kafka", properties=SESSIONS) as broker,
        installed(broker.bootstrap, tmp_path) as installation,
    ):
        trial.produce(installation)
        broker.stop()
        worker = installation.worker()
        installation.wait_for(lambda: worker.said("trying again"), "the worker to ask for the broker")
        trial.fault(broker.start)
        trial.settle(installation)
        assert worker.stop() == 0


@pytest.mark.soak
def test_a_slow_broker(tmp_path: Path, trial: Trial) -> None:
    near, far = ports.choose(None), ports.choose(None)
    properties = {**SESSIONS, "advertised.listeners": f"CLIENT://127.0.0.1:{near}"}
    with (
        SlowProxy(near, far, delay=0.05),
        Broker(tmp_path / "kafka", port=far, properties=properties),
        installed(f"127.0.0.1:{near}", tmp_path) as installation,
    ):
        trial.produce(installation)
        worker = installation.worker(supervised=True)
        trial.strike(installation, worker.kill, times=1)
        trial.settle(installation)


def test_a_broker_whose_disk_is_full(tmp_path: Path, trial: Trial) -> None:
    with small_disk(tmp_path / "disk", _KAFKA_MIB + _STORIES_MIB * trial.stories // 1000) as disk:
        # Small files, so that the disk fills up with records and not with what Kafka sets aside.
        properties = {**SESSIONS, "log.index.size.max.bytes": "4096"}
        with (
            Broker(disk / "kafka", properties=properties) as broker,
            installed(broker.bootstrap, tmp_path) as installation,
        ):
            trial.produce(installation)
            for _ in range(2):
                installation.worker(supervised=True)

            def fill() -> None:
                ballast = disk / "ballast"
                # Unbuffered: what a buffer still held when the disk was full would fail again at the close.
                with ballast.open("wb", buffering=0) as file, suppress(OSError):
                    while True:
                        file.write(b"\0" * 65_536)
                installation.wait_for(lambda: not broker.alive, "the broker to end itself", timeout=60)
                ballast.unlink()
                broker.stop()
                broker.start()

            trial.strike(installation, fill, times=1)
            trial.settle(installation)


def test_one_of_three_brokers_lost(tmp_path: Path, trial: Trial) -> None:
    replicated = {
        **SESSIONS,
        "offsets.topic.replication.factor": "3",
        "transaction.state.log.replication.factor": "3",
        "transaction.state.log.min.isr": "2",
        "min.insync.replicas": "2",
    }
    with ExitStack() as stack:
        first = stack.enter_context(Broker(tmp_path / "kafka-1", properties=replicated))
        brokers = [first]
        for number in (2, 3):
            other = Broker(tmp_path / f"kafka-{number}", node_id=number, join=first, properties=replicated)
            brokers.append(stack.enter_context(other))
        bootstrap = ",".join(broker.bootstrap for broker in brokers)
        topics = {"replication": 3, "min_insync_replicas": 2}
        installation = stack.enter_context(installed(bootstrap, tmp_path, topics=topics))
        trial.produce(installation)
        for _ in range(2):
            installation.worker(supervised=True)

        def lose() -> None:
            # Not the first, which is the only controller of this small cluster.
            broker = trial.rng.choice(brokers[1:])
            broker.kill()
            time.sleep(trial.seconds / 2)
            broker.start()

        trial.strike(installation, lose, times=max(1, trial.kills // 2))
        trial.settle(installation)


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Path]:
    """A file system of its own with so much room, in memory."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
