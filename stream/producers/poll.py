"""`wirestream poll`: what is new in feeds goes to the stories topic, one record an item.

A feed is fetched, taken apart, its new items sent, their delivery awaited, and only then remembered together
with the feed's validators. A crash in between makes items come twice; they have the same story ids, and the
service does not emit them again. A feed that fails holds up no other.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from stream.errors import Rejected
from stream.kafka.delivery import Delivery
from stream.kafka.security import client_settings
from stream.producers.feed_items import FeedItem, take_apart
from stream.producers.fetch import Fetched, FetchError, Outcome, Validators, fetch
from stream.producers.memory import FeedMemory
from stream.producers.metrics import ProducerMetrics
from stream.producers.outbox import Outbox
from stream.producers.schedule import after_failure, after_success, wait
from stream.producers.service import Service, running
from stream.producers.urls import host, shown
from stream.settings import PollFeedSettings, PollSettings, Settings
from stream.sources import Item
from stream.wire.document import Document
from stream.wire.limits import Limits

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed that is polled. `name` goes into its records, `every` is in seconds."""

    name: str
    url: str
    every: float

    def __str__(self) -> str:
        return f"{self.name} ({shown(self.url)})"


def feeds_of(options: PollSettings, named: Sequence[PollFeedSettings] = ()) -> list[Feed]:
    """The feeds that were named, else those of the settings; one that is named twice stands once."""
    found = [
        Feed(feed.feed or host(feed.url), feed.url, (feed.every or options.every).total_seconds())
        for feed in named or options.feeds
    ]
    return list({feed.url: feed for feed in found}.values())


def run_poll(
    settings: Settings,
    feeds: Sequence[Feed],
    *,
    topic_name: str,
    once: bool,
    on_item: Callable[[], None],
) -> int:
    """Polls until SIGTERM or SIGINT, or with `once` each feed one time; how many of them failed.

    Raises `UserError` before it starts when the broker, the topic or the memory cannot be had.
    """
    client, metrics = client_settings(settings.kafka), ProducerMetrics()
    with (
        running(settings.poll, "poll", metrics) as service,
        FeedMemory(settings.poll.folder) as memory,
        Outbox(client, topic_name, stop=service.stop, readiness=service.readiness, metrics=metrics) as outbox,
    ):
        if not outbox.open(settings.kafka.startup_timeout.total_seconds()):
            return 0
        poll = Poll(settings.poll, service, memory, outbox, metrics, on_item)
        return asyncio.run(poll.run(feeds, once=once))


