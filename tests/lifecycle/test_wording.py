"""The text of a running story as it grows."""

from __future__ import annotations

import pytest

from stream.lifecycle.wording import Wording

FIRST = Wording("Oslo (X) - ", ((0, "One."),), "\n\nend")


def test_it_goes_out_between_its_credit_lines_and_is_compared_without_them() -> None:
    assert (FIRST.body, FIRST.copy) == ("Oslo (X) - One.\n\nend", "One.")


def test_parts_stand_in_their_order_however_they_come() -> None:
    grown = FIRST.with_part(Wording("(X) - ", ((2, "Three."),))).with_part(Wording("(X) - ", ((1, "Two."),)))
    assert grown.copy == "One.\n\nTwo.\n\nThree."
    assert grown.head == FIRST.head


def test_a_part_without_a_number_comes_last_and_one_with_a_known_number_replaces_it() -> None:
    grown = FIRST.with_part(Wording("", ((-1, "Two."),))).with_part(Wording("", ((-1, "Three."),)))
    assert grown.copy == "One.\n\nTwo.\n\nThree."
    assert grown.with_part(Wording("", ((1, "2."),))).copy == "One.\n\n2.\n\nThree."


def test_the_head_is_that_of_the_first_take_when_it_comes_later() -> None:
    second = Wording("Second - ", ((1, "Two."),))
    assert second.with_part(Wording("First - ", ((0, "One."),))).body == "First - One.\n\nTwo."


def test_a_story_that_would_grow_without_end_stays_as_it_is() -> None:
    assert FIRST.with_part(Wording("", ((1, "x" * 70_000),))) == FIRST


def test_it_survives_its_way_and_damaged_bytes_are_refused() -> None:
    assert Wording.from_bytes(FIRST.to_bytes()) == FIRST
    with pytest.raises(ValueError, match="no text"):
        Wording.from_bytes(b"damaged")
