"""The decision on each story as a version: of what item, in which order, and what follows for the copies.

Most stories are nobody's version, and are placed by resemblance alone. What is decided here:

- an item again: a later version takes the place of the one before, an earlier or equal one is filed;
- a correction under an identity of its own, by its marker and its text;
- a further take of a running story, which is joined to what came before, or a lead, which replaces it;
- a kill, by identity, number, title or text, and whatever carries text that was taken back;
- a copy that carries facts which were corrected before it came.
"""

from __future__ import annotations

from dataclasses import replace

from stream.credit.parts import RUNS_ON
from stream.dedup.ledger import ASIDE, KILL, LATE
from stream.dedup.memory import SPENT, Memory
from stream.lifecycle import life as lives
from stream.lifecycle.arrival import Arrival, Likeness, Outcome, Resemblance
from stream.lifecycle.book import Book, Kill
from stream.lifecycle.changes import Fact, changed
from stream.lifecycle.copies import Copies, carried, changes
from stream.lifecycle.fate import Fate
from stream.lifecycle.taking_back import TakingBack, speaks_for_cluster
from stream.lifecycle.versions import order
from stream.model import Advisory, Chain, ChainKind, Cluster

_RUNS_ON_MS = RUNS_ON.total_seconds() * 1000
# What a correction shares with the text that it corrects: all but a phrase, and a note above it.
_CORRECTED = 0.6
# A new lead keeps some background at least; under a slug of the day (`Politics`) stand stories that share
# nothing.
_LED = 0.15
# A lead takes up what was sent last.
_PARTS = 8
# Parts that add to the text; the others replace it.
_MORE = ("take", "add")
_WHOLE = Likeness(1.0, 1.0, 1.0)


