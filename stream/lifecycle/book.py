"""What a shard remembers of the lives of its stories, beside the stories themselves.

Like the memory it is the fold of the ledger: there is one way into it, the entry of a decision with the row
that the memory gave it. All of it goes by rows and clusters of the memory, and goes out of the window with
them.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from stream.dedup.keys import KeyTable
from stream.dedup.ledger import Entry
from stream.dedup.memory import SPENT, Memory
from stream.dedup.sketch import Words
from stream.lifecycle import life as lives
from stream.lifecycle.changes import Fact
from stream.lifecycle.fate import Fate
from stream.lifecycle.life import Life
from stream.lifecycle.titles import title_words
from stream.lifecycle.wording import Wording
from stream.model import Cause

# So many corrections of one cluster are looked at: a live blog has hundreds.
_CORRECTIONS = 8
# Kills whose story has not come. They are few; but a feed that sends nothing else must not be remembered
# without end.
_WAITING = 50
# A kill overtakes its story by minutes, on another line or after a restart.
_WAITS_MS = 6 * 3_600_000


class Correction(NamedTuple):
    """A version that changed facts of a cluster: `facts`, or where these are not known `is_stale`."""

    row: int
    cause: Cause
    facts: tuple[Fact, ...]
    is_stale: bool


class Kill(NamedTuple):
    """A story that takes another back: its row, and that of the version that was out, 0 where none was."""

    row: int
    cause: Cause
    target: int = 0


class Waiting(NamedTuple):
    """A kill whose story has not come, and what it says of that: the key of its number, and its title as the
    hashes (32 bits) of its words, ascending."""

    kill: Kill
    number: int | None
    title: Words


class Book:
    """`texts` bounds the bytes of the wordings that are kept to tell what a new version changed."""

    def __init__(self, memory: Memory, texts: int) -> None:
        self._memory = memory
        self._most_bytes = texts
        self._wordings: dict[int, bytes] = {}
        self._bytes = 0
        self._running = KeyTable()
        self._numbers = KeyTable()
        self._corrections: dict[int, tuple[Correction, ...]] = {}
        self._kills: dict[int, Kill] = {}
        self._waiting: deque[Waiting] = deque(maxlen=_WAITING)
        # Rows of other clusters with the row of the kill that has an advisory on them.
        self._told: dict[int, int] = {}
        self._pruned = 0

    @property
    def is_empty(self) -> bool:
        """Whether no cluster has a history that a story which joins it must know of, and no kill waits."""
        return not (self._corrections or self._kills or self._waiting)

    @property
    def size(self) -> int:
        """Memory held, about: an entry of a dictionary takes some hundred bytes."""
        told = 1000 * (len(self._corrections) + len(self._kills) + len(self._waiting)) + 100 * len(self._told)
        return self._bytes + 100 * len(self._wordings) + self._running.size + self._numbers.size + told

    def wording_of(self, row: int) -> Wording | None:
        """The text of a row, None where it is not kept."""
        data = self._wordings.get(row)
        return Wording.from_bytes(data) if data is not None else None

    @property
    def has_wordings(self) -> bool:
        """Whether versions to come can be compared with the text of any row."""
        return bool(self._wordings)

    def has_wording(self, row: int) -> bool:
        """Whether they can be compared with that of a row."""
        return row in self._wordings

    def row_of_running(self, key: int) -> int:
        """The latest message of a running story, or 0."""
        return self._running.get(key, self._memory.oldest) if key else 0

    def row_of_number(self, key: int) -> int:
        """The latest item of that number, or 0."""
        return self._numbers.get(key, self._memory.oldest)

    def kill_of(self, cluster: int) -> Kill | None:
        """What took the text of a cluster back."""
        kill = self._kills.get(cluster)
        return kill if kill is not None and kill.row >= self._memory.oldest else None

    def is_told(self, row: int, kill: Kill) -> bool:
        """Whether a row has an advisory of a kill already: all of the clusters that it took back have."""
        return self._told.get(row) == kill.row or self.kill_of(self._memory.cluster_number(row)) == kill

    def corrections_of(self, cluster: int) -> list[Correction]:
        """The corrections of a cluster, latest first."""
        found = self._corrections.get(cluster, ())
        return [one for one in reversed(found) if one.row >= self._memory.oldest]

    def waiting(self, feed: str, time: int) -> list[Waiting]:
        """The kills of a feed whose story had not come and may come at that time, latest first."""
        memory = self._memory
        return [
            one
            for one in reversed(self._waiting)
            if one.kill.cause.feed == feed
            and one.kill.row >= memory.oldest
            and abs(memory.time_of(one.kill.row) - time) <= _WAITS_MS
        ]

    def note(self, entry: Entry, row: int) -> None:
        """Takes up a decision that the memory has taken up as `row`."""
        if entry.life:
            self._note_life(entry, row)
        if entry.fate:
            self._note_fate(entry, row, Fate.from_bytes(entry.fate))
        if self._memory.oldest != self._pruned:
            self._prune()

    def _note_life(self, entry: Entry, row: int) -> None:
        oldest, flags = self._memory.oldest, lives.flags(entry.life)
        if (key := lives.running(entry.life)) and not flags & lives.KILL:
            self._running.put(key, row, oldest)
        if flags & lives.NUMBERED:
            known = Life.from_bytes(entry.life)
            for number in lives.number_keys(known.numbers, known.wire or entry.feed):
                self._numbers.put(number, row, oldest)
        if wording := lives.wording(entry.life):
            self._keep(row, wording)

    def _note_fate(self, entry: Entry, row: int, fate: Fate) -> None:
        memory = self._memory
        previous = memory.row_of_id(bytes.fromhex(fate.previous)) if fate.previous else 0
        match fate.kind:
            case "kill":
                self._note_kill(entry, row, previous, fate)
            case "late" | "repeat":
                self._note_again(entry, row, previous)
            case "after-kill":
                kill = self._kill_by(fate.killed_by)
                if kill is not None:
                    self._note_taken_back(kill, fate)
            case "update" | "take" | "reinstated" if previous:
                if fate.kind == "take":
                    self._join(row, previous)
                self._spend(previous)
                for cluster in self._clusters(fate.given_back):
                    self._forget_kill(cluster)
        if fate.facts or fate.is_stale:
            cluster = memory.cluster_number(row)
            correction = Correction(row, _cause(entry), fate.facts, fate.is_stale)
            self._corrections[cluster] = (*self._corrections.get(cluster, ()), correction)[-_CORRECTIONS:]

    def _note_again(self, entry: Entry, row: int, previous: int) -> None:
        """By a feed of the agency's own, or of who sent the item first, it is the item once more; any other
        runs a copy of it, and what it ran before is replaced by this."""
        memory = self._memory
        self._drop(row)
        if entry.own or not previous or memory.feed_of(previous) == entry.feed:
            memory.mark(row, SPENT)
            return
        for other in memory.members(memory.cluster_number(row)):
            if other not in (row, previous) and memory.feed_of(other) == entry.feed:
                memory.mark(other, SPENT)

    def _note_kill(self, entry: Entry, row: int, previous: int, fate: Fate) -> None:
        kill = Kill(row, _cause(entry), previous)
        if previous:
            # What takes its place will be compared with it.
            self._memory.mark(previous, SPENT)
            self._note_taken_back(kill, fate)
            return
        self._kills[self._memory.cluster_number(row)] = kill
        told = Life.from_bytes(entry.life)
        number = lives.referred_key(told.refers_number or "", told.wire or entry.feed)
        title = title_words(told.refers_title or told.title or "")
        if number is not None or len(title):
            self._waiting.append(Waiting(kill, number, title))

    def _note_taken_back(self, kill: Kill, fate: Fate) -> None:
        self._kills.update(dict.fromkeys(self._clusters(fate.taken_back), kill))
        self._told.update(dict.fromkeys(self._rows(fate.told), kill.row))

    def _forget_kill(self, cluster: int) -> None:
        """What took this cluster back takes nothing back any more."""
        if (kill := self._kills.get(cluster)) is not None:
            self._kills = {number: other for number, other in self._kills.items() if other != kill}
            self._waiting = deque((one for one in self._waiting if one.kill != kill), maxlen=_WAITING)

    def _kill_by(self, identity: str | None) -> Kill | None:
        row = self._memory.row_of_id(bytes.fromhex(identity)) if identity else 0
        return self.kill_of(self._memory.cluster_number(row)) if row else None

    def _clusters(self, identities: tuple[str, ...]) -> list[int]:
        return [self._memory.cluster_number(row) for row in self._rows(identities)]

    def _rows(self, identities: tuple[str, ...]) -> list[int]:
        rows = (self._memory.row_of_id(bytes.fromhex(identity)) for identity in identities)
        return [row for row in rows if row]

    def _join(self, row: int, previous: int) -> None:
        """Keeps what a take was joined to instead of the take alone."""
        before, part = self.wording_of(previous), self.wording_of(row)
        if before is not None and part is not None:
            self._drop(row)
            self._keep(row, before.with_part(part).to_bytes())

    def _spend(self, row: int) -> None:
        self._memory.mark(row, SPENT)
        self._drop(row)

    def _keep(self, row: int, wording: bytes) -> None:
        self._wordings[row] = wording
        self._bytes += len(wording)
        # Rows come in ascending order, so the first is the oldest. What goes depends on what came after it
        # only: a shard that is rebuilt from the window keeps the same.
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._wordings)))

    def _drop(self, row: int) -> None:
        self._bytes -= len(self._wordings.pop(row, b""))

    def _prune(self) -> None:
        """Lets go of what has left the window."""
        oldest = self._pruned = self._memory.oldest
        while self._wordings and (first := next(iter(self._wordings))) < oldest:
            self._drop(first)
        while self._waiting and self._waiting[0].kill.row < oldest:
            self._waiting.popleft()
        while self._told and (first := next(iter(self._told))) < oldest:
            del self._told[first]
        for table in (self._kills, self._corrections):
            while table and not self._memory.has_cluster(first := next(iter(table))):
                del table[first]


def _cause(entry: Entry) -> Cause:
    told = Life.from_bytes(entry.life)
    return Cause(entry.id.hex(), entry.feed, told.uri, told.version)
