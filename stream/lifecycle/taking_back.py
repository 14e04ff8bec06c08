"""What follows when text is taken back: for what is out, and for whatever comes with it later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stream.dedup.ledger import ASIDE, KILL
from stream.dedup.memory import Memory
from stream.lifecycle.arrival import Arrival, Likeness, Outcome, Resemblance
from stream.lifecycle.book import Book, Kill
from stream.lifecycle.copies import Copies
from stream.lifecycle.fate import Fate
from stream.lifecycle.kills import Targets
from stream.model import Advisory, Cause, Chain, Cluster


class TakingBack:
    """One shard's kills. Changes nothing: what was decided is noted by the book."""

    def __init__(self, memory: Memory, book: Book, resemblance: Resemblance, copies: Copies) -> None:
        self._memory = memory
        self._book = book
        self._resemblance = resemblance
        self._copies = copies
        self._targets = Targets(memory, book, resemblance)

    def kill(self, arrival: Arrival) -> Outcome | None:
        """A story that takes another back: with an advisory on every copy, and on what holds the text or is
        an excerpt of it, when it speaks for them and nobody did before. None where an outlet only says that
        something was taken back: that is a story as others are."""
        memory, card = self._memory, arrival.card
        row = self._targets.of(arrival)
        if not row:
            told = arrival.life
            names_a_story = card.own or card.canceled or told.refers_number or told.refers_title
            if not names_a_story and not arrival.is_notice:
                return None
            return self._killing(arrival, self._resemblance.alone(card, "kill"), None)
        number, previous = memory.cluster_number(row), memory.id_of(row).hex()
        cluster = self._resemblance.joined(card, row, "kill")
        is_first = not (memory.mark_of(row) & KILL or self._book.kill_of(number))
        if not is_first or not speaks_for_cluster(memory, arrival, row):
            return self._killing(arrival, cluster, previous)
        # The event of a notice is sent by a shard that does not know the story. Where it is not of the same
        # item, nothing in it says which it is: an advisory must.
        is_unnamed = arrival.is_notice and row != memory.row_of_uri(card.uri)
        out = self._copies.of_cluster(number, without=() if is_unnamed else (row,))
        around = self._copies.around(number, row)
        outcome = self._killing(arrival, cluster, previous, (previous,), self._ids(around))
        return outcome._replace(advisories=self._advisories(arrival.cause, arrival, [*out, *around]))

    def waiting_for(self, arrival: Arrival) -> Kill | None:
        """The kill that came before this story and named it."""
        return self._targets.waiting_for(arrival)

    def kill_at(self, arrival: Arrival, row: int) -> Kill:
        """What took the item of a story back, by the row that its item is now."""
        kill = self._book.kill_of(self._memory.cluster_number(row))
        if kill is not None:
            return kill
        return Kill(row, Cause(self._memory.id_of(row).hex(), self._memory.feed_of(row), arrival.life.uri))

    def killed_before(self, arrival: Arrival, kill: Kill) -> Outcome:
        """A story that was taken back before it came: filed with its copies where some are out, else with
        the kill, whose cluster its copies will join."""
        memory, card = self._memory, arrival.card
        placed = self._resemblance.place(card)
        row = memory.row_of_id(bytes.fromhex(placed.matched)) if placed.matched else 0
        taken_back: tuple[str, ...] = ()
        out: list[int] = []
        around: list[int] = []
        if row and placed.matched and not self._book.kill_of(number := memory.cluster_number(row)):
            taken_back = (placed.matched,)
            out, around = self._copies.of_cluster(number), self._copies.around(number, row)
        rows = [other for other in (*out, *around) if not self._book.is_told(other, kill)]
        identity = kill.cause.id
        return Outcome(
            cluster=placed if row else self._resemblance.joined(card, kill.row, "copy"),
            chain=Chain(
                previous=identity, kind="after-kill", version=arrival.life.version, killed_by=identity
            ),
            advisories=self._advisories(kill.cause, arrival, rows),
            fate=Fate(
                kind="after-kill",
                previous=identity,
                killed_by=identity,
                taken_back=taken_back,
                told=self._ids(around),
            ),
            standing=ASIDE,
        )

    def after_kill(self, arrival: Arrival, outcome: Outcome, kill: Kill) -> Outcome:
        """A story with text that was taken back: a copy whatever else it is, with an advisory on itself."""
        advisory = Advisory(
            kind="kill",
            about=arrival.about,
            cause=kill.cause,
            cluster=outcome.cluster.id,
            told_by=arrival.card.id,
            time=arrival.time,
        )
        previous = outcome.chain.previous if outcome.chain is not None else None
        identity = kill.cause.id
        return Outcome(
            cluster=replace(outcome.cluster, role="copy"),
            chain=Chain(
                previous=previous, kind="after-kill", version=arrival.life.version, killed_by=identity
            ),
            advisories=(advisory,),
            fate=Fate(kind="after-kill", previous=previous, killed_by=identity),
            standing=outcome.standing,
        )

    def of_text(self, arrival: Arrival, outcome: Outcome) -> Outcome | None:
        """The same story as one with text that was taken back, None where it has none: it is a copy of such
        a text, an excerpt of it, or holds it."""
        if (row := self._row(outcome.cluster.matched)) and (
            kill := self._book.kill_of(self._memory.cluster_number(row))
        ):
            return self.after_kill(arrival, outcome, kill)
        for inside in outcome.cluster.inside:
            row = self._row(inside.id)
            kill = self._book.kill_of(self._memory.cluster_number(row)) if row else None
            if kill:
                like = Likeness(inside=outcome.cluster.inside)
                cluster = self._resemblance.joined(arrival.card, row, "copy", like)
                kept = outcome._replace(cluster=cluster)
                return self.after_kill(arrival, kept, kill)
        return None

    def _row(self, identity: str | None) -> int:
        return self._memory.row_of_id(bytes.fromhex(identity)) if identity else 0

    def _ids(self, rows: Sequence[int]) -> tuple[str, ...]:
        return tuple(self._memory.id_of(row).hex() for row in rows)

    def _advisories(self, cause: Cause, arrival: Arrival, rows: Sequence[int]) -> tuple[Advisory, ...]:
        return tuple(
            self._copies.advisory("kill", other, cause, arrival.card.id, arrival.time) for other in rows
        )

    def _killing(
        self,
        arrival: Arrival,
        cluster: Cluster,
        previous: str | None,
        taken_back: tuple[str, ...] = (),
        told: tuple[str, ...] = (),
    ) -> Outcome:
        return Outcome(
            cluster=cluster,
            chain=Chain(previous=previous, kind="kill", version=arrival.life.version),
            fate=Fate(kind="kill", previous=previous, taken_back=taken_back, told=told),
            standing=KILL,
        )


def speaks_for_cluster(memory: Memory, arrival: Arrival, row: int) -> bool:
    """Whether a version of a row says what becomes of the copies: an agency's does, and that of the item
    which the cluster began with. What an outlet does to its reprint is its own affair."""
    original = memory.row_of_id(memory.cluster_of(row).original)
    feeds = (arrival.feed, memory.feed_of(row))
    return arrival.card.own or not original or original == row or memory.feed_of(original) in feeds
