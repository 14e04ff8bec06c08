from datetime import timedelta

import pytest

from stream.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90s", timedelta(seconds=90)),
        ("72h", timedelta(hours=72)),
        ("7d", timedelta(days=7)),
        ("1d12h", timedelta(hours=36)),
        ("250ms", timedelta(milliseconds=250)),
        ("1.5h", timedelta(minutes=90)),
    ],
)
def test_a_duration_reads_as_people_write_it(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "soon", "10", "10 parsecs", "h", "-3h"])
def test_what_is_no_duration_is_refused_with_the_form_to_use(text: str) -> None:
    with pytest.raises(ValueError, match="72h"):
        parse_duration(text)


def test_formatting_is_the_reverse_of_parsing() -> None:
    for duration in (timedelta(hours=72), timedelta(seconds=90), timedelta(0), timedelta(days=1, hours=1)):
        assert parse_duration(format_duration(duration)) == duration
