from __future__ import annotations

import pytest

from tests.regions.conftest import Locate


def found(locate: Locate, text: str) -> list[str]:
    return [region.country or region.m49 for region in locate(text, language="en")]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Two swimmers drowned near Nice on Friday.", "FR"),
        ("A volcano on an island off Java erupted.", "ID"),
        ("A warship entered the Gulf at dawn.", "145"),
    ],
)
def test_a_preposition_announces_a_place(locate: Locate, text: str, country: str) -> None:
    assert found(locate, text) == [country]


@pytest.mark.parametrize(
    "text",
    [
        "The Jerusalem Post praised the singer.",
        "The Marburg virus has no cure.",
        "He hired two Java developers.",
        "She wore Chelsea boots.",
        "The bird is a Great Dane's size, said the keeper of the Egyptian vulture.",
    ],
)
def test_what_is_called_after_a_place_is_not_there(locate: Locate, text: str) -> None:
    assert found(locate, text) == []


def test_a_surname_is_a_person_later_in_the_story(locate: Locate) -> None:
    assert found(locate, "Jim Jordan opened the session. Jordan said it would be long.") == []
    assert found(locate, "Jim Jordan flew home. Troops in Jordan were on alert.") == ["JO"]


def test_a_name_that_people_bear_is_a_place_before_a_common_word(locate: Locate) -> None:
    assert found(locate, "Kenya Foreign Minister Musalia resigned.") == ["KE"]
    assert found(locate, "Ireland Baldwin posted a picture.") == []
