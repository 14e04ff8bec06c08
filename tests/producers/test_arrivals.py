from __future__ import annotations

import os
from pathlib import Path

import pytest

from stream.producers.arrivals import Arrivals, Look

PARTIAL = (".part", ".tmp")


class Clock:
    """Both clocks of a folder that is looked at; a fresh file's own time is `now`."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def arrivals(tmp_path: Path, clock: Clock) -> Arrivals:
    return Arrivals(str(tmp_path), settle=5, partial=PARTIAL, clock=clock, now=clock)


def write(folder: Path, name: str, value: bytes = b"x", *, at: float) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(value)
    os.utime(path, (at, at))
    return path


def names(look: Look) -> list[str]:
    return [arrival.name for arrival in look.complete]


def test_a_file_is_complete_when_it_stood_still_for_the_settling_time(
    tmp_path: Path, clock: Clock, arrivals: Arrivals
) -> None:
    write(tmp_path, "a.xml", at=clock.time)
    assert (names(arrivals.look()), arrivals.look().incomplete) == ([], 1)
    clock.time += 5
    assert names(arrivals.look()) == ["a.xml"]


def test_a_file_that_grows_starts_anew(tmp_path: Path, clock: Clock, arrivals: Arrivals) -> None:
    # The times lie ahead, as a file server's clock may: then only what we saw counts.
    write(tmp_path, "a.xml", b"1", at=clock.time + 60)
    arrivals.look()
    clock.time += 4
    write(tmp_path, "a.xml", b"12", at=clock.time + 60)
    arrivals.look()
    clock.time += 4
    assert names(arrivals.look()) == []
    clock.time += 1
    assert names(arrivals.look()) == ["a.xml"]


def test_a_file_that_lay_there_long_before_is_taken_at_the_first_look(
    tmp_path: Path, clock: Clock, arrivals: Arrivals
) -> None:
    write(tmp_path, "a.xml", at=clock.time - 60)
    assert names(arrivals.look()) == ["a.xml"]


def test_a_file_that_is_renamed_when_complete_is_taken_at_once(
    tmp_path: Path, clock: Clock, arrivals: Arrivals
) -> None:
    partial = write(tmp_path, "a.xml.part", at=clock.time)
    assert arrivals.look() == Look([], 0, None)
    partial.rename(tmp_path / "a.xml")
    assert names(arrivals.look()) == ["a.xml"]


def test_an_empty_file_gets_a_minute_to_be_filled(tmp_path: Path, clock: Clock, arrivals: Arrivals) -> None:
    write(tmp_path, "a.xml", b"", at=clock.time)
    arrivals.look()
    clock.time += 59
    assert names(arrivals.look()) == []
    clock.time += 1
    assert names(arrivals.look()) == ["a.xml"]


@pytest.mark.parametrize("name", ["a.xml.part", "a.XML.TMP", ".hidden", ".git/a.xml", "~a.xml", "a.xml~"])
def test_names_of_what_is_still_delivered_are_passed_over(
    tmp_path: Path, clock: Clock, arrivals: Arrivals, name: str
) -> None:
    write(tmp_path, name, at=clock.time - 60)
    assert arrivals.look() == Look([], 0, None)


def test_what_was_dealt_with_is_passed_over_but_a_feed_may_have_such_a_folder(
    tmp_path: Path, clock: Clock, arrivals: Arrivals
) -> None:
    for name in ("done/a.xml", "failed/a.xml", "okaz/done/a.xml"):
        write(tmp_path, name, at=clock.time - 60)
    assert names(arrivals.look()) == ["okaz/done/a.xml"]


def test_links_are_not_followed(tmp_path: Path, clock: Clock, arrivals: Arrivals) -> None:
    outside = write(tmp_path, ".outside/secret", at=clock.time - 60)
    (tmp_path / "link.xml").symlink_to(outside)
    (tmp_path / "folder").symlink_to(outside.parent, target_is_directory=True)
    assert names(arrivals.look()) == []


def test_files_come_in_order_of_arrival_then_of_name(
    tmp_path: Path, clock: Clock, arrivals: Arrivals
) -> None:
    for name, age in (("b/z.xml", 60), ("a/c.xml", 50), ("a/b.xml", 50), ("z.xml", 70)):
        write(tmp_path, name, at=clock.time - age)
    assert names(arrivals.look()) == ["z.xml", "b/z.xml", "a/b.xml", "a/c.xml"]


def test_the_feed_is_the_first_sub_folder(tmp_path: Path, clock: Clock, arrivals: Arrivals) -> None:
    for name in ("a.xml", "dpa/a.xml", "okaz/sport/a.xml"):
        write(tmp_path, name, at=clock.time - 60)
    assert [a.feed for a in arrivals.look().complete] == [None, "dpa", "okaz"]


def test_a_feed_that_is_named_is_that_of_every_file(tmp_path: Path, clock: Clock) -> None:
    write(tmp_path, "sport/a.xml", at=clock.time - 60)
    look = Arrivals(str(tmp_path), settle=5, partial=(), feed="dpa", clock=clock, now=clock).look()
    assert [arrival.feed for arrival in look.complete] == ["dpa"]


def test_the_oldest_file_is_told(tmp_path: Path, clock: Clock, arrivals: Arrivals) -> None:
    write(tmp_path, "a", at=clock.time - 1)
    write(tmp_path, "b", at=clock.time - 2)
    assert arrivals.look().oldest == clock.time - 2


def test_a_drop_folder_that_went_away_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Arrivals(str(tmp_path / "gone"), settle=5, partial=()).look()
