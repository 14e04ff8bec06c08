"""Feeds on a real broker: every item once, whatever is killed."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from stream.kafka.broker import Broker
from tests.scenarios.installation import Installation, Worker, installed
from tests.scenarios.newspaper import Newspaper, newspaper

MANY = 300


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with newspaper() as paper:
        yield paper


@pytest.fixture
def polling(broker: Broker, paper: Newspaper, tmp_path: Path) -> Iterator[Installation]:
    """An installation that asks the newspaper many times a second."""
    options = {
        "poll": {
            "http_port": 0,
            "every": "30ms",
            "longest_pause": "100ms",
            "folder": str(tmp_path / "memory"),
            "feeds": [{"url": f"{paper.url}?token=hunter2", "feed": "paper"}],
        }
    }
    with installed(broker.bootstrap, tmp_path, **options) as installation:
        yield installation


def texts(count: int, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return [
        " ".join(rng.choices(["port", "ship", "crane", "dock", "tide", "sail"], k=60)) for _ in range(count)
    ]


def sent(installation: Installation) -> list[tuple[str, bytes]]:
    """guid and value of every record of the stories topic."""
    records = installation.read(installation.topology.stories)
    return [(re.findall(r"<guid>(.*?)</guid>", r.value.decode())[0], r.value) for r in records]


def poll(installation: Installation) -> Worker:
    return installation.worker(verb="poll")


def test_a_poll_that_is_killed_again_and_again_loses_none_and_doubles_none(
    polling: Installation, paper: Newspaper
) -> None:
    rng = random.Random(1)
    process = poll(polling)
    for start in range(0, MANY, 50):
        batch = texts(MANY)[start : start + 50]
        for number in range(0, 50, 10):
            paper.publish(*batch[number : number + 10])
            before = paper.statuses.total()
            polling.wait_for(
                lambda before=before: paper.statuses.total() > before + rng.randint(0, 2),
                "a request",
                look=0.001,
            )
        process.kill()
        process.restart()
        # The feed shows the last fifty only: what falls off while nobody asks is nobody's to send.
        polling.wait_for(
            lambda start=start: len({guid for guid, _ in sent(polling)}) == start + 50, "all of the feed"
        )
    assert process.stop() == 0
    polling.worker()
    polling.wait_for(lambda: polling.lag() == 0, "the events")
    uris = Counter(event["uri"] for event in polling.events())
    assert uris == {f"urn:paper:{number}": 1 for number in range(MANY)}
    assert polling.dead_letters() == []


def test_what_did_not_change_is_asked_for_and_not_sent(polling: Installation, paper: Newspaper) -> None:
    paper.publish(*texts(3))
    process = poll(polling)
    polling.wait_for(lambda: paper.statuses[304] > 5, "requests that change nothing")
    paper.publish(*texts(1, seed=2))
    polling.wait_for(lambda: len(sent(polling)) == 4, "the new item")
    assert process.stop() == 0
    assert [guid for guid, _ in sorted(sent(polling))] == [f"urn:paper:{number}" for number in range(4)]
    assert paper.statuses[200] == 2
    [record, *_] = polling.read(polling.topology.stories)
    headers = dict(record.headers)
    assert (headers["feed"], headers["content-type"]) == (b"paper", b"application/rss+xml")
    assert headers["file"] == f"{paper.url}?…".encode()


def test_a_feed_that_fails_is_asked_again_and_its_secrets_are_not_told(
    polling: Installation, paper: Newspaper
) -> None:
    paper.publish(*texts(2))
    paper.fault = 503
    process = poll(polling)
    polling.wait_for(lambda: paper.statuses[503] > 2, "requests that fail")
    with urlopen(f"{process.http}/metrics") as answer:
        metrics = answer.read().decode()
    assert 'wirestream_poll_requests_total{feed="paper",outcome="refused"}' in metrics
    paper.fault = None
    polling.wait_for(lambda: len(sent(polling)) == 2, "the items")
    assert process.stop() == 0
    log = process.log.read_text("utf-8")
    assert "HTTP status 503" in log
    assert "hunter2" not in log + metrics
