"""The image's locks hold what the project asks for. The image itself is built where there is Docker."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pinned(name: str) -> dict[str, str]:
    """The versions of a lock, by distribution."""
    text = (ROOT / "deploy" / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", text, re.M))


@pytest.mark.parametrize("wanted", PROJECT["project"]["dependencies"])
def test_a_dependency_is_locked_in_the_range_that_the_project_asks_for(wanted: str) -> None:
    requirement = Requirement(wanted)
    assert requirement.specifier.contains(pinned("requirements.lock")[requirement.name.lower()])


@pytest.mark.parametrize("wanted", PROJECT["build-system"]["requires"])
def test_what_builds_it_is_locked_too(wanted: str) -> None:
    requirement = Requirement(wanted)
    assert requirement.specifier.contains(pinned("build.lock")[requirement.name])


@pytest.mark.parametrize("name", ["requirements.lock", "build.lock"])
def test_every_distribution_of_a_lock_has_hashes(name: str) -> None:
    text = (ROOT / "deploy" / name).read_text("utf-8")
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]:
        assert "--hash=sha256:" in entry, entry.partition("\n")[0]


def test_the_build_is_given_what_the_dockerfile_copies_and_it_ends_as_a_user() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").split() if line[0] == "!"]
    copied = [word for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.M) for word in line.split()]
    assert set(copied) == set(allowed)
    assert all((ROOT / path).exists() for path in copied)
    assert re.findall(r"^USER (.*)$", text, re.M) == ["10001"]
    assert len(re.findall(r"^FROM ", text, re.M)) == 2
