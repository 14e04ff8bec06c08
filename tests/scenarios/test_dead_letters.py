"""Dead letters from end to end: a feed is broken, the worker stops, and in the end the letters go back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from stream.exits import EXIT_FAILED
from stream.kafka.broker import Broker
from tests.scenarios.installation import Installation, installed
from tests.scenarios.stories import ninjs, unique_stories


def dlq(installation: Installation, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stream", "dlq", *arguments, "--config", str(installation.config)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_retried_letter_becomes_the_story_that_it_would_have_been(installation: Installation) -> None:
    # Too large for these settings, and not for others.
    installation.configure(limits={"story_bytes": 2048})
    long = ninjs(7, "A long story", "A sentence of the long story stands here. " * 100)
    worker = installation.worker()
    installation.produce([long, *unique_stories(3)], feed="okaz")
    installation.wait_for(lambda: installation.lag() == 0, "the first try")
    [letter] = installation.dead_letters()
    assert worker.stop() == 0

    [listed] = [json.loads(line) for line in dlq(installation, "list", "--json").stdout.splitlines()]
    assert (listed["reason"], listed["feed"], listed["state"]) == ("too-large", "okaz", "open")
    shown = dlq(installation, "show", listed["letter"], "--value")
    assert shown.stdout.encode() == long

    dry = dlq(installation, "retry", "--reason", "too-large")
    assert dry.returncode == 0
    assert "--execute" in dry.stderr
    assert installation.lag() == 0

    installation.configure(limits={})
    done = dlq(installation, "retry", "--reason", "too-large", "--execute")
    assert done.returncode == 0, done.stderr
    worker.restart()
    installation.wait_for(lambda: len(installation.events()) == 4, "the retried story")
    [event] = [event for event in installation.events() if event["uri"] == "urn:test:7"]
    headers = dict(letter.headers)
    assert event["source"] == {
        "topic": installation.topology.stories,
        "partition": int(headers["__connect.errors.partition"]),
        "offset": int(headers["__connect.errors.offset"]),
    }
    assert dlq(installation, "list").stdout == ""
    # Sent once more by its producer, it is the same story.
    installation.produce([long], feed="okaz")
    installation.wait_for(lambda: installation.lag() <= 1, "the redelivery")
    assert len(installation.events()) == 4


def test_a_broken_feed_stops_the_worker_and_a_restart_stops_at_the_same_place(
    broker: Broker, tmp_path: Path
) -> None:
    limits = {"run": 20, "sample": 1000}
    with installed(
        broker.bootstrap, tmp_path, rejections=limits, worker={"batch_records": 5}
    ) as installation:
        installation.produce(unique_stories(10), feed="sound")
        installation.produce([b"x" for _ in range(200)], feed="broken")
        worker = installation.worker()
        assert worker.process.wait(60) == EXIT_FAILED
        assert worker.said("20 records in a row")
        assert worker.said("rejections.stop: false")
        letters = len(installation.dead_letters())
        assert 0 < letters < 20
        worker.restart()
        assert worker.process.wait(60) == EXIT_FAILED
        # A batch that one partition's reader had sent may be sent again: never a batch more than that.
        assert len(installation.dead_letters()) <= letters + 5

        installation.configure(rejections={"stop": False})
        worker.restart()
        installation.wait_for(lambda: installation.lag() == 0, "the rest")
        places = {
            (
                dict(letter.headers)["__connect.errors.partition"],
                dict(letter.headers)["__connect.errors.offset"],
            )
            for letter in installation.dead_letters()
        }
        assert len(places) == 200
        assert len(installation.uris()) == 10
