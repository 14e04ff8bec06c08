"""What a story is in the life of an item, and what follows for the copies."""

from __future__ import annotations

import pytest

from stream.dedup.decision import Decision
from stream.dedup.ledger import ASIDE, KILL, LATE
from tests.dedup.stories import prose
from tests.lifecycle.desk import Desk

REPORT = (
    "The ferry with 12 injured passengers reached the harbour late on Monday, the coast guard said. "
    "Captain John Smith had told of a rudder failure before the ship ran onto a sandbank off the island.\n\n"
    "Three tugs and a helicopter brought all travellers ashore before midnight. An inquiry was opened by the "
    "ministry on the following morning, and the owners took two sister ships out of service until then."
)
BETTER = REPORT.replace("12 injured", "21 injured")
FERRY = "Ferry with injured passengers reached harbour"
OTHER = prose(3, 120)
ITEM = "urn:agency:ferry"


def kinds(decision: Decision) -> list[tuple[str, str]]:
    return [(advisory.kind, advisory.about.feed) for advisory in decision.advisories]


def chain_of(decision: Decision) -> tuple[str | None, str | None, str | None]:
    chain = decision.chain
    return (chain.kind, chain.previous, chain.killed_by) if chain is not None else (None, None, None)


def identity(decision: Decision) -> str:
    return decision.entry.id.hex()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_story_of_its_own_has_no_chain(desk: Desk) -> None:
    assert chain_of(desk.send(REPORT, uri=ITEM, version="1")) == (None, None, None)
    assert chain_of(desk.send(REPORT, "outlet", minutes=5)) == (None, None, None)


def test_a_late_version_replaces_neither_the_item_nor_the_original(desk: Desk) -> None:
    third = desk.send(BETTER, uri=ITEM, version="3", minutes=30)
    late = desk.send(REPORT, uri=ITEM, version="1")
    assert chain_of(late) == ("late", identity(third), None)
    assert (late.cluster.role, late.cluster.original) == ("copy", identity(third))
    fourth = desk.send(REPORT.replace("12", "24"), uri=ITEM, version="4", minutes=60)
    assert chain_of(fourth)[:2] == ("update", identity(third))
    assert [(change.was, change.now) for change in fourth.chain.changed] == [("21", "24")]  # type: ignore[union-attr]


def test_an_item_through_a_second_transport_is_a_repeat_and_its_next_version_an_update(desk: Desk) -> None:
    first = desk.send(REPORT, "agency-ftp", uri=ITEM, version="1")
    again = desk.send(REPORT, "agency-api", uri=ITEM, version="1", minutes=1)
    second = desk.send(BETTER, "agency-api", uri=ITEM, version="2", minutes=20)
    other = desk.send(BETTER, "agency-ftp", uri=ITEM, version="2", minutes=21)
    assert chain_of(again) == ("repeat", identity(first), None)
    assert chain_of(second) == ("update", identity(first), None)
    assert chain_of(other) == ("repeat", identity(second), None)
    assert kinds(second) == []


def test_a_transport_that_cuts_the_text_makes_no_new_version(desk: Desk) -> None:
    desk.send(REPORT, "agency-ftp", uri=ITEM)
    cut = desk.send(REPORT.partition("\n\n")[0], "agency-api", uri=ITEM, minutes=1)
    changed = desk.send(BETTER, "agency-api", uri=ITEM, minutes=9)
    assert (chain_of(cut)[0], chain_of(changed)[0]) == ("repeat", "update")


def test_each_copy_that_carries_what_was_wrong_is_stale_and_no_other(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM, version="1")
    desk.send(REPORT, "stale", minutes=5)
    desk.send(REPORT.partition("\n\n")[0], "shortened", minutes=6)
    desk.send(REPORT.partition("\n\n")[2], "without", minutes=7)
    desk.send(BETTER, "mended", minutes=8)
    corrected = desk.send(BETTER, uri=ITEM, version="2", minutes=30, signals=["correction"])
    assert sorted(kinds(corrected)) == [("stale", "shortened"), ("stale", "stale")]
    assert {a.about.id for a in corrected.advisories} == set(corrected.chain.stale)  # type: ignore[union-attr]
    assert all([(c.was, c.now) for c in a.changed] == [("12", "21")] for a in corrected.advisories)
    assert {a.cause.uri for a in corrected.advisories} == {ITEM}


def test_a_copy_of_the_old_version_is_stale_on_arrival_and_one_of_the_new_is_not(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM, version="1")
    corrected = desk.send(BETTER, uri=ITEM, version="2", minutes=30)
    old, new = desk.send(REPORT, "slow", minutes=40), desk.send(BETTER, "quick", minutes=41)
    assert (chain_of(old)[0], kinds(old)) == ("stale", [("stale", "slow")])
    assert old.advisories[0].cause.id == identity(corrected)
    assert (chain_of(new)[0], kinds(new)) == (None, [])


