"""Tokens and their hashes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from stream.text.tokens import hash_words, hashes, numbers, word_hash, words


def test_words_are_normalised_and_in_order() -> None:
    assert words("وصل الوفدُ إلى القاهرة.") == ["وصل", "الوفد", "الي", "القاهره"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,200", "1200"),
        ("1,234,567.5", "1234567.5"),
        ("1,20,000", "120000"),
        ("2,34", "2,34"),
        ("١٬٢٠٠", "1200"),
        ("٣٫٥", "3.5"),
        ("12:30", "12:30"),
    ],
)
def test_numbers_keep_their_value(written: str, number: str) -> None:
    assert words(written) == [number]


def test_a_score_is_two_numbers() -> None:
    assert words("3-1") == ["3", "1"]


def test_scripts_without_spaces_give_one_token_a_character() -> None:
    assert words("東京で会談") == ["東", "京", "で", "会", "談"]


def test_punctuation_gives_no_token() -> None:
    assert words("«…» – () ،؛؟") == []
    assert hashes("«…» – ()").size == 0


def test_a_token_has_the_hash_of_its_word() -> None:
    assert hashes("Hello, WORLD").tolist() == [word_hash("hello"), word_hash("world")]


def test_hashes_do_not_depend_on_the_spelling() -> None:
    assert hashes("القاهرة أحمد").tolist() == hashes("القاهره احمد").tolist()


def test_numbers_are_told_by_their_lowest_bit() -> None:
    tokens = hashes("قتل 12 وأصيب ٣٤")
    assert numbers(tokens).tolist() == [word_hash("12"), word_hash("34")]
    assert all(int(token) & 1 == (index in (1, 3)) for index, token in enumerate(tokens))


def test_an_empty_text_has_no_tokens() -> None:
    assert hashes("").dtype == np.dtype("<u8")
    assert hashes(" \n").size == 0


def test_hashed_words_equal_the_tokens_of_a_text() -> None:
    assert hash_words(["hello", "12"]).tolist() == hashes("hello 12").tolist()


def test_hashes_are_the_same_in_every_process() -> None:
    code = "from stream.text.tokens import word_hash; print(word_hash('مكه'))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) == word_hash("مكه")


def test_a_lone_surrogate_is_hashed_like_any_character() -> None:
    assert hashes("a\ud800b").size > 0


def test_a_decimal_set_from_right_to_left_with_ra_is_that_number() -> None:
    assert words("بلغت 5ر32 مليون و٧٣٧ر٧ مليار") == words("بلغت 32.5 مليون و7.737 مليار")
