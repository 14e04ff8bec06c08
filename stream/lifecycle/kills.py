"""What a kill is about: the item of its identity, its number or its title, or the text that it repeats."""

from __future__ import annotations

from stream.dedup.ledger import KILL
from stream.dedup.memory import SPENT, Memory
from stream.lifecycle import life as lives
from stream.lifecycle.arrival import Arrival, Resemblance
from stream.lifecycle.book import Book, Kill
from stream.lifecycle.titles import has_title, may_have_title, title_words

# A kill that repeats the text may leave half of it out, and puts a note before it. What shares less is
# another story on the same event; a wrong kill does harm.
_REPEATED = 0.6


class Targets:
    """Finds stories of one shard by what a kill says of them, and kills by what a story says of itself."""

    def __init__(self, memory: Memory, book: Book, resemblance: Resemblance) -> None:
        self._memory = memory
        self._book = book
        self._resemblance = resemblance

    def of(self, arrival: Arrival) -> int:
        """The row that a kill takes back, 0 where it is not known here."""
        memory, card, told = self._memory, arrival.card, arrival.life
        if row := memory.row_of_uri(card.uri):
            return row
        key = lives.referred_key(told.refers_number, arrival.scope) if told.refers_number else None
        row = self._book.row_of_number(key) if key is not None else 0
        title = told.refers_title or told.title
        if row and (told.refers_title is None or self._is_titled(row, told.refers_title)):
            return self._latest(row)
        if title and (row := self._titled(arrival.feed, title)):
            return row
        row = self._resemblance.nearest(card, _REPEATED)
        row = self._of_feed(row, arrival.feed) if row else 0
        # Others report that an agency took a story back, and repeat it.
        return row if row and (card.own or memory.feed_of(row) == arrival.feed) else 0

    def waiting_for(self, arrival: Arrival) -> Kill | None:
        """The kill that waits for this story, by the number or the title that it named."""
        waiting = self._book.waiting(arrival.feed, arrival.card.time)
        if not waiting:
            return None
        numbers = lives.number_keys(arrival.life.numbers, arrival.scope)
        for kill, number, title in waiting:
            if number in numbers or has_title(arrival.card.text, title):
                return kill
        return None

    def _is_titled(self, row: int, title: str) -> bool:
        """Whether an item that was named by its number may have this title too."""
        has_text = self._memory.has_text(row)
        return not has_text or may_have_title(self._memory.text_of(row), title_words(title))

    def _latest(self, row: int) -> int:
        """The version that took the place of a row, or the row."""
        is_spent = self._memory.mark_of(row) & SPENT
        return self._of_feed(row, self._memory.feed_of(row)) if is_spent else row

    def _titled(self, feed: str, title: str) -> int:
        """The latest row of a feed with this title."""
        memory, quoted = self._memory, title_words(title)
        for row in memory.rows_of_feed(feed):
            is_story = memory.has_text(row) and not memory.mark_of(row) & KILL
            if is_story and has_title(memory.text_of(row), quoted):
                return row
        return 0

    def _of_feed(self, row: int, feed: str) -> int:
        """The latest row of that feed in the cluster of a row, else the row itself."""
        rows = self._memory.members(self._memory.cluster_number(row))
        own = (one for one in reversed(rows) if self._memory.feed_of(one) == feed)
        return next((one for one in own if not self._memory.mark_of(one) & (KILL | SPENT)), row)
