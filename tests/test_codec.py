from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
from jsonschema import Draft202012Validator, FormatChecker

from stream.codec import (
    advisory_event,
    advisory_headers,
    advisory_id,
    annotated_headers,
    cloud_event_headers,
    from_timestamp_ms,
    read_annotated,
    story_id,
    timestamp_ms,
    trace_headers,
    with_decision,
)
from stream.model import (
    About,
    Advisory,
    Annotated,
    Cause,
    Chain,
    Change,
    Cluster,
    Facets,
    Origin,
    Record,
    Story,
)
from stream.schemas import read as read_schema

NOON = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
ANNOTATED = Annotated(
    id="ab" * 16,
    origin=Origin("wire.stories", 3, 41),
    received_at=NOON,
    event=b'{"schema":"wirestream.story/1","headline":"\xd8\xae\xd8\xa8\xd8\xb1"}',
    card=b"\x00\x01card",
    facets=Facets("الصحيفة/1", "dpa", "ar", ("medtop:16000000",), ("MA",), ("015",)),
    trace=(("traceparent", b"00-abc-def-01"),),
)
ADVISORY = Advisory(
    kind="stale",
    about=About("ef" * 16, "okaz", NOON),
    cause=Cause("ab" * 16, "spa", "urn:1", "2"),
    cluster="cd" * 16,
    told_by="ab" * 16,
    time=NOON,
    changed=(Change("12", "21"), Change("13", None)),
)
COPY = Cluster(id="cd" * 16, role="copy", original="cd" * 16, matched="cd" * 16, relation="shortened")


def test_an_annotated_story_survives_its_way_through_kafka() -> None:
    assert read_annotated(ANNOTATED.event, annotated_headers(ANNOTATED)) == ANNOTATED


def test_a_notice_and_what_a_story_says_of_its_life_survive_it_too() -> None:
    notice = replace(ANNOTATED, life=b'["urn:1"]', notice=True)
    assert read_annotated(notice.event, annotated_headers(notice)) == notice


def test_the_decision_is_appended_to_the_encoded_event() -> None:
    event = orjson.loads(with_decision(ANNOTATED.event, COPY, None))
    assert event["headline"] == "خبر"
    assert event["cluster"]["role"] == "copy"
    assert list(event) == ["schema", "headline", "cluster", "chain"]
    assert event["chain"] is None


def test_the_chain_says_what_a_version_changed() -> None:
    chain = Chain(kind="update", previous="ab" * 16, version="2", changed=(Change("12", "21"),))
    event = orjson.loads(with_decision(ANNOTATED.event, COPY, chain))
    assert event["chain"] == {
        "previous": "ab" * 16,
        "kind": "update",
        "version": "2",
        "changed": [{"was": "12", "now": "21"}],
        "stale": [],
        "killed_by": None,
    }


def test_an_advisory_fits_its_schema_and_has_one_id_on_every_run() -> None:
    event = orjson.loads(advisory_event(ADVISORY))
    Draft202012Validator(orjson.loads(read_schema("advisory")), format_checker=FormatChecker()).validate(
        event
    )
    assert event["id"] == advisory_id(replace(ADVISORY, time=NOON + timedelta(hours=1)))
    others = {
        advisory_id(replace(ADVISORY, kind="kill")),
        advisory_id(replace(ADVISORY, about=replace(ADVISORY.about, id="01" * 16))),
        advisory_id(replace(ADVISORY, cause=replace(ADVISORY.cause, id="01" * 16))),
    }
    assert len(others - {event["id"]}) == 3


def test_an_advisory_is_headed_by_its_kind_and_the_feed_of_its_copy() -> None:
    headers = dict(advisory_headers(ADVISORY, ANNOTATED.trace))
    assert headers["ce_type"] == b"wirestream.advisory.stale"
    assert headers["ce_source"] == b"/feeds/okaz"
    assert headers["traceparent"] == b"00-abc-def-01"


def test_the_headers_are_those_of_cloudevents_in_binary_mode() -> None:
    headers = dict(cloud_event_headers(ANNOTATED, COPY))
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_id"] == ANNOTATED.id.encode()
    assert headers["ce_type"] == b"wirestream.story.copy"
    assert headers["ce_time"] == b"2026-03-01T12:00:00.123000Z"
    assert headers["content-type"] == b"application/json"
    assert headers["ce_source"].isascii()
    assert headers["traceparent"] == b"00-abc-def-01"


def test_ids_are_equal_for_the_same_feed_identity_and_content_only() -> None:
    story = Story(format="ninjs", body="text", uri="urn:1", version="1")
    first = story_id("feed", story, b"value")
    assert first == story_id("feed", story, b"value")
    assert len(first) == 32
    others = {
        story_id("other feed", story, b"value"),
        story_id("feed", story, b"other value"),
        story_id("feed", Story(format="ninjs", body="text", uri="urn:2", version="1"), b"value"),
        story_id("feed", Story(format="ninjs", body="text", uri="urn:1", version="2"), b"value"),
        story_id("feed", Story(format="ninjs", body="text", uri="urn:1", version="1", item=1), b"value"),
    }
    assert first not in others
    assert len(others) == 5


def test_timestamps_keep_their_milliseconds() -> None:
    assert from_timestamp_ms(timestamp_ms(NOON)) == NOON


def test_a_trace_context_that_is_none_is_not_passed_on() -> None:
    headers = (("traceparent", b"00-abc-def-01"), ("tracestate", b"x" * 100_000), ("traceparent", b""))
    record = Record(b"", NOON, Origin("t", 0, 0), headers=headers)
    assert trace_headers(record) == (("traceparent", b"00-abc-def-01"),)


def test_differences_that_would_outgrow_the_record_are_left_out() -> None:
    event = orjson.loads(with_decision(ANNOTATED.event, replace(COPY, differs=("w" * 100_000,)), None))
    assert event["cluster"]["differs"] == []
    assert event["cluster"]["role"] == "copy"
