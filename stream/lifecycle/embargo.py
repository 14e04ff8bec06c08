"""Embargoes: which texts may not go out yet, and what that means for each story that comes.

A text is under an embargo from the first message of its desk that says so, until that time has come, or the
desk sends it again without one, or takes it back. While it lasts, whatever carries the text waits:

- the desk's own versions and takes, of which an update drops the versions that it replaces: what was
  corrected before it was published is never published;
- what other feeds deliver of it. One that keeps an embargo of its own waits for that; one that does not has
  broken ours: a leak, of which an advisory tells at once.

What was killed while it waited never goes out. `pass` lets all of it through, and tells of leaks as well.

Pure, in milliseconds since 1970. `now` never goes back: a live worker's clock, or the time of the stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from stream.codec import from_timestamp_ms
from stream.dedup.ledger import KILL, Entry
from stream.lifecycle import life as lives
from stream.lifecycle.life import Life
from stream.lifecycle.waiting import Held, Outcome, Release, Waiting
from stream.model import About, Advisory, Cause, Cluster

# Parts of a running story, whose embargo is that of the whole.
_PARTS = ("take", "add")
_MILLISECOND = timedelta(milliseconds=1)
# A story's event time may lie so far ahead of its arrival.
_AHEAD = timedelta(hours=1) // _MILLISECOND


class Remembered(Protocol):
    """What is asked of deduplication."""

    def cluster_of(self, id: str) -> bytes | None:  # noqa: A002 - the field's own name
        """The cluster of a remembered story."""

    def out_with(self, id: str) -> Sequence[About]:  # noqa: A002 - the field's own name
        """The stories of that cluster that are out, and those that its text stands in."""

    def overtaken(self, id: str) -> Outcome | None:  # noqa: A002 - the field's own name
        """Why a remembered story must not go out any more: killed or superseded; None where it may."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a story's arrival means for embargoes: the text that it must wait for (None: it goes out), until
    when, and whether as the desk's own; the leaks; what waits no longer, `before` it in the order of events
    and `after` it; and what waits until another time now."""

    text: str | None = None
    until: int = 0
    is_own: bool = True
    leaks: tuple[Advisory, ...] = ()
    before: tuple[Release, ...] = ()
    after: tuple[Release, ...] = ()
    put_off: tuple[Held, ...] = ()


_NOTHING = Judged()


@dataclass(frozen=True, slots=True)
class _Embargo:
    """The embargo of one text: the story that said so, and until when; `end` as it said, if it did."""

    cause: Cause
    uri: int
    version: int
    until: int
    end: int | None

    def is_of(self, entry: Entry) -> bool:
        """Whether a story comes from the same desk: as the same item, of which a later version may come by
        any feed; or as another item of a feed that is the agency's own, which others share with many."""
        if entry.uri and entry.uri == self.uri:
            return self.cause.feed == entry.feed or 0 < self.version < entry.version
        return self.cause.feed == entry.feed and entry.own


