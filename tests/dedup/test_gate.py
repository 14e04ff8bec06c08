from __future__ import annotations

from pathlib import Path

import pytest

from bench.dedup import cards
from bench.gate_dedup import main


def test_the_gate_says_that_it_skipped_when_the_data_is_absent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)]) == 0
    assert "skipped" in capsys.readouterr().out


def test_the_benchmark_streams_the_same_stories_for_the_same_seed() -> None:
    first, second = ([card.to_bytes() for card in cards(200, 0.3, seed=7)] for _ in range(2))
    assert first == second
