"""`wirestream watch`: what agencies deliver into a drop folder goes to the stories topic.

A file is sent, its delivery awaited, written into the journal, and moved to `done` or `failed`. At every
moment it is in the folder or was confirmed by Kafka, so nothing is lost; what a crash between those two
makes come twice has the same story id, and the service does not emit it again.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from stream.errors import UserError
from stream.kafka.delivery import Delivery
from stream.kafka.security import client_settings
from stream.producers.arrivals import Arrival, Arrivals, Look
from stream.producers.folders import move_done, move_failed
from stream.producers.journal import Journal
from stream.producers.metrics import ProducerMetrics
from stream.producers.outbox import Outbox
from stream.producers.parcels import Parcel
from stream.producers.service import Service, running
from stream.settings import Settings
from stream.sources import printable

_log = logging.getLogger(__name__)

# A crash repeats at most the files that are on their way, and so many are enough to keep the broker busy.
_FILES_ON_THEIR_WAY = 100
# A line of log this often while files come; each file at debug.
_SUMMARY_SECONDS = 60.0


def run_watch(
    settings: Settings,
    folder: Path,
    *,
    feed: str | None,
    topic_name: str,
    once: bool,
    on_file: Callable[[], None],
) -> int:
    """Watches until SIGTERM or SIGINT, or with `once` until no file is waiting; how many files failed.

    Raises `UserError` before it starts when the folder, the broker or the topic cannot be had.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder")
    client, metrics = client_settings(settings.kafka), ProducerMetrics()
    with running(settings.watch, "watch", metrics) as service, Journal(folder) as journal:
        with Outbox(
            client, topic_name, stop=service.stop, readiness=service.readiness, metrics=metrics
        ) as outbox:
            watch = Watch(settings, folder, feed, service, journal, outbox, metrics, on_file)
            if outbox.open(settings.kafka.startup_timeout.total_seconds()):
                watch.run(once=once)
        return watch.failed


