"""Checks a bill of materials without asking anybody: `python -m deploy.bill sbom.json`.

Every component has a name, a version and a licence that `licences.yaml` allows; every dependency that the
project declares is there, in a version of its range, and every range has an end. Exits 1 and says what is
wrong otherwise.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
POLICY = Path(__file__).with_name("licences.yaml")
_TOKEN = re.compile(r"\(|\)|[^\s()]+")
_ENDS = {"<", "<=", "==", "~="}


def main() -> int:
    bill = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    policy = yaml.safe_load(POLICY.read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wrong = [*licences(bill, policy), *ranges(bill, project)]
    for line in wrong:
        print(line)
    print(f"{len(bill['components'])} components, {len(wrong)} complaints")
    return 1 if wrong else 0


def licences(bill: Mapping[str, Any], policy: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the components, one sentence each."""
    for component in bill["components"]:
        name = component.get("name")
        if not name or not component.get("version"):
            yield f"a component without name or version: {component.get('bom-ref')}"
            continue
        read = policy["read"].get(name)
        said = [read] if read else list(_said(component))
        if not said:
            yield f"{name} states no licence"
        allowed = {*policy["allowed"], policy["exceptions"].get(name)}
        for licence in said:
            if not permits(policy["names"].get(licence, licence), allowed):
                yield f"{name}: {licence} is not allowed"


def ranges(bill: Mapping[str, Any], project: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the dependencies that the project declares."""
    installed = {canonicalize_name(one["name"]): one.get("version", "") for one in bill["components"]}
    extras = project["optional-dependencies"].values()
    for line in (*project["dependencies"], *(line for extra in extras for line in extra)):
        wanted = Requirement(line)
        name = canonicalize_name(wanted.name)
        if name == canonicalize_name(project["name"]):
            continue
        if not {specifier.operator for specifier in wanted.specifier} & _ENDS:
            yield f"{name}: its range has no end ({wanted.specifier})"
        if name in installed and not wanted.specifier.contains(installed[name], prereleases=True):
            yield f"{name}: {installed[name]} is not in {wanted.specifier}"


def _said(component: Mapping[str, Any]) -> Iterator[str]:
    for licence in component.get("licenses", ()):
        named = licence.get("license", {})
        said = licence.get("expression") or named.get("id") or named.get("name")
        if said:
            yield said


def permits(expression: str, allowed: set[str]) -> bool:
    """Whether an SPDX expression can be met with `allowed` licences: all of what AND joins, one of what OR
    does. A name with spaces that is no expression is taken whole."""
    if expression in allowed:
        return True
    tokens = _TOKEN.findall(expression)

    def either() -> bool:
        met = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            other = both()
            met = met or other
        return met

    def both() -> bool:
        met = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            other = one()
            met = met and other
        return met

    def one() -> bool:
        if not tokens:
            return False
        token = tokens.pop(0)
        if token != "(":
            return token in allowed
        met = either()
        return bool(tokens) and tokens.pop(0) == ")" and met

    return either() and not tokens


if __name__ == "__main__":
    sys.exit(main())
