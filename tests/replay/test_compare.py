"""What a replay's comparison with the live run says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stream.replay.compare import Kind, View, compare, differences, view

LIVE = View(
    id="a" * 32,
    headline="ميناء أكادير",
    decision="original",
    cluster=("a" * 32, "a" * 32),
    agency="dpa",
    topics=("medtop:04000000",),
    regions=("MA:subject",),
)
EVENT = {
    "id": "a" * 32,
    "headline": "ميناء أكادير",
    "body": "…",
    "agency": {"id": "dpa"},
    "topics": [{"qcode": "medtop:04000000", "score": 0.9}],
    "regions": [{"country": "MA", "m49": "015", "role": "subject"}],
    "cluster": {"id": "a" * 32, "original": "a" * 32, "role": "original"},
}


def test_an_event_is_seen_by_what_was_decided_and_not_by_its_scores() -> None:
    assert view(EVENT) == LIVE
    surer = {**EVENT, "topics": [{"qcode": "medtop:04000000", "score": 0.4}]}
    assert view(surer) == LIVE


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"decision": "copy"}, Kind.DECISION),
        ({"cluster": ("b" * 32, "a" * 32)}, Kind.CLUSTER),
        ({"agency": None}, Kind.AGENCY),
        ({"topics": ()}, Kind.TOPICS),
        ({"regions": ("MA:mention",)}, Kind.REGIONS),
        ({"advisories": ("stale of b by a",)}, Kind.ADVISORIES),
    ],
)
def test_every_kind_of_difference_is_named(change: dict[str, object], kind: Kind) -> None:
    assert list(differences(LIVE, replace(LIVE, **change))) == [kind]


def test_a_promoted_event_is_no_other_decision() -> None:
    promoted = view({**EVENT, "cluster": {**EVENT["cluster"], "role": "update"}}, promoted=True)
    assert list(differences(promoted, LIVE)) == []


def test_stories_that_only_one_run_has_are_counted_apart() -> None:
    other = replace(LIVE, id="b" * 32)
    comparison = compare({LIVE.id: LIVE}, {other.id: other})
    assert (comparison.same, comparison.different) == (0, 2)
    assert comparison.counts == {Kind.ONLY_LIVE: 1, Kind.ONLY_REPLAY: 1}


def test_samples_are_few_and_counts_are_of_all() -> None:
    live = {f"{n:032}": replace(LIVE, id=f"{n:032}") for n in range(40)}
    replayed = {identity: replace(seen, agency="afp") for identity, seen in live.items()}
    comparison = compare(live, replayed)
    assert comparison.counts[Kind.AGENCY] == 40
    assert len(comparison.samples[Kind.AGENCY]) < 10
