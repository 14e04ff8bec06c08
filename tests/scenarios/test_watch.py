"""A drop folder on a real broker: nothing lost, nothing twice, whatever is killed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from stream.kafka.broker import Broker
from tests.scenarios.installation import Installation, installed
from tests.scenarios.stories import unique_stories

MANY = 500
OPTIONS = {"watch": {"http_port": 0, "settle": "100ms", "every": "20ms"}}


@pytest.fixture
def watching(broker: Broker, tmp_path: Path) -> Iterator[Installation]:
    """An installation whose drop folder is looked at quickly."""
    (tmp_path / "drop").mkdir()
    with installed(broker.bootstrap, tmp_path, **OPTIONS) as installation:
        yield installation


def deliver(installation: Installation, stories: list[bytes], first: int = 0) -> None:
    """As an agency does: under another name first, into the sub-folder of its feed."""
    folder = installation.folder / "drop" / "okaz"
    folder.mkdir(parents=True, exist_ok=True)
    for number, story in enumerate(stories, first):
        partial = folder / f"{number:04}.json.part"
        partial.write_bytes(story)
        partial.rename(folder / f"{number:04}.json")


def done(installation: Installation) -> int:
    return sum(path.is_file() for path in (installation.folder / "drop" / "done").rglob("*"))


def test_a_watch_that_is_killed_again_and_again_loses_none_and_doubles_none(watching: Installation) -> None:
    rng = random.Random(1)
    stories = list(unique_stories(MANY, words=60))
    watch = watching.worker(str(watching.folder / "drop"), verb="watch")
    for start in range(0, MANY, 100):
        deliver(watching, stories[start : start + 100], start)
        share = start + rng.randint(1, 90)
        watching.wait_for(lambda share=share: done(watching) >= share, f"{share} files", look=0.001)
        watch.kill()
        watch.restart()
    watching.wait_for(lambda: done(watching) == MANY, "all files")
    assert watch.stop() == 0
    watching.worker()
    watching.wait_for(lambda: watching.lag() == 0, "the events")
    uris = Counter(event["uri"] for event in watching.events())
    assert uris == {f"urn:test:{number}": 1 for number in range(MANY)}
    assert {event["feed"] for event in watching.events()} == {"okaz"}
    assert watching.dead_letters() == []


def test_a_watch_that_is_asked_to_stop_finishes_what_it_has_and_exits_0(watching: Installation) -> None:
    stories = list(unique_stories(MANY, words=60))
    deliver(watching, stories)
    watch = watching.worker(str(watching.folder / "drop"), verb="watch")
    watching.wait_for(lambda: done(watching) > 0, "the first files", look=0.001)
    assert watch.stop() == 0
    # Each file is sent once: what was in flight at the stop was awaited and moved.
    assert len(watching.read(watching.topology.stories)) == done(watching)
    watch.restart()
    watching.wait_for(lambda: done(watching) == MANY, "the rest")
    values = [record.value for record in watching.read(watching.topology.stories)]
    assert sorted(values) == sorted(stories)


def test_it_tells_what_it_does(watching: Installation) -> None:
    deliver(watching, list(unique_stories(3)))
    watch = watching.worker(str(watching.folder / "drop"), verb="watch")
    watching.wait_for(lambda: done(watching) == 3, "the files")
    with urlopen(f"{watch.http}/metrics") as answer:
        metrics = answer.read().decode()
    assert 'wirestream_watch_files_total{feed="okaz",outcome="done"} 3.0' in metrics
    assert 'wirestream_producer_records_sent_total{feed="okaz"} 3.0' in metrics
    with urlopen(f"{watch.http}/ready") as answer:
        assert answer.read() == b'{"ready": true}'


@pytest.mark.broker
def test_a_broker_that_is_away_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    stories = list(unique_stories(50))
    with Broker(tmp_path / "broker") as broker, installed(broker.bootstrap, tmp_path, **OPTIONS) as watching:
        watch = watching.worker(str(tmp_path / "drop"), verb="watch")
        deliver(watching, stories[:10])
        watching.wait_for(lambda: done(watching) == 10, "the first files")
        broker.kill()
        deliver(watching, stories[10:], 10)
        watching.wait_for(lambda: "trying again" in watch.log.read_text("utf-8"), "the broker to be missed")
        assert done(watching) == 10
        broker.start()
        watching.wait_for(lambda: done(watching) == 50, "the rest")
        assert watch.stop() == 0
        values = {record.value for record in watching.read(watching.topology.stories)}
        assert values == set(stories)
