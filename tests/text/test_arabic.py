"""Normalisation for matching."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.text.arabic import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إسلام", "اسلام"),
        ("آذار", "اذار"),
        ("مستشفى", "مستشفي"),
        ("مدرسة", "مدرسه"),
        ("مسؤول", "مسوول"),
        ("شئون", "شيون"),
        ("کشور", "كشور"),
        ("مـــكة", "مكه"),
        ("مُحَمَّد", "محمد"),
        ("هٰذا", "هذا"),
        ("١٢٣", "123"),
        ("۱۲۳", "123"),
        ("१२३", "123"),
        ("১২৩", "123"),
        ("๑๒๓", "123"),
        ("၁၂၃", "123"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("د\u200fب", "دب"),
        ("BERLIN", "berlin"),
        ("Straße", "strasse"),
        ("１２", "12"),
    ],
)
def test_spellings_of_one_word_become_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("قنا", "قناة"), ("بنا", "بناء"), ("مصر", "مضر"), ("12", "21")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_white_space_and_punctuation_stay() -> None:
    assert fold("القاهرة، (رويترز)\n-") == "القاهره، (رويترز)\n-"


@given(st.text(alphabet=st.characters(min_codepoint=0x600, max_codepoint=0x6FF), max_size=80))
def test_folding_arabic_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
