"""The stories that `wirestream demo` sends, through the same stages without a broker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from stream.config import load
from stream.demo.samples import SAMPLES, SETTINGS, Sample, read_samples
from stream.explain import Explainer
from stream.fold import Folded
from stream.process import DeadLetter, process
from stream.schemas import read as read_schema
from stream.sources import Item

RECEIVED = datetime(2025, 11, 12, 9, tzinfo=UTC)


def expectations() -> Iterator[tuple[str, str, str | None]]:
    """(sample, role or reason, its original)."""
    rows = (SAMPLES / "expected.tsv").read_text("utf-8").splitlines()
    for row in [row for row in rows if not row.startswith("#")][1:]:
        name, outcome, original = row.split("\t")
        yield name, outcome, None if original == "-" else original


EXPECTED = list(expectations())
STORIES = [row for row in EXPECTED if not row[0].startswith("4-faulty/")]
FAULTY = [row[:2] for row in EXPECTED if row[0].startswith("4-faulty/")]


@dataclass
class Outcome:
    """What became of the samples, by name."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    dead_letters: dict[str, DeadLetter] = field(default_factory=dict)
    explained: dict[str, str] = field(default_factory=dict)

    def name_of(self, identity: str) -> str:
        return next(name for name, event in self.events.items() if event["id"] == identity)


def with_feed(sample: Sample) -> Item:
    """The item as `produce` sends it."""
    return Item(sample.item.name, sample.item.value, (*sample.item.headers, ("feed", sample.feed.encode())))


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    settings = load(SETTINGS, environ={}).settings
    explainer = Explainer(settings)
    found = Outcome()

    def on_event(folded: Folded) -> None:
        event = orjson.loads(folded.event)
        found.events[event["source"]["topic"]] = event
        found.explained[event["source"]["topic"]] = explainer.explain(folded)

    process(
        settings,
        map(with_feed, read_samples()),
        feed=None,
        received_at=RECEIVED,
        annotator=explainer.annotator,
        on_event=on_event,
        on_dead_letter=lambda letter: found.dead_letters.__setitem__(letter.name, letter),
    )
    return found


def test_every_sample_has_an_expectation_and_every_expectation_a_sample() -> None:
    assert sorted(sample.item.name for sample in read_samples()) == sorted(row[0] for row in EXPECTED)


def test_originals_are_sent_before_their_reprints() -> None:
    order = [sample.item.name for sample in read_samples()]
    assert all(order.index(name) > order.index(original) for name, _, original in EXPECTED if original)


def test_the_samples_are_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) <= 150_000


@pytest.mark.parametrize(("name", "role", "original"), STORIES, ids=[row[0] for row in STORIES])
def test_a_sample_becomes_what_is_expected(
    outcome: Outcome, name: str, role: str, original: str | None
) -> None:
    cluster = outcome.events[name]["cluster"]
    assert cluster["role"] == role
    assert outcome.name_of(cluster["id"]) == (original or name)


@pytest.mark.parametrize(("name", "reason"), FAULTY, ids=[row[0] for row in FAULTY])
def test_a_faulty_sample_is_rejected_for_its_reason(outcome: Outcome, name: str, reason: str) -> None:
    assert outcome.dead_letters[name].reason == reason


def test_nothing_but_the_faulty_samples_is_rejected(outcome: Outcome) -> None:
    assert len(outcome.dead_letters) == len(FAULTY)


@pytest.mark.parametrize("name", [row[0] for row in STORIES])
def test_the_event_of_a_sample_is_valid(outcome: Outcome, name: str) -> None:
    schema = orjson.loads(read_schema("story"))
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(outcome.events[name])


@pytest.mark.parametrize("name", [row[0] for row in STORIES])
def test_a_decision_is_explained_under_the_headline(outcome: Outcome, name: str) -> None:
    explained = outcome.explained[name]
    event = outcome.events[name]
    assert " ".join(explained.split()).startswith(event["headline"])
    assert f"{event['cluster']['role']} in cluster" in explained


def test_the_words_that_carried_a_topic_are_told(outcome: Outcome) -> None:
    (told,) = [
        line
        for line in outcome.explained["1-wires/qna/handball.txt"].splitlines()
        if "  topic     sport" in line
    ]
    assert "المنتخب" in told


def test_the_names_that_gave_a_region_are_told(outcome: Outcome) -> None:
    (told,) = [
        line
        for line in outcome.explained["1-wires/qna/handball.txt"].splitlines()
        if "  region    Qatar QA" in line
    ]
    assert "القطري" in told


def test_a_copy_is_explained_beside_the_text_that_it_was_compared_with(outcome: Outcome) -> None:
    original = outcome.events["1-wires/qna/handball.txt"]["body"].split()
    explained = outcome.explained["2-reprints/sada-alwadi/handball-final.html"]
    assert f"{{+{original[-1]}+}}" in explained
