"""A text as it is compared and remembered: a few hundred bytes, the same in a card, the ledger and memory."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stream.dedup.sketch import Sketch, Words
from stream.dedup.wordset import Bitmap

_HEAD = struct.Struct("<IHHBBBB")


class Text(NamedTuple):
    """The parts of a text stand one after another in `values`, and `ends` says where each ends: sketch, word
    bitmap, repeated words, headline words, numbers, their slots and countries (see `stream.dedup.card`)."""

    length: int
    """Tokens."""
    feed: int
    """32-bit hash of the feed's name."""
    ends: tuple[int, ...]
    values: Sketch
    sketch: Sketch
    data: bytes
    """All of it but the length, which whoever keeps a text keeps beside it: as `read` reads it."""

    @classmethod
    def of(cls, length: int, feed: int, parts: Sequence[Sketch]) -> Text:
        """The text made of these seven parts."""
        head = _HEAD.pack(feed, *map(len, parts[:5]), len(parts[6]))
        return cls.read(length, head + np.concatenate(parts).astype("<u4", copy=False).tobytes())

    @classmethod
    def read(cls, length: int, data: bytes | array[int], start: int = 0) -> Text:
        """The text of `length` tokens whose data stand in `data` at `start`, copied. Raises ValueError or
        struct.error when they break off."""
        feed, sketched, worded, repeated, headed, numbered, placed = _HEAD.unpack_from(data, start)
        subjects = sketched + worded
        headline = subjects + repeated
        numbers = headline + headed
        slots = numbers + numbered
        countries = slots + numbered
        ends = (sketched, subjects, headline, numbers, slots, countries, countries + placed)
        data = bytes(data[start : start + _HEAD.size + 4 * ends[-1]])
        values = np.frombuffer(data, "<u4", ends[-1], _HEAD.size)
        return cls(length, feed, ends, values, values[:sketched], data)

    @property
    def words(self) -> Bitmap:
        return self.values[self.ends[0] : self.ends[1]]

    @property
    def names(self) -> Words:
        """The repeated words, then those of the headline."""
        return self.values[self.ends[1] : self.ends[3]]

    @property
    def subjects(self) -> Words:
        return self.values[self.ends[1] : self.ends[2]]

    @property
    def headline(self) -> Words:
        return self.values[self.ends[2] : self.ends[3]]

    @property
    def numbers(self) -> Words:
        return self.values[self.ends[3] : self.ends[4]]

    @property
    def slots(self) -> Words:
        return self.values[self.ends[4] : self.ends[5]]

    @property
    def countries(self) -> Words:
        return self.values[self.ends[5] :]


def words_alone(data: bytes) -> bytes:
    """The data of the same text with nothing but its words and numbers: enough to see what it says, too
    little to be found by."""
    feed, sketched, worded, repeated, headed, numbered, _ = _HEAD.unpack_from(data)
    words = _HEAD.size + 4 * sketched
    names = words + 4 * worded
    numbers = names + 4 * (repeated + headed)
    countries = numbers + 8 * numbered
    head = _HEAD.pack(feed, 0, worded, 0, 0, numbered, 0)
    return head + data[words:names] + data[numbers:countries]


def sketch_at(data: bytes | array[int], start: int = 0) -> Sketch:
    """The sketch alone of the text that stands in `data` at `start`, copied."""
    _, sketched, *_ = _HEAD.unpack_from(data, start)
    start += _HEAD.size
    return np.frombuffer(data[start : start + 4 * sketched], "<u4", sketched)


def end_of(data: bytes, start: int) -> int:
    """Where the text that stands in `data` at `start` ends. Raises ValueError when it is not all there."""
    _, *counts, numbered, placed = _HEAD.unpack_from(data, start)
    end: int = start + _HEAD.size + 4 * (sum(counts) + 2 * numbered + placed)
    if end > len(data):
        raise ValueError(f"{end - len(data)} bytes are missing")
    return end
