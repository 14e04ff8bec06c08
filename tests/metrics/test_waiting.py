from stream.metrics.waiting import Waiting


def test_a_backlog_that_was_not_begun_waits_since_the_take_over() -> None:
    assert Waiting(taken=1000).seconds(5, now=1030) == 30


def test_a_backlog_waits_since_the_time_of_the_last_record_that_was_finished() -> None:
    waiting = Waiting(taken=1000)
    waiting.finish(41, 400_000)
    assert waiting.offset == 42
    assert waiting.seconds(5, now=1030) == 630


def test_a_record_after_a_quiet_hour_has_not_waited_for_that_hour() -> None:
    waiting = Waiting(taken=1000)
    waiting.finish(41, 1_001_000)
    assert waiting.seconds(0, now=4600) == 0
    assert waiting.seconds(1, now=4605) == 5


def test_records_without_a_time_or_from_the_future_make_no_strange_lag() -> None:
    waiting = Waiting(taken=1000)
    waiting.finish(41, -1)
    waiting.finish(42, None)
    assert waiting.seconds(1, now=1001) == 1
    waiting.finish(43, 9_999_000)
    assert waiting.seconds(1, now=1001) == 0
