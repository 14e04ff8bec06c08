from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from stream.kafka.batches import SliceConsumer, batching, due_partitions, slices


def record(offset: int, size: int = 10, partition: int = 0) -> Any:
    return SimpleNamespace(
        topic="t", partition=partition, offset=offset, timestamp=0, timestamp_type=0, value=b"x" * size
    )


@given(st.lists(st.integers(0, 50)), st.integers(1, 10), st.integers(1, 100))
def test_slices_keep_every_record_in_order_and_stay_within_their_bounds(
    sizes: list[int], most: int, most_bytes: int
) -> None:
    records = [record(offset, size) for offset, size in enumerate(sizes)]
    found = list(slices(records, most, most_bytes))
    assert [r for piece in found for r in piece.value] == records
    for piece in found:
        assert 1 <= len(piece.value) <= most
        assert len(piece.value) == 1 or sum(len(r.value) for r in piece.value) <= most_bytes


def test_a_slice_has_the_offset_of_its_last_record_so_that_its_ack_commits_all() -> None:
    (piece,) = slices([record(7), record(9)], 10, 1000)
    assert (piece.topic, piece.partition, piece.offset) == ("t", 0, 9)


def test_a_record_without_a_value_counts_as_empty() -> None:
    tombstone = record(0)
    tombstone.value = None
    (piece,) = slices([tombstone, record(1)], 10, 1000)
    assert len(piece.value) == 2


def test_partitions_take_turns() -> None:
    records = {TP("t", p): [record(o, partition=p) for o in range(4)] for p in (0, 1)}
    order = [(tp.partition, piece.offset) for tp, piece in batching(2)().iterate(records)]
    assert order == [(0, 1), (1, 1), (0, 3), (1, 3)]


def test_a_partition_without_records_yields_nothing() -> None:
    assert list(batching(2)().iterate({TP("t", 0): []})) == []


async def test_a_partition_without_a_commit_begins_anew_whatever_was_noted_of_it() -> None:
    committed, never = TP("t", 0), TP("t", 1)
    rewound: list[TP] = []

    class Thread:
        async def seek_to_committed(self) -> dict[TP, int | None]:
            return {committed: 7, never: None}

        async def seek_to_beginning(self, *partitions: TP) -> None:
            rewound.extend(partitions)

    consumer: Any = SliceConsumer.__new__(SliceConsumer)
    consumer._thread = Thread()
    # As after a commit that the broker refused.
    consumer._committed_offset = {committed: 7, never: 516}
    await consumer.seek_to_committed()
    assert rewound == [never]
    assert consumer._committed_offset == {committed: 7, never: None}


STORIES, ANNOTATED = "stories", "annotated"
ORDER = (ANNOTATED, STORIES)


def waiting(topic_name: str, partition: int, records: int) -> Any:
    return SimpleNamespace(topic=topic_name, tp=TP(topic_name, partition), value=[None] * records)


def test_the_topic_nearest_to_the_output_is_due_first() -> None:
    active = {TP(STORIES, 0), TP(STORIES, 1), TP(ANNOTATED, 3)}
    assert due_partitions(active, [], ORDER, 500) == [{TP(ANNOTATED, 3)}, {TP(STORIES, 0), TP(STORIES, 1)}]


def test_a_partition_with_a_slice_behind_the_one_in_work_is_passed_over() -> None:
    active = {TP(STORIES, 0), TP(STORIES, 1)}
    busy = [waiting(STORIES, 0, 3), waiting(STORIES, 0, 2), waiting(STORIES, 1, 7)]
    assert due_partitions(active, busy, ORDER, 500) == [{TP(STORIES, 1)}]


def test_a_topic_with_enough_waiting_holds_back_what_lies_behind_it_but_nothing_before_it() -> None:
    active = {TP(STORIES, 0), TP(ANNOTATED, 0), TP(ANNOTATED, 1)}
    assert due_partitions(active, [waiting(ANNOTATED, 0, 500)], ORDER, 500) == []
    assert due_partitions(active, [waiting(STORIES, 0, 500)], ORDER, 500) == [
        {TP(ANNOTATED, 0), TP(ANNOTATED, 1)}
    ]


class Broker:
    """What waits in each topic, polled as the consumer's thread does."""

    def __init__(self, **records: int) -> None:
        self.records = records
        self.polled: list[tuple[str, ...]] = []

    async def getmany(self, partitions: set[TP], timeout: float) -> dict[TP, list[Any]]:  # noqa: ARG002
        names = sorted({tp.topic for tp in partitions})
        self.polled.append(tuple(names))
        return {TP(name, 0): [record(0)] for name in names if self.records.get(name)}


def consumer_of(broker: Broker, *delivered: Any) -> Any:
    consumer: Any = SliceConsumer.__new__(SliceConsumer)
    consumer._thread = broker
    consumer.transport = SimpleNamespace(order=ORDER, waiting_records=500)
    consumer.app = SimpleNamespace(consumer_generation_id=2)
    consumer._delivered = list(delivered)
    return consumer


BOTH = {TP(STORIES, 0), TP(ANNOTATED, 0)}


async def test_a_backlog_of_stories_does_not_keep_what_is_annotated_waiting() -> None:
    broker = Broker(stories=1_000_000, annotated=1)
    assert set(await consumer_of(broker)._getmany(BOTH, 1.0)) == {TP(ANNOTATED, 0)}


async def test_stories_are_read_as_soon_as_nothing_annotated_waits() -> None:
    broker = Broker(stories=1, annotated=0)
    assert set(await consumer_of(broker)._getmany(BOTH, 1.0)) == {TP(STORIES, 0)}


@pytest.mark.parametrize(("acked", "generation"), [(True, 2), (False, 1)])
async def test_slices_that_are_finished_or_of_an_earlier_assignment_hold_nothing_back(
    acked: bool, generation: int
) -> None:
    broker = Broker(stories=1)
    old = waiting(ANNOTATED, 0, 500)
    old.acked, old.generation_id = acked, generation
    await consumer_of(broker, old)._getmany(BOTH, 1.0)
    assert broker.polled == [(ANNOTATED,), (ANNOTATED, STORIES)]


async def test_nothing_is_polled_while_the_last_stage_has_enough_to_do() -> None:
    broker = Broker(stories=1, annotated=1)
    full = waiting(ANNOTATED, 0, 500)
    full.acked, full.generation_id = False, 2
    assert await consumer_of(broker, full)._getmany(BOTH, 1.0) == {}
    assert broker.polled == []