class Lives:
    """One shard's judgement on versions. Changes nothing: what was decided is noted by the book."""

    def __init__(self, memory: Memory, book: Book, resemblance: Resemblance) -> None:
        self._memory = memory
        self._book = book
        self._resemblance = resemblance
        self._copies = Copies(memory)
        self._taking_back = TakingBack(memory, book, resemblance, self._copies)

    def decide(self, arrival: Arrival) -> Outcome:
        """What a story is."""
        card, flags = arrival.card, arrival.flags
        if flags & lives.KILL and (killing := self._taking_back.kill(arrival)) is not None:
            return killing
        if row := self._memory.row_of_uri(card.uri):
            return self._version(arrival, row)
        if flags & lives.PART and (row := self._continued(arrival)):
            return self._take(arrival, row) if arrival.life.part in _MORE else self._update(arrival, row)
        if flags & lives.CORRECTION and (row := self._corrected(arrival)):
            return self._update(arrival, row)
        if self._book.is_empty:
            return Outcome(cluster=self._resemblance.place(card))
        if kill := self._taking_back.waiting_for(arrival):
            return self._taking_back.killed_before(arrival, kill)
        return self._watched(arrival, Outcome(cluster=self._resemblance.place(card)))

    def _version(self, arrival: Arrival, row: int) -> Outcome:
        """The item that a row is now, again."""
        memory, card = self._memory, arrival.card
        is_same_text = card.content == memory.content_of(row)
        if not is_same_text and self._is_another(arrival, row):
            cluster = self._resemblance.place(card)
            return self._watched(arrival, Outcome(cluster=cluster, standing=ASIDE))
        what = order(
            card.version,
            card.time,
            memory.version_of(row),
            memory.time_of(row),
            is_same_text=is_same_text,
            is_same_feed=arrival.feed == memory.feed_of(row),
        )
        if memory.mark_of(row) & KILL:
            is_numbered = card.version and memory.version_of(row)
            if what == "later" and (is_numbered or not memory.row_of_content(card.content)):
                return self._reinstated(arrival, row)
            return self._taking_back.killed_before(arrival, self._taking_back.kill_at(arrival, row))
        if what == "same" and not is_same_text and self._facts(arrival, row):
            what = "later"
        if what == "later":
            return self._update(arrival, row)
        if what == "earlier":
            cluster = self._resemblance.joined(card, row, "copy", may_lead=False)
            outcome = self._filed(arrival, cluster, row, "late", LATE | ASIDE)
            if self._is_reprint(arrival, row):
                return self._watched(arrival, outcome)
            return self._taking_back.of_text(arrival, outcome) or outcome
        cluster = self._resemblance.joined(card, row, "copy", _WHOLE if is_same_text else Likeness())
        return self._watched(arrival, self._filed(arrival, cluster, row, "repeat", ASIDE))

    def _is_another(self, arrival: Arrival, row: int) -> bool:
        """Whether an item of the same address by another feed is another item all the same: neither a version
        nor a word says that it is this one."""
        memory, card = self._memory, arrival.card
        is_doubtful = memory.feed_of(row) != arrival.feed and not (card.version and memory.version_of(row))
        is_killed = memory.mark_of(row) & KILL
        return is_doubtful and not is_killed and self._resemblance.shared(card, row) < _LED

    def _is_reprint(self, arrival: Arrival, row: int) -> bool:
        """Whether a feed that is not the agency's sends an item that another sent first."""
        return not arrival.card.own and self._memory.feed_of(row) != arrival.feed

    def _filed(self, arrival: Arrival, cluster: Cluster, row: int, kind: ChainKind, standing: int) -> Outcome:
        """A version that replaces nothing."""
        previous = self._memory.id_of(row).hex()
        return Outcome(
            cluster=cluster,
            chain=Chain(kind=kind, previous=previous, version=arrival.life.version),
            fate=Fate(kind=kind, previous=previous),
            standing=standing,
        )

    def _update(self, arrival: Arrival, row: int) -> Outcome:
        """A version that takes the place of a row."""
        memory, card = self._memory, arrival.card
        number, previous = memory.cluster_number(row), memory.id_of(row).hex()
        if kill := self._book.kill_of(number):
            return self._update_of_killed(arrival, row, kill)
        facts = self._facts(arrival, row)
        speaks = speaks_for_cluster(memory, arrival, row)
        is_changed = card.content != memory.content_of(row)
        is_stale = not facts and is_changed and bool(arrival.flags & lives.CORRECTION)
        stale: list[int] = []
        if speaks and (facts or is_stale):
            others = self._copies.of_cluster(number, without=(row,))
            stale = [
                other
                for other in others
                if memory.content_of(other) != card.content
                and (is_stale or self._copies.carries(other, facts))
            ]
        outcome = Outcome(
            cluster=self._resemblance.joined(card, row, "update"),
            chain=Chain(
                kind="update",
                previous=previous,
                version=arrival.life.version,
                changed=changes(facts),
                stale=tuple(memory.id_of(other).hex() for other in stale),
            ),
            advisories=tuple(
                self._copies.advisory("stale", other, arrival.cause, card.id, arrival.time, facts)
                for other in stale
            ),
            fate=Fate(
                kind="update",
                previous=previous,
                facts=tuple(facts) if speaks else (),
                is_stale=speaks and is_stale,
            ),
        )
        return outcome if speaks else self._watched(arrival, outcome)

    def _facts(self, arrival: Arrival, row: int) -> list[Fact]:
        """What a story has otherwise than a row, as far as both texts are known."""
        before, now = self._book.wording_of(row), arrival.life.wording
        if before is None or now is None or arrival.card.content == self._memory.content_of(row):
            return []
        return changed(before.copy, now.copy, is_correction=bool(arrival.flags & lives.CORRECTION))

    def _corrected(self, arrival: Arrival) -> int:
        """The row that a marked correction is about, by its text; 0 where that is none of its desk's."""
        row = self._resemblance.nearest(arrival.card, _CORRECTED)
        if not row or self._book.kill_of(self._memory.cluster_number(row)):
            return 0
        memory, rows = self._memory, self._copies.of_cluster(self._memory.cluster_number(row))
        own = [one for one in rows if memory.feed_of(one) == arrival.feed]
        if own:
            return own[-1]
        original = memory.row_of_id(memory.cluster_of(row).original)
        return (original or row) if arrival.card.own else 0

    def _continued(self, arrival: Arrival) -> int:
        """The message of a running story that this one is a further part of, 0 for a first one."""
        memory, card = self._memory, arrival.card
        row = self._book.row_of_running(lives.running(arrival.encoded_life))
        if not row or abs(memory.time_of(row) - card.time) > _RUNS_ON_MS:
            return 0
        wording = self._book.wording_of(row)
        begins_anew = arrival.life.part == "take" and arrival.life.take == 1 and wording and wording.is_begun
        if arrival.life.part in _MORE and not begins_anew:
            return row
        parts = self._memory.members(memory.cluster_number(row))[-_PARTS:]
        return row if any(self._resemblance.shared(card, part) >= _LED for part in parts) else 0

    def _take(self, arrival: Arrival, row: int) -> Outcome:
        """A further take of the story whose latest message is a row."""
        memory, card = self._memory, arrival.card
        number, previous = memory.cluster_number(row), memory.id_of(row).hex()
        if kill := self._book.kill_of(number):
            outcome = Outcome(cluster=self._resemblance.joined(card, row, "copy"))
            return self._taking_back.after_kill(arrival, outcome, kill)
        if card.content == memory.content_of(row):
            cluster = self._resemblance.joined(card, row, "copy", _WHOLE)
            return self._filed(arrival, cluster, row, "repeat", ASIDE)
        before, part = self._book.wording_of(row), arrival.life.wording
        return Outcome(
            cluster=self._resemblance.joined(card, row, "update"),
            chain=Chain(kind="take", previous=previous, version=arrival.life.version),
            fate=Fate(kind="take", previous=previous),
            body=before.with_part(part).body if before is not None and part is not None else None,
        )

    def _update_of_killed(self, arrival: Arrival, row: int, kill: Kill) -> Outcome:
        """A version of an item whose text was taken back: the agency gives it back, or an outlet mends its
        page, or has not yet."""
        memory, card = self._memory, arrival.card
        previous = memory.id_of(row).hex()
        if card.own or kill.cause.feed == arrival.feed:
            return self._reinstated(arrival, row)
        chain = Chain(kind="update", previous=previous, version=arrival.life.version)
        outcome = Outcome(cluster=self._resemblance.place(card), chain=chain)
        if (killed := self._taking_back.of_text(arrival, outcome)) is not None:
            return killed
        fate = Fate(kind="update", previous=previous)
        return outcome._replace(cluster=replace(outcome.cluster, role="update"), fate=fate)

    def _reinstated(self, arrival: Arrival, row: int) -> Outcome:
        """A version that is good again after a kill: `row` is the kill, or what it took back."""
        previous = self._memory.id_of(row).hex()
        return Outcome(
            cluster=self._resemblance.joined(arrival.card, row, "update"),
            chain=Chain(kind="reinstated", previous=previous, version=arrival.life.version),
            fate=Fate(kind="reinstated", previous=previous, given_back=(previous,)),
        )

    def _watched(self, arrival: Arrival, outcome: Outcome) -> Outcome:
        """The same story, where the text that it copies was taken back or corrected before it came."""
        if self._book.is_empty:
            return outcome
        matched = outcome.cluster.matched
        row = self._memory.row_of_id(bytes.fromhex(matched)) if matched else 0
        if row and outcome.chain is None and self._replaces_killed(arrival, row):
            return self._reinstated(arrival, row)
        if (killed := self._taking_back.of_text(arrival, outcome)) is not None:
            return killed
        if not row:
            return outcome
        advisories: list[Advisory] = []
        told: list[Fact] = []
        for correction in self._book.corrections_of(self._memory.cluster_number(row)):
            facts = carried(correction.facts, arrival.card)
            if facts or (correction.is_stale and self._is_replaced(arrival)):
                told += facts
                advisories.append(
                    Advisory(
                        kind="stale",
                        about=arrival.about,
                        cause=correction.cause,
                        cluster=outcome.cluster.id,
                        told_by=arrival.card.id,
                        time=arrival.time,
                        changed=changes(facts),
                    )
                )
        if not advisories:
            return outcome
        stale = Chain(kind="stale", version=arrival.life.version, changed=changes(told))
        return outcome._replace(chain=outcome.chain or stale, advisories=tuple(advisories))

    def _replaces_killed(self, arrival: Arrival, row: int) -> bool:
        """Whether a copy of killed text is what its agency sends in its place: under another identity, after
        the kill, and with other facts or as a correction."""
        memory, card = self._memory, arrival.card
        kill = self._book.kill_of(memory.cluster_number(row))
        if kill is None or not (card.own or kill.cause.feed == arrival.feed):
            return False
        is_new = card.time >= memory.time_of(kill.row) and not memory.row_of_content(card.content)
        is_correction = bool(arrival.flags & lives.CORRECTION)
        return is_new and (is_correction or bool(kill.target and self._facts(arrival, kill.target)))

    def _is_replaced(self, arrival: Arrival) -> bool:
        """Whether the text is exactly one that a later version took the place of."""
        row = self._memory.row_of_content(arrival.card.content)
        return bool(row and self._memory.mark_of(row) & SPENT)
