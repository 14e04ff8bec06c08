"""Programs that are no Python package: a test that needs one is skipped where it is absent, and says so."""

from __future__ import annotations

import os
import shutil

import pytest

# Set by `.ci/run`, which installs them: there, a skipped test is a failed one.
REQUIRED = "REQUIRE_TOOLS"


def tool(name: str, *, installable: bool = True) -> str:
    """The path of a program. Where it is absent the test is skipped, or fails when `REQUIRE_TOOLS` is set
    and `.ci/run` could have installed it."""
    found = shutil.which(name)
    if found is not None:
        return found
    if installable and os.environ.get(REQUIRED):
        pytest.fail(f"{name} is required here and not installed")
    pytest.skip(f"{name} is not installed")
