"""What holds for any stream, not for examples."""

from __future__ import annotations

import random
from collections import defaultdict

from hypothesis import example, given, settings
from hypothesis import strategies as st

from stream.dedup.card import Card
from stream.dedup.cluster import Deduplicator
from stream.dedup.settings import DedupSettings
from stream.model import Cluster
from tests.dedup.stories import card_of, prose

seeds = st.integers(0, 10**6)


def stream(seed: int, stories: int = 24) -> list[Card]:
    """Originals of several lengths, each with reprints that are well within the thresholds."""
    rng = random.Random(seed)
    cards: list[Card] = []
    for number in range(stories // 4):
        text = prose(seed * 1000 + number, rng.choice((40, 120, 300, 700)))
        for copy in range(rng.randint(1, 4)):
            paragraphs = text.split("\n\n")
            kept = paragraphs if copy == 0 else paragraphs[: max(1, round(len(paragraphs) * 0.75))]
            cards.append(
                card_of(
                    "\n\n".join(kept),
                    name=f"{seed}/{number}/{copy}",
                    headline=f"{prose(seed * 1000 + number, 6)}",
                    minutes=rng.random() * 600,
                    feed=f"feed{copy}",
                    uri=f"item{number}" if rng.random() < 0.3 else None,
                    own=rng.random() < 0.1,
                )
            )
    rng.shuffle(cards)
    return cards


def together(cards: list[Card]) -> set[frozenset[str]]:
    deduplicator = Deduplicator(DedupSettings())
    members: defaultdict[str, set[str]] = defaultdict(set)
    for card in cards:
        members[deduplicator.decide(card).id].add(card.id)
    return {frozenset(ids) for ids in members.values()}


def decisions(deduplicator: Deduplicator, cards: list[Card]) -> list[Cluster]:
    return [deduplicator.decide(card) for card in cards]


@settings(max_examples=25, deadline=None)
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_of_feeds_does_not_change_which_stories_end_together(
    seed: int, shuffled: random.Random
) -> None:
    cards = stream(seed)
    other = list(cards)
    shuffled.shuffle(other)
    assert together(cards) == together(other)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_the_same_stream_gives_the_same_decisions(seed: int) -> None:
    cards = stream(seed)
    read_back = [Card.from_bytes(card.to_bytes()) for card in cards]
    first, second = Deduplicator(DedupSettings()), Deduplicator(DedupSettings())
    assert decisions(first, cards) == decisions(second, read_back)


@settings(max_examples=25, deadline=None)
@given(seeds, st.integers(0, 24))
def test_decisions_after_a_restore_are_those_without_one(seed: int, at: int) -> None:
    cards = stream(seed)
    live, restored = Deduplicator(DedupSettings()), Deduplicator(DedupSettings())
    ledger = [live.judge(card).entry.to_bytes() for card in cards[:at]]
    restored.restore(ledger)
    assert len(restored) == len(live)
    assert decisions(restored, cards[at:]) == decisions(live, cards[at:])


def test_a_restore_after_stories_left_the_window_is_the_live_state() -> None:
    live, restored = Deduplicator(DedupSettings(stories=1500)), Deduplicator(DedupSettings(stories=1500))
    cards = [
        card_of(prose(number % 2500, 30), name=str(number), minutes=number / 10) for number in range(5000)
    ]
    restored.restore([live.judge(card).entry.to_bytes() for card in cards[:4000]])
    assert restored.figures() == live.figures()
    assert decisions(restored, cards[4000:]) == decisions(live, cards[4000:])


@settings(max_examples=25, deadline=None)
@given(seeds, st.integers(0, 12), st.integers(0, 12))
def test_a_credit_line_or_boilerplate_does_not_change_a_decision(seed: int, before: int, after: int) -> None:
    text = prose(seed, 200)
    wrapped = f"{prose(seed + 1, before)} {text} {prose(seed + 2, after)}"
    deduplicator = Deduplicator(DedupSettings())
    first = deduplicator.decide(card_of(text))
    second = deduplicator.decide(card_of(wrapped, name="wrapped", minutes=10))
    assert (second.id, second.role) == (first.id, "copy")


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(120, 1500), st.floats(0.4, 1.0))
# What the longer text repeats stands in the part that was cut.
@example(27928, 120, 0.5)
def test_cutting_the_last_paragraphs_keeps_a_copy_a_copy(seed: int, length: int, kept: float) -> None:
    paragraphs = prose(seed, length).split("\n\n")
    rest = paragraphs[: max(1, round(len(paragraphs) * kept))]
    deduplicator = Deduplicator(DedupSettings())
    first = deduplicator.decide(card_of("\n\n".join(paragraphs)))
    second = deduplicator.decide(card_of("\n\n".join(rest), name="cut", minutes=10))
    assert (second.id, second.role) == (first.id, "copy")
