"""What a new version says otherwise."""

from __future__ import annotations

import pytest

from stream.lifecycle.changes import changed

STORY = (
    "The ferry with 12 passengers hit a sandbank on 3 March, said Captain John Smith of the port of Oslo. "
    "Three tugs pulled it free within 40 minutes, and nobody was hurt in the accident."
)


def told(before: str, after: str, *, is_correction: bool = False) -> list[tuple[str, str]]:
    return [(fact.was, fact.now) for fact in changed(before, after, is_correction=is_correction)]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("12", "21"),
        ("40", "45"),
        ("John", "Jon"),
        ("Oslo", "Bergen"),
        ("John Smith", "Mary Johnson Brown"),
    ],
)
def test_numbers_and_names_that_took_the_place_of_others_are_named(was: str, now: str) -> None:
    assert told(STORY, STORY.replace(was, now)) == [(was, now)]


def test_two_facts_side_by_side_are_two() -> None:
    after = STORY.replace("12 passengers", "21 passengers").replace("40 minutes", "50 minutes")
    assert told(STORY, after) == [("12", "21"), ("40", "50")]


def test_of_a_score_only_the_number_that_changed_is_named() -> None:
    before = STORY.replace("12 passengers", "a crew that won 3-1")
    assert told(before, before.replace("3-1", "3-2")) == [("1", "2")]


def test_other_words_are_facts_in_a_correction_only() -> None:
    after = STORY.replace("hurt", "killed")
    assert told(STORY, after) == []
    assert told(STORY, after, is_correction=True) == [("hurt", "killed")]


def test_what_is_gone_is_a_fact_in_a_correction_only() -> None:
    after = STORY.replace(" within 40 minutes", "")
    assert told(STORY, after) == []
    assert ("40", "") in told(STORY, after, is_correction=True)


def test_what_is_added_changes_nothing() -> None:
    assert told(STORY, f"{STORY} Peter Hansen, 54, had watched it from the pier.") == []


def test_a_text_that_was_written_anew_is_not_compared_word_by_word() -> None:
    other = "Ministers of 14 countries meet in Geneva today to talk about fishing quotas, Anna Weber reports."
    assert told(STORY, other) == []


@pytest.mark.parametrize(
    ("before", "after", "fact"),
    [
        ("قتل 12 شخصا في الحادث", "قتل 21 شخصا في الحادث", ("12", "21")),
        (
            "قال المدير أحمد الدوحان إن العمل بدأ",
            "قال المدير أحمد الدوسري إن العمل بدأ",
            ("الدوحان", "الدوسري"),
        ),
        ("وصل الوفد إلى بغداد صباح اليوم", "وصل الوفد إلى دمشق صباح اليوم", ("بغداد", "دمشق")),
        ("وصل الوفد الى الرياض صباح اليوم", "وصل الوفد إلى الرياض صباح اليوم", None),
        ("أعلن الوزير أن المشروع كبير جدا", "أعلن الوزير أن المشروع ضخم جدا", None),
    ],
)
def test_arabic_facts_are_told_without_capitals(
    before: str, after: str, fact: tuple[str, str] | None
) -> None:
    assert told(before, after) == ([fact] if fact else [])


def test_the_words_that_only_one_version_has_tell_the_versions_apart() -> None:
    (fact,) = changed(STORY, STORY.replace("12 passengers", "3 passengers"), is_correction=False)
    assert (fact.old, fact.new) == (("12",), ())
