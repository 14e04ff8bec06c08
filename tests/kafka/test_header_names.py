"""Records whose header names are no UTF-8, as clients in C may send them."""

from __future__ import annotations

from typing import Any

import pytest
from aiokafka.errors import CorruptRecordException
from aiokafka.record import MemoryRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder, _DefaultRecordBatchBuilderPy
from kafka.record import MemoryRecords as PythonRecords

from stream.kafka.header_names import AnyNames, accept_any

NONE, GZIP, ZSTD = 0, 1, 4


class Raw(str):
    """A header name that is these bytes on the wire."""

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:  # noqa: ARG002
        return self.removeprefix("raw:").encode("latin-1")


def batch(
    first: int, *names: str, compression: int = NONE, builder: Any = _DefaultRecordBatchBuilderPy
) -> bytes:
    """A record for each name, from offset `first`."""
    built = builder(
        magic=2,
        compression_type=compression,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=100_000,
    )
    for number, name in enumerate(names):
        built.append(number, 1_772_323_200_000, b"key", b"value %d" % number, [(name, b"x"), ("last", None)])
    data = bytearray(built.build())
    data[:8] = first.to_bytes(8, "big")
    return bytes(data)


def read(data: bytes) -> list[tuple[int, bytes, list[tuple[str, bytes | None]]]]:
    records = AnyNames(data)
    assert records.size_in_bytes() == len(data)
    found = []
    while records.has_next():
        one = records.next_batch()
        assert one.validate_crc()
        found += [(record.offset, record.value, list(record.headers)) for record in one]
        assert one.next_offset == found[-1][0] + 1
    return found


@pytest.mark.parametrize("compression", [NONE, GZIP, ZSTD])
def test_a_name_of_other_bytes_is_spelled_out_and_its_neighbours_are_as_they_came(compression: int) -> None:
    data = batch(7, "feed", Raw("raw:\xff\xfe"), "café", Raw("raw:a\x80"), compression=compression)
    rest = batch(11, "feed")
    assert [(offset, headers[0][0]) for offset, _, headers in read(data + rest)] == [
        (7, "feed"),
        (8, "\\xff\\xfe"),
        (9, "café"),
        (10, "a\\x80"),
        (11, "feed"),
    ]
    assert [value for _, value, _ in read(data)] == [b"value %d" % number for number in range(4)]
    assert {headers[1] for _, _, headers in read(data)} == {("last", None)}


@pytest.mark.parametrize("compression", [NONE, GZIP, ZSTD])
def test_so_is_it_for_consumers_of_kafka_python(compression: int) -> None:
    accept_any()
    data = batch(7, "feed", Raw("raw:\xff\xfe"), "café", Raw("raw:a\x80"), compression=compression)
    records = PythonRecords(data)
    found = list(records.next_batch())
    assert [(record.offset, record.headers[0][0], record.value) for record in found] == [
        (7, "feed", b"value 0"),
        (8, "\\xff\\xfe", b"value 1"),
        (9, "café", b"value 2"),
        (10, "a\\x80", b"value 3"),
    ]
    assert {record.headers[1] for record in found} == {("last", None)}


def test_what_aiokafka_reads_is_read_the_same() -> None:
    data = batch(0, "feed", "traceparent", compression=ZSTD, builder=DefaultRecordBatchBuilder)
    theirs = [(r.offset, r.value, list(r.headers)) for r in MemoryRecords(data).next_batch()]
    assert read(data) == theirs


def test_a_corrupt_batch_stays_corrupt() -> None:
    data = bytearray(batch(0, "feed", "feed"))
    # Where the first record says how long it is.
    data[61] ^= 0x04
    records = AnyNames(bytes(data))
    one = records.next_batch()
    assert not one.validate_crc()
    with pytest.raises(CorruptRecordException):
        list(one)


def test_what_breaks_off_is_left_for_the_next_fetch() -> None:
    whole = batch(0, "feed")
    records = AnyNames(whole + batch(1, "feed")[:40])
    records.next_batch()
    assert not records.has_next()
