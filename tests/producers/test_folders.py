from __future__ import annotations

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stream.producers.folders import move_done, move_failed

NOW = datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC)


def drop(folder: Path, name: str, value: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(value)


def test_what_is_done_keeps_its_place_below_the_day(tmp_path: Path) -> None:
    drop(tmp_path, "okaz/sport/a.xml", b"1")
    moved = move_done(tmp_path, "okaz/sport/a.xml", now=NOW)
    assert moved == tmp_path / "done/2026-03-01/okaz/sport/a.xml"
    assert moved.read_bytes() == b"1"
    assert not (tmp_path / "okaz/sport/a.xml").exists()


def test_what_failed_has_the_reason_beside_it(tmp_path: Path) -> None:
    drop(tmp_path, "a.xml", b"1")
    moved = move_failed(tmp_path, "a.xml", "too large", now=NOW)
    assert moved == tmp_path / "failed/2026-03-01/a.xml"
    assert moved.with_name("a.xml.why.txt").read_text("utf-8") == "too large\n"


def test_a_name_that_is_taken_gets_the_time_before_it_and_keeps_its_suffix(tmp_path: Path) -> None:
    for value in (b"1", b"2", b"3", b"4"):
        drop(tmp_path, "latest.xml.gz", value)
        move_done(tmp_path, "latest.xml.gz", now=NOW)
    found = {path.name: path.read_bytes() for path in (tmp_path / "done/2026-03-01").iterdir()}
    assert found == {
        "latest.xml.gz": b"1",
        "093015-latest.xml.gz": b"2",
        "093015-2-latest.xml.gz": b"3",
        "093015-3-latest.xml.gz": b"4",
    }


def test_a_file_that_cannot_be_moved_stays_where_it_is(tmp_path: Path) -> None:
    drop(tmp_path, "a.xml", b"1")
    (tmp_path / "done").write_bytes(b"no folder")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        move_done(tmp_path, "a.xml", now=NOW)
    assert (tmp_path / "a.xml").read_bytes() == b"1"


def test_a_file_of_another_file_system_is_copied_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(tmp_path, "a.xml", b"1")
    rename = Path.rename

    def across(self: Path, target: Path) -> Path:
        if self.name == "a.xml":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across)
    moved = move_done(tmp_path, "a.xml", now=NOW)
    assert moved.read_bytes() == b"1"
    assert [path.name for path in moved.parent.iterdir()] == ["a.xml"]
    assert not (tmp_path / "a.xml").exists()
