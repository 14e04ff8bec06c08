"""The round of work of a drop folder, with a delivery that the test plays."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stream.errors import UserError
from stream.kafka.delivery import Done, UndeliveredError
from stream.producers.journal import Journal
from stream.producers.metrics import ProducerMetrics
from stream.producers.readiness import Readiness
from stream.producers.service import Service
from stream.producers.stop import Stop
from stream.producers.watch import Watch
from stream.settings import Settings
from stream.sources import Item

SETTINGS = Settings.model_validate({"watch": {"settle": "0s", "every": "1ms"}})


class Broker:
    """Confirms what it is sent when it is drained, or does what a test wants of it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str | None, bytes]] = []
        self.refuses: bytes | None = None
        self.on_send: Callable[[Item], None] = lambda _: None
        self._pending: list[tuple[Item, str | None, Done]] = []

    def send(self, item: Item, *, feed: str | None, done: Done) -> None:
        self.on_send(item)
        self._pending.append((item, feed, done))

    def drain(self) -> None:
        while self._pending:
            item, feed, done = self._pending.pop(0)
            if item.value == self.refuses:
                done("too large")
            else:
                self.sent.append((feed, item.value))
                done(None)

    def persist(self, attempt: Callable[[Broker], None]) -> bool:
        """As an outbox: until it goes through."""
        while True:
            try:
                attempt(self)
            except UndeliveredError:
                self._pending.clear()
            else:
                return True

    @property
    def values(self) -> list[bytes]:
        return [value for _, value in self.sent]


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def service() -> Service:
    return Service(Stop(30), Readiness())


def watch(folder: Path, broker: Broker, service: Service | None = None) -> Watch:
    """Watches until no file is waiting."""
    service = service or Service(Stop(30), Readiness())
    with Journal(folder) as journal:
        metrics = ProducerMetrics()
        watch = Watch(SETTINGS, folder, None, service, journal, broker, metrics, lambda: None)
        watch.run(once=True)
    return watch


def drop(folder: Path, name: str, value: bytes, age: float = 0) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(value)
    moment = path.stat().st_mtime - age
    os.utime(path, (moment, moment))
    return path


def left(folder: Path) -> list[str]:
    """The files of the folder, with no day in their paths."""
    found = (path.relative_to(folder).parts for path in folder.rglob("*") if path.is_file())
    return sorted("/".join(p for p in parts if p[:2] != "20") for parts in found if parts[0] != ".wirestream")


def test_what_is_delivered_is_sent_in_order_of_arrival_and_moved(tmp_path: Path, broker: Broker) -> None:
    drop(tmp_path, "okaz/b.xml", b"1", age=9)
    drop(tmp_path, "dpa/a.xml", b"2", age=5)
    drop(tmp_path, "a.xml", b"3")
    assert watch(tmp_path, broker).failed == 0
    assert broker.sent == [("okaz", b"1"), ("dpa", b"2"), (None, b"3")]
    assert left(tmp_path) == ["done/a.xml", "done/dpa/a.xml", "done/okaz/b.xml"]


def test_each_line_of_json_lines_is_sent(tmp_path: Path, broker: Broker) -> None:
    drop(tmp_path, "a.jsonl.gz", gzip.compress(b"{}\n\n[]\n"))
    watch(tmp_path, broker)
    assert broker.values == [b"{}", b"[]"]
    assert left(tmp_path) == ["done/a.jsonl.gz"]


def test_what_cannot_be_read_goes_to_failed_with_the_reason_and_the_rest_goes_on(
    tmp_path: Path, broker: Broker
) -> None:
    drop(tmp_path, "a.xml.gz", b"no gzip", age=9)
    drop(tmp_path, "b.xml", b"2")
    assert watch(tmp_path, broker).failed == 1
    assert broker.values == [b"2"]
    assert left(tmp_path) == ["done/b.xml", "failed/a.xml.gz", "failed/a.xml.gz.why.txt"]
    [why] = (tmp_path / "failed").rglob("*.why.txt")
    assert "Not a gzipped file" in why.read_text("utf-8")


def test_an_empty_file_is_not_sent(tmp_path: Path, broker: Broker) -> None:
    drop(tmp_path, "a.xml", b"", age=61)
    watch(tmp_path, broker)
    assert broker.sent == []
    [why] = (tmp_path / "failed").rglob("*.why.txt")
    assert why.read_text("utf-8") == "the file is empty\n"


def test_a_file_whose_line_is_refused_goes_to_failed_and_its_other_lines_are_sent(
    tmp_path: Path, broker: Broker
) -> None:
    drop(tmp_path, "a.jsonl", b"{}\n[0]\n[]\n")
    broker.refuses = b"[0]"
    watch(tmp_path, broker)
    assert broker.values == [b"{}", b"[]"]
    [why] = (tmp_path / "failed").rglob("*.why.txt")
    assert why.read_text("utf-8") == "line 2: too large\n"


