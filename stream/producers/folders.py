"""Where a drop folder's files go when they are dealt with.

`done/2026-11-25/okaz/story.xml` and `failed/2026-11-25/okaz/story.xml`, with `story.xml.why.txt` beside the
latter. They stand in the drop folder, so that a move is a rename: it is atomic and needs no space.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

DONE = "done"
FAILED = "failed"
OWN_FOLDERS = frozenset((DONE, FAILED))


def move_done(folder: Path, name: str, *, now: datetime) -> Path:
    """Moves the file `name` of the drop folder to `done`; where it is now.

    A name that is taken there gets the time before it, so that nothing is overwritten and the suffix stays.
    Raises OSError, and the file stays where it was.
    """
    return _move(folder / name, folder / DONE / f"{now:%Y-%m-%d}" / name, now)


def move_failed(folder: Path, name: str, why: str, *, now: datetime) -> Path:
    """The same to `failed`, with the reason beside it."""
    moved = _move(folder / name, folder / FAILED / f"{now:%Y-%m-%d}" / name, now)
    # The reason is in the log too; a full disk must not make a moved file an unmoved one.
    with suppress(OSError):
        moved.with_name(f"{moved.name}.why.txt").write_text(f"{why}\n", "utf-8", "replace")
    return moved


def _move(source: Path, wanted: Path, now: datetime) -> Path:
    wanted.parent.mkdir(parents=True, exist_ok=True)
    target = next(path for path in _names(wanted, now) if not os.path.lexists(path))
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(source, target)
    return target


def _names(wanted: Path, now: datetime) -> Iterator[Path]:
    yield wanted
    moment = f"{now.astimezone(UTC):%H%M%S}"
    yield wanted.with_name(f"{moment}-{wanted.name}")
    yield from (wanted.with_name(f"{moment}-{number}-{wanted.name}") for number in count(2))


def _copy(source: Path, target: Path) -> None:
    """A move to another file system (a sub-folder that is mounted), whole or not at all."""
    passing = target.with_name(f".{target.name}")
    try:
        shutil.copy2(source, passing)
        passing.rename(target)
    except OSError:
        with suppress(OSError):
            passing.unlink()
        raise
    source.unlink()
