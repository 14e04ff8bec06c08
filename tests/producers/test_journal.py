from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stream.errors import UserError
from stream.producers.arrivals import Arrival, Fingerprint
from stream.producers.journal import Journal, Progress

SENT = Progress(3, ("line 2: too large",), whole=True)


def arrival(folder: Path, name: str = "a.jsonl", value: bytes = b"1") -> Arrival:
    path = folder / name
    path.write_bytes(value)
    return Arrival(str(path), name, None, Fingerprint.of(path.lstat()))


def test_a_file_that_is_not_known_was_not_sent(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        assert journal.progress(arrival(tmp_path)) == Progress()


def test_whoever_starts_again_knows_what_was_sent(tmp_path: Path) -> None:
    found = arrival(tmp_path)
    with Journal(tmp_path) as journal:
        journal.record(found, Progress(1))
        journal.record(found, SENT)
    with Journal(tmp_path) as journal:
        assert journal.progress(found) == SENT


def test_what_was_written_outlives_a_process_that_is_killed(tmp_path: Path) -> None:
    found = arrival(tmp_path)
    code = f"""
import os, signal
from pathlib import Path
from stream.producers.arrivals import Arrival, Fingerprint
from stream.producers.journal import Journal, Progress
found = Arrival({found.path!r}, {found.name!r}, None, Fingerprint{tuple(found.fingerprint)!r})
Journal(Path({str(tmp_path)!r})).record(found, Progress(7))
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    with Journal(tmp_path) as journal:
        assert journal.progress(found) == Progress(7)


def test_another_file_of_that_name_is_another_file(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.record(arrival(tmp_path), SENT)
        assert journal.progress(arrival(tmp_path, value=b"22")) == Progress()


def test_files_that_went_away_are_forgotten(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.record(arrival(tmp_path), SENT)
    (tmp_path / "a.jsonl").unlink()
    with Journal(tmp_path):
        assert (tmp_path / ".wirestream/journal.jsonl").read_bytes() == b""


def test_a_line_that_a_crash_cut_off_hides_no_other(tmp_path: Path) -> None:
    first, second = arrival(tmp_path, "a"), arrival(tmp_path, "b")
    with Journal(tmp_path) as journal:
        journal.record(first, SENT)
    with (tmp_path / ".wirestream/journal.jsonl").open("ab") as file:
        file.write(b'\n["b", [1, 2')
    with Journal(tmp_path) as journal:
        assert journal.progress(first) == SENT
        assert journal.progress(second) == Progress()


def test_a_name_that_is_no_utf8_is_kept(tmp_path: Path) -> None:
    found = arrival(tmp_path, os.fsdecode(b"caf\xe9.xml"))
    with Journal(tmp_path) as journal:
        journal.record(found, SENT)
    with Journal(tmp_path) as journal:
        assert journal.progress(found) == SENT


def test_it_does_not_grow_with_the_files_that_went_through(tmp_path: Path) -> None:
    found = arrival(tmp_path)
    with Journal(tmp_path) as journal:
        for _ in range(20_000):
            journal.record(found, SENT)
        assert (tmp_path / ".wirestream/journal.jsonl").stat().st_size < 2**20
        assert journal.progress(found) == SENT


def test_a_folder_is_watched_by_one_process(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(UserError, match="another `wirestream watch` has the folder"):
        Journal(tmp_path)
    with Journal(tmp_path):
        pass
