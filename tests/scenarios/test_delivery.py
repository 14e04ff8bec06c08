"""Nothing lost, nothing twice: counted by readers of committed records, on a real broker."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.scenarios.installation import Installation
from tests.scenarios.stories import unique_stories

# As many as it takes for several kills to fall into the middle of the stream.
MANY = 20_000


def lost_and_doubled(installation: Installation, count: int) -> tuple[int, int]:
    uris = Counter(event["uri"] for event in installation.events())
    wanted = {f"urn:test:{number}" for number in range(count)}
    return len(wanted - uris.keys()), sum(uris.values()) - len(uris)


def test_a_redelivered_story_changes_nothing(installation: Installation) -> None:
    stories = list(unique_stories(100))
    installation.worker()
    installation.produce(stories, feed="okaz")
    installation.wait_for(lambda: installation.lag() == 0, "the first delivery")
    before = sorted(event["id"] for event in installation.events())
    installation.produce(stories, feed="okaz")
    installation.wait_for(lambda: installation.lag() == 0, "the second delivery")
    assert len(installation.read(installation.topology.annotated)) == 200
    assert sorted(event["id"] for event in installation.events()) == before
    assert len(before) == 100


def test_a_redelivered_story_changes_nothing_after_a_restart_either(installation: Installation) -> None:
    stories = list(unique_stories(100))
    worker = installation.worker()
    installation.produce(stories, feed="okaz")
    installation.wait_for(lambda: len(installation.events()) == 100, "the first delivery")
    assert worker.stop() == 0
    worker.restart()
    installation.produce(stories, feed="okaz")
    installation.wait_for(
        lambda: len(installation.read(installation.topology.annotated)) == 200 and installation.lag() == 0,
        "the second delivery",
    )
    assert lost_and_doubled(installation, 100) == (0, 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_worker_killed_in_the_middle_loses_none_and_doubles_none(
    installation: Installation, seed: int
) -> None:
    rng = random.Random(seed)
    installation.produce(unique_stories(MANY, seed=seed, words=60), feed="okaz")
    worker = installation.worker()
    # A kill at each of these shares of the outcome, so that all of them fall into the stream.
    for share in sorted(rng.uniform(0.05, 0.9) for _ in range(3)):
        installation.wait_for(lambda s=share: installation.written() > s * MANY, f"{share:.0%} of the events")
        worker.kill()
        worker.restart()
    installation.wait_for(lambda: installation.lag() == 0, "the rest", timeout=240)
    assert lost_and_doubled(installation, MANY) == (0, 0)
    assert installation.dead_letters() == []


def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_and_exits_0(installation: Installation) -> None:
    installation.produce(unique_stories(4_000, words=60), feed="okaz")
    worker = installation.worker()
    installation.wait_for(lambda: installation.written() > 400, "the stream to run")
    assert worker.stop() == 0
    worker.restart()
    installation.wait_for(lambda: installation.lag() == 0, "the rest")
    assert lost_and_doubled(installation, 4_000) == (0, 0)


def test_a_partition_that_moves_to_a_second_worker_and_back_loses_nothing(installation: Installation) -> None:
    installation.produce(unique_stories(6_000, words=60), feed="okaz")
    installation.worker()
    installation.wait_for(lambda: installation.written() > 500, "the stream to run")
    second = installation.worker()
    installation.wait_for(lambda: "ready: {" in second.log.read_text("utf-8"), "the second worker")
    assert second.stop() == 0
    installation.wait_for(lambda: installation.lag() == 0, "the rest")
    assert lost_and_doubled(installation, 6_000) == (0, 0)
