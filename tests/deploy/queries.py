"""Everything that asks Prometheus something: panels, recording rules, alerts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
DASHBOARDS = ROOT / "deploy" / "grafana" / "dashboards"
RULES = ROOT / "deploy" / "prometheus" / "rules"

# `level:metric:operations`, or a metric; names of labels, functions and keywords are no such words.
_NAMES = re.compile(r"\b(?:\w+:wirestream_\w+:\w+|(?:wirestream|process|python)_\w+)\b")
_SELECTORS = re.compile(_NAMES.pattern + r"(?:\{[^}]*\})?")


class Asked(NamedTuple):
    """A query and where it stands."""

    where: str
    expr: str


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    """(dashboard's uid, panel) of every panel that is checked in, rows left out."""
    for file in sorted(DASHBOARDS.glob("*.json")):
        board = json.loads(file.read_text("utf-8"))
        for panel in board["panels"]:
            if panel["type"] != "row":
                yield board["uid"], panel


def panel_queries() -> list[Asked]:
    return [
        Asked(f"{uid}: {panel['title']}: {target['refId']}", target["expr"])
        for uid, panel in panels()
        for target in panel["targets"]
    ]


def rules(kind: str) -> list[Asked]:
    """The `record` or `alert` rules."""
    return [
        Asked(rule[kind], rule["expr"])
        for file in sorted(RULES.glob("*.yml"))
        for group in yaml.safe_load(file.read_text("utf-8"))["groups"]
        for rule in group["rules"]
        if kind in rule
    ]


def names(expr: str) -> set[str]:
    """The metrics and recorded series that a query names."""
    return set(_NAMES.findall(expr))


def selectors(expr: str) -> set[str]:
    """The same with their matchers, as instant queries."""
    return set(_SELECTORS.findall(expr))


def metric(name: str, declared: set[str]) -> str:
    """The metric that a series belongs to: a histogram has three series."""
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return name if name in declared else base
