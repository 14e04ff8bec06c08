"""What is sent in: too large, poisoned, hostile, out of time. The worker lives and accounts for each."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import orjson
from kafka import KafkaProducer

from stream.exits import EXIT_USAGE
from stream.kafka import header_names
from stream.sizes import BATCH_BYTES
from stream.wire.detect import FORMATS
from tests.kafka.test_header_names import Raw
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


def wirestream(installation: Installation, *words: str) -> str:
    """What a verb printed."""
    environ = {**os.environ, "WIRESTREAM_CONFIG": str(installation.config)}
    command = [sys.executable, "-m", "stream", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_header_names_that_are_no_utf8(installation: Installation) -> None:
    # As a client in C may send them; aiokafka's fetcher does not get past one by itself.
    producer = KafkaProducer(**installation.client, linger_ms=50)
    stories = [*unique_stories(20), b"\x80\x81 no text of any kind"]
    for number, story in enumerate(stories):
        headers = [("feed", b"okaz"), (Raw("raw:\xff\xfe"), b"x")]
        producer.send(installation.topology.stories, story, headers=headers[: 1 + number % 2], partition=0)
        producer.send(installation.topology.stories, b"", headers=headers, partition=0)
    producer.flush()
    producer.close()
    worker = installation.worker()
    installation.wait_for(lambda: installation.lag() == 0, "all of it")
    assert installation.uris() == {f"urn:test:{number}": 1 for number in range(20)}
    letters = installation.dead_letters()
    assert len(letters) == len(stories) + 1
    assert {letter.headers[1] for letter in letters if not letter.value} == {("\\xff\\xfe", b"x")}
    assert worker.alive
    assert worker.stop() == 0

    # Every verb that reads a topic gets past them too, in topics of ours as well.
    topology = installation.topology
    [event, *_] = installation.read(topology.enriched)
    header_names.accept_any()
    producer = KafkaProducer(**installation.client)
    for topic_name in (topology.dead_letter, topology.enriched):
        producer.send(topic_name, event.value, key=event.key, headers=[(Raw("raw:\xff"), b"x")])
    producer.flush()
    producer.close()
    assert "events     about" in wirestream(installation, "replay", "--last", "1h", "--name", "names")
    wirestream(installation, "replay", "--last", "1h", "--name", "names", "--execute")
    assert "20 stories as live, 0 otherwise" in wirestream(installation, "replay", "diff", "names")
    assert "0 events published" in wirestream(installation, "replay", "promote", "names", "--execute")
    listed = wirestream(installation, "dlq", "list", "--reason", "empty").splitlines()
    assert len(listed) == len(stories)
    assert "\\xff\\xfe: x" in wirestream(installation, "dlq", "show", listed[0].split()[0])
    wirestream(installation, "dlq", "retry", "--reason", "empty", "--execute")
    assert wirestream(installation, "dlq", "list", "--reason", "empty") == ""
    installation.worker()
    installation.wait_for(lambda: len(installation.dead_letters()) > 2 * len(letters), "those sent back")
    assert len(wirestream(installation, "dlq", "list", "--reason", "empty").splitlines()) == len(stories)


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
    rejected = set()
    for letter in installation.scan(installation.topology.dead_letter):
        headers = dict(letter.headers)
        why = headers["wirestream-error-message"].decode("utf-8", "replace")
        assert headers["wirestream-error-reason"] != b"internal-fault", why
        # A batch may be annotated twice, when a busy machine lets the session time out.
        rejected.add((int(headers["__connect.errors.partition"]), int(headers["__connect.errors.offset"])))
    annotated = installation.scan(installation.topology.annotated)
    # A kill goes to every shard, beyond its own as a notice without an event.
    stories = [
        orjson.loads(record.value) for record in annotated if "wirestream-notice" not in dict(record.headers)
    ]
    accepted = {(story["source"]["partition"], story["source"]["offset"]) for story in stories}
    assert not rejected & accepted
    assert len(rejected | accepted) == count
    assert {story["format"] for story in stories} == {format_.name for format_ in FORMATS}
    # And every story has its event, once: an input that was sent twice is one story.
    events = Counter(event["id"] for event in installation.events())
    assert events.keys() == {story["id"] for story in stories}
    assert set(events.values()) == {1}


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
