from __future__ import annotations

from pathlib import Path

import pytest

from stream.regions.hand_made import marks
from stream.regions.phrases import SOURCES, rows
from stream.regions.table import AMBIGUOUS, DATELINE_ONLY, Need

build = pytest.importorskip("stream.regions.build", reason="the table's sources need the data extra")
towns = pytest.importorskip("stream.regions.towns", reason="the table's sources need the data extra")


def test_marks_are_read_off_a_name() -> None:
    assert marks("^^US") == ("US", Need.ALL_CAPITALS, 0)
    assert marks("تشاد") == ("تشاد", Need.NOTHING, 0)
    assert marks("Lima?") == ("Lima", Need.CAPITAL, AMBIGUOUS)
    assert marks("!الخبر") == ("الخبر", Need.NOTHING, DATELINE_ONLY)


def test_every_hand_made_row_names_a_known_country() -> None:
    known = set(build.countries())
    for name in ("names.tsv", "places.tsv", "demonyms.tsv"):
        unknown = {row[0] for row in rows(SOURCES / name)} - known
        assert not unknown, name


def test_every_country_has_one_sub_region() -> None:
    members = [c for row in rows(SOURCES / "m49.tsv") for c in row[3].split()]
    assert len(members) == len(set(members))


def test_size_gives_weight_without_end() -> None:
    assert towns.population_weight(0) == 0
    assert towns.population_weight(15_000) < towns.population_weight(1_000_000)
    assert towns.population_weight(10**9) == 180


def test_the_built_table_stays_small() -> None:
    assert Path(SOURCES / "table.npz").stat().st_size < 5_500_000
