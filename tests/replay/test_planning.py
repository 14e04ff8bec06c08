"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stream.errors import SettingsError
from stream.replay.planning import moment

NOW = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", NOW),
        ("7d", NOW - timedelta(days=7)),
        ("1d12h", NOW - timedelta(hours=36)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T06:00:00Z", datetime(2026, 3, 1, 6, tzinfo=UTC)),
        ("2026-03-01T06:00:00+01:00", datetime(2026, 3, 1, 5, tzinfo=UTC)),
        ("2026-03-01 06:00", datetime(2026, 3, 1, 6, tzinfo=UTC)),
    ],
)
def test_a_time_is_a_moment_a_date_or_a_duration_before_now(text: str, expected: datetime) -> None:
    assert moment(text, NOW) == expected


def test_what_is_no_time_is_a_wrong_setting_that_shows_the_forms() -> None:
    with pytest.raises(SettingsError, match="2026-03-01"):
        moment("yesterday", NOW)