def test_a_correction_of_a_word_makes_every_older_copy_stale_that_has_the_word(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM, version="1")
    desk.send(REPORT, "outlet", minutes=5)
    mended = desk.send(
        REPORT.replace("rudder", "engine"), uri=ITEM, version="2", minutes=9, signals=["correction"]
    )
    assert [(c.was, c.now) for c in mended.chain.changed] == [("rudder", "engine")]  # type: ignore[union-attr]
    assert kinds(mended) == [("stale", "outlet")]


def test_what_an_outlet_changes_in_its_reprint_makes_no_other_copy_stale(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM, version="1")
    desk.send(REPORT, "one", uri="https://one.example/1", minutes=5)
    desk.send(REPORT, "two", minutes=6)
    assert kinds(desk.send(BETTER, "one", uri="https://one.example/1", minutes=9)) == []


def test_what_an_outlet_corrects_in_a_reprint_whose_text_is_not_kept_makes_no_other_copy_stale(
    desk: Desk,
) -> None:
    desk.send(REPORT, uri=ITEM, version="1")
    desk.send(REPORT, "outlet", minutes=5)
    mended = desk.send(BETTER, "outlet", minutes=9, signals=["correction"])
    copy = desk.send(REPORT, "third", minutes=12)
    assert (chain_of(mended)[0], kinds(mended), kinds(copy)) == ("update", [], [])


def test_a_marked_correction_under_another_identity_corrects_what_its_desk_sent(desk: Desk) -> None:
    first = desk.send(REPORT, uri=ITEM)
    desk.send(REPORT, "outlet", minutes=5)
    relayed = desk.send(BETTER, "outlet", minutes=10, signals=["correction"])
    assert chain_of(relayed)[0] == "update"
    assert kinds(relayed) == []
    corrected = desk.send(BETTER, uri="urn:agency:other", minutes=20, signals=["correction"])
    assert chain_of(corrected)[:2] == ("update", identity(first))
    assert kinds(corrected) == []


def test_a_kill_reaches_every_copy_and_excerpt_whoever_ran_it_and_no_other_story(desk: Desk) -> None:
    first = desk.send(REPORT, uri=ITEM, version="1")
    desk.send(OTHER, "agency", uri="urn:agency:other", minutes=1)
    desk.send(REPORT, "copy", minutes=5)
    desk.send(f"{prose(1, 200)}\n\n{REPORT}\n\n{prose(2, 200)}", "round-up", minutes=6)
    killed = desk.send("", uri=ITEM, version="2", status="canceled", minutes=30)
    assert chain_of(killed) == ("kill", identity(first), None)
    assert (killed.cluster.role, killed.cluster.id) == ("kill", first.cluster.id)
    assert sorted(kinds(killed)) == [("kill", "copy"), ("kill", "round-up")]


def test_what_comes_with_killed_text_is_flagged_and_never_an_original(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM, version="1")
    killed = identity(desk.send("", uri=ITEM, version="2", status="canceled", minutes=30))
    late = [
        desk.send(REPORT, "copy", minutes=40),
        desk.send(REPORT.partition("\n\n")[0], "excerpt", minutes=41),
        desk.send(f"{prose(1, 200)}\n\n{REPORT}\n\n{prose(2, 200)}", "round-up", minutes=42),
    ]
    for decision in late:
        assert decision.cluster.role == "copy"
        assert chain_of(decision) == ("after-kill", None, killed)
        assert len(decision.advisories) == 1
    clean = desk.send(OTHER, "copy", minutes=43)
    assert (clean.cluster.role, clean.chain) == ("original", None)


def test_a_story_that_comes_after_its_kill_takes_its_copies_back_with_it(desk: Desk) -> None:
    hasty = desk.send(REPORT, "hasty", minutes=-5)
    killed = desk.send("", uri=ITEM, version="2", status="canceled", minutes=1)
    assert chain_of(killed) == ("kill", None, None)
    story = desk.send(REPORT, uri=ITEM, version="1")
    assert chain_of(story) == ("after-kill", identity(killed), identity(killed))
    assert (story.cluster.role, kinds(story)) == ("copy", [("kill", "hasty")])
    assert story.cluster.id == hasty.cluster.id
    later = desk.send(REPORT, "later", minutes=9)
    assert (later.cluster.role, kinds(later)) == ("copy", [("kill", "later")])


