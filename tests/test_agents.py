"""What the agents tell of partitions while these come and go, to a stand-in for the app."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

import faust
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError

from stream.agents import Agents
from stream.health import Health
from stream.metrics import Metrics
from stream.settings import Settings
from stream.topology import Topology
from tests.metrics.conftest import series

STORIES = TopicPartition("wire.stories", 0)
ANNOTATED = TopicPartition("wire.annotated", 1)


class Consumer:
    """Knows the end and the position of what is assigned, and fails for the rest as aiokafka's does."""

    def __init__(self) -> None:
        self.ends: dict[TopicPartition, int] = {}
        self.positions: dict[TopicPartition, int] = {}
        self.silence = 0.0

    def assignment(self) -> set[TopicPartition]:
        return set(self.ends)

    def highwater(self, tp: TopicPartition) -> int:
        assert tp in self.ends, "Partition is not assigned"
        return self.ends[tp]

    def answered(self, tp: TopicPartition) -> float | None:
        assert tp in self.ends, "Partition is not assigned"
        # One that was never fetched, and one that was.
        return None if tp == STORIES else time.time() - self.silence

    async def position(self, tp: TopicPartition) -> int:
        if tp not in self.positions:
            raise IllegalStateError(f"Partition {tp} is not assigned")
        return self.positions[tp]


class Signal:
    handler: Callable[..., Awaitable[None]]

    def connect(self, handler: Callable[..., Awaitable[None]], *, weak: bool) -> None:
        assert not weak
        self.handler = handler


class App:
    """As much of a Faust app as is told of partitions."""

    def __init__(self) -> None:
        self.consumer = Consumer()
        self.on_partitions_revoked, self.on_rebalance_complete = Signal(), Signal()
        self.on_before_shutdown = Signal()
        self.measure: Callable[[], Awaitable[None]]

    def timer(self, seconds: float, *, name: str) -> Callable[[Any], None]:
        assert seconds > 0
        assert name

        def keep(measure: Callable[[], Awaitable[None]]) -> None:
            self.measure = measure

        return keep


def started() -> tuple[App, Metrics, Health]:
    app, metrics, health = App(), Metrics(), Health()
    agents = Agents(
        cast(faust.App, app),
        Topology(Settings()),
        annotate=None,
        dedup=None,
        metrics=metrics,
        health=health,
    )
    agents.register()
    return app, metrics, health


async def test_a_worker_is_ready_with_its_partitions_and_tells_their_lag() -> None:
    app, metrics, health = started()
    assert health.report()[1] == {"ready": False, "reason": "starting"}
    app.consumer.ends = {STORIES: 12, ANNOTATED: 7}
    app.consumer.positions = {STORIES: 10, ANNOTATED: 7}
    await app.on_rebalance_complete.handler()
    await app.measure()
    assert health.report() == (
        True,
        {"ready": True, "partitions": {"wire.annotated": [1], "wire.stories": [0]}},
    )
    assert series(metrics, "wirestream_lag_records") == {
        'wirestream_lag_records{partition="0",stage="annotate"}': 2,
        'wirestream_lag_records{partition="1",stage="dedup"}': 0,
    }


async def test_a_worker_is_not_ready_while_its_brokers_are_away() -> None:
    app, _, health = started()
    app.consumer.ends = app.consumer.positions = {STORIES: 12, ANNOTATED: 7}
    await app.on_rebalance_complete.handler()
    app.consumer.silence = 100
    await app.measure()
    assert health.report() == (False, {"ready": False, "reason": "no broker has answered for 100 s"})
    app.consumer.silence = 1
    await app.measure()
    assert health.is_ready()


async def test_in_the_middle_of_a_rebalance_nothing_is_measured_and_nothing_fails() -> None:
    app, metrics, health = started()
    app.consumer.ends = {STORIES: 12, ANNOTATED: 7}
    app.consumer.positions = {STORIES: 10}
    await app.on_rebalance_complete.handler()
    await app.on_partitions_revoked.handler()
    app.consumer.ends = {ANNOTATED: 7}
    await app.measure()
    assert health.report()[1] == {"ready": False, "reason": "rebalancing"}
    assert series(metrics, "wirestream_lag_records") == {}


async def test_partitions_that_moved_away_are_not_told_of() -> None:
    app, metrics, _ = started()
    app.consumer.ends = {STORIES: 12, ANNOTATED: 7}
    app.consumer.positions = {STORIES: 10, ANNOTATED: 7}
    await app.on_rebalance_complete.handler()
    await app.measure()
    del app.consumer.ends[STORIES]
    await app.on_rebalance_complete.handler()
    await app.measure()
    assert list(series(metrics, "wirestream_lag_records")) == [
        'wirestream_lag_records{partition="1",stage="dedup"}'
    ]
