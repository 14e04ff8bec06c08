"""Records over which the program raises: found, told, counted."""

from __future__ import annotations

import pickle

import pytest

from stream.annotate import Annotator, Outcome
from stream.codec import from_timestamp_ms
from stream.errors import Reason
from stream.faults import Fault, FaultLimitError, FaultRuns
from stream.model import Origin, Record
from stream.settings import Settings
from tests.scenarios.stories import unique_stories

FAULT = Fault.of(ValueError("no number: 'Two ministers'"))


def place(offset: int, partition: int = 0) -> Origin:
    return Origin("wire.stories", partition, offset)


def test_a_fault_says_what_was_raised_where() -> None:
    try:
        _ = int("Two ministers")
    except ValueError as error:
        fault = Fault.of(error)
    assert fault.reason is Reason.INTERNAL_FAULT
    assert fault.kind == "builtins.ValueError"
    assert "Two ministers" in fault.said
    assert "test_faults.py" in fault.trace
    assert fault.detail == f"ValueError: {fault.said}"


def test_a_fault_crosses_processes() -> None:
    again = pickle.loads(pickle.dumps(FAULT))
    assert (again.kind, again.said, again.trace) == (FAULT.kind, FAULT.said, FAULT.trace)
    assert again.reason is Reason.INTERNAL_FAULT


def test_so_many_in_a_row_of_one_partition_are_too_many() -> None:
    runs = FaultRuns(3)
    for offset in (5, 6):
        runs.note(place(offset), FAULT)
        runs.note(place(offset, partition=1), FAULT)
    with pytest.raises(FaultLimitError, match=r"3 records in a row.*partition 0 offset 7") as raised:
        runs.note(place(7), FAULT)
    assert isinstance(raised.value.__cause__, ValueError)
    assert "ministers" not in str(raised.value)


def test_a_record_that_passes_ends_a_run_and_so_does_another_offset() -> None:
    runs = FaultRuns(3)
    for start in (0, 10, 20):
        runs.note(place(start), FAULT)
        runs.note(place(start + 1), FAULT)
    runs.note(place(22), None)
    # Read once more, and now it fails: a run of its own.
    runs.note(place(22), FAULT)
    runs.note(place(23), FAULT)
    with pytest.raises(FaultLimitError):
        runs.note(place(24), FAULT)


def test_a_run_is_taken_up_from_the_letters_where_it_goes_on_and_nowhere_else() -> None:
    letters = [place(6), place(5), place(6), place(9, partition=1)]
    runs = FaultRuns(3)
    runs.resume(letters)
    # It was a run of two, and many records passed since.
    runs.note(place(1_000), FAULT)
    with pytest.raises(FaultLimitError):
        runs.note(place(7), FAULT)
    # Letters of a batch that was sent and not committed are read again.
    again = FaultRuns(3)
    again.resume(letters)
    again.note(place(5), FAULT)
    again.note(place(6), FAULT)


class Mistaken(Annotator):
    """Raises over records that hold `poison`, and `Machine` over those that hold `memory`."""

    def _read(self, record: Record, default_feed: str | None):  # type: ignore[no-untyped-def]
        if record.value is not None and b"poison" in record.value:
            raise KeyError(record.value)
        if record.value is not None and b"memory" in record.value:
            raise MemoryError
        return super()._read(record, default_feed)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Mistaken(Settings())


def outcomes(annotator: Annotator, *values: bytes) -> list[Outcome]:
    now = from_timestamp_ms(1_772_323_200_000)
    return annotator.annotate([Record(value, now, place(number)) for number, value in enumerate(values)])


def test_the_record_over_which_the_program_raises_is_found_and_the_others_pass(annotator: Annotator) -> None:
    first, second = unique_stories(2)
    before = outcomes(annotator, first, second)
    good, bad, empty, other = outcomes(annotator, first, b"poison", b"", second)
    assert [good.stories[0].event, other.stories[0].id] == [
        before[0].stories[0].event,
        before[1].stories[0].id,
    ]
    assert isinstance(bad.rejected, Fault)
    assert isinstance(bad.rejected.__cause__, KeyError)
    assert empty.rejected is not None
    assert empty.rejected.reason is Reason.EMPTY


def test_what_the_machine_lacks_is_no_records_fault(annotator: Annotator) -> None:
    with pytest.raises(MemoryError):
        outcomes(annotator, b"poison", b"memory")
