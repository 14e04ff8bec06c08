"""What the ledger keeps of one decision: enough to remember the story as the live run did.

A story whose text stands for its cluster carries that text (`stream.dedup.text`); a plain copy is only known
by its ids. The state after a restore is the live state because there is one way into it: `Deduplicator`
applies this record after each decision, and the same record again when it reads the ledger.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from stream.dedup.text import end_of

_FORMAT = 3
_HEAD = struct.Struct("<BBqQQQ16s16s16sI")
_OWN, _REPRESENTS, _MATCHED = 1, 2, 4


class Entry(NamedTuple):
    """One story as the ledger knows it. Ids are 16 bytes; `matched` is None for a story that opened its
    cluster; `text` is None when the story stands for no cluster, else the data of a `Text`."""

    id: bytes
    time: int
    own: bool
    uri: int
    content: int
    version: int
    cluster: bytes
    matched: bytes | None
    length: int
    text: bytes | None

    def to_bytes(self) -> bytes:
        """The entry as it stands in the ledger."""
        flags = (
            (_OWN if self.own else 0)
            | (_REPRESENTS if self.text is not None else 0)
            | (_MATCHED if self.matched is not None else 0)
        )
        head = _HEAD.pack(
            _FORMAT,
            flags,
            self.time,
            self.uri,
            self.content,
            self.version,
            self.id,
            self.cluster,
            self.matched or bytes(16),
            self.length,
        )
        return head if self.text is None else head + self.text

    @classmethod
    def from_bytes(cls, data: bytes) -> Entry:
        """Read an entry. Raises ValueError when `data` is none of a known format."""
        if not data or data[0] != _FORMAT:
            raise ValueError(f"not a ledger entry of format {_FORMAT}: {data[:1]!r}")
        try:
            _, flags, time, uri, content, version, identity, cluster, matched, length = _HEAD.unpack_from(
                data
            )
            text = None
            if flags & _REPRESENTS:
                text = data[_HEAD.size : end_of(data, _HEAD.size)]
        except (struct.error, ValueError) as error:
            raise ValueError(f"a ledger entry of {len(data)} bytes breaks off: {error}") from error
        return cls(
            id=identity,
            time=time,
            own=bool(flags & _OWN),
            uri=uri,
            content=content,
            version=version,
            cluster=cluster,
            matched=matched if flags & _MATCHED else None,
            length=length,
            text=text,
        )
