"""Embargoes: which texts may not go out yet, and the stories that wait until they may.

A text is under an embargo from the first message of its agency that says so, until that time has come, or the
agency sends it again without one, or takes it back. While it lasts, whatever carries the text waits:

- the agency's own versions and takes, of which an update drops the versions that it replaces: what was
  corrected before it was published is never published;
- what other feeds deliver of it. One that keeps an embargo of its own waits for that; one that does not has
  broken ours: a leak, of which an advisory tells at once.

What was killed while it waited never goes out. `pass` lets all of it through, and tells of leaks as well.

Pure, in milliseconds since 1970. `now` never goes back: a live worker's clock, or the time of the stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal, Protocol

from stream.codec import Headers, from_timestamp_ms
from stream.dedup.ledger import Entry, Standing
from stream.lifecycle import life as lives
from stream.lifecycle.life import Life
from stream.model import About, Advisory, Cause, Cluster, Facets, Role

Outcome = Literal["due", "lifted", "superseded", "killed"]
"""Why a story waits no longer: its time has come, its embargo was lifted; and what never goes out: an earlier
version of what was sent again, and what was taken back."""

# Parts of a running story, whose embargo is that of the whole.
_PARTS = ("take", "add")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A story that waits, and what goes out when its time has come.

    `text` is the cluster of the text under embargo that it carries, `until` when that ends. `is_own` where
    the agency of the embargo sent it.
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


@dataclass(frozen=True, slots=True)
class Release:
    """A story that waits no longer. Only what is `due` or `lifted` goes out."""

    held: Held
    outcome: Outcome

    @property
    def goes_out(self) -> bool:
        return self.outcome in ("due", "lifted")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a story's arrival means for embargoes: the text that it must wait for (None: it goes out), until
    when, and whether as the agency's own; the leaks; what waits no longer, `before` it in the order of events
    and `after` it; and what waits until another time now."""

    text: str | None = None
    until: int = 0
    is_own: bool = True
    leaks: tuple[Advisory, ...] = ()
    before: tuple[Release, ...] = ()
    after: tuple[Release, ...] = ()
    put_off: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class _Embargo:
    """The embargo of one text: the story that said so, and until when; `end` as it said, if it did."""

    cause: Cause
    uri: int
    version: int
    until: int
    end: int | None

    def is_of(self, entry: Entry) -> bool:
        """Whether a story comes from the same desk: by its feed, or as a later version of the same item."""
        is_later = 0 < self.version < entry.version
        return self.cause.feed == entry.feed or (is_later and entry.uri != 0 and entry.uri == self.uri)


class Remembered(Protocol):
    """What is asked of deduplication."""

    def cluster_of(self, id: str) -> bytes | None:  # noqa: A002 - the field's own name
        """The cluster of a remembered story."""

    def out_with(self, id: str) -> Sequence[About]:  # noqa: A002 - the field's own name
        """The stories of that cluster that are out, and those that its text stands in."""


