"""Which files of a drop folder are complete.

A file is complete when its size and its time of change have stood still for the settling time, seen by us
or, for a file that lay there before, by its own time. A file that was seen under a passed-over name
(`story.xml.part`) and now has another was renamed when it was complete, and is taken at once. Nothing else
tells a complete file from a stalled upload: change notices say that a file was written to and not that it
was closed, and there are none from a file server.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stream.producers.folders import OWN_FOLDERS
from stream.sources import printable

# Some senders create the file first and fill it when the connection is made.
_EMPTY_SECONDS = 60.0


class Fingerprint(NamedTuple):
    """What stands still of a file that nobody writes to."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> Fingerprint:
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A complete file. `name` is its path below the drop folder, `feed` who delivered it."""

    path: str
    name: str
    feed: str | None
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the folder found: complete files in order of arrival (time of change, then name), how
    many are not complete yet, and the time of change of the oldest file (seconds since the epoch)."""

    complete: list[Arrival]
    incomplete: int
    oldest: float | None


class Arrivals:
    """Remembers, from look to look, since when each file has stood still.

    The feed of a file is `feed`, else the sub-folder of the drop folder that it lies in or below, else none.
    Hidden names, links, whatever is no file, and names that begin or end in `~` or end in one of `partial`
    are passed over, and so are the folders that dealt-with files are moved to.
    """

    def __init__(
        self,
        folder: str,
        *,
        settle: float,
        partial: Collection[str],
        feed: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._settle = settle
        self._partial = tuple(suffix.lower() for suffix in partial)
        self._feed = feed
        self._clock, self._now = clock, now
        self._since: dict[str, tuple[Fingerprint, float]] = {}
        self._partial_inodes: set[int] = set()

    def look(self) -> Look:
        """Raises OSError when the drop folder itself cannot be read; a sub-folder that cannot is empty."""
        clock, now = self._clock(), self._now()
        since: dict[str, tuple[Fingerprint, float]] = {}
        partial_inodes: set[int] = set()
        complete: list[Arrival] = []
        oldest: float | None = None
        for path, found in self._files(self._folder):
            name = os.path.relpath(path, self._folder)
            if self._is_passed_over(os.path.basename(path)):
                partial_inodes.add(found.st_ino)
                continue
            oldest = min(oldest or found.st_mtime, found.st_mtime)
            fingerprint = Fingerprint.of(found)
            known, start = self._since.get(name, (None, clock))
            if known != fingerprint:
                start = clock
                if found.st_ino in self._partial_inodes:
                    start = float("-inf")
            since[name] = fingerprint, start
            settle = self._settle if found.st_size else max(self._settle, _EMPTY_SECONDS)
            if clock - start >= settle or now - found.st_mtime >= settle:
                complete.append(Arrival(path, name, self._feed_of(name), fingerprint))
        self._since, self._partial_inodes = since, partial_inodes
        complete.sort(key=lambda arrival: (arrival.fingerprint.mtime_ns, arrival.name))
        return Look(complete, len(since) - len(complete), oldest)

    def _files(self, folder: str) -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                try:
                    # Links are not followed: whoever may write here must not choose what we read elsewhere.
                    found = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(found.st_mode):
                        yield entry.path, found
                    elif stat.S_ISDIR(found.st_mode) and not self._is_own(entry):
                        yield from self._files(entry.path)
                except OSError:
                    # Gone since, or not ours to read.
                    continue

    def _is_own(self, entry: os.DirEntry[str]) -> bool:
        return entry.name in OWN_FOLDERS and os.path.dirname(entry.path) == self._folder

    def _is_passed_over(self, name: str) -> bool:
        return name.startswith("~") or name.lower().endswith(("~", *self._partial))

    def _feed_of(self, name: str) -> str | None:
        if self._feed is not None:
            return self._feed
        first, separator, _ = name.partition(os.sep)
        return printable(first) if separator else None
