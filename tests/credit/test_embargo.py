"""Until when copy must not run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stream.credit import markers
from stream.credit.embargo import until
from stream.model import Story

PUBLISHED = datetime(2025, 11, 18, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("EMBARGOED for publication until 1200 GMT Nov 18", datetime(2025, 11, 18, 12)),
        ("EMBARGOED until 12:00 GMT: Budget speech", datetime(2025, 11, 18, 12)),
        ("Embargoed until 8 a.m. EST, Nov. 20", datetime(2025, 11, 20, 13)),
        ("Embargo until 0600 GMT", datetime(2025, 11, 19, 6)),
        ("Sperrfrist 19. November 14.20 Uhr MEZ", datetime(2025, 11, 19, 13, 20)),
        ("Sous embargo jusqu'au 19 novembre 14h00 GMT", datetime(2025, 11, 19, 14)),
        ("محظور النشر حتى الساعة 12:00 بتوقيت غرينتش", datetime(2025, 11, 18, 12)),
        ("محظور حتى الساعة ٣ م بتوقيت جرينتش يوم ١٩ نوفمبر", datetime(2025, 11, 19, 15)),
    ],
)
def test_a_time_with_its_zone_is_read(text: str, moment: datetime) -> None:
    assert until(text, PUBLISHED) == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Sperrfrist 14.20 Uhr",
        "Embargoed until noon",
        "EMBARGOED until 9999 GMT",
        "Embargoed until 1:00 MSK, 01/01/0001",
        "محظور النشر حتى 01:00 بتوقيت مكة 1/1/0001",
        "",
    ],
)
def test_a_time_without_zone_or_sense_is_none(text: str) -> None:
    assert until(text, PUBLISHED) is None


def test_an_embargo_in_words_has_its_time_in_the_life_cycle() -> None:
    story = Story(
        format="plain",
        body="Text.",
        headline="EMBARGOED until 1200 GMT: Budget speech",
        published_at=PUBLISHED,
    )
    lifecycle, _ = markers.read(story)
    assert (lifecycle.signal, lifecycle.embargo) == (("embargo",), datetime(2025, 11, 18, 12, tzinfo=UTC))
