"""The order of a replay: what is decided when, told by the live ledger or by time."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from stream.model import Annotated, Facets, Origin
from stream.replay.order import Mark, Order, Step
from stream.replay.scope import Stretch

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACETS = Facets("okaz", None, "ar", (), (), ())


def story(partition: int, offset: int) -> Annotated:
    return Annotated(
        f"{partition}:{offset}", Origin("wire.stories", partition, offset), NOON, b"", b"", FACETS
    )


def mark(partition: int, position: int, offset: int) -> Mark:
    return Mark(f"{partition}:{position}", partition, position, offset, b"entry")


def admit(order: Order, partition: int, *offsets: int, emit: bool = True, time: int | None = None) -> None:
    stories = [(story(partition, offset), 0, emit) for offset in offsets]
    order.admit(partition, stories, time=time, read=offsets[-1] + 1)


def told(steps: list[Step]) -> list[str]:
    """Stories by their id, primed ones in brackets, entries of the ledger with an equals sign."""
    names = []
    for step in steps:
        if step.mark is not None:
            names.append(f"={step.mark.id}")
        else:
            assert step.story is not None
            names.append(step.story.id if step.emit else f"({step.story.id})")
    return names


def ready(order: Order) -> list[str]:
    return told(list(order.ready()))


def test_stories_of_several_partitions_come_in_the_order_of_the_ledger() -> None:
    order = Order({0: Stretch(0, 0, 2), 1: Stretch(0, 0, 2)}, [0], [0])
    order.follow(0, [mark(1, 0, 10), mark(0, 0, 11), mark(0, 1, 12), mark(1, 1, 13)])
    assert order.wants() == ("stories", 1)
    admit(order, 1, 0, 1)
    assert ready(order) == ["1:0"]
    assert order.wants() == ("stories", 0)
    admit(order, 0, 0, 1)
    assert ready(order) == ["0:0", "0:1", "1:1"]
    order.end(0)
    assert ready(order) == []
    assert order.wants() is None


def test_entries_about_records_outside_the_stretch_prime_the_window_in_their_place() -> None:
    order = Order({0: Stretch(5, 5, 7)}, [0], [0])
    order.follow(0, [mark(0, 4, 1), mark(0, 5, 2), mark(3, 9, 3), mark(0, 6, 4), mark(0, 7, 5)])
    admit(order, 0, 5, 6)
    assert ready(order) == ["=0:4", "0:5", "=3:9", "0:6", "=0:7"]


def test_a_story_that_is_not_replayed_is_primed_by_the_live_decision_on_it() -> None:
    order = Order({0: Stretch(0, 0, 2)}, [0], [0])
    order.follow(0, [mark(0, 0, 1), mark(0, 1, 2)])
    admit(order, 0, 0, emit=False)
    admit(order, 0, 1)
    assert ready(order) == ["=0:0", "0:1"]


def test_a_story_that_the_live_run_did_not_have_comes_before_the_next_of_its_partition() -> None:
    order = Order({0: Stretch(0, 0, 3), 1: Stretch(0, 0, 1)}, [0], [0])
    order.follow(0, [mark(0, 0, 1), mark(1, 0, 2), mark(0, 2, 3)])
    admit(order, 0, 0, 1, 2)
    admit(order, 1, 0)
    assert ready(order) == ["0:0", "1:0", "0:1", "0:2"]


def test_a_story_that_is_no_longer_one_leaves_nothing_behind() -> None:
    order = Order({0: Stretch(0, 0, 2)}, [0], [0])
    order.follow(0, [mark(0, 0, 1), mark(0, 1, 2)])
    order.admit(0, [(story(0, 1), 0, True)], time=None, read=2)
    assert ready(order) == ["0:1"]


def test_behind_the_ledger_stories_come_by_time() -> None:
    order = Order({0: Stretch(0, 0, 2), 1: Stretch(0, 0, 2)}, [0], [0])
    order.follow(0, [mark(0, 0, 1)])
    order.end(0)
    admit(order, 0, 0, time=100)
    assert ready(order) == ["0:0"]
    admit(order, 0, 1, time=300)
    admit(order, 1, 0, time=200)
    admit(order, 1, 1, time=250)
    assert ready(order) == ["1:0", "1:1", "0:1"]


def test_by_time_nothing_is_given_that_an_unread_partition_could_come_before() -> None:
    order = Order({0: Stretch(0, 0, 1), 1: Stretch(0, 0, 2)}, [0], [])
    admit(order, 0, 0, time=200)
    assert ready(order) == []
    assert order.wants() == ("stories", 1)
    admit(order, 1, 0, time=100)
    assert ready(order) == ["1:0"]
    admit(order, 1, 1, time=300)
    assert ready(order) == ["0:0", "1:1"]
    assert order.wants() is None


def test_a_partition_without_records_left_holds_nothing_up() -> None:
    order = Order({0: Stretch(0, 0, 1), 1: Stretch(4, 4, 9)}, [0], [])
    admit(order, 0, 0, time=200)
    order.admit(1, [], time=None, read=9)
    assert ready(order) == ["0:0"]


def test_what_waits_is_read_again_on_resumption_and_what_was_given_is_not() -> None:
    order = Order({0: Stretch(0, 0, 4)}, [0, 1], [0, 1])
    order.follow(0, [mark(0, 0, 7)])
    order.admit(
        0, [(story(0, 0), 0, True), (story(0, 1), 1, True), (story(0, 2), 0, True)], time=None, read=3
    )
    assert order.resume_at(0) == 0
    assert ready(order) == ["0:0"]
    assert order.resume_at(0) == 1
    assert (order.followed_to(0), order.followed_to(1)) == (8, None)


def test_a_kill_waits_in_each_shard_for_its_own_turn() -> None:
    order = Order({0: Stretch(0, 0, 2)}, [0, 1], [0, 1])
    order.admit(0, [(story(0, 0), 1, True), (story(0, 1), 0, True), (story(0, 1), 1, True)], time=1, read=2)
    order.follow(0, [mark(0, 1, 5)])
    order.follow(1, [mark(0, 1, 7), mark(0, 0, 8)])
    steps = list(order.ready())
    assert [(step.shard, step.story and step.story.id) for step in steps] == [
        (0, "0:1"),
        (1, "0:0"),
        (1, "0:1"),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_however_it_is_read_every_story_comes_once_and_in_live_order(seed: int) -> None:
    rng = random.Random(seed)
    lengths = {partition: rng.randint(0, 12) for partition in range(3)}
    left = {partition: list(range(length)) for partition, length in lengths.items()}
    live = []
    while any(left.values()):
        partition = rng.choice([p for p, offsets in left.items() if offsets])
        live.append((partition, left[partition].pop(0)))
    order = Order({p: Stretch(0, 0, length) for p, length in lengths.items()}, [0], [0])
    marks = [mark(partition, position, offset) for offset, (partition, position) in enumerate(live)]
    read = dict.fromkeys(lengths, 0)
    given: list[str] = []
    while True:
        given += ready(order)
        wanted = order.wants()
        if wanted is None:
            break
        what, number = wanted
        count = rng.randint(1, 4)
        if what == "ledger" and marks:
            order.follow(0, marks[:count])
            del marks[:count]
        elif what == "ledger":
            order.end(0)
        else:
            upto = min(read[number] + count, lengths[number])
            admit(order, number, *range(read[number], upto), time=read[number])
            read[number] = upto
    assert given == [f"{partition}:{position}" for partition, position in live]
