"""What is remembered of each feed: validators, when it may be asked again, and the items that were sent.

One SQLite file. A feed's new validators and its sent items are written in one transaction, after the items
were confirmed: a crash before that makes them come once more, and never lets one be missed.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Self

from stream.errors import UserError
from stream.producers.fetch import Validators

# An item that a feed drops and shows again later (publishers' caches disagree for hours) is no new one. What
# comes back after a week was, as a rule, published anew.
_KEEP_SECONDS = 7 * 86_400
_SCHEMA = """
CREATE TABLE IF NOT EXISTS feeds (
    feed BLOB PRIMARY KEY, etag TEXT, last_modified TEXT, asked REAL NOT NULL, failures INTEGER NOT NULL,
    not_before REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (
    feed BLOB NOT NULL, digest BLOB NOT NULL, seen REAL NOT NULL, PRIMARY KEY (feed, digest)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The last request for a feed: when (seconds since the epoch; 0 is never), how many failed in a row, and
    before when it must not be repeated."""

    at: float = 0
    failures: int = 0
    not_before: float = 0


class FeedMemory:
    """The memory of one `poll`; one process at a time has it. A context manager of one thread."""

    def __init__(self, folder: Path) -> None:
        """Raises `UserError` when another process has it, or when it cannot be read or written."""
        file = folder / "feeds.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Nobody else's business which feeds a desk reads.
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
            self._database = sqlite3.connect(file, isolation_level=None, timeout=0)
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
        except OSError as error:
            raise UserError(f"cannot write {file}: {error.strerror}") from None
        except sqlite3.OperationalError as error:
            self._database.close()
            if "locked" in str(error):
                raise UserError(f"another `wirestream poll` has the folder {folder} (poll.folder)") from None
            raise UserError(f"cannot write {file}: {error}") from None
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise UserError(
                f"{file} is damaged ({error}); remove it: what the feeds show is then sent once more, and "
                "the service does not emit it again"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def asked(self, url: str) -> Asked:
        row = self._database.execute(
            "SELECT asked, failures, not_before FROM feeds WHERE feed = ?", (_key(url),)
        ).fetchone()
        return Asked(*row) if row else Asked()

    def validators(self, url: str) -> Validators:
        row = self._database.execute(
            "SELECT etag, last_modified FROM feeds WHERE feed = ?", (_key(url),)
        ).fetchone()
        return Validators(*row) if row else Validators()

    def unknown(self, url: str, digests: Iterable[bytes]) -> set[bytes]:
        """Those of `digests` that are not remembered as sent."""
        query = "SELECT 1 FROM items WHERE feed = ? AND digest = ?"
        key = _key(url)
        return {d for d in digests if self._database.execute(query, (key, d)).fetchone() is None}

    def remember(
        self, url: str, asked: Asked, validators: Validators, digests: Iterable[bytes] | None = None
    ) -> None:
        """All at once: how the feed was asked, and the items that it shows, when it was read.

        Raises sqlite3.Error when it cannot be written; then nothing of it is.
        """
        key = _key(url)
        with self._database:
            self._database.execute("BEGIN")
            self._database.execute(
                "REPLACE INTO feeds VALUES (?, ?, ?, ?, ?, ?)",
                (key, validators.etag, validators.last_modified, asked.at, asked.failures, asked.not_before),
            )
            if digests is not None:
                self._database.executemany(
                    "REPLACE INTO items VALUES (?, ?, ?)", [(key, digest, asked.at) for digest in digests]
                )
                self._database.execute(
                    "DELETE FROM items WHERE feed = ? AND seen < ?", (key, asked.at - _KEEP_SECONDS)
                )


def _key(url: str) -> bytes:
    # Not the URL: it may hold a secret.
    return blake2b(url.encode(), digest_size=16).digest()
