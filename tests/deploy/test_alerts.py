"""Every alert is complete, has its page, and was seen firing and silent."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.tools import tool

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RUNBOOKS = ROOT / "docs" / "runbooks"
RULE_FILES = sorted((PROMETHEUS / "rules").glob("*.yml"))
TEST_FILES = sorted((PROMETHEUS / "tests").glob("*.yml"))


def rules() -> Iterator[dict[str, Any]]:
    for file in RULE_FILES:
        for group in yaml.safe_load(file.read_text("utf-8"))["groups"]:
            yield from group["rules"]


ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}


def page(alert: dict[str, Any]) -> str:
    """The file name of an alert's runbook."""
    return str(alert["annotations"]["runbook_url"]).rpartition("/")[2]


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_long_how_bad_what_and_what_to_do(name: str) -> None:
    alert = ALERTS[name]
    assert re.fullmatch(r"[1-9]\d*[mh]", alert["for"])
    assert alert["labels"]["severity"] in ("critical", "warning", "info")
    assert {"summary", "description", "runbook_url"} <= alert["annotations"].keys()


@pytest.mark.parametrize("name", ALERTS)
def test_an_alerts_runbook_is_about_it_and_says_what_to_look_at_and_do(name: str) -> None:
    text = (RUNBOOKS / page(ALERTS[name])).read_text("utf-8")
    assert text.startswith(f"# {name}\n")
    for section in ("## What it means", "## What to look at", "## What to do"):
        assert section in text, section


def test_every_runbook_belongs_to_an_alert_and_no_two_alerts_share_one() -> None:
    assert sorted(map(page, ALERTS.values())) == sorted(file.name for file in RUNBOOKS.glob("*.md"))


def test_every_alert_is_tested_firing_and_silent() -> None:
    seen: dict[str, set[bool]] = {name: set() for name in ALERTS}
    for file in TEST_FILES:
        for case in yaml.safe_load(file.read_text("utf-8"))["tests"]:
            for expected in case["alert_rule_test"]:
                seen[expected["alertname"]].add(bool(expected["exp_alerts"]))
    assert seen == {name: {True, False} for name in ALERTS}


@pytest.mark.parametrize(
    "command", [("check", "rules", *RULE_FILES), ("test", "rules", *TEST_FILES)], ids=str
)
def test_promtool_finds_no_fault(command: tuple[object, ...]) -> None:
    done = subprocess.run([tool("promtool"), *map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_finds_no_fault_in_the_configuration() -> None:
    file = PROMETHEUS / "prometheus.yml"
    # The rules lie elsewhere in the container; they are checked by themselves.
    command = [tool("promtool"), "check", "config", "--syntax-only", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
