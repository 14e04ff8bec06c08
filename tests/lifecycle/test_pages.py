"""The page on the life of a story says what the code knows."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import get_args

from stream.model import AdvisoryKind, ChainKind
from stream.settings import EmbargoSettings
from stream.wire.detect import FORMATS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "lifecycle.md").read_text("utf-8")


def first_column(section: str) -> list[str]:
    """What stands in the first column of the section's tables, without quotation."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return re.findall(r"^\| `([\w-]+)` \|", text, re.M)


def table(name: str) -> list[list[str]]:
    text = (files("stream") / "data" / "markers" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]


def test_every_kind_of_chain_and_of_advisory_has_its_row() -> None:
    assert sorted(first_column("What to do with an event")) == sorted(
        (*get_args(ChainKind), *get_args(AdvisoryKind))
    )


def test_every_format_has_its_row() -> None:
    assert sorted(first_column("What each format says")) == sorted(format_.name for format_ in FORMATS)


def test_every_setting_of_embargoes_is_explained() -> None:
    for name in EmbargoSettings.model_fields:
        assert f"`embargo.{name}" in PAGE


def test_every_signal_has_an_effect_and_every_effect_a_signal() -> None:
    # A kill by its status, a hold by its status: signals that need no words stand among the words too.
    assert {row[0] for row in table("signals.tsv")} == {row[0] for row in table("effects.tsv")}
