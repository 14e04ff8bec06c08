from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream.wire.unwrap import paragraphs

ARABIC = (
    "قال مدير الميناء إن الحركة عادت إلى طبيعتها بعد أربعة أيام من التوقف بسبب العاصفة التي ضربت الساحل. " * 4
)
GERMAN = (
    "Der Hafen ist nach dem Sturm wieder offen, die Nord- und Südmole aber bleiben noch einige Tage zu. " * 4
)
WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=20, max_size=120).map(" ".join)


@pytest.mark.parametrize("width", [40, 64, 69, 80])
@pytest.mark.parametrize("text", [ARABIC.strip(), GERMAN.strip()])
def test_copy_of_every_width_comes_back_whole(text: str, width: int) -> None:
    lines = textwrap.wrap(text, width, break_on_hyphens=False)
    assert paragraphs([*lines, "", *lines]) == f"{text}\n\n{text}"


@settings(max_examples=60, deadline=None)
@given(WORDS, st.integers(40, 80))
def test_any_words_come_back_whole(text: str, width: int) -> None:
    lines = textwrap.wrap(text, width)
    joined = paragraphs([*lines, "", *lines, "", *lines])
    # A last line as full as the width says nothing, but no word is lost or joined to another.
    assert joined.split() == text.split() * 3
    assert "\n\n" in joined


def test_an_indent_begins_a_paragraph() -> None:
    first = textwrap.wrap(GERMAN.strip(), 69)
    lines = [f"   {first[0]}", *first[1:], f"   {first[0]}", *first[1:]]
    assert paragraphs(lines) == f"{GERMAN.strip()}\n\n{GERMAN.strip()}"


def test_a_hyphen_at_a_line_end_stays() -> None:
    lines = [
        "The talks on the river brought together the representatives of left-",
        "leaning parties of the north.",
    ]
    assert (
        paragraphs(lines)
        == "The talks on the river brought together the representatives of left-leaning parties of the north."
    )
    lines = [
        "Am Mittwoch beraten in der Hauptstadt des Landes die Minister von Nord-",
        "und Südland über den Fluss.",
    ]
    assert "Nord- und Südland" in paragraphs(lines)


def test_short_lines_are_a_list_or_verse() -> None:
    assert paragraphs(["Results of the day:", "", "Sael 3, Northam 1", "Westam 2, Eastam 2"]) == (
        "Results of the day:\n\nSael 3, Northam 1\nWestam 2, Eastam 2"
    )


def test_a_list_keeps_its_lines_and_a_point_that_runs_over_is_one_of_them() -> None:
    lines = [
        "The council of the town met on Tuesday about the wall of the harbour",
        "that the storm broke, and decided three things:",
        "",
        "- to build the wall anew in the course of next year, at the cost of",
        "  the town",
        "- to ask the state for the money that the bridge over the river took",
        "- to leave the mole as it is",
        "",
        "The mayor agreed.",
    ]
    assert paragraphs(lines) == (
        "The council of the town met on Tuesday about the wall of the harbour that the storm broke, and "
        "decided three things:\n\n"
        "- to build the wall anew in the course of next year, at the cost of the town\n"
        "- to ask the state for the money that the bridge over the river took\n"
        "- to leave the mole as it is\n\n"
        "The mayor agreed."
    )


def test_lines_that_are_paragraphs_stay_apart() -> None:
    long = "The harbour opened again. " * 8
    assert paragraphs([long.strip(), long.strip()]) == f"{long.strip()}\n\n{long.strip()}"


def test_nothing_is_nothing() -> None:
    assert paragraphs([]) == paragraphs(["", "  "]) == ""