@pytest.mark.parametrize(
    "refers",
    [
        ("agency 157", None),
        ("0157", "Ferry runs onto sandbank"),
        (None, "Ferry with injured passengers reached harbour"),
    ],
)
def test_a_kill_note_names_its_story_by_number_or_title(
    desk: Desk, refers: tuple[str | None, str | None]
) -> None:
    story = desk.send(REPORT, headline=FERRY, numbers=("agency 157",))
    desk.send(OTHER, numbers=("agency 158",), minutes=1)
    desk.send(REPORT, "outlet", minutes=2)
    killed = desk.send("Please kill the item.", signals=["kill"], refers=refers, minutes=9)
    assert chain_of(killed) == ("kill", identity(story), None)
    assert kinds(killed) == [("kill", "outlet")]


def test_a_number_whose_title_is_another_kills_nothing(desk: Desk) -> None:
    desk.send(REPORT, headline="Ferry runs onto sandbank", numbers=("agency 157",))
    note = desk.send(
        "Please kill.", signals=["kill"], refers=("157", "Ministers meet in Geneva over quotas"), minutes=9
    )
    assert chain_of(note) == ("kill", None, None)


@pytest.mark.parametrize("refers", [("157", None), (None, FERRY)])
def test_a_kill_note_that_comes_first_waits_for_its_story(
    desk: Desk, refers: tuple[str | None, str | None]
) -> None:
    note = desk.send("Please kill that item.", signals=["kill"], refers=refers)
    other = desk.send(OTHER, headline="Museum opens its doors", numbers=("agency 158",), minutes=1)
    story = desk.send(REPORT, headline=FERRY, numbers=("agency 157",), minutes=2)
    assert other.chain is None
    assert chain_of(story) == ("after-kill", identity(note), identity(note))


def test_a_kill_that_repeats_its_story_names_it_by_that(desk: Desk) -> None:
    story = desk.send(REPORT, uri=ITEM)
    desk.send(REPORT, "outlet", minutes=5)
    kill = desk.send(f"Please kill this story.\n\n{REPORT}", uri="urn:kill", signals=["kill"], minutes=9)
    assert chain_of(kill) == ("kill", identity(story), None)
    assert kinds(kill) == [("kill", "outlet")]


def test_who_repeats_that_a_story_was_killed_kills_nothing(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM)
    relayed = desk.send(REPORT, "outlet", signals=["kill"], minutes=9)
    assert (relayed.cluster.role, kinds(relayed)) == ("copy", [])
    assert desk.send(REPORT, "other", minutes=12).chain is None


def test_an_outlet_that_withdraws_its_reprint_withdraws_nobody_elses(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM)
    desk.send(REPORT, "outlet", uri="https://outlet.example/1", minutes=2)
    withdrawn = desk.send("", "outlet", uri="https://outlet.example/1", status="canceled", minutes=9)
    assert kinds(withdrawn) == []
    assert desk.send(REPORT, "other", minutes=12).chain is None


def test_a_killed_item_is_reinstated_by_a_later_version_and_its_copies_are_free(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM, version="1")
    killed = desk.send("", uri=ITEM, version="2", status="canceled", minutes=9)
    again = desk.send(REPORT, uri=ITEM, version="1", minutes=10, feed="agency-api")
    back = desk.send(BETTER, uri=ITEM, version="3", minutes=20)
    assert chain_of(again)[0] == "after-kill"
    assert chain_of(back) == ("reinstated", identity(killed), None)
    assert back.cluster.role == "update"
    assert desk.send(BETTER, "outlet", minutes=30).chain is None


def test_a_killed_item_that_says_no_version_is_not_reinstated_by_its_own_text(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM)
    desk.send("", uri=ITEM, status="canceled", minutes=9)
    assert chain_of(desk.send(REPORT, uri=ITEM, minutes=20))[0] == "after-kill"
    assert chain_of(desk.send(BETTER, uri=ITEM, minutes=30))[0] == "reinstated"


def test_what_a_kill_took_back_with_its_story_is_free_again_with_it(desk: Desk) -> None:
    desk.send(REPORT, "hasty", minutes=-5)
    desk.send("", uri=ITEM, version="2", status="canceled", minutes=1)
    desk.send(REPORT, uri=ITEM, version="1")
    assert chain_of(desk.send(REPORT, "one", minutes=5))[0] == "after-kill"
    assert chain_of(desk.send(REPORT, uri=ITEM, version="3", minutes=20))[0] == "reinstated"
    assert desk.send(REPORT, "two", minutes=30).chain is None


def test_what_the_agency_sends_in_place_of_a_killed_story_is_no_copy_of_it(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM)
    desk.send("", uri=ITEM, status="canceled", minutes=9)
    again = desk.send(REPORT, uri="urn:agency:again", minutes=10)
    renamed = REPORT.replace("John Smith", "Jon Smyth")
    instead = desk.send(renamed, uri="urn:agency:instead", minutes=20)
    assert (chain_of(again)[0], chain_of(instead)[0]) == ("after-kill", "reinstated")
    assert instead.cluster.role == "update"


