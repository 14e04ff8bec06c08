"""The stories of one shard that wait for the end of an embargo.

Pure, in milliseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from stream.codec import Headers
from stream.model import Facets, Role

Outcome = Literal["due", "lifted", "superseded", "killed"]
"""Why a story waits no longer: its time has come, its embargo was lifted; and what never goes out: an earlier
version of what was sent again, and what was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A story that waits, and what goes out when its time has come.

    `text` is the cluster of the text under embargo that it carries, `until` when that ends. `is_own` where
    the desk of the embargo sent it. `is_retried` where it comes from the dead letters, by hand.
    """

    id: str
    text: str
    until: int
    is_own: bool
    role: Role
    facets: Facets
    event: bytes
    headers: Headers
    topic_names: tuple[str, ...]
    is_retried: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """A story that waits no longer. Only what is `due` or `lifted` goes out."""

    held: Held
    outcome: Outcome

    @property
    def goes_out(self) -> bool:
        return self.outcome in ("due", "lifted")


class Waiting:
    """Held stories in order of arrival."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        # Asked for every story that comes.
        self._next: int | None = None

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Held]:
        return iter(self._held.values())

    @property
    def next(self) -> int | None:
        """When the next of them is due."""
        return self._next

    def add(self, *held: Held) -> None:
        """Lets stories wait, or wait until another time."""
        self._held.update({one.id: one for one in held})
        self._look()

    def forget(self, id: str) -> None:  # noqa: A002 - the field's own name
        """Drops a story that is another's to send."""
        self._held.pop(id, None)
        self._look()

    def take_up(self, held: Iterable[Held]) -> None:
        """Replaces the stories that wait by those that wait by the record of an older owner."""
        self._held = {one.id: one for one in held}
        self._look()

    def of_text(self, text: str) -> list[Held]:
        """The stories that carry a text."""
        return [held for held in self._held.values() if held.text == text]

    def put_off(self, text: str, until: int) -> tuple[Held, ...]:
        """Lets what other desks have of a text wait until another time; those whose time changed."""
        moved = [replace(held, until=until) for held in self.of_text(text) if not held.is_own]
        moved = [held for held in moved if held != self._held[held.id]]
        self.add(*moved)
        return tuple(moved)

    def due(self, now: int) -> tuple[Release, ...]:
        """The stories whose time has come, earliest first. They wait no longer."""
        if self._next is None or self._next > now:
            return ()
        due = sorted((held for held in self if held.until <= now), key=lambda held: held.until)
        return self.let_go([held.id for held in due], "due")

    def let_go(self, ids: Iterable[str], outcome: Outcome) -> tuple[Release, ...]:
        """These of the stories, which wait no longer; others are passed over."""
        found = [held for held in (self._held.pop(one, None) for one in ids) if held is not None]
        self._look()
        return tuple(Release(held, outcome) for held in found)

    def lift(self, ids: Iterable[str], now: int) -> tuple[Release, ...]:
        """The same of stories whose embargo ends `now`, before its time."""
        return tuple(
            Release(replace(release.held, until=now), release.outcome)
            for release in self.let_go(ids, "lifted")
        )

    def _look(self) -> None:
        self._next = min((held.until for held in self._held.values()), default=None)
