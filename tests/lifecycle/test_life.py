"""What a story says of its own life, on its way beside the card."""

from __future__ import annotations

import pytest

from stream.lifecycle import life as lives
from stream.lifecycle.life import Life
from stream.lifecycle.wording import Wording
from stream.model import Lifecycle, Story


def life_of(story: Story, *signals: str, own: bool = True) -> Life:
    """Of a story of the agency `dpa`, by a feed of hers with another name."""
    return Life.of(
        story,
        Lifecycle(signal=signals),
        None,
        story.headline or "",
        copy=(0, len(story.body)),
        feed="dpa-en",
        wire="dpa",
        own=own,
    )


def test_a_number_is_the_agencys_and_not_the_feeds_that_it_came_by() -> None:
    numbered = life_of(Story(format="iptc7901", body="Text.", numbers=("dpa 157",)))
    assert (numbered.wire, life_of(Story(format="iptc7901", body="Text.")).wire) == ("dpa", None)


def test_only_a_kill_is_found_by_its_own_headline_and_none_is_compared_with_later_versions() -> None:
    story = Story(format="ninjs", body="Text.", headline="Harbour closed", uri="urn:1")
    kill, other = life_of(story, "kill"), life_of(story)
    assert (kill.title, kill.wording) == ("Harbour closed", None)
    assert (other.title, other.wording) == (None, Wording("", ((0, "Text."),)))


def test_of_an_outlets_item_the_beginning_is_kept_and_of_an_agencys_a_long_report() -> None:
    story = Story(format="page", body="word " * 1000, uri="https://example.org/1")
    own, outlets = life_of(story).wording, life_of(story, own=False).wording
    assert own is not None
    assert outlets is not None
    assert [len(one.parts[0][1]) for one in (own, outlets)] == [5000, 1000]


def test_a_story_that_says_nothing_takes_no_bytes() -> None:
    assert Life().to_bytes() == b""
    assert Life.from_bytes(b"") == Life()


@pytest.mark.parametrize(
    "life",
    [
        Life(running=7),
        Life(uri="urn:1", wording=Wording("Oslo (X) - ", ((0, "text"),))),
        Life(
            uri="urn:1",
            version="2",
            signals=("correction",),
            numbers=("dpa 157",),
            part="add",
            take=2,
            embargoed=True,
            embargo=1_772_366_400_000,
            refers_title="عنوان",
            running=1 << 63,
        ),
    ],
)
def test_what_it_says_survives_its_way(life: Life) -> None:
    assert Life.from_bytes(life.to_bytes()) == life


def test_what_every_decision_asks_is_read_without_the_rest() -> None:
    data = Life(
        uri="urn:1", signals=("kill",), part="add", numbers=("7",), embargoed=True, running=12
    ).to_bytes()
    assert lives.flags(data) == lives.KILL | lives.EMBARGOED | lives.PART | lives.NUMBERED
    assert lives.running(data) == 12
    assert lives.wording(data) == b""
    assert lives.flags(b"") == 0


def test_a_number_is_found_with_and_without_its_sign() -> None:
    keys = lives.number_keys(("dpa 157",), "dpa")
    assert lives.referred_key("157", "dpa") in keys
    assert lives.referred_key("DPA-0157", "dpa") in keys
    assert lives.referred_key("157", "afp") not in keys
    assert lives.referred_key("afp 157", "dpa") not in keys
    assert lives.referred_key("57", "dpa") not in keys
    assert lives.referred_key("no number", "dpa") is None


@pytest.mark.parametrize("data", [b"{}", b"\x01", b"nonsense that is long enough", b"\x00" * 13 + b"text"])
def test_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Life.from_bytes(data)
