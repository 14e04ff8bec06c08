"""What a story says of its own life, on its way beside the card."""

from __future__ import annotations

import pytest

from stream.lifecycle.life import Life


def test_a_story_that_says_nothing_takes_no_bytes() -> None:
    assert Life().to_bytes() == b""
    assert Life.from_bytes(b"") == Life()


def test_what_it_says_survives_its_way() -> None:
    life = Life(
        uri="urn:1",
        version="2",
        signals=("correction",),
        numbers=("dpa 157", "bdt 61"),
        running="0123456789abcdef",
        part="lead",
        take=2,
        embargoed=True,
        embargo=1_772_366_400_000,
        refers_title="عنوان",
    )
    assert Life.from_bytes(life.to_bytes()) == life


@pytest.mark.parametrize("data", [b"{}", b"[1]", b"nonsense", b"[null,null,[],[],1,2,3,4,5,6,7,8]"])
def test_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Life.from_bytes(data)
