"""No story shows where operators look: not in a log, a metric, a health page, the settings or a crash."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.request import urlopen

import orjson
import pytest

from stream.annotate import Annotator
from stream.errors import Rejected
from stream.exits import EXIT_INTERNAL_FAULT
from stream.kafka.broker import Broker
from stream.settings import Settings
from stream.wire.detect import FORMATS, parse
from tests.scenarios.installation import Installation, Worker, installed
from tests.scenarios.newspaper import Newspaper, newspaper
from tests.scenarios.raising_worker import IN_ANNOTATE, IN_DEDUP
from tests.scenarios.stories import ninjs, unique_stories
from tests.wire.conftest import record
from tests.wire.mutants import mutant, samples

# A word of no language, in every field that a story may say something in.
MARK = "Quxveritas"
SECRET = "hunter2"
FIELDS = ("headline", "byline", "slugline", "description_text", "located", "copyrightnotice", "evolvedfrom")
PAPER = f"The paper says {MARK} in its feed, and some more words so that it is a story of its own."
WORD = re.compile(r"\w+")
# Three words in a row that a story has too are hardly ours by chance.
_RUN = 3
MUTANTS = 40


def marked(number: int, *, body: str = "") -> bytes:
    text = f"{body} The body says {MARK} and more of that kind, so that it is a story of some length."
    uri = f"https://desk:{SECRET}@agency.example/{MARK}/{number}?token={SECRET}"
    fields = {name: f"{MARK} of {name} {number}" for name in FIELDS}
    return orjson.dumps({**orjson.loads(ninjs(number, "", text)), **fields, "uri": uri})


def broken(story: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(story))
    return rng.choice(
        (
            story[:at],
            story[:at] + b"\xff\xfe" + story[at:],
            story.replace(b'"versioncreated":"2026', b'"versioncreated":"' + MARK.encode()),
            story.replace(b'"text"', b'"%s"' % MARK.encode()),
            story.replace(b'"language":"en"', b'"language":["%s"]' % MARK.encode()),
            story.replace(b'"body_text":"', b'"body_text":{"%s":"' % MARK.encode()),
            b"<nitf><head><title>%s</title></head>" % MARK.encode(),
            MARK.encode("utf-16"),
        )
    )


def mix() -> Iterator[bytes]:
    """Every format, good and broken, and stories that make the stages of a raising worker fail."""
    rng = random.Random(1)
    for format_ in FORMATS:
        documents = samples(format_)
        yield from documents
        yield from (mutant(documents, rng) for _ in range(MUTANTS))
    for number in range(40):
        yield marked(number)
        yield broken(marked(number), rng)
    yield from (marked(number, body=IN_ANNOTATE) for number in range(100, 103))
    yield from (marked(number, body=IN_DEDUP) for number in range(200, 203))


def runs(text: str) -> set[tuple[str, ...]]:
    words = [word for word in WORD.findall(text) if not word.isdigit()]
    return set(zip(*(words[start:] for start in range(_RUN)), strict=False))


def said(values: Sequence[bytes]) -> set[tuple[str, ...]]:
    """What the stories say, in runs of words."""
    found: set[tuple[str, ...]] = set()
    for value in values:
        try:
            stories = parse(record(value))
        except Rejected:
            continue
        for story in stories:
            for text in (story.headline, story.body, story.byline):
                found |= runs(text or "")
    return found


def require_silence(told: str, stories: set[tuple[str, ...]]) -> None:
    assert MARK.lower() not in told.lower()
    assert SECRET not in told
    assert runs(told) & stories == set()


def pages(worker: Worker) -> str:
    told = ""
    for page in ("metrics", "ready", "live"):
        with urlopen(f"{worker.http}/{page}", timeout=10) as answer:
            told += answer.read().decode()
    return told


def run(installation: Installation, *arguments: str, program: Sequence[str] = ("-m", "stream")) -> str:
    """What a verb says on stderr, and on stdout where that is not the stories themselves."""
    command = [sys.executable, *program, *arguments]
    done = subprocess.run(
        command, env=installation.environ(), capture_output=True, text=True, check=False, timeout=120
    )
    data = {"process", "dlq"} & set(arguments)
    return done.stderr + ("" if data else done.stdout)


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with newspaper() as paper:
        yield paper


def test_no_story_shows_in_what_operators_look_at(broker: Broker, tmp_path: Path, paper: Newspaper) -> None:
    address = paper.url.replace("//", f"//desk:{SECRET}@") + f"?token={SECRET}"
    poll = {
        "http_port": 0,
        "every": "50ms",
        "folder": str(tmp_path / "memory"),
        "feeds": [{"url": address, "feed": "paper"}],
    }
    watch = {"http_port": 0, "settle": "50ms", "every": "20ms"}
    with installed(
        broker.bootstrap, tmp_path, poll=poll, watch=watch, rejections={"stop": False}
    ) as installation:
        values = list(mix())
        stories = said([*values, PAPER.encode()])
        assert len(stories) > 500
        told = run(installation, "config", "show")
        worker = installation.worker(program=("-m", "tests.scenarios.raising_worker", "marked"))
        watching = installation.worker(str(tmp_path / "drop"), verb="watch")
        polling = installation.worker(verb="poll")

        drop = tmp_path / "drop" / "okaz"
        drop.mkdir(parents=True, exist_ok=True)
        for number, value in enumerate(values[::9]):
            (drop / f"{number:04}.part").write_bytes(value)
            (drop / f"{number:04}.part").rename(drop / f"{number:04}.json")
        paper.publish(*[PAPER] * 5)
        installation.wait_for(lambda: paper.statuses[200] > 0, "the feed to be asked")
        paper.fault = 500
        installation.wait_for(lambda: paper.statuses[500] > 0, "the feed to fail")
        installation.produce(values, feed="okaz")
        installation.wait_for(lambda: polling.said("500"), "the poll to say so")
        installation.wait_for(
            lambda: sum(p.is_file() for p in (tmp_path / "drop" / "done").rglob("*")) == len(values[::9]),
            "the files",
        )
        installation.wait_for(lambda: installation.lag() == 0, "all of it", moving=installation.lag)
        assert worker.alive
        assert worker.said("annotate failed at")
        assert worker.said("dedup failed at")
        assert len(installation.dead_letters()) > 100
        told += pages(worker) + pages(watching) + pages(polling)

        # Another worker that fails at everything, and ends.
        installation.configure(rejections={"stop": False, "faults": 3})
        installation.produce([marked(number) for number in range(300, 340)], feed="okaz")
        assert worker.stop() == 0
        crashing = installation.worker(program=("-m", "tests.scenarios.raising_worker", "everywhere"))
        assert crashing.process.wait(60) == EXIT_INTERNAL_FAULT
        assert crashing.said("3 records in a row")

        told += run(installation, "replay", "--last", "1h", "--name", "silent", "--execute")
        told += run(installation, "dlq", "retry", "--execute")
        files = sorted(str(path) for path in (tmp_path / "drop" / "done").rglob("*") if path.is_file())
        letters = str(tmp_path / "letters.jsonl")
        told += run(installation, "process", "--dead-letters", letters, *files)
        crash = run(
            installation,
            *("process", "--dead-letters", letters, *files),
            program=("-m", "tests.scenarios.raising_worker", "marked"),
        )
        assert "failing_fold" in crash
        told += crash
        for one in installation.workers:
            told += one.log.read_text("utf-8")
    require_silence(told, stories)


def test_the_check_would_hear_a_story() -> None:
    values = [next(iter(unique_stories(1)))]
    [outcome] = Annotator(Settings()).annotate([record(values[0])])
    with pytest.raises(AssertionError):
        require_silence(f"error: {outcome.stories[0].event!r}", said(values))
    require_silence("error: story 12 of okaz", said(values))
