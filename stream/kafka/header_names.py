r"""Header names that are no UTF-8.

Kafka's protocol says that header names are UTF-8, and no broker looks; a client in C sends what it is given.
aiokafka and kafka-python raise at such a name while they unpack a batch, within their fetchers: nothing
behind that one record would be read again, restart after restart. Here the batch is unpacked once more by
the library's own reader in Python, with the bytes of the name spelled out (`\xff`), so that the record is one
like any other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record import MemoryRecords
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy
from kafka.record import default_records, memory_records

# A batch begins with its first offset (8 bytes) and the length of the rest.
_LENGTH = struct.Struct(">8xi")


def accept_any() -> None:
    """For all consumers that this process makes, of either library. Their fetchers have no other seam."""
    fetcher.MemoryRecords = AnyNames
    memory_records.DefaultRecordBatch = AnyNamesInPython


class AnyNames:
    """What one fetch of a partition returned, in the place of aiokafka's `MemoryRecords`."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._records = MemoryRecords(data)
        self._start = 0

    def size_in_bytes(self) -> int:
        return int(self._records.size_in_bytes())

    def has_next(self) -> bool:
        return bool(self._records.has_next())

    def next_batch(self) -> Any:
        batch = self._records.next_batch()
        (length,) = _LENGTH.unpack_from(self._data, self._start)
        end = self._start + _LENGTH.size + length
        piece, self._start = self._data[self._start : end], end
        # Formats before the second have no headers.
        return _Batch(batch, piece) if isinstance(batch, DefaultRecordBatch) else batch


class _Batch:
    """aiokafka's batch, but for its records."""

    def __init__(self, batch: Any, piece: memoryview) -> None:
        self._batch = batch
        self._piece = piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        read = 0
        try:
            for record in self._batch:
                read += 1
                yield record
        # The reader in Python tells both faults as one; a batch that is corrupt is so for either.
        except (UnicodeDecodeError, CorruptRecordException):
            yield from islice(_spelled_out(self._piece), read, None)


class AnyNamesInPython(default_records.DefaultRecordBatch):  # type: ignore[misc]
    """In the place of kafka-python's batch, whose reader moves on only when it has read a record whole."""

    def _read_msg(self) -> Any:
        try:
            return super()._read_msg()
        except UnicodeDecodeError:
            # For the rest of the batch: where one name is like that, others are.
            self._buffer: Any = _Buffer(self._buffer)
            return super()._read_msg()


def _spelled_out(piece: memoryview) -> Iterator[Any]:
    batch = _DefaultRecordBatchPy(piece)
    # Uncompressed once it is iterated. All that it decodes are header names.
    records = iter(batch)
    batch._buffer = _Buffer(batch._buffer)
    yield from records


class _Buffer(bytearray):
    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return _Buffer(found) if isinstance(at, slice) else found

    def decode(self, encoding: str = "utf-8", _: str = "strict") -> str:
        return super().decode(encoding, "backslashreplace")