class Watch:
    """One drop folder and its round of work."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        feed: str | None,
        service: Service,
        journal: Journal,
        outbox: Outbox,
        metrics: ProducerMetrics,
        on_file: Callable[[], None],
    ) -> None:
        options = settings.watch
        self._every = options.every.total_seconds()
        self._folder = folder
        self._service = service
        self._journal = journal
        self._outbox = outbox
        self._metrics = metrics
        self._on_file = on_file
        self._arrivals = Arrivals(
            str(folder), settle=options.settle.total_seconds(), partial=options.partial, feed=feed
        )
        # Dealt with, but not moved away: a full disk, a folder that is not ours to write.
        self._unmoved: dict[str, Parcel] = {}
        self._is_journal_behind = False
        self._blocked: str | None = None
        self._since_summary: Counter[str] = Counter()
        self._summary_at = time.monotonic()
        self._failed = 0

    @property
    def failed(self) -> int:
        """Files that went to `failed`, or could not be moved at all."""
        return self._failed + len(self._unmoved)

    def run(self, *, once: bool) -> None:
        """Round after round, until there is a wish to stop, or with `once` nothing left to do."""
        while not self._service.stop.asked:
            busy = self._round()
            self._summarise()
            if once and self._blocked:
                raise UserError(self._blocked)
            if (once and not busy) or self._service.stop.wait(self._every):
                break
        self._summarise(final=True)

    def _round(self) -> bool:
        """Whether there are files that a later round should find."""
        try:
            look = self._arrivals.look()
            if self._is_journal_behind:
                self._journal.rewrite()
                self._is_journal_behind = False
        except OSError as error:
            self._block(f"{error.strerror}: {error.filename or self._folder}")
            return True
        self._unblock()
        for parcel in list(self._unmoved.values()):
            self._put_away(parcel)
        parcels = [self._parcel(arrival) for arrival in look.complete if not self._is_unmoved(arrival)]
        self._measure(look, len(parcels))
        for parcel in parcels:
            if parcel.progress.whole:
                self._put_away(parcel)
        if parcels:
            self._outbox.persist(partial(self._send, parcels))
        for parcel in parcels:
            if parcel.progress.items and not parcel.progress.whole:
                self._write_down(parcel)
        return bool(look.incomplete or parcels)

    def _send(self, parcels: list[Parcel], delivery: Delivery) -> None:
        waiting = [parcel for parcel in parcels if not parcel.progress.whole]
        for start in range(0, len(waiting), _FILES_ON_THEIR_WAY):
            for parcel in waiting[start : start + _FILES_ON_THEIR_WAY]:
                # A file that is sent and can be neither written down nor moved is sent again after a crash;
                # of those there must not be many.
                if self._service.stop.asked or self._is_journal_behind:
                    break
                parcel.hand_over(delivery, self._service.stop)
            delivery.drain()

    def _parcel(self, arrival: Arrival) -> Parcel:
        return Parcel(
            arrival,
            self._journal.progress(arrival),
            on_item=lambda feed, item, why: self._metrics.count_outcome(feed, len(item.value), why),
            on_progress=self._on_progress,
        )

    def _on_progress(self, parcel: Parcel) -> None:
        self._write_down(parcel)
        if parcel.progress.whole:
            self._put_away(parcel)

    def _write_down(self, parcel: Parcel) -> None:
        try:
            self._journal.record(parcel.arrival, parcel.progress)
        except OSError:
            self._is_journal_behind = True

    def _put_away(self, parcel: Parcel) -> None:
        """Moves a file that was dealt with; one that cannot be moved is tried again in every round."""
        arrival = parcel.arrival
        known = self._unmoved.pop(arrival.name, None)
        if not parcel.is_unchanged():
            # Removed by its sender, or written to after it stood still: then it will be sent once more.
            _log.warning("%s changed or went away while it was sent", printable(arrival.name))
            self._journal.forget(arrival)
            return
        now, why = datetime.now(UTC), "; ".join(parcel.progress.refusals)
        try:
            if why:
                moved = move_failed(self._folder, arrival.name, why, now=now)
            else:
                moved = move_done(self._folder, arrival.name, now=now)
        except OSError as error:
            self._unmoved[arrival.name] = parcel
            if known is None:
                _log.error(
                    "%s was dealt with and cannot be moved: %s; trying again",
                    printable(arrival.name),
                    error.strerror,
                )
            return
        self._journal.forget(arrival)
        self._count(arrival, why, moved)

    def _count(self, arrival: Arrival, why: str, moved: Path) -> None:
        outcome = "failed" if why else "done"
        self._metrics.files.labels(self._metrics.feed(arrival.feed), outcome).inc()
        self._since_summary[outcome] += 1
        self._metrics.waiting_files.dec()
        self._on_file()
        if why:
            self._failed += 1
            _log.warning("%s: %s; moved to %s", printable(arrival.name), why, printable(str(moved)))
        else:
            _log.debug("%s sent", printable(arrival.name))

    def _is_unmoved(self, arrival: Arrival) -> bool:
        parcel = self._unmoved.get(arrival.name)
        return parcel is not None and parcel.arrival.fingerprint == arrival.fingerprint

    def _measure(self, look: Look, fresh: int) -> None:
        self._metrics.waiting_files.set(look.incomplete + fresh)
        self._metrics.oldest_file_seconds.set(max(0.0, time.time() - look.oldest) if look.oldest else 0)
        self._metrics.unmoved_files.set(len(self._unmoved))

    def _block(self, message: str) -> None:
        """Nothing can be done until a person mends this; it is said once."""
        if self._blocked != message:
            _log.error("%s; trying again", message)
        self._blocked = message
        self._service.readiness.wait(message)

    def _unblock(self) -> None:
        if self._blocked:
            _log.info("going on")
            self._blocked = None
            self._service.readiness.ready()

    def _summarise(self, *, final: bool = False) -> None:
        now = time.monotonic()
        if self._since_summary and (final or now - self._summary_at >= _SUMMARY_SECONDS):
            done, failed = self._since_summary["done"], self._since_summary["failed"]
            _log.info("%d files done, %d failed", done, failed)
            self._since_summary.clear()
            self._summary_at = now
