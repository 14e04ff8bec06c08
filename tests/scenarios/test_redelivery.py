"""A story that is delivered again comes out once, for readers of committed records, on a real broker."""

from __future__ import annotations

from tests.scenarios.installation import Installation
from tests.scenarios.stories import unique_stories


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
    assert installation.uris() == {f"urn:test:{number}": 1 for number in range(100)}
