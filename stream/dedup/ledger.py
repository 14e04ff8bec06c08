"""What the ledger keeps of one decision: enough to remember the story as the live run did.

A story whose text stands for its cluster carries that text (`stream.dedup.text`); a plain copy is only known
by its ids. The state after a restore is the live state because there is one way into it: `Deduplicator`
applies this record after each decision, and the same record again when it reads the ledger.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from stream.dedup.text import end_of

_FORMAT = 3
_HEAD = struct.Struct("<BBqQQQ16s16s16sIHBII")
_OWN, _TEXT, _MATCHED = 1, 2, 4
# The standing takes the bits above these.
_STANDING = 3
_ID = 16


# What a story may not be to its item and to its cluster: flags, as plain numbers because every decision asks.
KILL: Final = 1
"""It takes the item back: it has no text, and is never an original."""
LATE: Final = 2
"""A version that was replaced before it came: it has no text, and is never an original."""
ASIDE: Final = 4
"""Not what its item is now: late, a repeat, or taken back before it came."""


class Entry(NamedTuple):
    """One story as the ledger knows it. Ids are 16 bytes; `feed` is the name of its feed; `matched` is None
    for a story that opened its cluster; `inside` are the stories that stand in it or it in them; `text` is
    None when nothing of the text is kept, else the data of a `Text`, which has no sketch when the story
    stands for no cluster. `standing` are flags, `life` is what the story says of its own life, `fate` what
    was decided on it (`stream.lifecycle`)."""

    id: bytes
    time: int
    own: bool
    uri: int
    content: int
    version: int
    cluster: bytes
    matched: bytes | None
    length: int
    feed: str
    text: bytes | None
    standing: int = 0
    inside: tuple[bytes, ...] = ()
    life: bytes = b""
    fate: bytes = b""

    def to_bytes(self) -> bytes:
        """The entry as it stands in the ledger."""
        flags = (
            (_OWN if self.own else 0)
            | (_TEXT if self.text is not None else 0)
            | (_MATCHED if self.matched is not None else 0)
            | self.standing << _STANDING
        )
        feed = self.feed.encode()
        head = _HEAD.pack(
            _FORMAT,
            flags,
            self.time,
            self.uri,
            self.content,
            self.version,
            self.id,
            self.cluster,
            self.matched or bytes(_ID),
            self.length,
            len(feed),
            len(self.inside),
            len(self.life),
            len(self.fate),
        )
        return b"".join((head, feed, *self.inside, self.life, self.fate, self.text or b""))

    @staticmethod
    def cluster_and_life(data: bytes) -> tuple[bytes, bytes]:
        """The two fields of an entry that tell whether the rest must be read for an embargo."""
        *_, cluster, _, _, named, linked, lived, _ = _HEAD.unpack_from(data)
        start = _HEAD.size + named + _ID * linked
        return cluster, data[start : start + lived]

    @classmethod
    def from_bytes(cls, data: bytes) -> Entry:
        """Read an entry. Raises ValueError when `data` is none of a known format."""
        if not data or data[0] != _FORMAT:
            raise ValueError(f"not a ledger entry of format {_FORMAT}: {data[:1]!r}")
        try:
            _, flags, time, uri, content, version, identity, cluster, matched, length, *sizes = (
                _HEAD.unpack_from(data)
            )
            named, linked, lived, fated = sizes
            links = _HEAD.size + named
            told = links + _ID * linked
            decided = told + lived
            end = decided + fated
            if end > len(data):
                raise ValueError(f"{end - len(data)} bytes are missing")
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
                feed=data[_HEAD.size : links].decode(),
                text=data[end : end_of(data, end)] if flags & _TEXT else None,
                standing=flags >> _STANDING,
                inside=tuple([data[at : at + _ID] for at in range(links, told, _ID)]) if linked else (),
                life=data[told:decided],
                fate=data[decided:end],
            )
        except (struct.error, ValueError) as error:
            raise ValueError(f"a ledger entry of {len(data)} bytes breaks off: {error}") from error
