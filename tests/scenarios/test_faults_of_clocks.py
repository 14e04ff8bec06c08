"""Clocks that jump, of those who send and of a worker: nothing lost, nothing twice, no window emptied."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from kafka import KafkaProducer

from tests.deploy.tools import tool
from tests.scenarios.installation import Installation
from tests.scenarios.stories import unique_stories

DAY_MS = 86_400_000
# Farther than any retention or window, and a little farther than Kafka lets a producer's clock be ahead.
JUMPS = ("+40d", "-40d", "+90m", "-90m", "+0")


def undated(story: bytes) -> bytes:
    """A story whose time is that of its record."""
    return orjson.dumps({k: v for k, v in orjson.loads(story).items() if k != "versioncreated"})


def dated(story: bytes) -> bytes:
    """A story of today, in whose window those without a time are too."""
    return orjson.dumps({**orjson.loads(story), "versioncreated": datetime.now(UTC)})


def again(story: bytes) -> bytes:
    """The same copy as another item: its fate shows whether the story is remembered."""
    item = orjson.loads(story)
    return orjson.dumps({**item, "uri": f"{item['uri']}:again"})


def test_producers_whose_clocks_jump(installation: Installation) -> None:
    # To and fro by weeks, and a restart in between: what is sent is told apart and remembered as before.
    now = int(time.time() * 1000)
    stories = [undated(story) for story in unique_stories(200)]
    jumps = [0, -40 * DAY_MS, 20 * 60_000, -3 * DAY_MS, -DAY_MS]

    def send() -> None:
        producer = KafkaProducer(**installation.client)
        for number, story in enumerate(stories):
            stamp = now + jumps[number % len(jumps)]
            producer.send(
                installation.topology.stories, story, timestamp_ms=stamp, headers=[("feed", b"okaz")]
            )
        producer.flush()
        producer.close()

    worker = installation.worker()
    send()
    installation.wait_for(lambda: len(installation.uris()) == 200, "the first delivery")
    worker.kill()
    worker.restart()
    installation.wait_for(lambda: installation.lag() == 0, "the restart")
    assert installation.uris() == {f"urn:test:{number}": 1 for number in range(200)}


class Clock:
    """The wall clock of a process, to be set from outside. Its monotonic clock runs on, as in a machine."""

    def __init__(self, library: Path, file: Path) -> None:
        self._file = file
        self.set("+0")
        self.environ = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, offset: str) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(offset + "\n")
        new.replace(self._file)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    tool("faketime")
    [library] = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    return Clock(library, tmp_path / "clock")


@pytest.mark.parametrize("restart", [False, True], ids=["running", "restarted"])
def test_a_worker_whose_clock_jumps(installation: Installation, clock: Clock, restart: bool) -> None:
    kinds = (dated, undated)
    stories = [kinds[number % 2](story) for number, story in enumerate(unique_stories(250))]
    worker = installation.worker(environ=clock.environ, supervised=True)
    installation.produce(stories[:30], feed="okaz")
    installation.wait_for(lambda: len(installation.uris()) == 30, "the first")
    sent = 30
    for number, jump in enumerate(JUMPS):
        if restart:
            worker.kill()
            worker.codes.append(0)
        clock.set(jump)
        if restart:
            worker.restart()
        installation.produce(stories[sent : sent + 40], feed="okaz")
        # A reprint of what came before any jump, and of what came before this one.
        installation.produce([again(stories[number]), again(stories[sent - 1])], feed="ana")
        sent += 40
        wanted = sent + 2 * (number + 1)
        installation.wait_for(lambda wanted=wanted: len(installation.uris()) == wanted, f"{jump}: all of it")
    assert set(worker.codes) <= {0}
    assert set(installation.uris().values()) == {1}
    assert installation.dead_letters() == []
    roles = {event["uri"]: event["cluster"]["role"] for event in installation.events()}
    assert {roles[uri] for uri in roles if uri.endswith(":again")} == {"copy"}
    assert sum(role == "copy" for role in roles.values()) == 2 * len(JUMPS)
    # What a worker writes is kept as long as it should be, whatever its clock says.
    now = time.time() * 1000
    for name in (installation.topology.enriched, installation.topology.duplicates):
        assert all(abs(record.timestamp - now) < 3_600_000 for record in installation.scan(name))
