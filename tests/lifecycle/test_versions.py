"""Which version is the later, and which item a story is of."""

from __future__ import annotations

import pytest

from stream.lifecycle.identity import item_identity
from stream.lifecycle.versions import Order, order


@pytest.mark.parametrize(
    ("version", "time", "known_version", "known_time", "same_text", "same_feed", "expected"),
    [
        (484616934, 5, 10, 9, False, True, "later"),
        (484616934, 5, 10, 9, True, True, "later"),
        (9, 9, 10, 5, False, True, "earlier"),
        (10, 9, 10, 5, True, False, "same"),
        (10, 9, 10, 5, False, True, "later"),
        (10, 9, 10, 5, False, False, "same"),
        (0, 9, 10, 5, False, True, "later"),
        (0, 4, 0, 5, False, True, "earlier"),
        (0, 5, 0, 5, False, True, "later"),
        (0, 9, 0, 5, True, True, "same"),
    ],
)
def test_numbers_decide_where_both_have_one_else_times(
    version: int,
    time: int,
    known_version: int,
    known_time: int,
    same_text: bool,
    same_feed: bool,
    expected: Order,
) -> None:
    found = order(version, time, known_version, known_time, is_same_text=same_text, is_same_feed=same_feed)
    assert found == expected


@pytest.mark.parametrize(
    "uri", ["urn:newsml:wire.example:1", "tag:wire.example,2026:1", "https://wire.example/1"]
)
def test_an_identity_that_holds_everywhere_is_one_item_by_any_feed(uri: str) -> None:
    assert item_identity(uri, "one") == item_identity(uri, "two")


@pytest.mark.parametrize("uri", ["4711", "iptc7901:dpa:157:2026-03-01", "urn:with a space"])
def test_any_other_is_one_item_within_its_service(uri: str) -> None:
    assert item_identity(uri, "one") != item_identity(uri, "two")
