from __future__ import annotations

import pytest

from stream.regions.shapes import ALL_CAPITALS, CAPITAL, STOP, shapes, shouted
from stream.text.tokens import hashes


@pytest.mark.parametrize(
    "text",
    [
        "Talks in Paris, Texas.",
        "the U.S. and the U.K.",
        "3.5 pct of 1,200",
        "مراكش/المغرب-(د ب أ):",
        "ﬁne 北京 x",
        "",
    ],
)
def test_there_is_one_byte_a_token(text: str) -> None:
    assert len(shapes(text)) == len(hashes(text))


def test_capitals_and_stops_are_seen() -> None:
    assert list(shapes("in Paris, NATO met.")) == [0, CAPITAL | STOP, CAPITAL | ALL_CAPITALS, STOP]


def test_an_accent_that_is_a_character_of_its_own_hides_no_capital() -> None:
    assert list(shapes("Ma\u0301laga")) == list(shapes("Málaga")) == [CAPITAL]


def test_a_headline_in_capitals_is_shouted() -> None:
    assert shouted(shapes("COCOA EXPORTS FALL in May"))
    assert not shouted(shapes("Cocoa exports fall"))
