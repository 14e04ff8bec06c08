"""A file on its way: read, handed to a delivery item by item, and dealt with when all of it is confirmed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial

from stream.errors import UserError
from stream.kafka.delivery import Delivery
from stream.producers.arrivals import Arrival, Fingerprint
from stream.producers.journal import Progress
from stream.producers.stop import Stop
from stream.sources import Item, printable, read_sources

# A crash in the middle of a long JSON-lines file repeats fewer items than these.
_JOURNAL_ITEMS = 1000

OnItem = Callable[[str | None, Item, str | None], None]
"""Called for each item with its feed, and why the broker refused it, if it did."""


class Parcel:
    """One file. `on_progress` is called from time to time, and once with `whole` when all of it is dealt
    with; from the thread of the delivery."""

    def __init__(
        self,
        arrival: Arrival,
        progress: Progress,
        *,
        on_item: OnItem,
        on_progress: Callable[[Parcel], None],
    ) -> None:
        self.arrival = arrival
        self.progress = progress
        self._on_item = on_item
        self._on_progress = on_progress
        self._faults: list[str] = []
        self._last: int | None = None

    def hand_over(self, delivery: Delivery, stop: Stop) -> None:
        """Sends what is not confirmed yet; after a failure of the delivery it may be called with another.

        At a stop a long file is left where it is. Raises `UndeliveredError`.
        """
        self._faults.clear()
        self._last = None
        number = 0
        already = self.progress.items
        for number, item in enumerate(self._items(), 1):
            if number > already:
                if stop.asked and number > 1:
                    return
                delivery.send(item, feed=self.arrival.feed, done=partial(self._on_done, item))
        self._last = number
        self._finish_if_all()

    def is_unchanged(self) -> bool:
        """Whether the file is still the one that was found complete."""
        try:
            return Fingerprint.of(os.lstat(self.arrival.path)) == self.arrival.fingerprint
        except OSError:
            return False

    def _items(self) -> Iterator[Item]:
        if not self.is_unchanged():
            # It may lie here for a while behind others, and a link to elsewhere take its place.
            return iter(())
        if self.arrival.fingerprint.size == 0:
            self._faults.append("the file is empty")
            return iter(())
        try:
            return read_sources([self.arrival.path], on_error=self._on_fault)
        except UserError:
            # Gone since it was found.
            return iter(())

    def _on_fault(self, _: str, why: str) -> None:
        self._faults.append(f"cannot be read: {why}")

    def _on_done(self, item: Item, why: str | None) -> None:
        self._on_item(self.arrival.feed, item, why)
        refusals = self.progress.refusals
        if why is not None:
            line = item.name.removeprefix(f"{printable(self.arrival.path)}:")
            refusals = (*refusals, why if line == item.name else f"line {line}: {why}")
        self.progress = Progress(self.progress.items + 1, refusals)
        if not self._finish_if_all() and self.progress.items % _JOURNAL_ITEMS == 0:
            self._on_progress(self)

    def _finish_if_all(self) -> bool:
        if self._last != self.progress.items:
            return False
        self.progress = Progress(self._last, (*self.progress.refusals, *self._faults), whole=True)
        self._on_progress(self)
        return True
