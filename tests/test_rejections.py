import pytest

from stream.rejections import Rejections, Standing
from stream.settings import RejectionSettings


def rejections(**values: object) -> Rejections:
    return Rejections(RejectionSettings.model_validate({"run": 5, "share": 0.5, "sample": 10, **values}))


def test_a_run_of_rejections_breaks_the_limit_and_says_why() -> None:
    limit = rejections()
    for _ in range(4):
        limit.note("okaz", "charset")
        assert limit.broken("okaz") is None
    limit.note("okaz", "malformed")
    told = limit.broken("okaz")
    assert told is not None
    assert "5 records in a row" in told
    assert "4 charset, 1 malformed" in told


def test_an_accepted_record_ends_a_run() -> None:
    limit = rejections()
    for _ in range(3):
        for _ in range(4):
            limit.note("okaz", "charset")
        limit.note("okaz", None)
    # The share is another matter.
    assert "of its last 10" in (limit.broken("okaz") or "")


def test_the_share_is_judged_only_of_a_whole_sample() -> None:
    limit = rejections(run=100)
    for number in range(9):
        limit.note("okaz", "charset" if number % 3 else None)
        assert limit.broken("okaz") is None
    assert limit.note("okaz", None) == Standing(0, 6, 10)
    assert limit.broken("okaz") is not None


def test_old_outcomes_leave_the_sample() -> None:
    limit = rejections(run=100)
    for reason in [*["charset"] * 9, *[None] * 9]:
        standing = limit.note("okaz", reason)
    assert standing == Standing(0, 1, 10)
    assert limit.broken("okaz") is None


def test_one_feed_says_nothing_of_another() -> None:
    limit = rejections()
    for _ in range(9):
        limit.note("broken", "charset")
        limit.note("sound", None)
    assert limit.broken("broken")
    assert limit.broken("sound") is None


def test_a_standing_is_taken_up_where_it_was_left() -> None:
    limit = rejections()
    limit.resume("okaz", Standing(run=4, rejected=5, seen=8))
    assert limit.note("okaz", "charset") == Standing(5, 6, 9)
    assert limit.broken("okaz")


@pytest.mark.parametrize("feeds", [3_000])
def test_feed_names_without_end_take_no_memory_without_end(feeds: int) -> None:
    limit = rejections()
    for number in range(feeds):
        limit.note(f"feed-{number}", None)
    assert len(limit._feeds) <= 1_000
