"""A folder that one process at a time may claim, and the few facts that it leaves there."""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path

from stream.errors import UserError

_PATIENCE_SECONDS = 2.0
"""A server whose parent was killed is killed too, but the kernel takes a moment to clear it away."""


class ClaimedFolder:
    """The claim is a lock of the kernel on `broker.json`, shared by every process that inherited `fd`.

    It ends with the last of them, however that died; there is nothing to clean up.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    @property
    def fd(self) -> int:
        assert self._file is not None, "the folder is not claimed"
        return self._file

    def take(self) -> None:
        """Claim the folder, made when it does not exist; `UserError` when another process has it."""
        if self._file is not None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = os.open(self._folder / "broker.json", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise UserError(f"the broker's folder {self._folder} cannot be used: {error}") from error
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
                holder = _facts(file).get("pid", "unknown")
                os.close(file)
                raise UserError(
                    f"{self._folder} is in use by another broker (process {holder}); stop that one or give "
                    "another folder"
                ) from None
            self._file = file
            return

    def release(self) -> None:
        if self._file is not None:
            # Explicitly, for all that inherited it: closing alone would leave the claim with a forked child.
            fcntl.flock(self._file, fcntl.LOCK_UN)
            os.close(self._file)
            self._file = None

    def read(self) -> dict[str, str]:
        """What the last holder wrote; empty when there was none."""
        return _facts(self.fd)

    def write(self, **facts: object) -> None:
        text = json.dumps({name: str(fact) for name, fact in facts.items()}).encode()
        os.truncate(self.fd, 0)
        os.pwrite(self.fd, text, 0)


def _facts(file: int) -> dict[str, str]:
    try:
        facts = json.loads(os.pread(file, 65_536, 0))
    except ValueError:
        return {}
    return {str(name): str(fact) for name, fact in facts.items()} if isinstance(facts, dict) else {}
