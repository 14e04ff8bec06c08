from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from stream.errors import UserError
from stream.kafka.jars import KAFKA, kafka_jars


class Resolver:
    """Stands for Maven: makes the jars in a folder, or fails a number of times first."""

    def __init__(self, folder: Path, clients: str = KAFKA, failures: int = 0) -> None:
        self._folder = folder
        self._clients = clients
        self._failures = failures
        self.calls = 0

    def __call__(self, endpoint: str) -> Sequence[Path]:
        assert f"kafka_2.13:{KAFKA}" in endpoint
        self.calls += 1
        if self.calls <= self._failures:
            raise RuntimeError("no route to the repository")
        self._folder.mkdir(exist_ok=True)
        jars = [self._folder / f"kafka_2.13-{KAFKA}.jar", self._folder / f"kafka-clients-{self._clients}.jar"]
        for jar in jars:
            jar.touch()
        return jars


def test_jars_are_resolved_once(tmp_path: Path) -> None:
    resolver = Resolver(tmp_path / "m2")
    first = kafka_jars(tmp_path / "cache", resolver)
    assert kafka_jars(tmp_path / "cache", resolver) == first
    assert resolver.calls == 1


def test_a_jar_that_is_gone_is_resolved_again(tmp_path: Path) -> None:
    resolver = Resolver(tmp_path / "m2")
    kafka_jars(tmp_path / "cache", resolver)[0].unlink()
    assert all(jar.is_file() for jar in kafka_jars(tmp_path / "cache", resolver))


def test_a_broken_record_is_resolved_again(tmp_path: Path) -> None:
    resolver = Resolver(tmp_path / "m2")
    kafka_jars(tmp_path / "cache", resolver)
    [record] = (tmp_path / "cache").glob("kafka-*.json")
    record.write_text("{")
    assert len(kafka_jars(tmp_path / "cache", resolver)) == 2


def test_a_connection_that_breaks_is_tried_again(tmp_path: Path) -> None:
    assert len(kafka_jars(tmp_path / "cache", Resolver(tmp_path / "m2", failures=2))) == 2


def test_without_a_network_the_error_says_what_was_tried_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        kafka_jars(tmp_path / "cache", Resolver(tmp_path / "m2", failures=9))
    message = str(caught.value)
    assert "no route to the repository" in message
    assert "try again with a network" in message


def test_another_version_of_the_clients_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"kafka-clients-2\.0\.0\.jar where kafka-clients"):
        kafka_jars(tmp_path / "cache", Resolver(tmp_path / "m2", clients="2.0.0"))


def test_a_cache_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"cache folder .*file/cache cannot be used"):
        kafka_jars(tmp_path / "file" / "cache", Resolver(tmp_path / "m2"))
