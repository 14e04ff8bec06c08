from __future__ import annotations

import pytest

from stream.text.shapes import ALL_CAPITALS, CAPITAL, STOP, shouted
from stream.text.tokens import read


@pytest.mark.parametrize(
    "text",
    [
        "Talks in Paris, Texas.",
        "the U.S. and the U.K.",
        "3.5 pct of 1,200",
        "مراكش/المغرب-(د ب أ):",
        "ﬁne 北京 x",
        "½ of it",
        "",
    ],
)
def test_there_is_one_byte_a_token(text: str) -> None:
    tokens, shapes = read(text)
    assert len(shapes) == len(tokens)


def test_capitals_and_stops_are_seen() -> None:
    assert list(read("in Paris, NATO met.").shapes) == [0, CAPITAL | STOP, CAPITAL | ALL_CAPITALS, STOP]


def test_an_accent_that_is_a_character_of_its_own_hides_no_capital() -> None:
    assert list(read("Ma\u0301laga").shapes) == list(read("Málaga").shapes) == [CAPITAL]


def test_capitals_leave_the_hash_alone() -> None:
    assert (read("Turkey TURKEY turkey").tokens == read("turkey turkey turkey").tokens).all()


def test_a_headline_in_capitals_is_shouted() -> None:
    assert shouted(read("COCOA EXPORTS FALL in May").shapes)
    assert not shouted(read("Cocoa exports fall").shapes)
