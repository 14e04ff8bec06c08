"""The copies of a text that are out, and which facts each of them carries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Protocol

import numpy as np

from stream.dedup import wordset
from stream.dedup.card import MOST_NUMBERS, Card, number_hash
from stream.dedup.ledger import KILL
from stream.dedup.memory import SPENT, Memory
from stream.dedup.sketch import Words, is_in
from stream.dedup.text import Text
from stream.lifecycle.changes import Fact
from stream.model import About, Advisory, AdvisoryKind, Cause, Change
from stream.text.tokens import word_hash, words

_UPPER = 32


class Copies:
    """Asks the memory of one shard."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def of_cluster(self, cluster: int, without: Collection[int] = ()) -> list[int]:
        """The rows of a cluster that are out: no kills, no versions that were replaced."""
        rows = self._memory.members(cluster)
        return [row for row in rows if row not in without and not self._memory.mark_of(row) & (KILL | SPENT)]

    def around(self, cluster: int, row: int) -> list[int]:
        """The rows of other clusters that hold a text of this one whole, or came after `row` and stand in
        one: round-ups and excerpts, with their copies."""
        memory, found = self._memory, dict[int, None]()
        for other, mine in memory.linked(cluster):
            holds = memory.length_of(other) > memory.length_of(mine)
            if holds or memory.time_of(other) >= memory.time_of(row):
                found[memory.cluster_number(other)] = None
        return [other for number in found for other in self.of_cluster(number)]

    def carries(self, row: int, facts: Sequence[Fact]) -> bool:
        """Whether a row has one of the facts as they were. One whose words are not kept is a copy of what
        had them."""
        if not self._memory.has_text(row):
            return True
        text = self._memory.text_of(row)
        return any(_carries(fact, Remembered(text)) for fact in facts)

    def about(self, row: int) -> About:
        """A remembered row as the copy that an advisory is about."""
        memory = self._memory
        published = datetime.fromtimestamp(memory.time_of(row) / 1000, UTC)
        return About(memory.id_of(row).hex(), memory.feed_of(row), published)

    def advisory(
        self,
        kind: AdvisoryKind,
        row: int,
        cause: Cause,
        told_by: str,
        time: datetime,
        facts: Sequence[Fact] = (),
    ) -> Advisory:
        """The advisory about a remembered row."""
        return Advisory(
            kind=kind,
            about=self.about(row),
            cause=cause,
            cluster=self._memory.cluster_of(row).id.hex(),
            told_by=told_by,
            time=time,
            changed=changes(facts),
        )


def carried(facts: Sequence[Fact], card: Card) -> list[Fact]:
    """Those of the facts that a story which has just come has as they were."""
    return [fact for fact in facts if _carries(fact, Arrived(card))]


def changes(facts: Sequence[Fact]) -> tuple[Change, ...]:
    """The facts as events say them."""
    return tuple(Change(fact.was or None, fact.now or None) for fact in facts)


class Said(Protocol):
    """Which words a text has."""

    def has(self, asked: Sequence[str]) -> bool:
        """Whether it has all of them."""

    def is_sure_of(self, asked: Sequence[str]) -> bool:
        """Whether a yes is never false."""


class Arrived:
    """The words of a story, all of them."""

    def __init__(self, card: Card) -> None:
        self._words = card.words

    def has(self, asked: Sequence[str]) -> bool:
        return bool(is_in(_hashes(asked), self._words).all())

    def is_sure_of(self, asked: Sequence[str]) -> bool:  # noqa: ARG002 - of all of them
        return True


class Remembered:
    """What is kept of them: the first numbers as such, all words as a bitmap that says a false yes now and
    then."""

    def __init__(self, text: Text) -> None:
        self._numbers = frozenset(text.numbers.tolist())
        self._knows_numbers = len(text.numbers) < MOST_NUMBERS
        self._bitmap = text.words

    def has(self, asked: Sequence[str]) -> bool:
        numbers = [word for word in asked if word[:1].isdigit()] if self._knows_numbers else []
        others = [word for word in asked if word not in numbers]
        return self._numbers.issuperset(map(number_hash, numbers)) and (
            0 not in wordset.Answer(self._bitmap, wordset.hashed(_hashes(others))).found
        )

    def is_sure_of(self, asked: Sequence[str]) -> bool:
        return self._knows_numbers and all(word[:1].isdigit() for word in asked)


def _carries(fact: Fact, said: Said) -> bool:
    """A text carries what was by the words that only the old version has. One that surely has what is now as
    well tells of the change. Where the new version has the old words elsewhere, the new ones are asked."""
    if not said.has(words(fact.was)):
        return False
    if fact.new and (not fact.old or said.is_sure_of(fact.new)):
        return not said.has(fact.new)
    return True


def _hashes(asked: Sequence[str]) -> Words:
    return np.array([word_hash(word) >> _UPPER for word in asked], dtype=np.uint32)
