"""Which facts a copy carries."""

from __future__ import annotations

import pytest

from stream.lifecycle.changes import changed
from stream.lifecycle.copies import Remembered, carried
from tests.dedup.stories import card_of

STORY = (
    "The ferry with 12 passengers hit a sandbank on 3 March, said Captain John Smith of the port of Oslo. "
    "Three tugs pulled it free within 40 minutes, and nobody was hurt in the accident."
)
BETTER = STORY.replace("12", "21").replace("John", "Jon")


@pytest.mark.parametrize(
    ("text", "was"),
    [
        (STORY, ["12", "John"]),
        (BETTER, []),
        (STORY.replace("12", "21"), ["John"]),
        ("Three tugs pulled the ferry free within 40 minutes.", []),
        (f"{STORY} The port corrected the number of passengers to 21.", ["John"]),
    ],
    ids=["as it was", "as it is", "half mended", "neither", "tells of the change"],
)
def test_a_copy_carries_what_it_has_as_it_was(text: str, was: list[str]) -> None:
    facts = changed(STORY, BETTER, is_correction=False)
    assert [fact.was for fact in carried(facts, card_of(text))] == was


def test_where_the_old_words_stand_elsewhere_in_the_new_version_the_new_ones_tell() -> None:
    before, after = STORY, STORY.replace("12", "21").replace("40", "12")
    facts = [fact for fact in changed(before, after, is_correction=False) if fact.was == "12"]
    assert [fact.old for fact in facts] == [()]
    assert carried(facts, card_of(before)) == facts
    assert carried(facts, card_of(after)) == []


def test_of_a_remembered_text_numbers_are_sure_and_words_are_not() -> None:
    text = Remembered(card_of(STORY).text)
    assert text.has(["12", "smith"])
    assert not text.has(["21"])
    assert not text.has(["21", "smith"])
    assert text.is_sure_of(["12"])
    assert not text.is_sure_of(["12", "smith"])
