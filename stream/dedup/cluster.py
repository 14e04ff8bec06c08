"""The decision on each story: which cluster it belongs to, in which role, and why."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, NamedTuple

import numpy as np

from stream.dedup.card import Card
from stream.dedup.decision import Decision, entry_of
from stream.dedup.evidence import Evidence, Story, gather
from stream.dedup.index import Hits
from stream.dedup.ledger import Entry
from stream.dedup.memory import SPENT, Memory, outranks
from stream.dedup.settings import DedupSettings
from stream.dedup.sketch import SPACE, Sketch, index_threshold, threshold
from stream.dedup.text import Text
from stream.dedup.verify import RULE, Verdict, Weighed, weigh
from stream.dedup.window import StreamClock
from stream.lifecycle.arrival import Arrival, Likeness
from stream.lifecycle.book import Book
from stream.lifecycle.copies import Copies
from stream.lifecycle.lives import Lives
from stream.model import About, Cluster, Inside, Role

_DAY = 86_400_000
# A text a fifth shorter than another was cut; less is a changed word here and there.
_SHORTENED = 0.8
# A body of a few words (a picture caption, "details follow") is no text to tell stories by.
_FEW_TOKENS = 8
# A text that shares a fifth of the hashes that a full copy would share is worth a comparison, and any shared
# hash is where ten at most are expected, as between a flash and a long report.
_LEAST = 0.2
_FEW_HITS = 10
# One shared hash counts for a short text only, and when at most two remembered texts have it.
_FEW_TEXT = 120
_LONE = np.array(2)
# With more hits than this, those on hashes that more than eight texts have are left aside.
_CROWD = 16
_RARE = np.array(8)
# Candidates are ranked by the rarity of what they share, and the first of these so many are looked at.
_RANKED = 2
# Log odds: e³ to one is "about as well", e to one is no doubtful match.
_CLOSE = 3.0
_SURE = 1.0
# What a text that a story stands inside says against its being a copy of that text's cluster, in log odds.
_STANDS_INSIDE = 2.0
# What a reader can take in; a fuller version has dozens of numbers of its own.
_TOLD_NUMBERS = 8
_TOLD_WORDS = 3
# A shingle that two other clusters have is a formula.
_OTHERS = 2
_UNLIKE = Likeness()


class Figures(NamedTuple):
    """What the memory holds, for the metrics. Times are milliseconds since 1970, None when it is empty."""

    stories: int
    clusters: int
    bytes: int
    earliest: int | None
    latest: int | None


class _Match(NamedTuple):
    row: int
    text: Text
    evidence: Evidence
    weighed: Weighed


class Deduplicator:
    """The memory and judgement of one language shard. Not thread-safe; no clock but the stories' times."""

    def __init__(self, settings: DedupSettings) -> None:
        self._settings = settings
        self._memory = Memory(settings.window // timedelta(milliseconds=1), settings.stories)
        self._clock = StreamClock()
        self._book = Book(self._memory, settings.texts)
        self._lives = Lives(self._memory, self._book, self)

    def __len__(self) -> int:
        return len(self._memory)

    def seen(self, id: str) -> bool:  # noqa: A002 - the field's own name
        """Whether a story of this id was decided within the window: then this one is a redelivery."""
        return self._memory.row_of_id(bytes.fromhex(id)) != 0

    def cluster_of(self, id: str) -> bytes | None:  # noqa: A002 - the field's own name
        """The id of the cluster of a remembered story, None when it is not remembered."""
        row = self._memory.row_of_id(bytes.fromhex(id))
        return self._memory.cluster_of(row).id if row else None

    def out_with(self, id: str) -> list[About]:  # noqa: A002 - the field's own name
        """The stories of a remembered story's cluster that are out, and those that its text stands in; the
        story itself is none of them."""
        memory, row = self._memory, self._memory.row_of_id(bytes.fromhex(id))
        number, copies = memory.cluster_number(row), Copies(memory)
        rows = (*copies.of_cluster(number, without=(row,)), *copies.around(number, row))
        return [copies.about(one) for one in rows]

    def overtaken(self, id: str) -> Literal["killed", "superseded"] | None:  # noqa: A002 - the field's own name
        """Whether a remembered story was taken back, or another took its place."""
        row = self._memory.row_of_id(bytes.fromhex(id))
        if row and self._book.kill_of(self._memory.cluster_number(row)):
            return "killed"
        return "superseded" if row and self._memory.mark_of(row) & SPENT else None

    def figures(self) -> Figures:
        """Sizes and times of what is remembered."""
        earliest, latest = self._memory.times() or (None, None)
        size = self._memory.size + self._book.size
        return Figures(len(self._memory), self._memory.clusters, size, earliest, latest)

    def decide(self, card: Card) -> Cluster:
        """Decide on one story and remember it: its place in a cluster."""
        return self.judge(card).cluster

    def judge(self, card: Card, feed: str = "", life: bytes = b"", *, is_notice: bool = False) -> Decision:
        """Decide on one story of a feed, with what it says of its own life (`stream.lifecycle.life`), and
        remember it; `is_notice` where another shard sends its event. `restore` with the entries of all
        decisions, in order, rebuilds this state."""
        arrival = Arrival(card, feed, life, is_notice=is_notice)
        outcome = self._lives.decide(arrival)
        entry = entry_of(arrival, outcome, is_watched=self._is_watched(outcome.cluster))
        self._remember(entry, card.text.sketch if entry.text is card.text.data else None)
        return Decision(outcome.cluster, outcome.chain, outcome.advisories, entry, outcome.body)

    def restore(self, entries: Iterable[bytes]) -> None:
        """Rebuild the state from ledger entries, in ledger order."""
        for data in entries:
            self._remember(Entry.from_bytes(data))

    def _remember(self, entry: Entry, sketch: Sketch | None = None) -> None:
        now = self._clock.tick(entry.time)
        row = self._memory.remember(entry, now, self._settings.representatives, sketch)
        self._book.note(entry, row)

    def _is_watched(self, cluster: Cluster) -> bool:
        """Whether versions to come of what a story copies will be compared with that."""
        if cluster.role != "copy" or not self._book.has_wordings:
            return False
        rows = (self._memory.row_of_id(bytes.fromhex(i)) for i in (cluster.original, cluster.matched) if i)
        return any(self._book.has_wording(row) for row in rows)

    def place(self, card: Card) -> Cluster:
        """The place of a story by resemblance alone, whatever it says of its identity."""
        memory = self._memory
        row = memory.row_of_content(card.content) if card.length >= _FEW_TOKENS else 0
        if row and abs(memory.time_of(row) - card.time) <= memory.window:
            return self.joined(card, row, "copy", Likeness(1.0, 1.0, 1.0))
        matches = self._matches(card)
        if not matches:
            return self.alone(card, "original")
        copies = self._agreed(matches)
        inside = tuple(
            Inside(memory.id_of(match.row).hex(), round(match.evidence.shorter, 3))
            for match in matches
            if match.weighed.verdict is Verdict.INSIDE and match.evidence.shorter >= self._settings.inside
        )
        if not copies:
            return Cluster(id=card.id, role="original", original=card.id, inside=inside, rule=RULE)
        best = self._choice(copies)
        found = best.evidence
        like = Likeness(found.a_in_b, found.b_in_a, found.jaccard, _differences(card, best), inside)
        return self.joined(card, best.row, "copy", like)

    def alone(self, card: Card, role: Role) -> Cluster:
        """A cluster of its own for a story."""
        return Cluster(id=card.id, role=role, original=card.id, rule=RULE)

    def nearest(self, card: Card, least: float) -> int:
        """The row of the text that has most in common with a story, whatever differs; 0 where none shares
        the share `least` of the shorter of the two."""
        shared = [(match.evidence.shorter, -match.row) for match in self._matches(card)]
        most, row = max(shared, default=(0.0, 0))
        return -row if most >= least else 0

    def shared(self, card: Card, row: int) -> float:
        """The share of the shorter of two texts, a story's and a row's, that stands in the longer."""
        if not self._memory.has_text(row):
            return 0.0
        evidence = gather(Story(card), self._memory.text_of(row))
        return evidence.shorter if evidence is not None else 0.0

    def _agreed(self, matches: list[_Match]) -> list[_Match]:
        """The matches that a story copies, but for those in a cluster of which another text speaks louder
        against it: a story that resembles one version of a story only would chain two stories together."""
        copies = [match for match in matches if match.weighed.verdict is Verdict.COPY]
        if len(copies) == len(matches):
            return copies
        against: dict[int, float] = {}
        for match in matches:
            if match.weighed.verdict is not Verdict.COPY:
                cluster = self._memory.cluster_number(match.row)
                known = -_STANDS_INSIDE if match.weighed.verdict is Verdict.INSIDE else 0.0
                against[cluster] = min(against.get(cluster, 0.0), match.weighed.score, known)
        return [
            match
            for match in copies
            if match.weighed.score + against.get(self._memory.cluster_number(match.row), 0.0) > 0
        ]

    def _choice(self, copies: list[_Match]) -> _Match:
        """Which of several texts that a story copies it is filed with: of those that match about as well as
        the best, the one in the oldest cluster. So one cluster grows where two would compete."""
        top = max(match.weighed.score for match in copies)
        least = min(top, max(_SURE, top - _CLOSE))
        close = [match for match in copies if match.weighed.score >= least]
        oldest = min(self._memory.cluster_number(match.row) for match in close)
        close = [match for match in close if self._memory.cluster_number(match.row) == oldest]
        return max(close, key=lambda match: (match.weighed.score, -match.row))

    def joined(
        self, card: Card, row: int, role: Role, like: Likeness = _UNLIKE, *, may_lead: bool = True
    ) -> Cluster:
        """The place of a story in the cluster of a row that it is known to belong to. With `may_lead` it
        becomes the original where it outranks the one that is."""
        memory = self._memory
        known = memory.cluster_of(row)
        leads = may_lead and role != "kill" and outranks(card.own, card.time, known.own, known.time)
        return Cluster(
            id=known.id.hex(),
            role=role,
            original=card.id if leads else known.original.hex(),
            matched=memory.id_of(row).hex(),
            relation=_relation(card.length, memory.length_of(row)),
            containment=_rounded(like.containment),
            contained=_rounded(like.contained),
            jaccard=_rounded(like.jaccard),
            differs=like.differs,
            inside=like.inside,
            rule=RULE,
        )

    def _matches(self, card: Card) -> list[_Match]:
        """The remembered texts that share enough with a story to be weighed, with the verdict on each."""
        memory, settings = self._memory, self._settings
        hits = memory.index.find(card.text.sketch, memory.oldest)
        ranked = self._ranked(hits, card.length)
        if not ranked:
            return []
        story = Story(card)
        matches: list[_Match] = []
        formulas: dict[int, bool] = {}
        compared = 0
        for row in ranked:
            apart = abs(memory.time_of(row) - card.time)
            if apart > memory.window:
                continue
            text = memory.text_of(row)
            evidence = gather(story, text, settings.containment)
            if evidence is not None:
                weighed = weigh(evidence, apart / _DAY, self._common(hits, row, formulas))
                matches.append(_Match(row, text, evidence, weighed))
            compared += 1
            if compared == settings.candidates:
                break
        return matches

    def _ranked(self, hits: Hits, length: int) -> list[int]:
        """The rows hit often enough to be copies: those first that share what few others have."""
        rows, spread = hits.rows, hits.spread.take(hits.which)
        if len(rows) > _CROWD:
            rare = spread <= _RARE
            if np.count_nonzero(rare):
                rows, spread = rows[rare], spread[rare]
        listed = rows.tolist()
        # Of the few dozen that there are, a Counter takes half as long again.
        counts: dict[int, int] = {}
        for row in listed:
            counts[row] = counts.get(row, 0) + 1
        often = [row for row, count in counts.items() if count > 1]
        if length <= _FEW_TEXT:
            often += [row for row in rows[spread <= _LONE].tolist() if counts[row] == 1]
        worth = self._worth(often, counts, length) if often else []
        if len(worth) > 1:
            weights = dict.fromkeys(worth, 0.0)
            for row, texts in zip(listed, spread.tolist(), strict=True):
                if row in weights:
                    weights[row] += 1.0 / texts
            worth.sort(key=lambda row: (-weights[row], row))
        return worth[: _RANKED * self._settings.candidates]

    def _worth(self, often: list[int], counts: dict[int, int], length: int) -> list[int]:
        """Those rows that are hit often enough for their lengths to be worth a comparison."""
        bound, worth = threshold(length), []
        for row, other in zip(often, self._memory.lengths_of(often), strict=True):
            indexed = index_threshold(other)
            # Plain comparisons: a formula has dozens of rows, and min() would cost more than all the rest.
            shorter = length if length < other else other
            expected = (shorter - 2) * (bound if bound < indexed else indexed) / SPACE
            if expected <= _FEW_HITS or counts[row] >= _LEAST * expected:
                worth.append(row)
        return worth

    def _common(self, hits: Hits, row: int, formulas: dict[int, bool]) -> float:
        """The share of the hashes that a story shares with a row which other clusters have too. `formulas`
        keeps what is known of each hash for the next row."""
        shared = hits.which[hits.rows == row]
        # The row's own cluster is one of those that have the hash.
        many = shared[hits.spread[shared] > _OTHERS].tolist()
        which, rows = hits.which.tolist(), hits.rows.tolist()
        for number in many:
            if number not in formulas:
                start = bisect_left(which, number)
                known = rows[start : start + int(hits.spread[number])]
                formulas[number] = len(set(map(self._memory.cluster_number, known))) > _OTHERS
        return sum([formulas[number] for number in many]) / len(shared)


def _relation(length: int, other: int) -> Literal["same", "shortened", "extended"]:
    if length < _SHORTENED * other:
        return "shortened"
    return "extended" if other < _SHORTENED * length else "same"


def _differences(card: Card, match: _Match) -> tuple[str, ...]:
    """Numbers of the story that the text lacks, then words of its headline that the text does not use."""
    there = set(match.text.numbers.tolist())
    numbers = zip(card.number_words, card.text.numbers.tolist(), strict=True)
    headline = zip(card.headline_words, match.evidence.headline, strict=True)
    other_numbers = dict.fromkeys([written for written, number in numbers if written and number not in there])
    other_words = dict.fromkeys([word for word, known in headline if len(word) > 2 and not known])
    # Long words are the rare ones.
    rare = sorted(other_words, key=len, reverse=True)[:_TOLD_WORDS]
    return (*list(other_numbers)[:_TOLD_NUMBERS], *(word for word in other_words if word in rare))


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
