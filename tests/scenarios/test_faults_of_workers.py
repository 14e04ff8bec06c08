"""Workers killed, stopped, frozen and moved about, on a real broker: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiokafka import AIOKafkaProducer

from stream.exits import EXIT_INTERNAL_FAULT
from tests.scenarios.faults import Trial
from tests.scenarios.installation import Installation

SOAK = pytest.mark.soak
DEDUP = ("begin_transaction", "send_batch", "send_offsets_to_transaction", "commit_transaction", "ack")
ANNOTATE = ("send_batch", "ack")
STEPS = [
    f"{stage}:{step}:{when}"
    for stage, steps in (("dedup", DEDUP), ("annotate", ANNOTATE))
    for step in steps
    for when in ("before", "after")
]


@pytest.mark.parametrize("workers", [2, pytest.param(1, marks=SOAK), pytest.param(3, marks=SOAK)])
def test_kill_9(installation: Installation, trial: Trial, workers: int) -> None:
    trial.produce(installation)
    for _ in range(workers):
        installation.worker(supervised=True)
    trial.strike(installation, lambda: trial.rng.choice(installation.workers).kill())
    trial.settle(installation)


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=SOAK)])
def test_sigterm_and_a_restart(installation: Installation, trial: Trial, workers: int) -> None:
    trial.produce(installation)
    for _ in range(workers):
        installation.worker()

    def stop() -> None:
        worker = trial.rng.choice(installation.workers)
        assert worker.stop() == 0
        worker.restart()

    trial.strike(installation, stop)
    trial.settle(installation)


def test_a_frozen_worker_that_wakes_after_its_partitions_moved(
    installation: Installation, trial: Trial
) -> None:
    trial.produce(installation)
    for _ in range(2):
        installation.worker(supervised=True)

    def freeze() -> None:
        worker = trial.rng.choice(installation.workers)
        worker.freeze()
        time.sleep(trial.seconds)
        worker.thaw()

    trial.strike(installation, freeze, times=max(1, trial.kills // 2))
    trial.settle(installation)
    codes = {code for worker in installation.workers for code in worker.codes}
    assert codes <= {EXIT_INTERNAL_FAULT}


def test_workers_joining_and_leaving(installation: Installation, trial: Trial) -> None:
    trial.produce(installation)
    running = [installation.worker()]

    def change() -> None:
        if len(running) == 1 or (len(running) < 3 and trial.rng.random() < 0.5):
            running.append(installation.worker())
            installation.wait_for(lambda: running[-1].said("serving"), "the worker to start")
        else:
            assert running.pop(trial.rng.randrange(len(running))).stop() == 0

    trial.strike(installation, change, times=trial.kills + 1)
    trial.settle(installation)


def test_a_producer_fenced_by_another_of_its_id(installation: Installation, trial: Trial) -> None:
    trial.produce(installation)
    worker = installation.worker(supervised=True)

    def fence() -> None:
        async def take() -> None:
            for shard in range(installation.settings.topics.shards):
                other = AIOKafkaProducer(
                    **installation.client, transactional_id=f"{installation.settings.app}-dedup-{shard}"
                )
                await other.start()
                await other.stop()

        asyncio.run(take())

    trial.strike(installation, fence)
    trial.settle(installation)
    assert worker.codes == [EXIT_INTERNAL_FAULT] * trial.kills


def test_a_crash_between_every_two_steps_of_a_batch(installation: Installation, trial: Trial) -> None:
    trial.produce(installation)
    # A few of them where time is short; every one in the long form.
    order = trial.rng.sample(STEPS, k=len(STEPS) if trial.stories > 10_000 else 3)
    for step in order:
        # In the middle of the stream, not in its first batch.
        worker = installation.worker(program=["-m", "tests.scenarios.crashing_worker", step, "3"])
        code = worker.process.wait(120)
        assert code == -9, f"{step}: {worker.log.read_text('utf-8')[-2000:]}"
        trial.fault(lambda: None)
    installation.worker()
    trial.settle(installation)
