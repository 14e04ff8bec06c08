"""The real thing: a newspaper's page that reprints a dpa story, where the development data is at hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from stream.development import DATA
from stream.process import process
from stream.settings import Settings
from stream.sources import Item
from tests.scenarios.installation import Installation

PAGES = sorted((DATA / "seed").glob("*.txt"))

pytestmark = pytest.mark.skipif(not PAGES, reason=f"no development data in {DATA}")


def page() -> bytes:
    return PAGES[0].read_bytes()


def reprint() -> bytes:
    """The same copy as another paper would run it: own title and credit, the last third cut, other
    boilerplate around it."""
    text = page().decode("utf-8")
    paragraphs = [p for p in text.split("\n\n") if len(p) > 150]
    kept = paragraphs[: len(paragraphs) * 2 // 3]
    kept[0] = kept[0].partition("\n")[2] or kept[0]
    return "\n\n".join(
        [
            "الرئيسية > سياسة",
            "مراكش تستضيف مؤتمرا دوليا لمكافحة الإرهاب",
            "الصحيفة - وكالات",
            *kept,
            "شارك الخبر",
            "فيسبوك تويتر واتساب",
            "أضف تعليقا",
        ]
    ).encode()


def processed(*values: bytes) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    items = [Item(f"page-{number}", value) for number, value in enumerate(values)]
    process(
        Settings(),
        items,
        feed=None,
        received_at=datetime(2022, 5, 12, tzinfo=UTC),
        on_event=lambda folded: events.append(orjson.loads(folded.event)),
        on_dead_letter=lambda letter: pytest.fail(str(letter)),
    )
    return events


def test_the_page_becomes_one_clean_event() -> None:
    [event] = processed(page())
    lines = page().decode("utf-8").strip().splitlines()
    section, title = lines[0], lines[2]
    assert event["language"] == "ar"
    assert (event["agency"]["id"], event["agency"]["credit"]) == ("dpa", "د ب أ")
    assert (event["dateline"]["city"], event["dateline"]["country"]) == ("مراكش", "MA")
    assert event["regions"][0]["country"] == "MA"
    assert event["regions"][0]["role"] in ("dateline", "subject")
    assert event["topics"][0]["qcode"] in ("medtop:16000000", "medtop:11000000")
    assert event["headline"] == title
    assert section not in event["body"]
    assert title not in event["body"]
    # The comment form and the related stories stand below the last sentence.
    assert event["body"].endswith("الاجتماع.")
    assert "تعليق" not in event["body"]


def test_its_reprint_is_a_copy_of_it() -> None:
    original, copy = processed(page(), reprint())
    assert original["cluster"]["role"] == "original"
    assert copy["cluster"]["role"] == "copy"
    assert copy["cluster"]["original"] == original["id"]
    assert copy["headline"] == "مراكش تستضيف مؤتمرا دوليا لمكافحة الإرهاب"
    assert "فيسبوك" not in copy["body"]


def test_its_reprint_is_a_copy_of_it_through_kafka_too(installation: Installation) -> None:
    installation.worker()
    installation.produce([page()], feed="first-paper")
    installation.wait_for(lambda: len(installation.events()) == 1, "the original")
    installation.produce([reprint()], feed="second-paper")
    installation.wait_for(lambda: len(installation.events()) == 2, "the copy")
    [copy] = [e for e in installation.events() if e["cluster"]["role"] == "copy"]
    [original] = [e for e in installation.events() if e["cluster"]["role"] == "original"]
    assert (original["feed"], copy["feed"]) == ("first-paper", "second-paper")
    assert copy["cluster"]["original"] == original["id"]
