"""The life cycles of tests/lifecycle on a real broker, with workers killed in the middle of them and around
the end of their embargoes: the same events as without a broker, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from stream.annotate import Annotator
from stream.kafka.broker import Broker
from stream.kafka.produce import produce
from stream.sources import Item
from tests.lifecycle.cycles.cycle import Cycle
from tests.lifecycle.cycles.embargoes import EMBARGOES
from tests.lifecycle.cycles.every import CYCLES
from tests.lifecycle.messages import LIFT, Times
from tests.lifecycle.run import FEEDS, SETTINGS, items, names
from tests.lifecycle.told import told
from tests.scenarios.installation import Installation, installed

# Longer than the window and a cycle: their texts are the same, and must not meet.
APART = timedelta(days=5)
# From the sending of copy under an embargo to its end: long enough for a worker to decide on it and to be
# killed, and for another to take over what it held.
EMBARGO = timedelta(seconds=15)
PAST = [cycle for cycle in CYCLES if cycle not in EMBARGOES]

Told = dict[str, list[str]]


@pytest.fixture(scope="module")
def lives(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What readers of committed records were told of each cycle."""
    folder: Path = tmp_path_factory.mktemp("lives")
    annotator = Annotator(SETTINGS)
    options = {
        "topics": {"stories_partitions": 1},
        "worker": {"batch_records": 5, "session_timeout": "2s"},
        "feeds": FEEDS,
    }
    with installed(broker.bootstrap, folder, **options) as installation:
        called = live_through_the_past(installation, annotator)
        called |= live_through_embargoes(installation, annotator)
        return tell(installation, called)


def live_through_the_past(installation: Installation, annotator: Annotator) -> dict[str, tuple[str, str]]:
    """Cycles that wait for nothing, one after the other; the worker is killed in the middle of them."""
    now = datetime.now(UTC)
    sent: list[Item] = []
    called: dict[str, tuple[str, str]] = {}
    for back, cycle in zip(range(len(PAST), 0, -1), PAST, strict=True):
        start = now - back * APART
        mine = items(cycle, Times(start, start + timedelta(hours=1), f"past-{back}"))
        called |= by_cycle(cycle, mine, now, annotator)
        sent += mine
    send(installation, sent)
    worker = installation.worker(supervised=True)
    installation.wait_for(lambda: installation.written() > len(sent) // 3, "a third of the events")
    worker.kill()
    installation.wait_for(lambda: installation.lag() == 0, "the rest of the events")
    return called


def live_through_embargoes(installation: Installation, annotator: Annotator) -> dict[str, tuple[str, str]]:
    """Cycles under an embargo: what was decided on before its end is released by another worker, and not by
    the two that are killed right before and right after they commit a release."""
    (worker,) = installation.workers
    now = datetime.now(UTC)
    times = Times(now - timedelta(days=2), now + EMBARGO)
    sent = [
        (cycle, items(cycle, replace(times, world=f"embargo-{number}")))
        for number, cycle in enumerate(EMBARGOES)
    ]
    before: list[Item] = []
    after: list[Item] = []
    for cycle, mine in sent:
        for message, item in zip(cycle.sent, mine, strict=True):
            (after if message.minutes >= LIFT else before).append(item)
    send(installation, before)
    installation.wait_for(lambda: installation.lag() == 0, "the copy under an embargo")
    assert datetime.now(UTC) < times.lift, "this machine is too slow for an embargo of that length"
    worker.supervised = False
    worker.kill()
    for when in ("before", "after"):
        step = f"dedup:commit_transaction:{when}"
        crashing = installation.worker(program=["-m", "tests.scenarios.crashing_worker", step, "1"])
        assert crashing.process.wait(90) == -9, crashing.log.read_text("utf-8")[-2000:]
    assert datetime.now(UTC) >= times.lift, "a worker has released copy before its embargo ended"
    installation.worker(supervised=True)
    send(installation, after)
    installation.wait_for(lambda: installation.lag() == 0, "what is sent after the embargoes")
    installation.wait_for(lambda: not held(installation), "the copy whose embargo has ended")
    called: dict[str, tuple[str, str]] = {}
    for cycle, mine in sent:
        called |= by_cycle(cycle, mine, now, annotator)
    return called


def held(installation: Installation) -> set[bytes]:
    """The stories that wait, by the topic that keeps them."""
    values = {record.key: record.value for record in installation.scan(installation.topology.held)}
    return {key for key, value in values.items() if value is not None}


def send(installation: Installation, sent: Iterable[Item]) -> None:
    report = produce(installation.client, installation.topology.stories, sent)
    assert not report.failed


def by_cycle(
    cycle: Cycle, sent: list[Item], now: datetime, annotator: Annotator
) -> dict[str, tuple[str, str]]:
    """Title of the cycle and name of the message by story id."""
    return {one: (cycle.title, name) for one, name in names(cycle, sent, now, annotator).items()}


def read(installation: Installation) -> list[Mapping[str, Any]]:
    topology = installation.topology
    topic_names = (topology.enriched, topology.duplicates, topology.advisories)
    return [orjson.loads(record.value) for name in topic_names for record in installation.scan(name)]


def tell(installation: Installation, called: Mapping[str, tuple[str, str]]) -> Told:
    assert installation.dead_letters() == []
    names_only = {one: name for one, (_, name) in called.items()}
    lines: Told = {cycle.title: [] for cycle in CYCLES}
    for event in read(installation):
        identity = event["about"]["id"] if "about" in event else event["id"]
        lines[called[identity][0]].append(told(event, names_only))
    return lines


@pytest.mark.parametrize("cycle", CYCLES, ids=lambda cycle: cycle.title)
def test_a_life_is_told_by_the_same_events(cycle: Cycle, lives: Told) -> None:
    # Topics have no order among each other.
    assert sorted(lives[cycle.title]) == sorted(cycle.told)
