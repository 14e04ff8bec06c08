from __future__ import annotations

import pytest

from stream.dedup.cluster import Deduplicator
from stream.dedup.ledger import ASIDE, LATE, Entry
from stream.dedup.settings import DedupSettings
from stream.dedup.text import Text, words_alone
from tests.dedup.stories import card_of, prose


def entry(length: int = 200) -> bytes:
    deduplicator = Deduplicator(DedupSettings())
    card = card_of(prose(1, length), headline="A b c d", uri="urn:1", version="7", countries={"MA": True})
    return deduplicator.judge(card).entry.to_bytes()


def test_an_entry_survives_its_journey() -> None:
    assert Entry.from_bytes(entry()).to_bytes() == entry()


def test_what_was_decided_on_its_life_survives_too() -> None:
    plain = Entry.from_bytes(entry())
    told = plain._replace(
        feed="صحيفة",
        standing=LATE | ASIDE,
        inside=(b"a" * 16, b"b" * 16),
        life=b"life",
        fate=b"fate" * 100,
    )
    assert Entry.from_bytes(told.to_bytes()) == told
    assert Entry.from_bytes(told._replace(text=None).to_bytes()) == told._replace(text=None)


def test_a_plain_copy_costs_a_hundred_bytes() -> None:
    deduplicator = Deduplicator(DedupSettings())
    deduplicator.decide(card_of(prose(1, 200)))
    copy = card_of(prose(1, 200), name="copy", minutes=1)
    assert len(deduplicator.judge(copy).entry.to_bytes()) < 110


def test_an_original_of_the_usual_length_costs_less_than_700_bytes() -> None:
    assert len(entry(250)) < 700


@pytest.mark.parametrize("data", [b"", b"\x09", b"\x01\x02", entry()[:150]])
def test_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="ledger entry"):
        Entry.from_bytes(data)


def test_a_text_without_its_sketch_still_says_what_it_says() -> None:
    body, countries = "In all 12 people and 30 cars, 12 people again.", {"MA": True}
    card = card_of(body, headline="People and cars", countries=countries)
    text = Text.read(card.length, words_alone(card.text.data))
    assert (len(text.sketch), len(text.subjects), len(text.headline), len(text.countries)) == (0, 0, 0, 0)
    assert text.words.tolist() == card.text.words.tolist()
    assert text.numbers.tolist() == card.text.numbers.tolist()
    assert text.slots.tolist() == card.text.slots.tolist()
