"""A program with a mistake in it: the stories that meet it wait in the dead letters, all others pass."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import orjson
import pytest

from stream.exits import EXIT_INTERNAL_FAULT
from stream.kafka.broker import Broker
from tests.scenarios.faults import WORDS, Trial
from tests.scenarios.installation import Installation, installed
from tests.scenarios.raising_worker import EVERYWHERE, IN_ANNOTATE, IN_DEDUP, IN_RELEASE, MARKED
from tests.scenarios.stories import unique_stories

POISON = 5


def retry(installation: Installation) -> None:
    command = [sys.executable, "-m", "stream", "dlq", "retry", "--config", str(installation.config)]
    done = subprocess.run([*command, "--execute"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("stage", "mark"), [("annotate", IN_ANNOTATE), ("dedup", IN_DEDUP)])
def test_records_that_make_a_stage_fail_wait_in_the_dead_letters(
    installation: Installation, trial: Trial, stage: str, mark: str
) -> None:
    stories = list(unique_stories(trial.stories, seed=trial.seed, words=WORDS))
    poison = sorted(trial.rng.sample(range(trial.stories), POISON))
    for number in poison:
        stories[number] = stories[number].replace(b'"body_text":"', b'"body_text":"' + mark.encode() + b" ")
    installation.produce(stories, feed="okaz")
    worker = installation.worker(program=MARKED, supervised=True)
    trial.strike(installation, worker.kill)
    installation.wait_for(lambda: installation.lag() == 0, "the rest", moving=installation.lag)
    # It went on by itself: supervision found it dead from our kills only.
    assert worker.codes == [-9] * trial.kills

    letters = installation.dead_letters()
    assert {orjson.loads(letter.value)["uri"] for letter in letters} == {f"urn:test:{n}" for n in poison}
    input_topic = {"annotate": installation.topology.stories, "dedup": installation.topology.annotated}[stage]
    for letter in letters:
        headers = {name: value.decode("utf-8", "replace") for name, value in letter.headers}
        assert headers["wirestream-error-reason"] == "internal-fault"
        assert headers["wirestream-error-stage"] == stage
        assert headers["__connect.errors.exception.class.name"].startswith("builtins.")
        assert "raising_worker.py" in headers["__connect.errors.exception.stacktrace"]
        place = "{topic} partition {partition} offset {offset}".format(
            **{name: headers[f"__connect.errors.{name}"] for name in ("topic", "partition", "offset")}
        )
        assert place.startswith(input_topic)
        assert worker.said(f"{stage} failed at {place} (feed 'okaz')")
    # The log has the way to the line, and not the story that the exception quotes.
    assert worker.said("failing_parse" if stage == "annotate" else "failing_fold")
    assert not worker.said(mark)

    # Mended, the program takes what waited, and nothing comes twice.
    assert worker.stop() == 0
    retry(installation)
    installation.worker()
    # Not its lag, which counts the markers of the retry's transactions.
    installation.wait_for(lambda: len(installation.uris()) == trial.stories, "the retried", look=1)
    trial.account(installation.uris())


def test_copy_that_makes_the_end_of_its_embargo_fail_waits_in_the_dead_letters(
    installation: Installation,
) -> None:
    stories = list(unique_stories(20))
    until = datetime.now(UTC) + timedelta(seconds=8)
    for number in (3, 7):
        stories[number] = orjson.dumps({**orjson.loads(stories[number]), "embargoed": until})
    stories[7] = stories[7].replace(b'"body_text":"', b'"body_text":"' + IN_RELEASE.encode() + b" ")
    worker = installation.worker(program=MARKED, supervised=True)
    installation.produce(stories, feed="okaz")
    installation.wait_for(lambda: len(installation.uris()) == 19, "those that can go out")
    installation.wait_for(lambda: len(installation.dead_letters()) == 1, "the letter")
    [letter] = installation.dead_letters()
    headers = {name: value.decode("utf-8", "replace") for name, value in letter.headers}
    assert headers["wirestream-error-reason"] == "internal-fault"
    assert headers["__connect.errors.topic"] == installation.topology.held
    assert "failing_release" in headers["__connect.errors.exception.stacktrace"]
    with urlopen(f"{worker.http}/metrics", timeout=10) as answer:
        assert b'wirestream_internal_faults_total{feed="okaz",stage="dedup"} 1.0' in answer.read()
    assert not worker.said(IN_RELEASE)
    assert worker.codes == []
    assert worker.stop() == 0

    # Mended, the program sends it on.
    retry(installation)
    installation.worker()
    installation.wait_for(lambda: len(installation.uris()) == 20, "the retried", look=1)
    assert installation.uris() == {f"urn:test:{number}": 1 for number in range(20)}


def test_what_failed_shows_in_the_metrics(installation: Installation) -> None:
    stories = list(unique_stories(20))
    stories[7] = stories[7].replace(b'"body_text":"', b'"body_text":"' + IN_DEDUP.encode() + b" ")
    installation.produce(stories, feed="okaz")
    worker = installation.worker(program=MARKED)
    installation.wait_for(lambda: installation.lag() == 0, "the batch")
    [letter] = installation.dead_letters()
    headers = dict(letter.headers)
    partition, offset = (headers[f"__connect.errors.{name}"].decode() for name in ("partition", "offset"))
    with urlopen(f"{worker.http}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    assert 'wirestream_internal_faults_total{feed="okaz",stage="dedup"} 1.0' in lines
    where = f'wirestream_internal_fault_offset{{partition="{partition}",stage="dedup"}} {float(offset)}'
    assert where in lines
    assert 'wirestream_dead_letters_total{reason="internal-fault"} 1.0' in lines


def test_a_program_that_fails_at_every_record_stops_and_a_restart_stops_at_the_same_place(
    broker: Broker, tmp_path: Path
) -> None:
    # Stories come one by one, as on a quiet day: no batch tells that they all fail.
    limits = {"faults": 5}
    with installed(
        broker.bootstrap, tmp_path, rejections=limits, worker={"batch_records": 1}
    ) as installation:
        installation.produce(unique_stories(100), feed="okaz")
        worker = installation.worker(program=EVERYWHERE)
        assert worker.process.wait(60) == EXIT_INTERNAL_FAULT
        assert worker.said("5 records in a row made this program fail")
        letters = len(installation.dead_letters())
        assert 0 < letters <= 4 * installation.settings.topics.stories_partitions
        for _ in range(2):
            worker.restart()
            assert worker.process.wait(60) == EXIT_INTERNAL_FAULT
        places = Counter(
            tuple(dict(letter.headers)[f"__connect.errors.{name}"] for name in ("partition", "offset"))
            for letter in installation.dead_letters()
        )
        # A letter may be there twice, as its batch was read again; none is of a record behind the limit.
        assert len(places) <= 4 * installation.settings.topics.stories_partitions
        # The version before works, and takes what waited.
        installation.worker()
        installation.wait_for(lambda: installation.lag() == 0, "the rest")
        retry(installation)
        installation.wait_for(lambda: len(installation.uris()) == 100, "the retried")
        assert installation.uris() == {f"urn:test:{number}": 1 for number in range(100)}
