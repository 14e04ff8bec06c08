"""What was sent of the files that still lie in a drop folder.

A file is sent, then written down here, then moved. Whoever starts again after a crash finds here what need
only be moved, and how much of a long JSON-lines file was sent. It stands in the drop folder, where it goes
with the files, as lines of JSON that are only ever added: any file system can do that, and a last line that
a crash cut off is ignored. Lines are not forced to the disk: after a loss of power some files are sent once
more, which the service recognises.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, Self

from stream.errors import UserError
from stream.producers.arrivals import Arrival, Fingerprint

_FOLDER = ".wirestream"
# Some ten thousand files; then the lines of those that were moved since are dropped.
_COMPACT_BYTES = 1 << 20
# A file server may have no locks.
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one file: how many items were confirmed or refused, what was refused or could not be read and why,
    and whether that is all of it."""

    items: int = 0
    refusals: tuple[str, ...] = ()
    whole: bool = False


class Journal:
    """The journal of one drop folder; one process at a time has it. A context manager."""

    def __init__(self, folder: Path) -> None:
        """Raises `UserError` when another process has the folder, or when it cannot be written."""
        self._file = folder / _FOLDER / "journal.jsonl"
        self._entries: dict[str, tuple[Fingerprint, Progress]] = {}
        self._lines: FileIO | None = None
        try:
            self._file.parent.mkdir(exist_ok=True)
            self._lock = os.open(self._file.with_name("lock"), os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in _NO_LOCKS:
                    os.close(self._lock)
                    raise
            self._entries = _read(self._file, folder)
            self.rewrite()
        except BlockingIOError:
            raise UserError(f"another `wirestream watch` has the folder {folder}") from None
        except OSError as error:
            raise UserError(f"cannot keep a journal in {self._file.parent}: {error.strerror}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        os.close(self._lock)

    def progress(self, arrival: Arrival) -> Progress:
        """What was sent of this file, as it stands now."""
        fingerprint, progress = self._entries.get(arrival.name, (None, Progress()))
        return progress if fingerprint == arrival.fingerprint else Progress()

    def record(self, arrival: Arrival, progress: Progress) -> None:
        """Raises OSError when it cannot be written down; it is known to this process all the same."""
        self._entries[arrival.name] = arrival.fingerprint, progress
        assert self._lines is not None
        line = _line(arrival.name, arrival.fingerprint, progress)
        if self._lines.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._lines.tell() > _COMPACT_BYTES:
            self.rewrite()

    def forget(self, arrival: Arrival) -> None:
        """The file is no longer there."""
        self._entries.pop(arrival.name, None)

    def rewrite(self) -> None:
        """Writes down afresh what is known. Raises OSError, and the journal stays as it was."""
        fresh = self._file.with_suffix(".new")
        fresh.write_bytes(b"".join(_line(name, *entry) for name, entry in self._entries.items()))
        # Unbuffered: a line is with the kernel, and outlives a kill, before the file is moved.
        lines = open(fresh, "ab", buffering=0)  # noqa: SIM115 - open until this is closed
        fresh.replace(self._file)
        self.close()
        self._lines = lines

    def close(self) -> None:
        if self._lines is not None:
            self._lines.close()


def _line(name: str, fingerprint: Fingerprint, progress: Progress) -> bytes:
    # Not orjson: the bytes of a name that are no UTF-8 are lone surrogates here.
    entry = [name, fingerprint, progress.items, progress.refusals, progress.whole]
    # The line end comes first, in case a full disk cut off the line before.
    return b"\n" + json.dumps(entry).encode()


def _read(file: Path, folder: Path) -> dict[str, tuple[Fingerprint, Progress]]:
    """The last entry of every file that is still there, unchanged."""
    entries: dict[str, tuple[Fingerprint, Progress]] = {}
    lines = file.read_bytes().splitlines() if file.exists() else []
    for line in lines:
        try:
            name, fingerprint, items, refusals, whole = json.loads(line)
            entries[name] = Fingerprint(*fingerprint), Progress(items, tuple(refusals), whole)
        except (ValueError, TypeError):
            continue
    return {name: entry for name, entry in entries.items() if _fingerprint(folder / name) == entry[0]}


def _fingerprint(file: Path) -> Any:
    try:
        return Fingerprint.of(file.lstat())
    except OSError:
        return None
