from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stream.wire import feed_dates
from stream.wire.limits import Limits

RECEIVED = datetime(2026, 5, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed, 05 Nov 2025 14:30:00 GMT", datetime(2025, 11, 5, 14, 30)),
        ("Wed, 05 Nov 2025 14:30:00 CET", datetime(2025, 11, 5, 13, 30)),
        ("Wed, 05 Nov 2025 14:30:00 +0300", datetime(2025, 11, 5, 11, 30)),
        ("Wed, 05 Nov 2025 14:30:00 +03:00", datetime(2025, 11, 5, 11, 30)),
        ("Wed, 05 Nov 2025 14:30:00 GMT+3", datetime(2025, 11, 5, 11, 30)),
        ("Wed, 05 Nov 25 14:30 EST", datetime(2025, 11, 5, 19, 30)),
        ("Wed, 5 Nov 2025 14:30:00", datetime(2025, 11, 5, 14, 30)),
        ("Wed, 5 Nov 2025 24:00:00 GMT", datetime(2025, 11, 6)),
        ("Mi, 05 Nov 2025 14:30:00 +0100", datetime(2025, 11, 5, 13, 30)),
        ("mer., 05 nov. 2025 14:30:00 +0100", datetime(2025, 11, 5, 13, 30)),
        ("Wed Nov 05 14:30:00 UTC 2025", datetime(2025, 11, 5, 14, 30)),
        ("الأربعاء، ٥ نوفمبر ٢٠٢٥ - ١٤:٣٠", datetime(2025, 11, 5, 14, 30)),
        ("الأربعاء، 05 تشرين الثاني 2025 14:30:00 +0300", datetime(2025, 11, 5, 11, 30)),
        ("5 نونبر 2025 02:30 م", datetime(2025, 11, 5, 14, 30)),
        ("5 novembre 2025 à 14h30", datetime(2025, 11, 5, 14, 30)),
        ("Nov 5, 2025 2:30 PM", datetime(2025, 11, 5, 14, 30)),
        ("Wednesday, November 5, 2025", datetime(2025, 11, 5)),
        ("05/11/2025 14:30", datetime(2025, 11, 5, 14, 30)),
        ("11/25/2025 2:30 pm", datetime(2025, 11, 25, 14, 30)),
        ("2025/11/05 14:30", datetime(2025, 11, 5, 14, 30)),
        ("2025-11-05 14:30:00 +0300", datetime(2025, 11, 5, 11, 30)),
        ("2025-11-05T14:30:00.123456789Z", datetime(2025, 11, 5, 14, 30, 0, 123456)),
        ("05-Nov-2025 14:30", datetime(2025, 11, 5, 14, 30)),
        ("20251105T143000Z", datetime(2025, 11, 5, 14, 30)),
    ],
)
def test_a_date_of_a_feed_is_read(text: str, moment: datetime) -> None:
    assert feed_dates.read(text, RECEIVED, Limits()) == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "Wed, 31 Feb 2025 14:00:00 GMT",
        "Wed, 05 Nov 2025 14:99:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "0000-00-00 00:00:00",
        "Wed, 05 Nov 2125 14:00:00 GMT",
        "1 " * 40,
        "9" * 70,
    ],
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert feed_dates.read(text, RECEIVED, Limits()) is None