class Embargoes:
    """The embargoes of one shard, whose memory is `memory`, and the stories that wait. `unknown` is how long
    one lasts that does not say until when; without `holds`, nothing waits."""

    def __init__(self, memory: Remembered, unknown: timedelta, *, holds: bool) -> None:
        self.waiting = Waiting()
        self._memory = memory
        self._unknown = unknown // _MILLISECOND
        self._holds = holds
        self._texts: dict[bytes, _Embargo] = {}

    def concerns(self, cluster: bytes, life: bytes) -> bool:
        """Whether `note` must see a decision on a story of this cluster that says so of its life."""
        return cluster in self._texts or bool(lives.flags(life) & lives.EMBARGOED)

    def note(self, entry: Entry, life: Life) -> None:
        """Takes up one decision, in ledger order: an embargo begins or ends. The same live and rebuilt."""
        known, until = self._texts.get(entry.cluster), self._until(entry, life)
        if entry.standing & KILL:
            if known is not None and known.is_of(entry):
                del self._texts[entry.cluster]
        elif until is not None:
            if known is None or known.is_of(entry) or known.until <= entry.time:
                # A day of embargoes is a handful; those of the past are let go of when one comes.
                past = entry.time - _AHEAD
                self._texts = {text: one for text, one in self._texts.items() if one.until > past}
                cause = Cause(entry.id.hex(), entry.feed, life.uri, life.version)
                self._texts[entry.cluster] = _Embargo(cause, entry.uri, entry.version, until, life.embargo)
        elif known is not None and known.is_of(entry) and not _is_within(entry, life, known):
            del self._texts[entry.cluster]

    def judge(self, entry: Entry, cluster: Cluster, now: int, advisories: Sequence[Advisory]) -> Judged:
        """Notes a decision of now that the memory has taken up, with its advisories; says what follows."""
        known = self._lasting(entry.cluster, now)
        if not self.concerns(entry.cluster, entry.life):
            if cluster.role == "kill":
                return self._killed(entry, cluster, known, advisories)
            return self._of_round_ups(entry, cluster, now)
        life = Life.from_bytes(entry.life)
        own = self._until(entry, life)
        if own is not None and own <= now:
            own = None
        self.note(entry, life)
        if cluster.role == "kill":
            return self._killed(entry, cluster, known, advisories)
        if known is not None and not known.is_of(entry):
            return self._of_others(entry, cluster.id, cluster.id, known, own)
        if own is not None:
            is_whole = cluster.role == "update" and life.part not in _PARTS
            return replace(
                self._waits(cluster.id, own),
                leaks=() if known is not None else self._early(entry),
                after=self.waiting.let_go(self._mine(cluster.id), "superseded") if is_whole else (),
                put_off=self.waiting.put_off(cluster.id, own),
            )
        if known is None:
            return self._of_round_ups(entry, cluster, now)
        lasting = self._lasting(entry.cluster, now)
        return self._lifted(cluster, now) if lasting is None else self._waits(cluster.id, lasting.until)

    def has_due(self, now: int) -> bool:
        """Whether `due` has any."""
        return bool(self.waiting) and (not self._holds or (self.waiting.next or 0) <= now)

    def wait_again(self, held: Held, now: int) -> Held | Release:
        """Lets a story wait that was put by while embargoes went on without it: at least for as long as that
        of its text lasts now. Released at once where it is not to go out any more."""
        if outcome := self._memory.overtaken(held.id):
            return Release(held, outcome)
        lasting = self._lasting(bytes.fromhex(held.text), now)
        if lasting is not None:
            held = replace(held, until=max(held.until, lasting.until))
        self.waiting.add(held)
        return held

    def due(self, now: int) -> tuple[Release, ...]:
        """The stories whose time has come; all of them, where nothing waits any more. They wait no longer."""
        if self._holds:
            return self.waiting.due(now)
        return self.waiting.let_go([held.id for held in self.waiting], "due")

    def _until(self, entry: Entry, life: Life) -> int | None:
        """Until when a message says that its text is under an embargo; None where it says nothing of one."""
        if not life.embargoed:
            return None
        return life.embargo if life.embargo is not None else entry.time + self._unknown

    def _lasting(self, text: bytes, now: int) -> _Embargo | None:
        known = self._texts.get(text)
        return known if known is not None and known.until > now else None

    def _waits(self, text: str, until: int) -> Judged:
        return Judged(text=text, until=until) if self._holds else _NOTHING

    def _mine(self, text: str) -> list[str]:
        """What waits of the desk's own, for an update to take its place."""
        return [held.id for held in self.waiting.of_text(text) if held.is_own]

    def _of_others(self, entry: Entry, cluster: str, text: str, embargo: _Embargo, own: int | None) -> Judged:
        """What another feed has of the text."""
        if own is not None:
            return replace(self._waits(text, own), is_own=False)
        about = About(entry.id.hex(), entry.feed, from_timestamp_ms(entry.time))
        leak = _leak(about, embargo, cluster, entry)
        return replace(self._waits(text, embargo.until), is_own=False, leaks=(leak,))

    def _of_round_ups(self, entry: Entry, cluster: Cluster, now: int) -> Judged:
        """The same of a story that holds a text whole."""
        for inside in cluster.inside if self._texts else ():
            text = self._memory.cluster_of(inside.id)
            known = self._lasting(text, now) if text is not None else None
            if text is not None and known is not None and not known.is_of(entry):
                return self._of_others(entry, cluster.id, text.hex(), known, None)
        return _NOTHING

    def _early(self, entry: Entry) -> tuple[Advisory, ...]:
        """What others had of a text before its desk sent it under an embargo."""
        embargo = self._texts[entry.cluster]
        out = self._memory.out_with(entry.id.hex())
        others = [about for about in out if about.feed != entry.feed or not entry.own]
        clusters = [self._memory.cluster_of(about.id) or entry.cluster for about in others]
        return tuple(
            _leak(about, embargo, cluster.hex(), entry)
            for about, cluster in zip(others, clusters, strict=True)
        )

    def _killed(
        self, entry: Entry, cluster: Cluster, known: _Embargo | None, advisories: Iterable[Advisory]
    ) -> Judged:
        """The desk takes its text back, with all that its advisories are about. What an outlet does to its
        reprint is its own affair."""
        speaks = known is None or known.is_of(entry)
        waiting = self.waiting.of_text(cluster.id)
        gone = [held.id for held in waiting if speaks or held.facets.feed == entry.feed]
        gone += [advisory.about.id for advisory in advisories]
        return Judged(after=self.waiting.let_go(gone, "killed"))

    def _lifted(self, cluster: Cluster, now: int) -> Judged:
        """The desk sends its text without the embargo: an update in place of what waits, the same again
        behind it; then what others had of it."""
        mine = self._mine(cluster.id)
        theirs = [held.id for held in self.waiting.of_text(cluster.id) if not held.is_own]
        if cluster.role == "update":
            replaced = self.waiting.let_go(mine, "superseded")
            return Judged(after=(*replaced, *self.waiting.lift(theirs, now)))
        before = self.waiting.lift(mine, now)
        return Judged(before=before, after=self.waiting.lift(theirs, now))


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
