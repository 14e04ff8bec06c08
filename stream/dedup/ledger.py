"""What the ledger keeps of one decision: enough to remember the story as the live run did.

A story whose text stands for its cluster carries that text (its sketch, word bitmap, headline words and
numbers); a plain copy is only known by its ids. The state after a restore is the live state because there
is one way into it: `Deduplicator` applies this record after each decision, and the same record again when
it reads the ledger.
"""

from __future__ import annotations

import struct
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from stream.dedup.card import Card
from stream.dedup.sketch import Sketch, Words
from stream.dedup.wordset import Bitmap, bitmap

_FORMAT = 3
_HEAD = struct.Struct("<BBqQQQ16s16s16sIHH")
_TEXT = struct.Struct("<IHHBBB")
_OWN, _REPRESENTS, _MATCHED = 1, 2, 4


class Text(NamedTuple):
    """A text as it is remembered."""

    length: int
    feed: int
    sketch: Sketch
    words: Bitmap
    subjects: Words
    headline: Words
    numbers: Words
    slots: Words

    @classmethod
    def of(cls, card: Card) -> Text:
        """What is remembered of a story's text."""
        return cls(
            card.length,
            card.feed,
            card.sketch,
            bitmap(card.words),
            card.subjects,
            card.headline,
            card.numbers,
            card.slots,
        )


class Entry(NamedTuple):
    """One story as the ledger knows it. Ids are 16 bytes; `feed` is the name of its feed, `life` what the
    story says of its own life; `matched` is None for a story that opened its cluster; `text` is None when
    the story stands for no cluster."""

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
    life: bytes
    text: Text | None

    def to_bytes(self) -> bytes:
        """The entry as it stands in the ledger."""
        flags = (
            (_OWN if self.own else 0)
            | (_REPRESENTS if self.text is not None else 0)
            | (_MATCHED if self.matched is not None else 0)
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
            self.matched or bytes(16),
            self.length,
            len(feed),
            len(self.life),
        )
        if self.text is None:
            return b"".join((head, feed, self.life))
        parts = (
            self.text.sketch,
            self.text.words,
            self.text.subjects,
            self.text.headline,
            self.text.numbers,
        )
        values = np.concatenate((*parts, self.text.slots)).astype("<u4")
        return b"".join(
            (head, feed, self.life, _TEXT.pack(self.text.feed, *map(len, parts)), values.tobytes())
        )

    @staticmethod
    def cluster_and_life(data: bytes) -> tuple[bytes, bytes]:
        """The two fields of an entry that tell whether the rest must be read for an embargo."""
        *_, cluster, _, _, named, lived = _HEAD.unpack_from(data)
        return cluster, data[_HEAD.size + named : _HEAD.size + named + lived]

    @classmethod
    def from_bytes(cls, data: bytes) -> Entry:
        """Read an entry. Raises ValueError when `data` is none of a known format."""
        if not data or data[0] != _FORMAT:
            raise ValueError(f"not a ledger entry of format {_FORMAT}: {data[:1]!r}")
        try:
            _, flags, time, uri, content, version, identity, cluster, matched, length, named, lived = (
                _HEAD.unpack_from(data)
            )
            at = _HEAD.size + named + lived
            feed = data[_HEAD.size : _HEAD.size + named].decode()
            life = data[_HEAD.size + named : at]
            if len(data) < at:
                raise ValueError("it ends within what it says of its life")
            text = None
            if flags & _REPRESENTS:
                feed_hash, *lengths, numbered = _TEXT.unpack_from(data, at)
                ends = list(accumulate((*lengths, numbered, numbered)))
                values = np.frombuffer(data, "<u4", ends[-1], at + _TEXT.size)
                starts = (0, *ends)
                text = Text(length, feed_hash, *(values[a:b] for a, b in zip(starts, ends, strict=False)))
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
            feed=feed,
            life=life,
            text=text,
        )