@dataclass(slots=True)
class Embargoes:
    """The embargoes of one shard, whose memory is `memory`. `unknown` is how long one lasts that does not say
    until when; without `holds`, nothing waits."""

    memory: Remembered
    holds: bool
    unknown: timedelta
    _texts: dict[bytes, _Embargo] = field(default_factory=dict)
    _held: dict[str, Held] = field(default_factory=dict)

    @property
    def held(self) -> Sequence[Held]:
        """The stories that wait, in order of arrival."""
        return tuple(self._held.values())

    @property
    def next(self) -> int | None:
        """When the next of them is due."""
        return min((held.until for held in self._held.values()), default=None)

    def concerns(self, cluster: bytes, life: bytes) -> bool:
        """Whether `note` must see a decision on a story of this cluster."""
        return cluster in self._texts or bool(lives.flags(life) & lives.EMBARGOED)

    def note(self, entry: Entry, life: Life) -> None:
        """Takes up one decision, in ledger order: an embargo begins or ends. The same live and rebuilt."""
        known, until = self._texts.get(entry.cluster), self._until(entry, life)
        if Standing.KILL in entry.standing:
            if known is not None and known.is_of(entry):
                del self._texts[entry.cluster]
        elif until is not None:
            if known is None or known.is_of(entry) or known.until <= entry.time:
                # A day of embargoes is a handful; those of the past are let go of when one comes.
                self._texts = {text: one for text, one in self._texts.items() if one.until > entry.time}
                cause = Cause(entry.id.hex(), entry.feed, life.uri, life.version)
                self._texts[entry.cluster] = _Embargo(cause, entry.uri, entry.version, until, life.embargo)
        elif known is not None and known.is_of(entry) and not _is_within(entry, life, known):
            del self._texts[entry.cluster]

    def judge(
        self,
        entry: Entry,
        life: Life,
        cluster: Cluster,
        now: int,
        advised: Iterable[str] = (),
    ) -> Judged:
        """Notes a decision of now that the memory has taken up, and says what follows. `advised` are the
        stories that its advisories are about."""
        known = self._lasting(entry.cluster, now)
        own = self._until(entry, life)
        if own is not None and own <= now:
            own = None
        self.note(entry, life)
        if cluster.role == "kill":
            # What an outlet does to its reprint is its own affair.
            speaks = known is None or known.is_of(entry)
            waiting = self._waiting_for(cluster.id)
            gone = [held.id for held in waiting if speaks or held.facets.feed == entry.feed]
            return Judged(after=self._let_go([*gone, *advised], "killed"))
        if known is not None and not known.is_of(entry):
            return self._of_others(entry, cluster.id, cluster.id, known, own)
        if known is not None and own is None:
            lasting = self._lasting(entry.cluster, now)
            if lasting is None:
                return self._lifted(cluster)
            return self._waits(cluster.id, lasting.until)
        if own is not None:
            is_whole = cluster.role == "update" and life.part not in _PARTS
            after = self._let_go(self._mine(cluster.id), "superseded") if is_whole else ()
            return replace(
                self._waits(cluster.id, own),
                leaks=() if known is not None else self._early(entry),
                after=after,
                put_off=self._put_off(cluster.id, own),
            )
        for inside in cluster.inside:
            text = self.memory.cluster_of(inside.id)
            within = self._lasting(text, now) if text is not None else None
            if text is not None and within is not None and not within.is_of(entry):
                return self._of_others(entry, cluster.id, text.hex(), within, None)
        return Judged()

    def hold(self, held: Held) -> None:
        """Lets a story wait."""
        self._held[held.id] = held

    def discard(self, id: str) -> None:  # noqa: A002 - the field's own name
        """Forgets one story that waits."""
        self._held.pop(id, None)

    def take_up(self, held: Iterable[Held]) -> None:
        """Replaces the stories that wait by those that wait by the record of an older owner."""
        self._held = {one.id: one for one in held}

    def due(self, now: int) -> tuple[Release, ...]:
        """The stories whose time has come, earliest first. They wait no longer."""
        if not self._held or ((earliest := self.next) is not None and earliest > now and self.holds):
            return ()
        due = [held for held in self._held.values() if held.until <= now or not self.holds]
        return self._let_go([held.id for held in sorted(due, key=lambda held: held.until)], "due")

    def _until(self, entry: Entry, life: Life) -> int | None:
        """Until when a message says that its text is under an embargo; None where it says nothing of one."""
        if not life.embargoed:
            return None
        return life.embargo if life.embargo is not None else entry.time + self.unknown // _MILLISECOND

    def _lasting(self, text: bytes, now: int) -> _Embargo | None:
        known = self._texts.get(text)
        return known if known is not None and known.until > now else None

    def _waiting_for(self, text: str) -> list[Held]:
        return [held for held in self._held.values() if held.text == text]

    def _waits(self, text: str, until: int) -> Judged:
        return Judged(text=text, until=until) if self.holds else Judged()

    def _of_others(self, entry: Entry, cluster: str, text: str, embargo: _Embargo, own: int | None) -> Judged:
        """What another feed has of the text."""
        if own is not None:
            return replace(self._waits(text, own), is_own=False)
        about = About(entry.id.hex(), entry.feed, from_timestamp_ms(entry.time))
        leak = _leak(about, embargo, cluster, entry)
        return replace(self._waits(text, embargo.until), is_own=False, leaks=(leak,))

    def _early(self, entry: Entry) -> tuple[Advisory, ...]:
        """What others had of a text before its agency sent it under an embargo."""
        embargo = self._texts[entry.cluster]
        others = [about for about in self.memory.out_with(entry.id.hex()) if about.feed != entry.feed]
        clusters = [self.memory.cluster_of(about.id) or entry.cluster for about in others]
        return tuple(
            _leak(about, embargo, cluster.hex(), entry)
            for about, cluster in zip(others, clusters, strict=True)
        )

    def _lifted(self, cluster: Cluster) -> Judged:
        """The agency sends its text without the embargo: an update in place of what waits, the same again
        behind it; then what others had of it."""
        mine = self._mine(cluster.id)
        theirs = [held.id for held in self._waiting_for(cluster.id) if not held.is_own]
        if cluster.role == "update":
            return Judged(after=(*self._let_go(mine, "superseded"), *self._let_go(theirs, "lifted")))
        return Judged(before=self._let_go(mine, "lifted"), after=self._let_go(theirs, "lifted"))

    def _mine(self, text: str) -> list[str]:
        """What waits of the agency's own, for an update to take its place."""
        return [held.id for held in self._waiting_for(text) if held.is_own]

    def _put_off(self, text: str, until: int) -> tuple[Held, ...]:
        """The embargo of a text ends at another time now: so does the waiting of what others had of it."""
        moved = [
            replace(held, until=until)
            for held in self._waiting_for(text)
            if not held.is_own and held.until != until
        ]
        self._held.update({held.id: held for held in moved})
        return tuple(moved)

    def _let_go(self, ids: Iterable[str], outcome: Outcome) -> tuple[Release, ...]:
        found = (self._held.pop(one, None) for one in ids)
        return tuple(Release(held, outcome) for held in found if held is not None)


_MILLISECOND = timedelta(milliseconds=1)


def _leak(about: About, embargo: _Embargo, cluster: str, told_by: Entry) -> Advisory:
    return Advisory(
        kind="leak",
        about=about,
        cause=embargo.cause,
        cluster=cluster,
        told_by=told_by.id.hex(),
        time=from_timestamp_ms(told_by.time),
        embargo=None if embargo.end is None else from_timestamp_ms(embargo.end),
    )


def _is_within(entry: Entry, life: Life, known: _Embargo) -> bool:
    """Whether a message without an embargo leaves that of its text as it is: a part of the same story, or an
    earlier version that comes late."""
    return life.part in _PARTS or 0 < entry.version < known.version
