from __future__ import annotations

import random

import pytest

from stream.producers.backoff import pause
from stream.producers.memory import Asked
from stream.producers.schedule import after_failure, after_success, wait

NOW = 1_800_000_000.0


@pytest.fixture
def rng() -> random.Random:
    return random.Random(1)


def test_pauses_double_up_to_the_longest(rng: random.Random) -> None:
    middle = [sum(pause(n, 1, 30, rng=rng) for _ in range(2000)) / 2000 for n in (1, 2, 3, 6, 5000)]
    assert middle == pytest.approx([1, 2, 4, 30, 30], rel=0.05)


def test_what_failed_together_does_not_come_back_together(rng: random.Random) -> None:
    found = [pause(3, 1, 30, rng=rng) for _ in range(100)]
    assert len(set(found)) == 100
    assert 3 <= min(found) < max(found) <= 5


def test_a_feed_that_was_never_asked_is_asked_at_once(rng: random.Random) -> None:
    assert wait(Asked(), 300, now=NOW, rng=rng) == 0


def test_a_feed_is_asked_again_after_the_interval_give_or_take_a_tenth(rng: random.Random) -> None:
    found = [wait(after_success(NOW), 300, now=NOW, rng=rng) for _ in range(1000)]
    assert 270 <= min(found) < 275
    assert 325 < max(found) <= 330


def test_a_restart_does_not_ask_sooner(rng: random.Random) -> None:
    assert 0 < wait(after_success(NOW - 200), 300, now=NOW, rng=rng) <= 130


def test_a_feed_that_fails_is_asked_less_and_less_often_and_then_as_before(rng: random.Random) -> None:
    asked = Asked()
    pauses = []
    for _ in range(8):
        asked = after_failure(asked, 300, 3600, 0, now=NOW, rng=rng)
        pauses.append(asked.not_before - NOW)
    assert pauses[0] <= 375
    assert all(pauses[n] > pauses[n - 1] for n in (1, 2))
    assert max(pauses) <= 4500
    assert after_success(NOW).failures == 0


def test_a_publisher_that_asks_for_patience_gets_it(rng: random.Random) -> None:
    asked = after_failure(Asked(), 300, 3600, 7200, now=NOW, rng=rng)
    assert wait(asked, 300, now=NOW, rng=rng) == 7200


def test_a_clock_that_is_set_back_silences_no_feed(rng: random.Random) -> None:
    assert wait(after_success(NOW + 1e9), 300, now=NOW, rng=rng) <= 86_400