class Poll:
    """All feeds, each a task of one event loop; Kafka is spoken to by one thread beside it."""

    def __init__(
        self,
        options: PollSettings,
        service: Service,
        memory: FeedMemory,
        outbox: Outbox,
        metrics: ProducerMetrics,
        on_item: Callable[[], None],
    ) -> None:
        self._options = options
        self._service = service
        self._memory = memory
        self._outbox = outbox
        self._metrics = metrics
        self._on_item = on_item
        self._limits = Limits(xml_bytes=options.document_bytes)
        # Bounds the documents in memory too: a place is kept until the items are delivered.
        self._places = asyncio.Semaphore(options.connections)
        self._host_places: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(options.host_connections)
        )
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="delivery")
        self._deliveries: set[asyncio.Task[None]] = set()
        self._rng = random.Random()

    async def run(self, feeds: Sequence[Feed], *, once: bool) -> int:
        """How many feeds failed, with `once`. At a stop, requests are dropped and deliveries are finished."""
        _log.info("polling %d feeds", len(feeds))
        for feed in feeds:
            # A feed that never answers must have a series too, or no alert would see it.
            asked = self._memory.asked(feed.url)
            self._metrics.last_success.labels(feed.name).set(0 if asked.failures else asked.at)
        stopped: asyncio.Future[Any] = asyncio.ensure_future(self._stopped())
        work: asyncio.Future[Any] = asyncio.gather(
            *(self._once(feed) if once else self._always(feed) for feed in feeds)
        )
        try:
            await asyncio.wait([work, stopped], return_when=asyncio.FIRST_COMPLETED)
            return work.result().count(False) if work.done() else 0
        finally:
            stopped.cancel()
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            with suppress(sqlite3.Error):
                await asyncio.gather(*self._deliveries)
            self._sender.shutdown()

    async def _stopped(self) -> None:
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._service.stop.fileno(), asked.set)
        try:
            await asked.wait()
        finally:
            loop.remove_reader(self._service.stop.fileno())

    async def _always(self, feed: Feed) -> bool:
        while True:
            asked = self._memory.asked(feed.url)
            await asyncio.sleep(wait(asked, feed.every, now=time.time(), rng=self._rng))
            await self._once(feed)
            if self._memory.asked(feed.url) == asked:
                # It could not be written down that the feed was asked.
                await asyncio.sleep(feed.every)

    async def _once(self, feed: Feed) -> bool:
        """Asks a feed one time; whether that went well."""
        async with self._places:
            try:
                await self._ask(feed)
            except FetchError as error:
                self._metrics.requests.labels(feed.name, error.outcome).inc()
                self._put_off(feed, error)
                return False
            except sqlite3.Error as error:
                _log.error("%s: %s", feed, _unwritten(error))
                return False
        return True

    async def _ask(self, feed: Feed) -> None:
        validators = self._memory.validators(feed.url)
        async with self._host_places[host(feed.url)]:
            with self._metrics.request_seconds.time():
                fetched = await fetch(
                    feed.url,
                    validators,
                    timeout=self._options.timeout.total_seconds(),
                    most_bytes=self._options.document_bytes,
                )
        if fetched is None:
            self._memory.remember(feed.url, after_success(time.time()), validators)
            self._count(feed, Outcome.UNCHANGED)
            return
        items = await asyncio.to_thread(self._take_apart, fetched)
        task = asyncio.create_task(self._deliver(feed, fetched.validators, items))
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)
        # A stop cancels the wait and not the delivery.
        await asyncio.shield(task)

    def _take_apart(self, fetched: Fetched) -> list[FeedItem]:
        try:
            return take_apart(
                Document(fetched.body, datetime.now(UTC), self._limits, charset=fetched.charset)
            )
        except Rejected as rejected:
            # A page of maintenance, a document that is cut off: no feed, and no story either.
            raise FetchError(Outcome.NO_FEED, str(rejected)) from None

    async def _deliver(self, feed: Feed, validators: Validators, items: list[FeedItem]) -> None:
        """Sends what is new, and remembers it unless a stop came before all was confirmed."""
        unknown = self._memory.unknown(feed.url, (item.digest for item in items))
        fresh = [item for item in items if item.digest in unknown]
        if fresh:
            loop = asyncio.get_running_loop()
            if not await loop.run_in_executor(self._sender, self._send, feed, fresh):
                return
            _log.info("%s: %d new items of %d", feed, len(fresh), len(items))
        digests = [item.digest for item in items]
        self._memory.remember(feed.url, after_success(time.time()), validators, digests)
        self._count(feed, Outcome.CHANGED if fresh else Outcome.UNCHANGED)

    def _send(self, feed: Feed, fresh: list[FeedItem]) -> bool:
        waiting = [Item(shown(feed.url), i.value, (("content-type", i.content_type),)) for i in fresh]
        confirmed = 0

        def done(item: Item, why: str | None) -> None:
            nonlocal confirmed
            confirmed += 1
            self._metrics.count_outcome(feed.name, len(item.value), why)
            self._on_item()
            if why is not None:
                _log.error("%s: an item was not sent: %s", feed, why)

        def attempt(delivery: Delivery) -> None:
            for item in waiting[confirmed:]:
                delivery.send(item, feed=feed.name, done=partial(done, item))
            delivery.drain()

        return self._outbox.persist(attempt)

    def _count(self, feed: Feed, outcome: Outcome) -> None:
        self._metrics.requests.labels(feed.name, outcome).inc()
        self._metrics.last_success.labels(feed.name).set_to_current_time()

    def _put_off(self, feed: Feed, error: FetchError) -> None:
        now = time.time()
        asked = after_failure(
            self._memory.asked(feed.url),
            feed.every,
            self._options.longest_pause.total_seconds(),
            error.retry_after,
            now=now,
            rng=self._rng,
        )
        _log.warning("%s: %s; asked again in %.0f s", feed, error, asked.not_before - now)
        try:
            self._memory.remember(feed.url, asked, self._memory.validators(feed.url))
        except sqlite3.Error as fault:
            _log.error("%s: %s", feed, _unwritten(fault))


def _unwritten(error: sqlite3.Error) -> str:
    # What was sent comes again, and the service does not emit it again.
    return f"what became of it cannot be written down: {error}"
