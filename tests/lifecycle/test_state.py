"""The state of lives: rebuilt from the ledger it decides as the one that wrote it, at its size and beyond."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from stream.dedup.cluster import Deduplicator
from stream.dedup.decision import Decision
from stream.dedup.settings import DedupSettings
from stream.fold import Shard
from stream.settings import Settings
from tests.dedup.stories import prose
from tests.lifecycle.desk import Desk, arrives, message

_CLUSTERS, _COPIES = 1000, 10
"""The bar: a kill among so many yields exactly its own advisories."""


def life(seed: int, count: int) -> list[tuple[object, str, bytes]]:
    """Messages of a few items in all that may become of them, in a disorder of its own."""
    rng = random.Random(seed)
    texts = [f"{prose(seed * 7 + n, 90)} In all {10 + n} of {40 + n} cars were lost." for n in range(4)]
    sent = []
    for number in range(count):
        which = rng.randrange(4)
        text = texts[which].replace(f"all {10 + which}", f"all {10 + rng.randrange(6)}")
        feed = rng.choice(["agency-a", "agency-b", "one", "two", "three"])
        is_item = feed.startswith("agency") or rng.random() < 0.3
        said: dict[str, object] = {
            "minutes": number * 5 - rng.choice([0, 0, 0, 90]),
            "uri": f"urn:item:{which}" if is_item else None,
            "version": str(rng.randrange(1, 9)) if is_item and rng.random() < 0.8 else None,
            "slug": f"slug-{which}" if rng.random() < 0.6 else None,
            "numbers": (f"wir {which}",) if rng.random() < 0.3 else (),
        }
        draw = rng.random()
        if draw < 0.1:
            said |= {"status": "canceled"}
        elif draw < 0.2:
            said |= {"signals": ["kill"], "uri": f"urn:note:{number}", "refers": (f"{which}", None)}
        elif draw < 0.3:
            said |= {"signals": ["correction"], "uri": rng.choice([said["uri"], f"urn:other:{number}"])}
        elif draw < 0.5:
            said |= {"part": rng.choice(["take", "add", "lead"]), "take": rng.choice([None, 1, 2, 3])}
            said |= {"uri": None, "slug": f"slug-{which}"}
        elif draw < 0.6:
            text = f"{prose(seed + number, 150)}\n\n{text}\n\n{prose(seed - number, 150)}"
        sent.append(message(text, feed, **said))  # type: ignore[arg-type]
    return sent


def decisions(desk: Desk, sent: list[tuple[object, str, bytes]]) -> list[Decision]:
    return [desk.take(*one) for one in sent]


@pytest.mark.parametrize(("seed", "at"), list(product(range(8), (20, 45))))
def test_a_restored_state_decides_as_the_live_one(seed: int, at: int) -> None:
    sent = life(seed, 70)
    live = Desk()
    decisions(live, sent[:at])
    restored = live.restored()
    assert decisions(restored, sent[at:]) == decisions(live, sent[at:])


def test_all_that_may_become_of_a_story_becomes_of_one_here() -> None:
    kinds = {
        decision.chain.kind
        for seed in range(8)
        for decision in decisions(Desk(), life(seed, 70))
        if decision.chain is not None
    }
    assert kinds == {"update", "repeat", "late", "take", "stale", "kill", "after-kill", "reinstated"}


def test_no_copy_gets_two_advisories_of_one_cause() -> None:
    for seed in range(8):
        told = [
            (advisory.kind, advisory.cause.id, advisory.about.id)
            for decision in decisions(Desk(), life(seed, 70))
            for advisory in decision.advisories
        ]
        assert len(told) == len(set(told))


def test_killed_text_is_never_an_original_after_its_kill() -> None:
    for seed in range(8):
        for decision in decisions(Desk(), life(seed, 70)):
            if decision.chain is not None and decision.chain.killed_by is not None:
                assert decision.cluster.role == "copy"


def test_a_kill_among_a_thousand_clusters_yields_exactly_its_ten_advisories() -> None:
    shard = Shard(Settings(), ())
    for number in range(_CLUSTERS):
        card, feed, life = message(prose(number, 60), "agency", uri=f"urn:item:{number}", version="1")
        assert shard.fold(arrives(card, feed, life)) is not None
        for copy in range(1, _COPIES + 1):
            reprint = replace(card, id=f"{number:016x}{copy:016x}", time=card.time + copy, own=False, uri=0)
            shard.fold(arrives(reprint, f"outlet-{copy}", b""))
    for number in (0, 417, 999):
        killed = shard.fold(
            arrives(*message("", "agency", uri=f"urn:item:{number}", status="canceled", minutes=60))
        )
        assert killed is not None
        assert killed.cluster.role == "kill"
        assert {advisory.about.feed for advisory in killed.advisories} == {
            f"outlet-{copy}" for copy in range(1, _COPIES + 1)
        }
        assert [further.topic_names for further in killed.further] == [("wire.advisories",)] * _COPIES


def test_texts_are_kept_within_their_bound_the_newest_longest() -> None:
    desk = Desk(DedupSettings(texts=3000))
    for number in range(12):
        desk.send(prose(number, 90), uri=f"urn:item:{number}", minutes=number)
    late = desk.send(f"{prose(11, 90)} More 12.", uri="urn:item:11", minutes=20)
    early = desk.send(prose(0, 90).replace("e", "i"), uri="urn:item:0", minutes=21)
    assert (late.chain is not None, early.chain is not None) == (True, True)
    assert desk.index.figures().bytes < Deduplicator(DedupSettings()).figures().bytes + 60_000


def test_what_left_the_window_is_no_longer_known() -> None:
    desk = Desk(DedupSettings(window=timedelta(hours=2)))
    desk.send(prose(1, 60), uri="urn:item:1", version="1")
    desk.send("", uri="urn:item:1", version="2", status="canceled", minutes=1)
    for number in range(600):
        desk.send(prose(100 + number, 20), "outlet", minutes=200 + number)
    again = desk.send(prose(1, 60), uri="urn:item:1", version="1", minutes=900)
    assert (again.cluster.role, again.chain) == ("original", None)
