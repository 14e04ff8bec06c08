"""An archive that arrives today is folded by its own dates."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from stream.annotate import Annotator
from stream.process import process
from stream.settings import Settings
from stream.sources import Item

TODAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = [f"{a}{b}{c}" for a in ("har", "mun", "vel", "tor") for b in ("ba", "di", "ke") for c in "lmnrst"]


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(Settings())


def story(text: int, moment: datetime, uri: str) -> bytes:
    body = " ".join(random.Random(text).choices(WORDS, k=80))
    return orjson.dumps(
        {
            "uri": uri,
            "language": "en",
            "versioncreated": moment.isoformat(),
            "headline": f"Story {text}",
            "body_text": body,
        }
    )


def roles(annotator: Annotator, values: Iterable[bytes]) -> dict[str, str]:
    events: list[dict[str, Any]] = []
    process(
        Settings(),
        [Item(str(number), value) for number, value in enumerate(values)],
        feed="archive",
        received_at=TODAY,
        annotator=annotator,
        on_event=lambda folded: events.append(orjson.loads(folded.event)),
        on_dead_letter=lambda letter: pytest.fail(str(letter)),
    )
    return {event["uri"]: event["cluster"]["role"] for event in events}


def archive() -> list[bytes]:
    """A year of stories, one in six hours; every third is reprinted a day later."""
    dated = []
    for number in range(4 * 365):
        moment = TODAY - timedelta(days=800) + timedelta(hours=6 * number)
        dated.append((moment, story(number, moment, f"original-{number}")))
        if number % 3 == 0:
            later = moment + timedelta(days=1)
            dated.append((later, story(number, later, f"reprint-{number}")))
    return [value for _, value in sorted(dated, key=lambda pair: pair[0])]


def test_a_years_archive_in_the_order_of_its_dates_is_folded_as_it_was_then(annotator: Annotator) -> None:
    found = roles(annotator, archive())
    assert {role for uri, role in found.items() if uri.startswith("original")} == {"original"}
    assert {role for uri, role in found.items() if uri.startswith("reprint")} == {"copy"}


def test_an_archive_among_todays_stories_is_folded_too(annotator: Annotator) -> None:
    today = [story(90_000 + n, TODAY - timedelta(minutes=900 - n), f"today-{n}") for n in range(900)]
    mixed, today = today[:300], today[300:]
    for number, value in enumerate(archive()):
        mixed.append(value)
        if number % 4 == 0 and today:
            mixed.append(today.pop(0))
    found = roles(annotator, mixed)
    reprints = [role for uri, role in found.items() if uri.startswith("reprint")]
    assert reprints.count("copy") == len(reprints)
    assert {role for uri, role in found.items() if not uri.startswith("reprint")} == {"original"}


def test_a_text_that_comes_again_after_the_window_is_news_again(annotator: Annotator) -> None:
    first = TODAY - timedelta(days=700)
    again = first + timedelta(days=30)
    between = [story(n, first + timedelta(hours=n), f"between-{n}") for n in range(1, 700)]
    found = roles(annotator, [story(0, first, "first"), *between, story(0, again, "again")])
    assert (found["first"], found["again"]) == ("original", "original")