def test_after_a_failure_only_what_was_not_confirmed_is_sent_again(tmp_path: Path, broker: Broker) -> None:
    for number in range(4):
        drop(tmp_path, f"{number}.jsonl", b"[%d]\n[%d0]\n" % (number, number), age=9 - number)
    fails = [b"[2]"]

    def on_send(item: Item) -> None:
        if item.value in fails:
            broker.drain()
            fails.clear()
            raise UndeliveredError("no broker")

    broker.on_send = on_send
    watch(tmp_path, broker)
    assert broker.values == [b"[0]", b"[00]", b"[1]", b"[10]", b"[2]", b"[20]", b"[3]", b"[30]"]


def test_a_file_that_cannot_be_moved_is_not_sent_again_and_moved_when_it_can_be(
    tmp_path: Path, broker: Broker
) -> None:
    drop(tmp_path, "a.xml", b"1")
    obstacle = tmp_path / "done"
    obstacle.symlink_to("/dev/null")
    assert watch(tmp_path, broker).failed == 1
    assert watch(tmp_path, broker).failed == 1
    assert broker.values == [b"1"]
    obstacle.unlink()
    assert watch(tmp_path, broker).failed == 0
    assert broker.values == [b"1"]
    assert left(tmp_path) == ["done/a.xml"]


def test_a_crash_between_journal_and_move_repeats_nothing(
    tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    drop(tmp_path, "a.xml", b"1")
    with monkeypatch.context() as power:
        power.setattr("stream.producers.watch.move_done", crash)
        with pytest.raises(KeyboardInterrupt):
            watch(tmp_path, broker)
    assert left(tmp_path) == ["a.xml"]
    watch(tmp_path, broker)
    assert broker.values == [b"1"]
    assert left(tmp_path) == ["done/a.xml"]


def test_a_long_file_goes_on_where_a_stop_left_it(tmp_path: Path, broker: Broker, service: Service) -> None:
    drop(tmp_path, "a.jsonl", b"".join(b"[%d]\n" % number for number in range(50)))

    def on_send(item: Item) -> None:
        if item.value == b"[20]":
            service.stop.ask()

    broker.on_send = on_send
    watch(tmp_path, broker, service)
    assert len(broker.sent) == 21
    assert left(tmp_path) == ["a.jsonl"]
    watch(tmp_path, broker)
    assert broker.values == [b"[%d]" % number for number in range(50)]


def test_a_file_that_changes_while_it_is_sent_is_sent_once_more(tmp_path: Path, broker: Broker) -> None:
    path = drop(tmp_path, "a.xml", b"half")

    def on_send(_: Item) -> None:
        broker.on_send = lambda _: None
        path.write_bytes(b"all of it")

    broker.on_send = on_send
    watch(tmp_path, broker)
    assert broker.values == [b"half", b"all of it"]
    assert left(tmp_path) == ["done/a.xml"]


def test_a_file_that_its_sender_takes_back_is_no_failure(tmp_path: Path, broker: Broker) -> None:
    drop(tmp_path, "a.xml", b"1", age=9)
    second = drop(tmp_path, "b.xml", b"2")
    broker.on_send = lambda _: second.unlink(missing_ok=True)
    assert watch(tmp_path, broker).failed == 0
    assert broker.values == [b"1"]


def test_a_link_that_takes_the_place_of_a_file_is_not_read(tmp_path: Path, broker: Broker) -> None:
    secret = drop(tmp_path, ".secret", b"hunter2")
    drop(tmp_path, "a.xml", b"1", age=9)
    second = drop(tmp_path, "b.xml", b"2")

    def on_send(_: Item) -> None:
        second.unlink(missing_ok=True)
        second.symlink_to(secret)

    broker.on_send = on_send
    watch(tmp_path, broker)
    assert broker.values == [b"1"]


def test_while_nothing_can_be_written_down_little_is_sent(
    tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        drop(tmp_path, f"{number:02}.xml", b"%d" % number, age=60 - number)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    broker.on_send = lambda _: broker.drain()
    service = Service(Stop(30), Readiness())
    with Journal(tmp_path) as journal:
        watch = Watch(SETTINGS, tmp_path, None, service, journal, broker, ProducerMetrics(), lambda: None)
        with monkeypatch.context() as disk:
            disk.setattr(journal, "record", full)
            disk.setattr(journal, "rewrite", full)
            with pytest.raises(UserError, match="No space left on device"):
                watch.run(once=True)
        assert len(broker.sent) < 3
        watch.run(once=True)
    assert broker.values == [b"%d" % number for number in range(30)]


def test_a_drop_folder_that_went_away_ends_a_single_pass(tmp_path: Path, broker: Broker) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    service = Service(Stop(30), Readiness())
    with Journal(folder) as journal:
        watch = Watch(SETTINGS, folder, None, service, journal, broker, ProducerMetrics(), lambda: None)
        folder.rename(tmp_path / "elsewhere")
        with pytest.raises(UserError, match="No such file or directory"):
            watch.run(once=True)
    assert service.readiness.report()[0] is False