def test_an_outlet_that_killed_its_own_story_may_send_another_in_its_place(desk: Desk) -> None:
    desk.send(REPORT, "outlet", uri="urn:outlet:1", version="1")
    desk.send("", "outlet", uri="urn:outlet:1", version="2", status="canceled", minutes=5)
    theirs = desk.send(REPORT.replace("Smith", "Smyth"), "third", uri="urn:third:1", minutes=9)
    own = desk.send(REPORT.replace("John", "Jon"), "outlet", uri="urn:outlet:2", minutes=12)
    assert (chain_of(theirs)[0], chain_of(own)[0]) == ("after-kill", "reinstated")


def test_an_outlet_that_runs_an_item_under_its_own_identity_has_a_copy_of_it(desk: Desk) -> None:
    desk.send(REPORT, uri=ITEM, version="1")
    desk.send(REPORT, "outlet", uri=ITEM, version="1", minutes=5)
    assert kinds(desk.send(BETTER, uri=ITEM, version="2", minutes=9)) == [("stale", "outlet")]
    desk.send(BETTER, "outlet", uri=ITEM, version="2", minutes=12)
    late = desk.send(REPORT, "slow", uri=ITEM, version="1", minutes=14)
    assert (chain_of(late)[0], kinds(late)) == ("late", [("stale", "slow")])
    killed = desk.send("", uri=ITEM, version="3", status="canceled", minutes=20)
    assert sorted(kinds(killed)) == [("kill", "outlet"), ("kill", "slow")]


def test_a_first_take_under_the_slug_of_another_story_begins_anew(desk: Desk) -> None:
    desk.send(prose(11, 60), slug="politics")
    first = desk.send(prose(12, 60), slug="politics", part="take", take=1, minutes=5)
    second = desk.send(prose(13, 60), slug="politics", part="take", take=2, minutes=9)
    assert (first.cluster.role, first.chain) == ("original", None)
    assert second.body == f"{prose(12, 60)}\n\n{prose(13, 60)}"


def test_takes_are_joined_in_their_order_and_a_lead_replaces_them(desk: Desk) -> None:
    parts = [prose(seed, 60) for seed in (11, 12, 13)]
    first = desk.send(parts[0], slug="ferry", part="take", take=1)
    third = desk.send(parts[2], slug="ferry", part="take", take=3, minutes=5)
    second = desk.send(parts[1], slug="ferry", part="take", take=2, minutes=6)
    assert first.body is None
    assert third.body == f"{parts[0]}\n\n{parts[2]}"
    assert second.body == "\n\n".join(parts)
    assert chain_of(second) == ("take", identity(third), None)
    assert {decision.cluster.id for decision in (first, second, third)} == {first.cluster.id}
    lead = desk.send(f"{parts[0]} More.", slug="ferry", part="lead", minutes=30)
    assert (lead.cluster.role, lead.body) == ("update", None)
    added = desk.send(prose(14, 40), slug="ferry", part="add", take=1, minutes=40)
    assert added.body == f"{parts[0]} More.\n\n{prose(14, 40)}"


def test_a_take_that_is_corrected_stands_in_its_old_place(desk: Desk) -> None:
    first, second = prose(11, 60), prose(12, 60)
    better = first.replace(first.split()[20], "forty")
    desk.send(first, slug="ferry", part="take", take=1)
    desk.send(second, slug="ferry", part="take", take=2, minutes=5)
    assert desk.send(better, slug="ferry", part="take", take=1, minutes=6).body == f"{better}\n\n{second}"


def test_a_slug_of_yesterday_is_no_running_story(desk: Desk) -> None:
    desk.send(prose(11, 60), slug="ferry")
    late = desk.send(prose(12, 60), slug="ferry", part="add", minutes=13 * 60)
    assert (late.cluster.role, late.chain) == ("original", None)


def test_a_late_version_and_a_kill_keep_no_text(desk: Desk) -> None:
    desk.send(BETTER, uri=ITEM, version="3", minutes=30)
    late = desk.send(REPORT, uri=ITEM, version="1")
    killed = desk.send(REPORT, uri=ITEM, version="4", status="canceled", minutes=60)
    assert (late.entry.text, killed.entry.text) == (None, None)
    assert late.entry.standing == LATE | ASIDE
    assert killed.entry.standing == KILL


def test_an_agency_that_repeats_what_it_kills_is_understood_before_the_story_comes(desk: Desk) -> None:
    desk.send(REPORT, signals=["kill"])
    copy = desk.send(REPORT, "outlet", minutes=5)
    assert (copy.cluster.role, chain_of(copy)[0], kinds(copy)) == ("copy", "after-kill", [("kill", "outlet")])
