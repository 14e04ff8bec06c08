from __future__ import annotations

from stream.dedup.feeds import Feeds


def test_a_feed_is_known_by_the_place_of_its_story() -> None:
    feeds = Feeds()
    for name in ("okaz", "spa", "okaz"):
        feeds.append(name)
    feeds.forget(1)
    assert [feeds.name_at(0), feeds.name_at(1)] == ["spa", "okaz"]


def test_names_that_no_story_has_any_more_are_let_go() -> None:
    feeds = Feeds()
    for number in range(20_000):
        feeds.append(f"minted-{number}")
        if number >= 100:
            feeds.forget(1)
    assert feeds.name_at(0) == "minted-19900"
    assert feeds.name_at(99) == "minted-19999"
    assert feeds.size < 1_000_000
