"""An item of an agency that stands in two versions in the development data; skipped where that is absent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from stream.development import DATA
from stream.process import process
from stream.settings import Settings
from stream.sources import read_sources

SAMPLES = DATA / "formats" / "superdesk"
ITEM = "tag_reuters.com_2016_newsml_L1N14N0FF_version_"


@pytest.mark.skipif(not list(SAMPLES.glob(f"{ITEM}*")), reason="no development data")
def test_the_second_version_of_an_item_follows_the_first() -> None:
    # The numbers are no counters: the later one is the longer.
    files = sorted(SAMPLES.glob(f"{ITEM}*"), key=lambda file: int(file.name.removeprefix(ITEM)))
    first, second = _events(files)
    assert first["cluster"]["role"] == "original"
    assert second["chain"]["previous"] == first["id"]
    # The sample cancels the item (`stat:canceled`), which makes it a kill and no update.
    assert second["cluster"]["role"] == ("kill" if second["pubstatus"] == "canceled" else "update")
    assert second["cluster"]["id"] == first["cluster"]["id"]


def _events(files: list[Path]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    process(
        Settings(),
        read_sources([str(file) for file in files], on_error=lambda name, why: pytest.fail(f"{name}: {why}")),
        feed=None,
        received_at=datetime(2016, 1, 5, tzinfo=UTC),
        on_event=lambda folded: found.extend(map(orjson.loads, folded.events)),
        on_dead_letter=lambda letter: pytest.fail(letter.message),
    )
    return found
