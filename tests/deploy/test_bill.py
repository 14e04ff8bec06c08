"""The check of the bill of materials, and what is said of an audit."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.audit import UNAVAILABLE, judge
from deploy.bill import licences, permits, ranges

POLICY = {
    "allowed": ["MIT", "BSD-3-Clause", "MPL-2.0"],
    "names": {"License :: OSI Approved :: BSD License": "BSD-3-Clause"},
    "read": {"silent": "MIT"},
    "exceptions": {"java": "GPL-2.0-only"},
}


def component(name: str, *said: dict[str, Any], version: str = "1.0") -> dict[str, Any]:
    return {"name": name, "version": version, "licenses": list(said)}


def spdx(name: str) -> dict[str, Any]:
    return {"license": {"id": name}}


@pytest.mark.parametrize(
    ("expression", "met"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND MPL-2.0", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("MPL-2.0 AND (Apache-2.0 OR GPL-3.0-only)", False),
        ("GPL-3.0-only OR MIT AND Apache-2.0", False),
        ("MIT AND", False),
        ("(MIT", False),
        ("MIT)", False),
        ("Some licence of our own", False),
        ("", False),
    ],
)
def test_an_expression_is_met_by_what_is_allowed(expression: str, met: bool) -> None:
    assert permits(expression, {"MIT", "MPL-2.0"}) is met


def test_components_that_say_who_they_are_and_under_what_pass() -> None:
    bill = {
        "components": [
            component("a", spdx("MIT")),
            component("b", {"license": {"name": "License :: OSI Approved :: BSD License"}}),
            component("c", {"expression": "MIT OR GPL-3.0-only"}),
            component("silent"),
            component("java", spdx("GPL-2.0-only")),
        ]
    }
    assert list(licences(bill, POLICY)) == []


def test_what_is_not_known_or_not_allowed_is_said() -> None:
    bill = {
        "components": [
            component("a", spdx("GPL-2.0-only")),
            component("b"),
            component("c", spdx("MIT"), version=""),
        ]
    }
    assert list(licences(bill, POLICY)) == [
        "a: GPL-2.0-only is not allowed",
        "b states no licence",
        "a component without name or version: None",
    ]


def test_a_version_outside_its_range_and_a_range_without_an_end_are_said() -> None:
    project = {
        "name": "wirestream",
        "dependencies": ["a>=1,<2", "B_b[x]>=3"],
        "optional-dependencies": {"dev": ["wirestream[other]", "c==1.0", "absent>=1,<2"]},
    }
    bill = {
        "components": [component("a", version="2.1"), component("b-b", version="3.5"), component("c")],
    }
    assert list(ranges(bill, project)) == ["a: 2.1 is not in <2,>=1", "b-b: its range has no end (>=3)"]


VULNERABLE = {"name": "a", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}
SOUND = {"name": "b", "version": "1.0", "vulns": []}
SKIPPED = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ([SOUND], 0, "1 distributions, no known vulnerability"),
        ([SOUND, VULNERABLE], 1, "a 1.0: CVE-1, mended in 1.1"),
        ([SOUND, SKIPPED], UNAVAILABLE, "did not answer for 1 of 2"),
        ([SKIPPED, VULNERABLE], 1, "CVE-1"),
        ([], UNAVAILABLE, "not audited"),
    ],
)
def test_what_was_not_answered_for_is_not_audited(
    answers: list[dict[str, Any]], code: int, said: str
) -> None:
    lines, found = judge(answers)
    assert found == code
    assert said in "\n".join(lines)
