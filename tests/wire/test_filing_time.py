from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stream.wire import filing_time
from stream.wire.limits import Limits

RECEIVED = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("242200 GMT Jun 17", datetime(2017, 6, 24, 22, 0)),
        ("071341 GMT Okt 15", datetime(2015, 10, 7, 13, 41)),
        ("211259 Nov 18", datetime(2018, 11, 21, 12, 59)),
        ("AFP 201115 SEP 06", datetime(2006, 9, 20, 11, 15)),
        ("201115 CEST SEP 06", datetime(2006, 9, 20, 9, 15)),
        ("010730 JAN 2026", datetime(2026, 1, 1, 7, 30)),
        ("311430 décembre 25", datetime(2025, 12, 31, 14, 30)),
        ("311430 GMT Dec", datetime(2025, 12, 31, 14, 30)),
        ("020730 GMT Jan", datetime(2026, 1, 2, 7, 30)),
        ("311430", datetime(2025, 12, 31, 14, 30)),
        ("020730 GMT", datetime(2026, 1, 2, 7, 30)),
        ("311430 كانون الأول 25", datetime(2025, 12, 31, 14, 30)),
        ("AP-WF-11-13-13 1509GMT<", datetime(2013, 11, 13, 15, 9)),
        ("AP-NY-01-02-26 0130EST<", datetime(2026, 1, 2, 6, 30)),
        ("16:35ET 31-10-14<", datetime(2014, 10, 31, 21, 35)),
        ("07:30 02-01-26", datetime(2026, 1, 2, 7, 30)),
        ("2026-01-01T10:00:00Z", datetime(2026, 1, 1, 10, 0)),
        ("242200 GMT Jun 99", datetime(1999, 6, 24, 22, 0)),
    ],
)
def test_a_closing_time_is_read(text: str, moment: datetime) -> None:
    assert filing_time.read(text, RECEIVED, Limits()) == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NNNN",
        "999999 GMT Jun 17",
        "242200 GMT Foo 17",
        "dpa abc xyz",
        "1" * 5000,
        "32-13-26 2561",
        "242200 GMT Jun 1817",
    ],
)
def test_line_noise_is_no_time(text: str) -> None:
    assert filing_time.read(text, RECEIVED, Limits()) is None


def test_a_line_closes_a_message_when_it_is_nothing_but_a_time() -> None:
    assert filing_time.is_closing("242200 GMT Jun 17")
    assert filing_time.is_closing("AFP 201115 SEP 06")
    assert not filing_time.is_closing("It sold 242200 in June 17 shops of the region, the company said.")
