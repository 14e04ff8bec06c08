"""A kill finds its story in whatever shard that is, and its event goes out once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from stream.annotate import Annotator
from stream.fold import Shard
from stream.lifecycle.notices import deliveries
from stream.process import process
from stream.settings import Settings
from stream.sources import Item
from stream.topology import Topology
from tests.dedup.stories import prose
from tests.lifecycle.desk import arrives, message

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
# By five shards, Arabic and unknown languages are apart.
SETTINGS = Settings.model_validate({"feeds": {"wire": {"kind": "agency"}}, "topics": {"shards": 5}})
ARABIC = (
    "أعلنت إدارة الميناء اليوم الاثنين أن السفينة التي جنحت قبالة الساحل عادت إلى الإبحار بعد أن سحبتها "
    "ثلاث قاطرات إلى المياه العميقة، وأن أحدا من الركاب لم يصب بأذى، فيما فتحت الوزارة تحقيقا في الحادث."
)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(SETTINGS)


def item(uri: str, feed: str, **fields: object) -> Item:
    story = {"uri": uri, "type": "text", "versioncreated": "2026-03-01T11:00:00Z", **fields}
    return Item(uri, orjson.dumps(story), (("feed", feed.encode()),))


def events(annotator: Annotator, items: Sequence[Item]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    process(
        SETTINGS,
        items,
        feed=None,
        received_at=NOON,
        annotator=annotator,
        on_event=lambda folded: found.extend(map(orjson.loads, folded.events)),
        on_dead_letter=lambda letter: pytest.fail(letter.message),
    )
    return found


STORY = item("urn:wire:1", "wire", version="1", headline="سفينة جانحة تعود", body_text=ARABIC, language="ar")
COPY = item("urn:paper:1", "paper", headline="سفينة جانحة تعود", body_text=ARABIC, language="ar")
KILL = item("urn:wire:1", "wire", version="2", pubstatus="canceled")


def test_a_canceled_item_without_a_text_reaches_the_shard_of_its_copies(annotator: Annotator) -> None:
    story, copy, kill, advisory = events(annotator, [STORY, COPY, KILL])
    assert kill["language"] is None
    assert Topology(SETTINGS).shard(None) != Topology(SETTINGS).shard(story["language"])
    assert (kill["cluster"]["role"], kill["chain"]["kind"]) == ("kill", "kill")
    assert (advisory["kind"], advisory["about"]["id"]) == ("kill", copy["id"])
    assert advisory["cause"]["id"] == kill["id"]
    assert advisory["cluster"] == story["cluster"]["id"]


def test_it_does_when_it_comes_before_its_story(annotator: Annotator) -> None:
    kill, story, copy, advisory = events(annotator, [KILL, STORY, COPY])
    assert [one["cluster"]["role"] for one in (kill, story, copy)] == ["kill", "copy", "copy"]
    assert story["chain"]["killed_by"] == copy["chain"]["killed_by"] == kill["id"]
    assert advisory["about"]["id"] == copy["id"]


def test_a_story_goes_to_its_own_shard_and_a_kill_to_all() -> None:
    topology = Topology(SETTINGS)
    story = arrives(*message(prose(1, 60), "wire", uri="urn:1"))
    kill = arrives(*message("", "wire", uri="urn:1", status="canceled"))
    assert list(deliveries(story, topology)) == [(topology.shard("en"), story)]
    shards = [(shard, one.notice) for shard, one in deliveries(kill, topology)]
    assert shards[0] == (topology.shard("en"), False)
    assert sorted(shard for shard, _ in shards) == list(range(SETTINGS.topics.shards))
    assert all(notice for _, notice in shards[1:])


def test_a_notice_sends_advisories_and_no_event_and_is_remembered() -> None:
    shard = Shard(SETTINGS, ())
    text = prose(1, 60)
    shard.fold(arrives(*message(text, "agency", uri="urn:1")))
    shard.fold(arrives(*message(text, "paper", minutes=1)))
    notice = arrives(*message("", "agency", uri="urn:1", status="canceled", minutes=2), notice=True)
    folded = shard.fold(notice)
    assert folded is not None
    assert folded.topic_names == ()
    assert [record[0] for told in folded.told for record in told.records] == ["wire.advisories"]
    assert len(folded.events) == 1
    assert shard.fold(notice) is None
    late = shard.fold(arrives(*message(text, "late", minutes=3)))
    assert late is not None
    assert late.topic_names == ("wire.duplicates",)
