"""Every life cycle through `process`, in a world of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stream.annotate import Annotator
from tests.lifecycle.cycles.cycle import Cycle
from tests.lifecycle.cycles.every import CYCLES
from tests.lifecycle.messages import Times
from tests.lifecycle.run import SETTINGS, items, names, processed
from tests.lifecycle.told import told

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
TIMES = Times(start=NOW - timedelta(days=2), lift=NOW + timedelta(minutes=30))


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(SETTINGS)


@pytest.mark.parametrize("cycle", CYCLES, ids=lambda cycle: cycle.title)
def test_a_life_is_told_by_these_events(cycle: Cycle, annotator: Annotator) -> None:
    received = TIMES.lift + timedelta(hours=1)
    sent = items(cycle, TIMES)
    events = processed(sent, received, annotator)
    called = names(cycle, sent, received, annotator)
    assert tuple(told(event, called) for event in events) == cycle.told


def test_there_are_thirty_lives_at_least_and_each_has_its_name() -> None:
    titles = [cycle.title for cycle in CYCLES]
    assert len(titles) >= 30
    assert len(set(titles)) == len(titles)
