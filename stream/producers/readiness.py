"""Whether a producer gets on with its work, and if not, why: told by the work, read by `/ready`."""

from __future__ import annotations

from threading import Lock


class Readiness:
    """For any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting_for: str | None = "starting"

    def wait(self, reason: str) -> None:
        """Not ready from now on, because of `reason`."""
        with self._lock:
            self._waiting_for = reason

    def ready(self) -> None:
        with self._lock:
            self._waiting_for = None

    def report(self) -> tuple[bool, dict[str, object]]:
        """Whether it is ready, and what to say of it."""
        with self._lock:
            if self._waiting_for is None:
                return True, {"ready": True}
            return False, {"ready": False, "reason": self._waiting_for}
