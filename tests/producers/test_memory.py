from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from stream.errors import UserError
from stream.producers.fetch import Validators
from stream.producers.memory import Asked, FeedMemory

URL = "https://desk:hunter2@feeds.example/a.xml?token=secret"
DAY = 86_400.0


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[FeedMemory]:
    with FeedMemory(tmp_path) as memory:
        yield memory


def test_a_feed_that_was_never_asked_is_unknown(memory: FeedMemory) -> None:
    assert memory.asked(URL) == Asked()
    assert memory.validators(URL) == Validators()
    assert memory.unknown(URL, [b"1", b"2"]) == {b"1", b"2"}


def test_what_was_remembered_is_known_after_a_restart(tmp_path: Path) -> None:
    with FeedMemory(tmp_path / "new") as memory:
        memory.remember(URL, Asked(5, 2, 9), Validators('"a"', "monday"), [b"1"])
    with FeedMemory(tmp_path / "new") as memory:
        assert memory.asked(URL) == Asked(5, 2, 9)
        assert memory.validators(URL) == Validators('"a"', "monday")
        assert memory.unknown(URL, [b"1", b"2"]) == {b"2"}


def test_feeds_do_not_share_their_items(memory: FeedMemory) -> None:
    memory.remember(URL, Asked(1), Validators(), [b"1"])
    assert memory.unknown("https://other.example/", [b"1"]) == {b"1"}


def test_an_item_is_forgotten_a_week_after_the_feed_last_showed_it(memory: FeedMemory) -> None:
    memory.remember(URL, Asked(1), Validators(), [b"gone", b"stays"])
    memory.remember(URL, Asked(1 + 6 * DAY), Validators(), [b"stays"])
    assert memory.unknown(URL, [b"gone", b"stays"]) == set()
    memory.remember(URL, Asked(1 + 8 * DAY), Validators(), [b"stays"])
    assert memory.unknown(URL, [b"gone", b"stays"]) == {b"gone"}


def test_a_feed_that_did_not_change_for_a_month_keeps_its_items(memory: FeedMemory) -> None:
    memory.remember(URL, Asked(1), Validators(), [b"1"])
    memory.remember(URL, Asked(30 * DAY), Validators())
    assert memory.unknown(URL, [b"1"]) == set()


def test_nobody_else_may_read_it_and_it_holds_no_secrets(tmp_path: Path, memory: FeedMemory) -> None:
    memory.remember(URL, Asked(1), Validators(), [b"1"])
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"hunter2" not in file.read_bytes()
        assert b"secret" not in file.read_bytes()


def test_one_process_at_a_time_has_it(tmp_path: Path, memory: FeedMemory) -> None:
    memory.remember(URL, Asked(1), Validators())
    with pytest.raises(UserError, match="another `wirestream poll` has the folder"):
        FeedMemory(tmp_path)


def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "feeds.sqlite").write_bytes(b"no database " * 1000)
    with pytest.raises(UserError, match=r"feeds\.sqlite is damaged .*remove it"):
        FeedMemory(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match="cannot write"):
        FeedMemory(tmp_path / "file" / "folder")
