"""The stories of the window, in plain arrays: 61 bytes a story, 45 a cluster, and the text of those stories
that stand for their cluster. The tables that find them come on top.

Stories are rows, numbered from 1 in order of arrival and never renumbered. They leave in that order: the
oldest arrival goes once its event time has left the window. A late story stays until its turn, so the
window between two texts is checked when they are compared. Clusters are numbered likewise and leave with
the last row that belongs to them.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from stream.dedup.feeds import Feeds
from stream.dedup.index import Index
from stream.dedup.keys import KeyTable
from stream.dedup.ledger import ASIDE, KILL, LATE, Entry
from stream.dedup.sketch import Sketch
from stream.dedup.text import Text, sketch_at, words_alone

# The front of the arrays is given back when one element in eight there is dead: each element then moves
# about eight times in its life, and memory is at most that much above need.
_DEAD_SHARE = 8
_DEAD_LEAST = 1024
# How many rows behind a story from the future are looked at to see that the stream has moved on.
_PATIENCE = 256
# The time of a cluster's original before it has one: any text that comes is earlier.
_NEVER = (1 << 63) - 1

SPENT = 2
"""A mark of a row beside `KILL`: another row is what its item is now."""


_NOTHING = np.empty(0, dtype=np.uint32)


class Known(NamedTuple):
    """A cluster: its id and the id of the story held to be its original, that story's event time, and
    whether it is the agency's own copy; how many texts stand for the cluster."""

    id: bytes
    original: bytes
    time: int
    own: bool
    texts: int


