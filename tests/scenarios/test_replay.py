"""A replay beside the live run, on a real broker: the same answer, whatever happens to it on the way."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from stream.exits import EXIT_FAILED, EXIT_INTERNAL_FAULT, EXIT_USAGE
from stream.kafka.broker import Broker
from stream.kafka.topics import connect
from tests.lifecycle import messages, texts
from tests.scenarios.installation import Installation, installed
from tests.scenarios.raising_worker import EVERYWHERE, IN_ANNOTATE, IN_DEDUP, IN_RELEASE, MARKED
from tests.scenarios.stories import ninjs, unique_stories


def wirestream(installation: Installation, *arguments: str, code: int = 0) -> str:
    """Runs a verb of `replay` to its end and returns what it printed."""
    done = subprocess.run(command(installation, *arguments), capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stderr
    return done.stdout


def command(installation: Installation, *arguments: str) -> list[str]:
    verb = [sys.executable, "-m", "stream", "replay"]
    # The options of a group stand before the name of its verb or of the replay.
    words = list(arguments)
    at = 1 if words[0] in ("resume", "list", "diff", "promote", "clean") else 0
    return [*verb, *words[:at], "--config", str(installation.config), *words[at:]]


def failing(
    installation: Installation, *arguments: str, program: Sequence[str] = MARKED
) -> subprocess.CompletedProcess[str]:
    """Runs a verb of `replay` of a program that fails at some stories."""
    words = [sys.executable, *program, *command(installation, *arguments)[3:]]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


def marked(story: bytes, mark: str) -> bytes:
    """A story at which that program fails."""
    return story.replace(b'"body_text":"', b'"body_text":"' + mark.encode() + b" ")


def mixed_stories(count: int) -> list[bytes]:
    """Stories of two languages and three feeds, a third of them reprints of earlier ones, some broken."""
    rng = random.Random(3)
    originals = [orjson.loads(value) for value in unique_stories(count, words=60)]
    stories: list[bytes] = []
    for number, item in enumerate(originals):
        if number > 10 and rng.random() < 0.33:
            earlier = originals[rng.randrange(number)]
            words = earlier["body_text"].split()
            item = {**item, "body_text": " ".join(words[: rng.randint(35, 60)])}
        item = {**item, "language": "de" if number % 5 == 0 else "en", "source": f"paper-{number % 3}"}
        stories.append(b"{broken" if number % 97 == 50 else orjson.dumps(item))
    return stories


def live(installation: Installation, stories: list[bytes]) -> None:
    """The live run over some stories, which ends with its worker."""
    worker = installation.worker()
    installation.produce(stories)
    installation.wait_for(lambda: installation.lag() == 0, "the live run")
    assert worker.stop() == 0


def difference(installation: Installation, name: str) -> dict[str, object]:
    return orjson.loads(wirestream(installation, "diff", name, "--json"))


def test_a_replay_decides_as_the_live_run_did_and_touches_nothing_live(installation: Installation) -> None:
    live(installation, mixed_stories(1500))
    before = Counter(event["id"] for event in installation.events())
    plan = wirestream(installation, "--last", "1h", "--name", "again")
    assert "as the live ledger has it" in plan
    assert wirestream(installation, "list") == ""
    wirestream(installation, "--last", "1h", "--name", "again", "--workers", "2", "--execute")
    assert difference(installation, "again")["different"] == 0
    assert difference(installation, "again")["same"] == len(before)
    assert len(installation.read(f"{installation.topology.dead_letter}.replay-again")) == len(
        installation.dead_letters()
    )
    assert Counter(event["id"] for event in installation.events()) == before
    assert installation.lag() == 0


def test_a_port_that_is_taken_leaves_no_replay_behind(installation: Installation) -> None:
    live(installation, mixed_stories(20))
    before = topic_names(installation)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = command(installation, "--last", "1h", "--name", "again", "--http-port", port, "--execute")
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == EXIT_FAILED
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--http-port" in done.stderr
    assert wirestream(installation, "list") == ""
    assert topic_names(installation) == before
    # On a free one it can be begun under that name.
    wirestream(installation, "--last", "1h", "--name", "again", "--http-port", "0", "--execute")
    assert difference(installation, "again")["different"] == 0


def test_settings_that_are_wrong_leave_no_replay_behind(installation: Installation) -> None:
    live(installation, mixed_stories(20))
    before = topic_names(installation)
    installation.configure(feeds={"paper-0": {"agency": "nobody"}})
    arguments = ("--last", "1h", "--name", "again", "--execute")
    done = subprocess.run(
        command(installation, *arguments), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == EXIT_USAGE
    assert "feeds.paper-0.agency" in done.stderr
    assert wirestream(installation, "list") == ""
    assert topic_names(installation) == before


def topic_names(installation: Installation) -> set[str]:
    with connect(installation.client) as admin:
        return set(admin.list_topics())


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGTERM])
def test_an_interrupted_replay_loses_nothing_and_doubles_nothing(
    installation: Installation, kind: signal.Signals
) -> None:
    live(installation, mixed_stories(4000))
    topic_names = [
        f"{name}.replay-cut"
        for name in (
            installation.topology.enriched,
            installation.topology.duplicates,
            installation.topology.dead_letter,
        )
    ]
    arguments = ["--last", "1h", "--name", "cut", "--rate", "2000", "--execute"]
    for written in (500, 2000):
        running = subprocess.Popen(command(installation, *arguments), start_new_session=True)
        arguments = ["resume", "cut", "--rate", "2000"]
        deadline = time.monotonic() + 60
        while installation.offsets(*topic_names) < written and time.monotonic() < deadline:
            assert running.poll() is None, "it ended before it could be interrupted"
            time.sleep(0.05)
        # As the kernel kills what took too much memory, and as a terminal ends a command: it with its group.
        (os.kill if kind == signal.SIGKILL else os.killpg)(running.pid, kind)
        assert running.wait(30) == (-kind if kind == signal.SIGKILL else 130)
        while has_group(running.pid):
            assert time.monotonic() < deadline, "a process that annotated for it is still there"
            time.sleep(0.05)
    wirestream(installation, "resume", "cut")
    found = difference(installation, "cut")
    assert found["different"] == 0
    ids = Counter(record.key for name in topic_names[:2] for record in installation.read(name))
    assert set(ids.values()) == {1}
    assert len(ids) == found["same"]
    assert len(installation.read(topic_names[2])) == len(installation.dead_letters())


def has_group(number: int) -> bool:
    try:
        os.killpg(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_copy_under_an_embargo_comes_once_and_not_before_its_time(installation: Installation) -> None:
    now = datetime.now(UTC)
    sent = [
        # What the stream releases, what the end of the replay releases, and what nothing releases yet.
        messages.ninjs("free", texts.FERRY, 0, embargo=30),
        messages.ninjs("mover", texts.DAM, 40),
        messages.ninjs("last", texts.MUSEUM, 50, embargo=60),
        messages.ninjs("held", texts.STRIKE, 55, embargo=messages.LIFT),
    ]
    times = messages.Times(start=now - timedelta(hours=2), lift=now + timedelta(hours=2))
    live(installation, [message.build(times) for message in sent])
    wirestream(installation, "--last", "1h", "--name", "embargo", "--execute")
    found = difference(installation, "embargo")
    assert (found["different"], found["same"]) == (0, 3)
    for topic_name in (installation.topology.held, f"{installation.topology.held}.replay-embargo"):
        waiting = {record.key: record.value for record in installation.read(topic_name)}
        (event,) = [orjson.loads(value) for value in waiting.values() if value is not None]
        assert event["uri"] == f"urn:wire:held:{times.world}"


@pytest.mark.parametrize("mark", [IN_ANNOTATE, IN_DEDUP])
def test_stories_at_which_the_program_fails_wait_in_the_replays_dead_letters(
    installation: Installation, mark: str
) -> None:
    stories = list(unique_stories(300, words=60))
    poison = (5, 6, 140, 299)
    for number in poison:
        stories[number] = marked(stories[number], mark)
    live(installation, stories)
    done = failing(installation, "--last", "1h", "--name", "failing", "--execute")
    assert done.returncode == 0, done.stderr
    assert "dead letters: 4 internal-fault" in done.stderr
    assert mark not in done.stderr
    letters = installation.read(f"{installation.topology.dead_letter}.replay-failing")
    assert {orjson.loads(letter.value)["uri"] for letter in letters} == {f"urn:test:{n}" for n in poison}
    assert len(letters) == 4
    # The log has the place of each, as of any record at which the program fails.
    for letter in letters:
        headers = {name: value.decode("utf-8", "replace") for name, value in letter.headers}
        place = "{topic} partition {partition} offset {offset}".format(
            **{name: headers[f"__connect.errors.{name}"] for name in ("topic", "partition", "offset")}
        )
        assert f"replay failed at {place}" in done.stderr
    assert difference(installation, "failing")["same"] == 296
    assert difference(installation, "failing")["different"] == 4


def test_copy_at_which_the_program_fails_when_its_embargo_ends_is_put_by_alone(
    broker: Broker, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    broken = texts.FERRY.more(IN_RELEASE), texts.STRIKE.more(IN_RELEASE)
    sent = [
        # What the stream releases, and what the end of the replay does.
        messages.ninjs("stream", broken[0], 0, embargo=30),
        messages.ninjs("sound", texts.BANK, 1, embargo=30),
        *(messages.ninjs(f"mover-{text.headline}", text, 40) for text in (texts.DAM, texts.MUSEUM)),
        messages.ninjs("end", broken[1], 50, embargo=60),
    ]
    times = messages.Times(start=now - timedelta(hours=2), lift=now)
    # One partition keeps them in order; faults at all that come after the first would end the replay.
    limits, topics = {"faults": 3}, {"stories_partitions": 1}
    with installed(broker.bootstrap, tmp_path, rejections=limits, topics=topics) as installation:
        live(installation, [message.build(times) for message in sent])
        done = failing(installation, "--last", "1h", "--name", "failing", "--execute")
        assert done.returncode == 0, done.stderr
        assert "dead letters: 2 internal-fault" in done.stderr
        assert IN_RELEASE not in done.stderr
        letters = installation.read(f"{installation.topology.dead_letter}.replay-failing")
        uris = sorted(orjson.loads(letter.value)["uri"] for letter in letters)
        assert uris == [f"urn:wire:{name}:{times.world}" for name in ("end", "stream")]
        found = difference(installation, "failing")
        assert (found["same"], found["counts"]) == (3, {"only live": 2})
        # Whoever takes the shard up finds none of them.
        waiting = {
            record.key: record.value
            for record in installation.read(f"{installation.topology.held}.replay-failing")
        }
        assert set(waiting.values()) == {None}


def test_a_program_that_fails_at_story_after_story_ends_the_replay(broker: Broker, tmp_path: Path) -> None:
    with installed(broker.bootstrap, tmp_path, rejections={"faults": 3}) as installation:
        live(installation, [marked(story, IN_DEDUP) for story in unique_stories(20)])
        done = failing(installation, "--last", "1h", "--name", "failing", "--execute")
        assert done.returncode == EXIT_INTERNAL_FAULT
        assert "3 records in a row made this program fail" in done.stderr
        assert len(installation.read(f"{installation.topology.dead_letter}.replay-failing")) <= 2
        # The version before goes on where the replay stands; only what was put by is missing.
        wirestream(installation, "resume", "failing")
        assert difference(installation, "failing")["same"] >= 18


def test_a_program_that_can_annotate_nothing_ends_the_replay_at_the_same_place_every_time(
    broker: Broker, tmp_path: Path
) -> None:
    with installed(broker.bootstrap, tmp_path, rejections={"faults": 3}) as installation:
        live(installation, list(unique_stories(40)))
        for arguments in (("--last", "1h", "--name", "failing", "--execute"), ("resume", "failing")):
            done = failing(installation, *arguments, program=EVERYWHERE)
            assert done.returncode == EXIT_INTERNAL_FAULT, done.stderr
            assert "3 records in a row made this program fail" in done.stderr
        letters = f"{installation.topology.dead_letter}.replay-failing"
        assert len(installation.read(letters)) <= 2 * installation.settings.topics.stories_partitions
        wirestream(installation, "resume", "failing")
        found = difference(installation, "failing")
        assert found["same"] == 40 - len(installation.read(letters))


def test_one_feed_is_replayed_among_the_live_decisions_on_all_others(installation: Installation) -> None:
    live(installation, mixed_stories(1500))
    expected = sum(event["feed"] == "paper-1" for event in installation.events())
    wirestream(installation, "--last", "1h", "--name", "paper", "--feed", "paper-1", "--execute")
    found = difference(installation, "paper")
    assert (found["different"], found["same"]) == (0, expected)


def test_without_a_ledger_a_replay_primes_its_window_and_goes_by_time(broker: Broker, tmp_path: Path) -> None:
    # One partition, where the order of time is the order of the log.
    with installed(broker.bootstrap, tmp_path, topics={"stories_partitions": 1}) as installation:
        stories = mixed_stories(600)
        live(installation, stories[:300])
        since = datetime.now(UTC).isoformat()
        live(installation, stories[300:])
        wirestream(installation, "--from", since, "--order", "time", "--name", "half", "--execute")
        found = difference(installation, "half")
        assert found["different"] == 0
        assert 250 < found["same"] < 300


def test_what_changed_is_shown_promoted_once_and_cleaned_up(broker: Broker, tmp_path: Path) -> None:
    body = "The harbour of Tangier reopened on Tuesday after three years of works. " * 4
    story = ninjs(1, "Harbour reopens", f"TANGIER, Morocco - {body}", located="Tangier")
    with installed(broker.bootstrap, tmp_path) as installation:
        installation.worker()
        installation.produce([story], feed="courier")
        installation.wait_for(lambda: len(installation.events()) == 1, "the event")
        # The feed turns out to be an agency's own.
        installation.configure(feeds={"courier": {"agency": "map"}})
        wirestream(installation, "--last", "1h", "--name", "map", "--execute")
        assert difference(installation, "map")["counts"] == {"agency": 1}
        shown = wirestream(installation, "diff", "map")
        assert "live    None" in shown
        assert "replay  map" in shown
        assert f"{installation.topology.enriched}: 1 events" in wirestream(installation, "promote", "map")
        assert len(installation.events()) == 1
        assert "1 events published" in wirestream(installation, "promote", "map", "--execute")
        assert [event["cluster"]["role"] for event in installation.events()] == ["original", "update"]
        assert installation.events()[-1]["agency"]["id"] == "map"
        assert difference(installation, "map")["different"] == 0
        assert "0 events published" in wirestream(installation, "promote", "map", "--execute")
        assert f"- {installation.topology.enriched}.replay-map" in wirestream(installation, "clean", "map")
        assert wirestream(installation, "list").startswith("map  ")
        wirestream(installation, "clean", "map", "--execute")
        assert wirestream(installation, "list") == ""
        wirestream(installation, "diff", "map", code=1)
