from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stream.regions.hand_made import marks
from stream.regions.phrases import SOURCES, rows
from stream.regions.table import AMBIGUOUS, DATELINE_ONLY, Need, pack, unpack

build = pytest.importorskip("stream.regions.build", reason="the table's sources need the data extra")
towns = pytest.importorskip("stream.regions.towns", reason="the table's sources need the data extra")


def test_marks_are_read_off_a_name() -> None:
    assert marks("^^US") == ("US", Need.ALL_CAPITALS, 0)
    assert marks("تشاد") == ("تشاد", Need.NOTHING, 0)
    assert marks("Lima?") == ("Lima", Need.CAPITAL, AMBIGUOUS)
    assert marks("!الخبر") == ("الخبر", Need.NOTHING, DATELINE_ONLY)


def test_every_hand_made_row_names_a_known_country() -> None:
    known = {*build.countries(), *(row[0] for row in rows(SOURCES / "m49.tsv"))}
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
    assert Path(SOURCES / "table.npz").stat().st_size < 5_000_000


def test_keys_are_unpacked_as_they_were_packed() -> None:
    keys = np.array([0, 1, 256, 2**63, 2**64 - 1], dtype=np.uint64)
    assert unpack(pack(keys)).tolist() == keys.tolist()
    assert unpack(pack(keys[:0])).tolist() == []
