"""What is sent in: too large, poisoned, hostile, out of time. The worker lives and accounts for each."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import orjson
from kafka import KafkaProducer

from stream.exits import EXIT_USAGE
from stream.sizes import BATCH_BYTES
from tests.scenarios.faults import Trial
from tests.scenarios.hostile import hostile_inputs
from tests.scenarios.installation import Installation
from tests.scenarios.stories import ninjs, unique_stories

DAY_MS = 86_400_000


def test_a_batch_over_the_size_cap(installation: Installation) -> None:
    # Text that does not compress, so that a batch is as large as its records, and several stories together
    # are over what any request may hold.
    rng = random.Random(1)
    letters = [chr(code) for code in range(0x4E00, 0x9FFF)]
    large = [
        ninjs(number, f"Story {number}", "".join(rng.choices(letters, k=120_000)), language="zh")
        for number in range(12)
    ]
    assert sum(map(len, large)) > 4 * BATCH_BYTES
    installation.produce([*large, *unique_stories(20)], feed="okaz")
    worker = installation.worker()
    installation.wait_for(lambda: installation.lag() == 0, "all of it")
    come_out = {orjson.loads(letter.value)["uri"] for letter in installation.dead_letters()}
    come_out |= installation.uris().keys()
    assert come_out == {f"urn:test:{number}" for number in range(20)}
    assert worker.alive


def test_poison_in_the_middle_of_a_batch(installation: Installation) -> None:
    good = list(unique_stories(200))
    poison = b"\x80\x81 no text of any kind \xff\xfe"
    installation.produce([*good[:100], poison, *good[100:]], feed="okaz")
    worker = installation.worker()
    installation.wait_for(lambda: installation.lag() == 0, "the batch")
    assert installation.uris() == {f"urn:test:{number}": 1 for number in range(200)}
    [letter] = installation.dead_letters()
    assert letter.value == poison
    assert worker.alive


def test_ten_thousand_hostile_inputs_at_full_rate(installation: Installation, trial: Trial) -> None:
    # As many as asked; and the limit on rejections is another test's.
    count = trial.stories
    installation.configure(rejections={"stop": False})
    producer = KafkaProducer(
        **installation.client, compression_type="zstd", linger_ms=20, max_request_size=8 << 20
    )
    for number, (value, headers) in enumerate(hostile_inputs(count, trial.seed)):
        # kafka-python refuses to send nothing at all.
        producer.send(installation.topology.stories, value, key=str(number).encode(), headers=headers)
    producer.flush()
    producer.close()
    worker = installation.worker()
    installation.wait_for(lambda: installation.lag() == 0, "every input", timeout=600)
    assert worker.alive
    assert worker.codes == []
    places = Counter()
    for letter in installation.scan(installation.topology.dead_letter):
        headers = dict(letter.headers)
        places[int(headers["__connect.errors.partition"]), int(headers["__connect.errors.offset"])] += 1
    rejected = set(places)
    assert set(places.values()) <= {1}
    accepted = {
        (event["source"]["partition"], event["source"]["offset"])
        for event in (
            orjson.loads(record.value) for record in installation.scan(installation.topology.annotated)
        )
    }
    assert not rejected & accepted
    assert len(rejected | accepted) == count


def test_clocks_that_jump(installation: Installation) -> None:
    # A producer whose clock jumps to and fro by weeks, and a restart in between: what it sent is told apart
    # and remembered as before.
    now = int(time.time() * 1000)
    stories = [
        orjson.dumps({k: v for k, v in orjson.loads(s).items() if k != "versioncreated"})
        for s in unique_stories(200)
    ]
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


def test_a_ledger_that_would_forget_the_window_is_refused_at_the_start(tmp_path: Path) -> None:
    config = tmp_path / "wirestream.yaml"
    config.write_text("topics: {ledger_retention: 2d}\ndedup: {window: 72h}\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "stream", "worker", "--config", str(config)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == EXIT_USAGE
    assert "raise it or shorten the window" in done.stderr
