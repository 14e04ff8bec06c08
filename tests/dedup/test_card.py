from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.dedup.card import Card
from stream.text.tokens import hashes, words
from tests.dedup.stories import NOON, card_of, prose


def test_a_card_survives_its_journey() -> None:
    sent = card_of(
        "Turnover rose to 1,250.5 million from 980 million, the company said on 3 March.",
        headline="Turnover rises",
        uri="urn:x:1",
        version="2",
        own=True,
        countries={"MA": True, "ES": False},
    )
    read = Card.from_bytes(sent.to_bytes())
    assert read.to_bytes() == sent.to_bytes()
    assert read.number_words == ("1,250.5", "980", "3")
    assert read.headline_words == ("Turnover",)
    assert read.text.countries.tolist() == [0x4D41 << 1 | 1, 0x4553 << 1]
    assert (read.id, read.own, read.canceled, read.version) == (sent.id, True, False, 2)


def test_a_number_without_a_spelling_of_its_own_survives_the_journey() -> None:
    made = card_of("A flat of many m² was sold.")
    assert made.number_words == ("",)
    assert Card.from_bytes(made.to_bytes()).number_words == ("",)


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_makes_a_card_that_can_be_read_back(body: str, headline: str) -> None:
    made = card_of(body, name="x", headline=headline)
    assert Card.from_bytes(made.to_bytes()).to_bytes() == made.to_bytes()
    assert made.length == len(words(body))


@pytest.mark.parametrize("data", [b"", b"\x07", b"\x01", b"\x01" + bytes(200)])
def test_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="card"):
        Card.from_bytes(data)


def test_a_card_that_breaks_off_is_refused() -> None:
    whole = card_of(prose(1, 50), headline="One two three").to_bytes()
    with pytest.raises(ValueError, match="card"):
        Card.from_bytes(whole[:100])


def test_a_date_in_the_future_counts_as_the_time_of_receipt() -> None:
    assert card_of("x", minutes=10**6, received=NOON).time == card_of("x", received=NOON).time


def test_an_hour_ahead_is_believed() -> None:
    ahead = card_of("x", minutes=59, received=NOON)
    assert ahead.time - card_of("x").time == timedelta(minutes=59) // timedelta(milliseconds=1)


def test_separators_and_scripts_of_digits_do_not_make_another_number() -> None:
    spellings = ["paid 375,526 riyals", "paid 375.526 riyals", "paid ٣٧٥٬٥٢٦ riyals"]
    assert len({card_of(text).text.numbers.tolist()[0] for text in spellings}) == 1


def test_a_decimal_is_the_same_number_when_it_was_set_from_right_to_left() -> None:
    spellings = ["up 2.5 percent", "up 5.\u200f2 percent"]
    assert len({card_of(text).text.numbers.tolist()[0] for text in spellings}) == 1


def test_thousands_in_figures_are_thousands_in_words() -> None:
    spellings = ["fed 30,000 people", "fed 30 thousand people"]
    assert len({card_of(text).text.numbers.tolist()[0] for text in spellings}) == 1


def test_a_large_number_is_the_same_when_it_was_rounded() -> None:
    spellings = ["the index closed at 9,381.01 points", "the index closed at 9381 points"]
    assert len({card_of(text).text.numbers.tolist()[0] for text in spellings}) == 1


def test_a_decimal_is_not_the_number_without_its_point() -> None:
    assert card_of("earned 1.4 cts").text.numbers.tolist() != card_of("earned 14 cts").text.numbers.tolist()


def test_the_headline_keeps_the_words_that_the_body_bears_out_as_written() -> None:
    made = card_of("The harbour of Port-Sund was closed by ice on Monday", headline="Ice grips “Harbour”!")
    assert made.headline_words == ("Ice", "Harbour")


def test_a_caption_keeps_its_whole_headline() -> None:
    assert card_of("photo gallery", headline="Ice grips harbour").headline_words == (
        "Ice",
        "grips",
        "harbour",
    )


def test_equal_texts_have_equal_content_whatever_the_marks() -> None:
    assert card_of("قال الوزير إن المباحثات").content == card_of("قالَ الوزير، ان المباحثات").content


def test_scripts_without_spaces_are_shingled_by_characters() -> None:
    text = "外交部发言人今天在北京表示双方将继续就贸易问题进行磋商并尽快达成协议"
    made = card_of(text)
    assert made.length == len(hashes(text))
    assert len(made.text.sketch) == made.length - 4
