from __future__ import annotations

import pytest

from stream.regions.arabic_forms import is_arabic, nisba, with_article, with_particles
from stream.regions.latin_forms import bare, french, german, spanish


def test_particles_are_written_onto_a_name() -> None:
    assert {"وتونس", "بتونس", "لتونس", "كتونس", "فتونس"} <= set(with_particles("تونس"))


def test_the_article_loses_its_alif_after_lam() -> None:
    forms = set(with_particles("المغرب"))
    assert {"للمغرب", "وللمغرب", "بالمغرب", "والمغرب"} <= forms


def test_a_small_town_gets_few_spellings() -> None:
    assert set(with_particles("تونس", few=True)) == {"تونس", "وتونس", "بتونس", "لتونس"}


def test_a_nationality_has_genders_and_numbers() -> None:
    assert {"سعودي", "سعودية", "سعوديين", "سعوديون", "سعوديات"} <= set(nisba("سعودي"))


def test_the_article_is_added_even_to_words_that_begin_like_it() -> None:
    assert list(with_article("الماني")) == ["الماني", "الالماني"]


def test_a_word_is_arabic_by_its_first_letter() -> None:
    assert is_arabic("تونس")
    assert not is_arabic("Tunis")
    assert not is_arabic("")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("tunisien", {"tunisien", "tunisienne", "tunisiens", "tunisiennes"}),
        ("français", {"français", "française", "françaises"}),
        ("russe", {"russe", "russes"}),
        ("grec", {"grec", "grecque", "grecs", "grecques"}),
    ],
)
def test_french_has_genders_and_numbers(form: str, expected: set[str]) -> None:
    assert set(french(form)) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("egipcio", {"egipcio", "egipcia", "egipcios", "egipcias"}),
        ("alemán", {"alemán", "alemana", "alemanes", "alemanas"}),
        ("marroquí", {"marroquí", "marroquíes", "marroquís"}),
        ("belga", {"belga", "belgas"}),
    ],
)
def test_spanish_has_genders_and_numbers(form: str, expected: set[str]) -> None:
    assert set(spanish(form)) == expected


def test_german_adjectives_have_endings_and_nouns_plurals() -> None:
    assert {"deutsche", "deutschen", "deutscher"} <= set(german("deutsch"))
    assert {"Ägypter", "Ägyptern", "Ägypterin"} <= set(german("Ägypter"))


def test_accents_can_be_taken_off() -> None:
    assert bare("São Tomé") == "Sao Tome"