class Memory:
    """Rows, clusters and the tables that find them. Times and `window` are milliseconds, ids 16 bytes."""

    def __init__(self, window: int, stories: int) -> None:
        self.window = window
        self.oldest = 1
        self.index = Index()
        self._stories = stories
        self._by_id = KeyTable()
        self._by_uri = KeyTable()
        self._by_content = KeyTable()
        self._first = 1
        self._ids = array("Q")
        self._times = array("q")
        self._contents = array("Q")
        self._versions = array("Q")
        self._lengths = array("I")
        self._clusters = array("I")
        self._feeds = Feeds()
        self._marks = array("B")
        # Pairs of rows of which one stands in the other.
        self._links = array("I")
        # Where a row's text starts in the arena; the text ends where the next row's starts.
        self._starts = array("Q")
        self._arena = array("B")
        self._arena_first = 0
        self._cluster_first = 1
        self._cluster_ids = array("Q")
        self._cluster_times = array("q")
        self._cluster_marks = array("B")
        self._cluster_last = array("I")

    def __len__(self) -> int:
        return self._first + len(self._times) - self.oldest

    @property
    def clusters(self) -> int:
        """Clusters that a remembered story belongs to."""
        return len(self._cluster_times)

    @property
    def size(self) -> int:
        """Memory held, tables and index included."""
        arrays = (value for value in vars(self).values() if isinstance(value, array))
        tables = (self._by_id, self._by_uri, self._by_content, self.index, self._feeds)
        return sum(len(a) * a.itemsize for a in arrays) + sum(table.size for table in tables)

    def times(self) -> tuple[int, int] | None:
        """The earliest and latest event time remembered, or None."""
        if not len(self):
            return None
        live = np.frombuffer(self._times, dtype=np.int64)[self.oldest - self._first :]
        return int(live.min()), int(live.max())

    def row_of_id(self, identity: bytes) -> int:
        """The row of a story, 0 when it is not remembered."""
        row = self._by_id.get(int.from_bytes(identity[:8], sys.byteorder), self.oldest)
        return row if row and self.id_of(row) == identity else 0

    def row_of_uri(self, uri: int) -> int:
        """The row that the item of this identity is now, or 0."""
        return self._by_uri.get(uri, self.oldest) if uri else 0

    def row_of_content(self, content: int) -> int:
        """The newest row with exactly this text, or 0."""
        return self._by_content.get(content, self.oldest)

    def id_of(self, row: int) -> bytes:
        """The story id of a remembered row."""
        return _id(self._ids, row - self._first)

    def time_of(self, row: int) -> int:
        """The event time of a remembered row."""
        return self._times[row - self._first]

    def content_of(self, row: int) -> int:
        """The content hash of a remembered row."""
        return self._contents[row - self._first]

    def version_of(self, row: int) -> int:
        """The item version of a remembered row."""
        return self._versions[row - self._first]

    def length_of(self, row: int) -> int:
        """The tokens in the text of a remembered row."""
        return self._lengths[row - self._first]

    def lengths_of(self, rows: Iterable[int]) -> list[int]:
        """The tokens in the text of each of these remembered rows."""
        lengths, first = self._lengths, self._first
        return [lengths[row - first] for row in rows]

    def feed_of(self, row: int) -> str:
        """The name of the feed that delivered a remembered row."""
        return self._feeds.name_at(row - self._first)

    def mark_of(self, row: int) -> int:
        """The marks of a remembered row."""
        return self._marks[row - self._first]

    def mark(self, row: int, mark: int) -> None:
        """Adds a mark to a remembered row."""
        self._marks[row - self._first] |= mark

    def members(self, cluster: int) -> list[int]:
        """The rows of a cluster by its number, ascending: a look at every row, 0.3 ms a million."""
        live = np.frombuffer(self._clusters, dtype=np.uint32)[self.oldest - self._first :]
        found: list[int] = (np.flatnonzero(live == cluster) + self.oldest).tolist()
        return found

    def rows_of_feed(self, feed: str) -> list[int]:
        """The remembered rows that a feed delivered, newest first."""
        rows = self._feeds.places_of(feed)[::-1] + self._first
        return [row for row in rows.tolist() if row >= self.oldest]

    def linked(self, cluster: int) -> list[tuple[int, int]]:
        """The remembered rows that stand in a text of a cluster or it in them, each with the row that it is
        linked to, in order of arrival."""
        pairs = np.frombuffer(self._links, dtype=np.uint32).reshape(-1, 2).tolist()
        live = [(a, b) for a, b in pairs if min(a, b) >= self.oldest]
        both = [pair for a, b in live for pair in ((a, b), (b, a))]
        return [(a, b) for a, b in both if self.cluster_number(b) == cluster != self.cluster_number(a)]

    def has_cluster(self, cluster: int) -> bool:
        """Whether a story of the cluster of this number may still be remembered."""
        return cluster >= self._cluster_first

    def cluster_number(self, row: int) -> int:
        """The number of the cluster that a remembered row belongs to."""
        return self._clusters[row - self._first]

    def cluster_of(self, row: int) -> Known:
        """The cluster that a remembered row belongs to."""
        at = self.cluster_number(row) - self._cluster_first
        mark = self._cluster_marks[at]
        return Known(
            _id(self._cluster_ids, 2 * at),
            _id(self._cluster_ids, 2 * at + 1),
            self._cluster_times[at],
            bool(mark & 1),
            mark >> 1,
        )

    def text_of(self, row: int) -> Text:
        """The text of a row, where it is kept, copied."""
        at = row - self._first
        return Text.read(self._lengths[at], self._arena, self._starts[at] - self._arena_first)

    def has_text(self, row: int) -> bool:
        """Whether anything of the text of a remembered row is kept, its words at least."""
        at = row - self._first
        stop = self._starts[at + 1] if at + 1 < len(self._starts) else self._arena_first + len(self._arena)
        return self._starts[at] < stop

    def remember(self, entry: Entry, now: int, texts: int, sketch: Sketch | None = None) -> int:
        """Add a story at the stream's time `now`, and let go of what has left the window; its row. Its text
        is kept to be found while fewer than `texts` stand for its cluster. `sketch` is that of the text,
        where it is at hand."""
        row = self._first + len(self._times)
        oldest = self.oldest
        text, standing = entry.text, entry.standing
        matched = self.row_of_id(entry.matched) if entry.matched is not None else 0
        if sketch is None:
            sketch = sketch_at(text) if text is not None else _NOTHING
        if text is not None and len(sketch) and matched and self.cluster_of(matched).texts >= texts:
            text, sketch = words_alone(text), _NOTHING
        cluster = self._join(entry, self.cluster_number(matched) if matched else 0, row, len(sketch) > 0)
        self._ids.frombytes(entry.id)
        self._times.append(entry.time)
        self._contents.append(entry.content)
        self._versions.append(entry.version)
        self._lengths.append(entry.length)
        self._clusters.append(cluster)
        self._feeds.append(entry.feed)
        self._starts.append(self._arena_first + len(self._arena))
        self._by_id.put(self._ids[-2], row, oldest)
        self._marks.append(standing & KILL)
        if not standing & KILL or len(sketch):
            self._by_content.put(entry.content, row, oldest)
        if entry.uri and not standing & ASIDE:
            self._by_uri.put(entry.uri, row, oldest)
        for identity in entry.inside:
            if other := self.row_of_id(identity):
                self._links.extend((row, other))
        if text is not None:
            self._arena.frombytes(text)
        if len(sketch):
            self.index.add(row, sketch, entry.length, oldest)
        self._evict(now)
        return row

    def _join(self, entry: Entry, cluster: int, row: int, represents: bool) -> int:
        if not cluster:
            cluster = self._cluster_first + len(self._cluster_times)
            self._cluster_ids.frombytes(entry.cluster + entry.id)
            is_kill = bool(entry.standing & KILL)
            self._cluster_times.append(_NEVER if is_kill else entry.time)
            self._cluster_marks.append((entry.own and not is_kill) | represents << 1)
            self._cluster_last.append(row)
            return cluster
        at = cluster - self._cluster_first
        self._cluster_last[at] = row
        known = self._cluster_marks[at]
        may_lead = not entry.standing & (KILL | LATE)
        if may_lead and outranks(entry.own, entry.time, bool(known & 1), self._cluster_times[at]):
            self._cluster_ids[4 * at + 2 : 4 * at + 4] = array("Q", entry.id)
            self._cluster_times[at] = entry.time
            known = known & ~1 | entry.own
        self._cluster_marks[at] = known + 2 * represents
        return cluster

    def _evict(self, now: int) -> None:
        horizon = now - self.window
        at, last = self.oldest - self._first, len(self._times) - 1
        times = self._times
        while at < last and (
            times[at] < horizon
            or last - at >= self._stories
            # A story dated into the future would hold up those behind it for ever.
            or (times[at] > now + self.window and times[min(at + _PATIENCE, last)] < horizon)
        ):
            at += 1
        self.oldest = self._first + at
        if at >= _DEAD_LEAST and at * _DEAD_SHARE >= len(times):
            self._compact(at)

    def _compact(self, rows: int) -> None:
        """Give back the first `rows` rows, their texts, and the clusters that nobody belongs to any more."""
        arena = self._starts[rows] - self._arena_first
        self.index.forget(arena / len(self._arena) if arena else 0.0)
        del self._ids[: 2 * rows], self._times[:rows], self._contents[:rows], self._versions[:rows]
        del self._lengths[:rows], self._clusters[:rows], self._starts[:rows], self._arena[:arena]
        self._feeds.forget(rows)
        del self._marks[:rows]
        pairs = np.frombuffer(self._links, dtype=np.uint32).reshape(-1, 2)
        self._links = array("I", pairs[pairs.min(axis=1) >= self._first + rows].tobytes())
        self._first += rows
        self._arena_first += arena
        dead = 0
        while dead < len(self._cluster_last) and self._cluster_last[dead] < self._first:
            dead += 1
        del self._cluster_ids[: 4 * dead], self._cluster_times[:dead]
        del self._cluster_marks[:dead], self._cluster_last[:dead]
        self._cluster_first += dead


def outranks(own: bool, time: int, other_own: bool, other_time: int) -> bool:
    """Whether a text is rather the original than another: the agency's own copy before any reprint, then
    the earlier by event time."""
    return own if own != other_own else time < other_time


def _id(halves: array[int], at: int) -> bytes:
    return halves[2 * at : 2 * at + 2].tobytes()
