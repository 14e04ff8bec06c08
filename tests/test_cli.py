"""The command line as a user meets it: exit codes, streams, messages."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

STORY = """الرباط (د ب أ) - أعلنت السلطات اليوم إعادة فتح ميناء الصيد في مدينة أكادير بعد أعمال توسعة.

وقال مدير الميناء إن الأرصفة الجديدة تتسع لمئة وعشرين مركبا، وإن سوق السمك سيعمل على مدار الساعة."""


def wirestream(*arguments: str, stdin: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("WIRESTREAM_")}
    return subprocess.run(
        [sys.executable, "-m", "stream", *arguments],
        input=stdin,
        capture_output=True,
        env={**env, **environ},
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "verb",
    [
        [],
        ["demo"],
        ["worker"],
        ["produce"],
        ["watch"],
        ["poll"],
        ["process"],
        ["topics"],
        ["topics", "plan"],
        ["topics", "apply"],
        ["broker"],
        ["config", "show"],
        ["schema"],
        ["bench"],
    ],
    ids=" ".join,
)
def test_every_verb_has_help(verb: list[str]) -> None:
    done = wirestream(*verb, "--help")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 5


@pytest.mark.parametrize("name", ["dedup", "peers", "stream"])
def test_a_benchmarks_help_is_its_own(name: str) -> None:
    for flag in ("--help", "-h"):
        done = wirestream("bench", name, flag)
        assert done.returncode == 0
        assert done.stdout.startswith(f"usage: wirestream bench {name} ".encode())


def test_a_folder_of_somebody_elses_benchmarks_holds_none_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bench").mkdir()
    done = wirestream("bench", "dedup")
    assert done.returncode == 1
    assert b"come with a checkout" in done.stderr


def test_a_story_on_stdin_becomes_an_event_on_stdout_and_logs_go_to_stderr() -> None:
    done = wirestream("process", "--feed", "me", stdin=STORY.encode())
    assert done.returncode == 0
    [line] = done.stdout.splitlines()
    assert orjson.loads(line)["agency"]["id"] == "dpa"
    assert all(orjson.loads(line)["level"] == "info" for line in done.stderr.splitlines())


def test_events_come_in_input_order_and_dead_letters_in_their_file(tmp_path: Path) -> None:
    bodies = [STORY, "{broken", STORY.replace("أكادير", "طنجة وهي مدينة أخرى في شمال البلاد")]
    for number, body in enumerate(bodies):
        (tmp_path / f"{number}.txt").write_text(body, "utf-8")
    letters = tmp_path / "letters.jsonl"
    files = [str(tmp_path / f"{number}.txt") for number in range(3)]
    done = wirestream("process", "--dead-letters", str(letters), *files)
    assert done.returncode == 0
    sources = [orjson.loads(line)["source"]["topic"] for line in done.stdout.splitlines()]
    assert sources == [files[0], files[2]]
    [letter] = letters.read_bytes().splitlines()
    assert orjson.loads(letter)["name"] == files[1]


@pytest.mark.parametrize("options", [[], ["--explain"]])
def test_a_file_that_cannot_be_read_is_named_with_the_remedy_and_the_others_are_taken(
    tmp_path: Path, options: list[str]
) -> None:
    (tmp_path / "1.txt").write_text(STORY, "utf-8")
    (tmp_path / "2.txt.gz").write_bytes(b"no gzip")
    (tmp_path / "3.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 50)[:-9])
    (tmp_path / "4.txt").write_text(STORY.replace("أكادير", "طنجة"), "utf-8")
    done = wirestream("process", *options, "--dead-letters", os.devnull, str(tmp_path))
    assert done.returncode == 1
    for name in ("1.txt", "4.txt"):
        assert str(tmp_path / name) in done.stdout.decode()
    said = [line for line in done.stderr.decode().splitlines() if line.startswith("wirestream: ")]
    assert [line.split(": ")[1] for line in said] == [
        str(tmp_path / "2.txt.gz"),
        str(tmp_path / "3.jsonl.gz"),
    ]
    assert all("cannot be read" in line and "sent again" in line for line in said)


def test_explain_is_for_people() -> None:
    done = wirestream("process", "--explain", stdin=STORY.encode())
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "Deutsche Presse-Agentur" in text
    assert "original" in text


@pytest.mark.parametrize(
    ("arguments", "environ", "code", "says"),
    [
        (["nope"], {}, 2, "nope"),
        (["process", "/no/such/file"], {}, 1, "/no/such/file"),
        (["worker", "--stages", "annotate,dream"], {}, 2, "worker.stages"),
        (["config", "show"], {"WIRESTREAM_DEDPU": "1"}, 2, "WIRESTREAM_DEDPU"),
        (["config", "show", "--config", "/no/such.yaml"], {}, 2, "/no/such.yaml"),
        (["schema", "nope"], {}, 1, "story"),
        (["topics", "plan", "--bootstrap", "127.0.0.1:1"], {}, 1, "127.0.0.1:1"),
        (["produce", "/no/such/file"], {}, 1, "/no/such/file"),
        (["produce", "--charset", "klingon", "."], {}, 2, "klingon"),
        (["watch", "/no/such/folder"], {}, 1, "/no/such/folder"),
        (["poll"], {}, 2, "poll.feeds"),
        (["poll", "ftp://feeds.example/a"], {}, 2, "ftp://feeds.example/a"),
    ],
)
def test_what_is_wrong_is_said_in_a_line_with_the_exit_code_of_its_kind(
    arguments: list[str], environ: dict[str, str], code: int, says: str
) -> None:
    done = wirestream(*arguments, **environ)
    assert done.returncode == code
    assert says in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_no_internal_fault() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "stream", "process"],
            input=STORY.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert "No space left on device" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_config_show_hides_secrets() -> None:
    done = wirestream("config", "show", WIRESTREAM_KAFKA__SASL__PASSWORD="hunter2")
    assert done.returncode == 0
    assert b"hunter2" not in done.stdout
    assert b"environment WIRESTREAM_KAFKA__SASL__PASSWORD" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["produce", "-", "--topic-name", "a/b"], b"'a/b'"),
        (["process", "-", "--feed", "a\udcff"], b"no UTF-8"),
        (["replay", "resume", "a\udcff"], b"no UTF-8"),
        (["replay", "resume", "a", "--http-port", "99999"], b"99999"),
        (["broker", "--port", "99999"], b"99999"),
    ],
)
def test_an_argument_that_cannot_be_used_is_a_usage_error(arguments: list[str], named: bytes) -> None:
    done = wirestream(*arguments)
    assert done.returncode == 2
    assert named in done.stderr.splitlines()[-1]
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("verb", [["process", "-"], ["process", "--explain", "-"], ["config", "show"]])
def test_a_reader_that_goes_away_is_no_failure(verb: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "stream", *verb]
    with os.fdopen(write, "wb") as gone:
        done = subprocess.run(
            command, input=STORY.encode(), stdout=gone, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert done.returncode == 0
    assert b"Error" not in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_are_no_failure(tmp_path: Path, closed: str) -> None:
    file = tmp_path / "story.txt"
    file.write_text(STORY, "utf-8")
    command = f"{sys.executable} -m stream process {file} {closed}"
    assert subprocess.run(command, shell=True, check=False, timeout=60).returncode == 0
