from types import SimpleNamespace
from typing import Any

from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from stream.kafka.batches import SliceConsumer, batching, slices


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
