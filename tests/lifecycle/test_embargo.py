"""Copy under an embargo: what waits, until when, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import orjson
import pytest

from stream.codec import timestamp_ms
from stream.dedup.card import make_card
from stream.fold import Folded, Shard
from stream.lifecycle.life import Life
from stream.model import Annotated, Facets, Origin
from stream.settings import Settings
from stream.text.tokens import hashes
from tests.lifecycle.texts import DAM, FERRY, MUSEUM, Text

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minutes: float) -> int:
    return timestamp_ms(NOON + timedelta(minutes=minutes))


def story(
    name: str,
    text: Text,
    minutes: float,
    *,
    feed: str = "wire",
    uri: str | None = None,
    version: str | None = None,
    embargo: float | None = None,
    status: str = "usable",
    **says: Any,
) -> Annotated:
    """A story of the wire; with `embargo`, until that minute."""
    identity = blake2b(name.encode(), digest_size=16).hexdigest()
    moment = NOON + timedelta(minutes=minutes)
    card = make_card(
        id=identity,
        event_time=moment,
        received_at=moment,
        headline=text.headline,
        body=text.body,
        tokens=hashes(text.body),
        headline_tokens=hashes(text.headline),
        feed=feed,
        own=feed == "wire",
        uri=uri or f"urn:{name}",
        version=version,
        pubstatus=status,
    )
    if embargo is not None:
        says |= {"embargoed": True, "embargo": at(embargo)}
    life = Life(uri=uri or f"urn:{name}", version=version, **says)
    event = orjson.dumps({"id": identity, "name": name})
    facets = Facets(feed, None, text.language, (), ("MA",), ("015",))
    origin = Origin("wire.stories", 0, 0)
    return Annotated(identity, origin, moment, event, card.to_bytes(), facets, life=life.to_bytes())


def shard(**options: object) -> Shard:
    return Shard(Settings.model_validate({"embargo": options}), ())


def fold(one: Shard, *stories: Annotated) -> list[str]:
    """What goes out, in order: names of stories, and the kinds of advisories."""
    told: list[str] = []
    for annotated in stories:
        folded = one.fold(annotated)
        assert folded is not None
        told += names(folded)
    return told


def names(folded: Folded) -> list[str]:
    events = map(orjson.loads, folded.events)
    return [event["name"] if "name" in event else event["kind"] for event in events]


def waiting(one: Shard) -> list[str]:
    return [orjson.loads(held.event)["name"] for held in one.embargoes.waiting]


def ended(one: Shard, minutes: float) -> list[tuple[str, str]]:
    return [
        (orjson.loads(release.held.event)["name"], release.outcome) for release in one.release(at(minutes))
    ]


HELD = story("v1", FERRY, 0, uri="urn:ferry", version="1", embargo=60)


def test_copy_waits_until_its_time_and_goes_where_it_would_have_gone() -> None:
    one = shard()
    folded = one.fold(HELD)
    assert folded is not None
    assert (folded.topic_names, [held.topic_names for held in folded.held]) == ((), [("wire.enriched",)])
    assert ended(one, 59) == []
    assert one.embargoes.waiting.next == at(60)
    assert ended(one, 60) == [("v1", "due")]
    assert (waiting(one), one.embargoes.waiting.next) == ([], None)
    assert ended(one, 61) == []


def test_the_time_of_the_stream_releases_it_ahead_of_the_story_that_tells_the_time() -> None:
    assert fold(shard(), HELD, story("a", DAM, 59), story("b", MUSEUM, 60)) == ["a", "v1", "b"]


def test_a_story_dated_ahead_of_its_arrival_does_not_move_the_time() -> None:
    ahead = replace(story("ahead", DAM, 70), received_at=NOON + timedelta(minutes=10))
    assert fold(shard(), HELD, ahead) == ["ahead"]


def test_a_clock_that_is_given_goes_before_the_time_of_the_stream() -> None:
    one = shard()
    one.fold(HELD, at(0))
    assert one.fold(story("b", MUSEUM, 90), at(59)) is not None
    assert waiting(one) == ["v1"]


def test_what_passes_is_not_held_and_a_leak_is_told_of_all_the_same() -> None:
    one = shard(mode="pass")
    assert fold(one, HELD, story("leaked", FERRY, 10, feed="paper")) == ["v1", "leaked", "leak"]
    assert waiting(one) == []


def test_a_leak_names_the_copy_the_story_and_the_end_of_the_embargo() -> None:
    one = shard()
    one.fold(HELD)
    folded = one.fold(story("leaked", FERRY.cut(1), 10, feed="paper"))
    assert folded is not None
    (advisory,) = folded.advisories
    assert (advisory.kind, advisory.about.feed, advisory.cause.id) == ("leak", "paper", HELD.id)
    assert (advisory.cause.uri, advisory.cause.version) == ("urn:ferry", "1")
    assert advisory.embargo == NOON + timedelta(minutes=60)
    assert waiting(one) == ["v1", "leaked"]


def test_a_copy_after_the_end_is_no_leak() -> None:
    assert fold(shard(), HELD, story("copy", FERRY, 61, feed="paper")) == ["v1", "copy"]


def test_a_round_up_that_holds_the_text_whole_is_a_leak() -> None:
    bodies = "\n\n".join(text.body for text in (DAM, MUSEUM, FERRY))
    round_up = story("round-up", Text("en", "The week", bodies), 10, feed="paper")
    one = shard()
    assert fold(one, HELD, round_up) == ["leak"]
    assert waiting(one) == ["v1", "round-up"]
    assert fold(one, story("free", FERRY, 20, uri="urn:ferry", version="1")) == ["v1", "free", "round-up"]


def test_an_embargo_without_an_end_lasts_as_long_as_the_setting_says() -> None:
    one = shard(unknown="2h")
    endless = story("v1", FERRY, 0, embargoed=True)
    assert fold(one, endless, story("leaked", FERRY, 5, feed="paper")) == ["leak"]
    assert ended(one, 119) == []
    assert ended(one, 120) == [("v1", "due"), ("leaked", "due")]


def test_another_end_moves_what_others_had_of_it_and_keeps_the_new_version_only() -> None:
    one = shard()
    later = story("v2", FERRY.edited(("12", "21")), 20, uri="urn:ferry", version="2", embargo=90)
    assert fold(one, HELD, story("leaked", FERRY, 10, feed="paper")) == ["leak"]
    folded = one.fold(later)
    assert folded is not None
    assert [release.outcome for release in folded.releases] == ["superseded"]
    # What another owner of the shard must know: the new version, and the copy's new time.
    assert {held.id for held in folded.held} == {later.id, story("leaked", FERRY, 10, feed="paper").id}
    assert ended(one, 60) == []
    assert ended(one, 90) == [("leaked", "due"), ("v2", "due")]


def test_neither_another_feed_nor_an_older_version_nor_a_further_part_lifts_an_embargo() -> None:
    one = shard()
    held = story("v2", FERRY, 0, uri="urn:ferry", version="2", embargo=60)
    late = story("v1", FERRY, -10, uri="urn:ferry", version="1")
    add = story("add", FERRY.more("The captain kept silent."), 10, uri="urn:ferry", version="2", part="add")
    assert fold(one, held, story("other", FERRY, 5, feed="paper"), late, add) == ["leak"]
    assert waiting(one) == ["v2", "other", "v1", "add"]


def test_a_later_version_lifts_it_from_whatever_feed_it_comes() -> None:
    one = shard()
    later = story("v2", FERRY.edited(("12", "21")), 20, feed="hub", uri="urn:ferry", version="2")
    assert fold(one, HELD, later) == ["v2"]
    assert waiting(one) == []


def test_a_feed_that_many_desks_share_lifts_nothing_by_another_item() -> None:
    one = shard()
    held = story("v1", FERRY, 0, feed="hub", embargo=60)
    assert fold(one, held, story("reprint", FERRY, 10, feed="hub")) == ["leak"]
    assert waiting(one) == ["v1", "reprint"]


def test_what_was_killed_while_it_waited_never_goes_out() -> None:
    one = shard()
    kill = story("kill", FERRY, 20, uri="urn:ferry", version="2", status="canceled", signals=("kill",))
    assert fold(one, HELD, story("leaked", FERRY, 10, feed="paper")) == ["leak"]
    folded = one.fold(kill)
    assert folded is not None
    assert names(folded)[0] == "kill"
    assert [release.outcome for release in folded.releases] == ["killed", "killed"]
    assert (waiting(one), ended(one, 90)) == ([], [])


def test_withheld_copy_waits_like_copy_under_an_embargo_without_an_end() -> None:
    one = shard()
    assert fold(one, story("v1", FERRY, 0, embargoed=True)) == []
    assert ended(one, 71 * 60) == []
    assert ended(one, 72 * 60) == [("v1", "due")]


@pytest.mark.parametrize("mode", ["hold", "pass"])
def test_a_shard_rebuilt_from_the_ledger_knows_its_embargoes(mode: str) -> None:
    live, rebuilt = shard(mode=mode), shard(mode=mode)
    stories = [HELD, story("b", DAM, 5, embargo=60), story("c", DAM, 6)]
    restore(rebuilt, live, stories)
    for one in (live, rebuilt):
        leaked = one.fold(story("leaked", FERRY, 10, feed="paper"))
        free = one.fold(story("free", DAM, 11, feed="paper"))
        assert leaked is not None
        assert free is not None
        # The embargo of the dam was lifted by the wire itself.
        assert ([a.kind for a in leaked.advisories], free.advisories) == (["leak"], ())


def restore(rebuilt: Shard, live: Shard, stories: Sequence[Annotated]) -> None:
    decisions = []
    for annotated in stories:
        folded = live.fold(annotated)
        assert folded is not None
        decisions.append((annotated.id, folded.entry))
    rebuilt.restore(decisions)
