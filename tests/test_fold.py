"""One shard: decisions, where their events go, and what survives in the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import orjson

from stream.dedup.card import make_card
from stream.fold import Shard
from stream.model import Annotated, Facets, Origin
from stream.routes import Route
from stream.settings import Settings
from stream.text.tokens import hashes

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = " ".join(f"word{n} follows{n % 7} another{n % 11}" for n in range(60))


def story(number: int, text: str = TEXT, feed: str = "okaz", time: datetime = NOON) -> Annotated:
    identity = blake2b(str(number).encode(), digest_size=16).hexdigest()
    card = make_card(
        id=identity,
        event_time=time,
        received_at=time,
        headline="",
        body=text,
        tokens=hashes(text),
        headline_tokens=hashes(""),
        feed=feed,
    )
    facets = Facets(feed, None, "en", (), ("MA",), ("015",))
    return Annotated(identity, Origin("wire.stories", 0, 7), time, b'{"id":"x"}', card.to_bytes(), facets)


def shard(*routes: Route) -> Shard:
    return Shard(Settings(), routes)


def other(seed: int) -> str:
    return " ".join(f"term{(n * seed) % 997} of{n} matter{seed}" for n in range(60))


def test_an_original_goes_to_enriched_and_its_copy_to_duplicates() -> None:
    one = shard()
    first, copy = one.fold(story(1)), one.fold(story(2))
    assert first is not None
    assert copy is not None
    assert (first.cluster.role, first.topic_names) == ("original", ("wire.enriched",))
    assert (copy.cluster.role, copy.topic_names) == ("copy", ("wire.duplicates",))
    assert orjson.loads(copy.event)["cluster"]["original"] == story(1).id


def test_a_story_that_was_decided_before_is_a_redelivery() -> None:
    one = shard()
    assert one.fold(story(1)) is not None
    assert one.fold(story(1)) is None


def test_a_redelivery_is_known_even_of_a_story_from_long_before_the_window() -> None:
    live, restored = shard(), shard()
    decisions = []
    stories = [story(1, other(1), time=NOON - timedelta(days=400))]
    stories += [story(n, other(n)) for n in range(2, 9)]
    for one in stories:
        folded = live.fold(one)
        assert folded is not None
        decisions.append((one.id, folded.entry))
    assert live.fold(stories[0]) is None
    restored.restore(decisions)
    assert restored.fold(stories[0]) is None


def test_an_event_goes_to_every_matching_route_behind_its_own_topic() -> None:
    nothing: frozenset[str] = frozenset()
    morocco = Route("to.morocco", nothing, frozenset({"MA"}), nothing, nothing, nothing, nothing, nothing)
    japan = Route("to.japan", nothing, frozenset({"JP"}), nothing, nothing, nothing, nothing, nothing)
    folded = shard(morocco, japan).fold(story(1))
    assert folded is not None
    assert folded.topic_names == ("wire.enriched", "to.morocco")


def test_a_shard_restored_from_the_ledger_decides_as_the_one_that_wrote_it() -> None:
    live, stories = shard(), [story(n, other(n % 5 + 2)) for n in range(1, 20)]
    decisions = [(s.id, folded.entry) for s in stories if (folded := live.fold(s)) is not None]
    restored = shard()
    restored.restore(decisions)
    for s in stories:
        assert restored.fold(s) is None
    for number, seed in ((50, 3), (51, 99)):
        assert restored.fold(story(number, other(seed))) == live.fold(story(number, other(seed)))


def test_the_watermark_is_the_newest_event_time_and_never_goes_back() -> None:
    one = shard()
    marks = []
    for number, hours in ((1, 0), (2, 5), (3, 1)):
        folded = one.fold(story(number, other(number + 1), time=NOON + timedelta(hours=hours)))
        assert folded is not None
        marks.append(folded.watermark_ms)
    assert marks == sorted(marks)
    assert marks[1] == marks[2] == int((NOON + timedelta(hours=5)).timestamp() * 1000)
