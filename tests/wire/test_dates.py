from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stream.errors import Reason, Rejected
from stream.wire import dates
from stream.wire.limits import Limits

MOMENT = datetime(2024, 7, 10, 13, 0, 37, tzinfo=UTC)
LIMITS = Limits()


@pytest.mark.parametrize(
    "text",
    [
        "2024-07-10T13:00:37Z",
        "2024-07-10T15:00:37+02:00",
        "2024-07-10T15:00:37+0200",
        "2024-07-10T15:00:37 +02:00",
        "2024-07-10 13:00:37",
        "2024-07-10 13:00:37 UTC",
        "2024/07/10 13:00:37",
        "20240710T130037Z",
        "Wed, 10 Jul 2024 13:00:37 GMT",
        "Wed, 10 Jul 2024 09:00:37 EDT",
        "10 Jul 2024 13:00:37 -0000",
    ],
)
def test_a_date_as_wires_write_it_is_read_as_utc(text: str) -> None:
    assert dates.read(f" {text} ") == MOMENT


@pytest.mark.parametrize(
    "text", ["", "soon", "2024-13-01", "0000-01-01", "9999-12-31T23:59:59-14:00", "(", "1" * 5000, "Wed, ,"]
)
def test_what_is_no_date_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        dates.read(text)


@pytest.mark.parametrize(("days", "is_possible"), [(0, True), (300, True), (400, False), (-36_000, True)])
def test_a_date_may_be_a_year_ahead_and_long_past(days: int, is_possible: bool) -> None:
    assert dates.is_possible(MOMENT + timedelta(days=days), MOMENT, LIMITS) is is_possible


def test_no_story_is_older_than_the_earliest_year() -> None:
    assert not dates.is_possible(datetime(1899, 12, 31, tzinfo=UTC), MOMENT, LIMITS)
    assert dates.is_possible(datetime(1900, 1, 1, tzinfo=UTC), MOMENT, LIMITS)


def test_pages_take_the_first_date_that_is_possible() -> None:
    assert dates.first_possible(["nonsense", "2999-01-01", "2024-07-10T13:00:37Z"], MOMENT, LIMITS) == MOMENT


def test_pages_without_a_readable_date_have_none() -> None:
    assert dates.first_possible(["nonsense", "0001-01-01T00:00:00Z"], MOMENT, LIMITS) is None


@pytest.mark.parametrize("written", ["1447-06-04T14:30:00", "1447-02-30T10:00:00Z", "1404-09-04 11:00:00"])
def test_a_date_of_another_calendar_is_none_and_no_fault(written: str) -> None:
    assert dates.first_possible([written], MOMENT, LIMITS) is None
    assert dates.first_possible([written, "2024-07-10T13:00:37Z"], MOMENT, LIMITS) == MOMENT


def test_pages_with_impossible_dates_alone_are_rejected() -> None:
    with pytest.raises(Rejected) as caught:
        dates.first_possible(["2999-01-01", "nonsense"], MOMENT, LIMITS)
    assert caught.value.reason is Reason.DATE
