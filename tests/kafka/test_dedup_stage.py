"""Shards that move between workers, on a real broker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import ConsumerRecord

from stream.annotate import Annotator
from stream.codec import annotated_headers, from_timestamp_ms
from stream.fold import Shard
from stream.kafka.broker import Broker
from stream.kafka.security import client_settings
from stream.kafka.topics import apply, connect, plan
from stream.metrics import Metrics
from stream.model import Origin, Record
from stream.settings import Settings
from stream.stages.dedup import DedupStage
from stream.topology import Topology
from tests.scenarios.stories import unique_stories


@pytest.fixture
def settings(broker: Broker) -> Settings:
    name = f"d{uuid4().hex[:10]}"
    settings = Settings.model_validate(
        {
            "app": name,
            "kafka": {"bootstrap_servers": [broker.bootstrap]},
            "topics": {"prefix": name, "shards": 1, "output_partitions": 1},
        }
    )
    with connect(client_settings(settings.kafka)) as admin:
        apply(admin, plan(admin, Topology(settings).specs()))
    return settings


class Stage(DedupStage):
    """The stage, and how many decisions its shards have taken up from the ledger."""

    def __init__(self, settings: Settings) -> None:
        self.restored = 0
        super().__init__(
            client_settings(settings.kafka), settings, lambda: Counting(settings, self), Metrics()
        )


class Counting(Shard):
    def __init__(self, settings: Settings, stage: Stage) -> None:
        super().__init__(settings, ())
        self._stage = stage

    def restore(self, decisions: Sequence[tuple[str, bytes]]) -> None:
        self._stage.restored += len(decisions)
        super().restore(decisions)


def records(settings: Settings, count: int, seed: int) -> list[Any]:
    now = from_timestamp_ms(1_772_323_200_000)
    values = unique_stories(count, seed=seed)
    outcomes = Annotator(settings).annotate(
        [Record(value, now, Origin("t", 0, number)) for number, value in enumerate(values)]
    )
    return [
        ConsumerRecord(
            topic=Topology(settings).annotated,
            partition=0,
            offset=number,
            timestamp=0,
            timestamp_type=0,
            key=None,
            value=outcome.stories[0].event,
            checksum=None,
            serialized_key_size=0,
            serialized_value_size=0,
            headers=annotated_headers(outcome.stories[0]),
        )
        for number, outcome in enumerate(outcomes)
    ]


async def follow(stage: Stage, decisions: int) -> None:
    """Follows until so many decisions are taken up: the broker confirms a commit before readers see it."""
    async with asyncio.timeout(30):
        while stage.restored < decisions:
            await stage.follow()


async def test_a_shard_that_stood_by_is_taken_over_without_reading_it_again(settings: Settings) -> None:
    owner, standby = Stage(settings), Stage(settings)
    await owner.assign([0])
    await owner.process(0, records(settings, 20, seed=1))
    await follow(standby, 20)
    await owner.process(0, records(settings, 5, seed=2))
    assert standby.restored == 20
    await standby.assign([0])
    assert standby.restored == 25
    before = standby.restored
    await standby.follow()
    assert standby.restored == before
    for stage in (owner, standby):
        await stage.close()


async def test_a_shard_given_up_is_followed_and_taken_back(settings: Settings) -> None:
    first, second = Stage(settings), Stage(settings)
    await first.assign([0])
    await first.process(0, records(settings, 20, seed=1))
    await first.assign([])
    await second.assign([0])
    await second.process(0, records(settings, 5, seed=2))
    await follow(first, 5)
    assert first.restored == 5
    await first.assign([0])
    assert first.restored == 5
    for stage in (first, second):
        await stage.close()


async def test_without_standby_nothing_is_followed(settings: Settings) -> None:
    dedup = settings.dedup.model_copy(update={"standby": False})
    owner, other = Stage(settings), Stage(settings.model_copy(update={"dedup": dedup}))
    await owner.assign([0])
    await owner.process(0, records(settings, 20, seed=1))
    await other.follow()
    assert other.restored == 0
    for stage in (owner, other):
        await stage.close()
