from __future__ import annotations

import pytest

from stream.topics.stem import cognate, stem


@pytest.mark.parametrize("form", ["الوزير", "والوزير", "للوزير", "بالوزير"])
def test_particles_and_articles_are_taken_off(form: str) -> None:
    assert stem(form) == stem("وزير")


def test_endings_are_taken_off() -> None:
    assert stem("لاعبين") == stem("لاعبون") == stem("لاعب")


def test_short_words_stay_as_they_are() -> None:
    assert stem("الا") == "الا"


def test_a_latin_plural_is_one_with_its_singular() -> None:
    assert stem("ministers") == "minister"
    assert stem("parties") == "party"
    assert stem("press") == "press"


@pytest.mark.parametrize(
    ("one", "other"), [("technologies", "technologie"), ("économie", "economics"), ("politique", "politics")]
)
def test_words_that_begin_alike_are_cognates(one: str, other: str) -> None:
    assert cognate(one) == cognate(other) != ""


def test_only_latin_letters_have_cognates() -> None:
    assert cognate("تكنولوجيا") == cognate("технологии") == ""
