"""What a batch adds to which series."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from stream.annotate import Outcome
from stream.errors import Reason, Rejected
from stream.lifecycle.waiting import Held, Release
from stream.metrics import Metrics
from stream.metrics.labels import Names
from stream.model import Facets, Origin, Record
from tests.metrics.conftest import ARRIVED, annotated, folded, series

WAR, SPORT = "medtop:16000000", "medtop:15000000"
FACETS = Facets("okaz", "dpa", "ar", (WAR,), ("MA", "DZ"), ("015", "002"))
RECORD = Record(b"x", ARRIVED, Origin("wire.stories", 0, 0), headers=(("feed", b"okaz"),))
NOW = (ARRIVED + timedelta(seconds=2)).timestamp()


def test_an_event_counts_once_in_every_dimension() -> None:
    metrics = Metrics(Names(topics={WAR: "war"}, regions={"015": "Northern Africa"}))
    metrics.flow.count_folded(0, [folded(FACETS, "original", 1, "wire.morocco"), folded(FACETS, "copy")], NOW)
    assert series(metrics, "wirestream_events_total") == {
        'wirestream_events_total{role="original"}': 1,
        'wirestream_events_total{role="copy"}': 1,
    }
    seen = series(metrics)
    for labels in (
        'feed_events_total{feed="okaz",role="copy"}',
        'agency_events_total{agency="dpa",role="copy"}',
        'language_events_total{language="ar",role="copy"}',
        'topic_events_total{role="copy",topic="war"}',
        'events_routed_total{topic_name="wire.morocco"}',
    ):
        assert seen[f"wirestream_{labels}"] == 1, labels
    assert series(metrics, "wirestream_country_events_total") == {
        'wirestream_country_events_total{country="MA"}': 2,
        'wirestream_country_events_total{country="DZ"}': 2,
    }
    assert series(metrics, "wirestream_topic_region_events_total") == {
        'wirestream_topic_region_events_total{region="Northern Africa",topic="war"}': 2,
    }
    assert seen['wirestream_end_to_end_seconds_bucket{language="ar",le="1.0"}'] == 0
    assert seen['wirestream_end_to_end_seconds_bucket{language="ar",le="2.5"}'] == 2
    assert seen['wirestream_first_reprint_seconds_count{agency="dpa"}'] == 1


def test_a_held_story_counts_as_an_event_when_it_goes_out(metrics: Metrics) -> None:
    held = Held(
        id="0" * 32,
        text="1" * 32,
        until=0,
        is_own=True,
        role="original",
        facets=FACETS,
        event=b"{}",
        headers=(),
        topic_names=("wire.enriched", "wire.morocco"),
    )
    waits = replace(folded(FACETS), topic_names=(), held=(held,))
    metrics.flow.count_folded(0, [waits], NOW)
    assert series(metrics, "wirestream_events_total") == {}
    metrics.flow.count_released([Release(held, outcome) for outcome in ("superseded", "due", "lifted")])
    seen = series(metrics)
    assert seen['wirestream_events_total{role="original"}'] == 2
    assert seen['wirestream_events_routed_total{topic_name="wire.morocco"}'] == 2
    assert series(metrics, "wirestream_embargo_released_total") == {
        'wirestream_embargo_released_total{outcome="due"}': 1,
        'wirestream_embargo_released_total{outcome="lifted"}': 1,
        'wirestream_embargo_released_total{outcome="superseded"}': 1,
        'wirestream_embargo_released_total{outcome="killed"}': 0,
    }


def test_what_is_not_known_of_an_event_is_counted_as_none(metrics: Metrics) -> None:
    metrics.flow.count_folded(0, [folded(Facets("okaz", None, None, (), (), ()))], NOW)
    seen = series(metrics)
    for labels in (
        'agency_events_total{agency="none",role="original"}',
        'language_events_total{language="none",role="original"}',
        'topic_events_total{role="original",topic="none"}',
        'country_events_total{country="none"}',
        'topic_region_events_total{region="none",topic="none"}',
    ):
        assert seen[f"wirestream_{labels}"] == 1, labels


def test_a_story_about_a_wider_region_is_counted_there(metrics: Metrics) -> None:
    metrics.flow.count_folded(0, [folded(Facets("okaz", None, "ar", (SPORT,), (), ("150",)))], NOW)
    assert series(metrics)[f'wirestream_topic_region_events_total{{region="150",topic="{SPORT}"}}'] == 1


def test_stories_and_dead_letters_count_by_feed_and_abstentions_apart(metrics: Metrics) -> None:
    bad = Rejected(Reason.EMPTY, "no value")
    metrics.flow.count_annotated(
        [
            Outcome(RECORD, (annotated(FACETS), annotated(Facets("okaz", None, "ar", (), (), ())))),
            Outcome(RECORD, rejected=bad),
            Outcome(Record(b"", ARRIVED, Origin("wire.stories", 0, 1)), rejected=bad),
        ]
    )
    seen = series(metrics)
    assert seen['wirestream_feed_stories_total{feed="okaz"}'] == 2
    assert seen['wirestream_language_stories_total{language="ar"}'] == 2
    assert seen["wirestream_classifier_abstentions_total"] == 1
    assert seen['wirestream_dead_letters_total{reason="empty"}'] == 2
    assert series(metrics, "wirestream_feed_dead_letters_total") == {
        'wirestream_feed_dead_letters_total{feed="okaz"}': 1,
        'wirestream_feed_dead_letters_total{feed="unknown"}': 1,
    }


def test_a_shard_that_went_away_and_came_back_does_not_remember_who_was_alone(metrics: Metrics) -> None:
    metrics.flow.count_folded(0, [folded(FACETS)], NOW)
    metrics.flow.forget_shard(0)
    metrics.flow.count_folded(0, [folded(FACETS, "copy")], NOW)
    assert series(metrics, "wirestream_first_reprint_seconds") == {}
