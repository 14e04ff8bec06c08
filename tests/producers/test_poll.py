"""Feeds asked and sent, with publishers and a delivery that the test plays."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from stream.kafka.delivery import Done, UndeliveredError
from stream.producers.memory import FeedMemory
from stream.producers.metrics import ProducerMetrics
from stream.producers.poll import Feed, Poll, feeds_of
from stream.producers.readiness import Readiness
from stream.producers.service import Service
from stream.producers.stop import Stop
from stream.settings import PollFeedSettings, PollSettings, Settings
from stream.sources import Item
from tests.producers.publisher import publisher

OPTIONS = Settings.model_validate({"poll": {"every": "10ms", "longest_pause": "20ms"}}).poll


class Broker:
    """Confirms what it is sent, or does what a test wants of it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str | None, bytes]] = []
        self.on_send: Callable[[Item], str | None] = lambda _: None
        self.gives_up = False

    def send(self, item: Item, *, feed: str | None, done: Done) -> None:
        why = self.on_send(item)
        if why is None:
            self.sent.append((feed, item.value))
        done(why)

    def drain(self) -> None:
        pass

    def persist(self, attempt: Callable[[Broker], None]) -> bool:
        """As an outbox: until it goes through, or a stop comes."""
        while not self.gives_up:
            try:
                attempt(self)
            except UndeliveredError:
                continue
            return True
        return False


class Desk:
    """One poll with its memory, over a broker of the test's."""

    def __init__(self, folder: Path, options: PollSettings = OPTIONS) -> None:
        self.broker = Broker()
        self.memory = FeedMemory(folder)
        self.metrics = ProducerMetrics()
        self.stop = Stop(30)
        self._options = options

    async def poll(self, *urls: str, once: bool = True) -> int:
        service = Service(self.stop, Readiness())
        broker: Any = self.broker
        poll = Poll(self._options, service, self.memory, broker, self.metrics, lambda: None)
        return await poll.run([Feed(f"feed-{n}", url, 0.01) for n, url in enumerate(urls)], once=once)

    def outcomes(self, number: int = 0) -> dict[str, float]:
        """How often a feed's requests came out each way."""
        samples = [sample for family in self.metrics.requests.collect() for sample in family.samples]
        return {
            s.labels["outcome"]: s.value
            for s in samples
            if s.labels["feed"] == f"feed-{number}" and s.name.endswith("_total")
        }


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    with desk.memory:
        yield desk


def rss(*titles: str) -> bytes:
    items = "".join(f"<item><title>{title}</title></item>" for title in titles)
    return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


async def front_page(_: web.Request) -> web.Response:
    return web.Response(body=rss("second", "first"))


async def broken(_: web.Request) -> web.Response:
    return web.Response(body=b"<html><p>Down for maintenance</p></html>")


async def test_what_is_new_is_sent_once_oldest_first(desk: Desk) -> None:
    async with publisher(front_page) as url:
        assert await desk.poll(url) == 0
        assert await desk.poll(url) == 0
    assert [feed for feed, _ in desk.broker.sent] == ["feed-0", "feed-0"]
    assert [b"first" in value for _, value in desk.broker.sent] == [True, False]
    assert desk.outcomes() == {"changed": 1, "unchanged": 1}


async def test_a_feed_that_fails_holds_up_no_other(desk: Desk) -> None:
    async with publisher(broken) as bad, publisher(front_page) as good:
        assert await desk.poll(bad, good) == 1
    assert {feed for feed, _ in desk.broker.sent} == {"feed-1"}
    assert (desk.outcomes(0), desk.outcomes(1)) == ({"no-feed": 1}, {"changed": 1})
    assert desk.memory.asked(bad).failures == 1
    successes = [desk.metrics.last_success.labels(f"feed-{number}")._value.get() for number in (0, 1)]
    assert successes[0] == 0 < successes[1]


async def test_a_feed_that_recovers_is_as_before(desk: Desk) -> None:
    answers = [broken, broken, front_page]

    async def answer(request: web.Request) -> web.Response:
        return await answers.pop(0)(request)

    async with publisher(answer) as url:
        assert [await desk.poll(url) for _ in range(3)] == [1, 1, 0]
        assert desk.memory.asked(url).failures == 0
    assert len(desk.broker.sent) == 2


async def test_what_was_not_confirmed_is_sent_again_and_the_rest_is_not(desk: Desk) -> None:
    fails = [True]

    def on_send(item: Item) -> None:
        if b"second" in item.value and fails:
            fails.clear()
            raise UndeliveredError("no broker")

    desk.broker.on_send = on_send
    async with publisher(front_page) as url:
        assert await desk.poll(url) == 0
    assert len(desk.broker.sent) == 2


async def test_what_a_stop_leaves_unsent_is_not_remembered(desk: Desk) -> None:
    desk.broker.gives_up = True
    async with publisher(front_page) as url:
        await desk.poll(url)
        desk.broker.gives_up = False
        await desk.poll(url)
    assert len(desk.broker.sent) == 2


async def test_an_item_that_is_refused_is_counted_and_not_tried_for_ever(desk: Desk) -> None:
    desk.broker.on_send = lambda item: "too large" if b"first" in item.value else None
    async with publisher(front_page) as url:
        await desk.poll(url)
        await desk.poll(url)
    assert len(desk.broker.sent) == 1
    assert desk.metrics.records_refused.labels("feed-0")._value.get() == 1


async def test_a_stop_drops_requests_and_finishes_deliveries(desk: Desk) -> None:
    asked, delivering, go_on = asyncio.Event(), threading.Event(), threading.Event()

    async def hang(_: web.Request) -> web.Response:
        asked.set()
        await asyncio.sleep(60)
        return web.Response()

    def on_send(_: Item) -> None:
        delivering.set()
        go_on.wait()

    desk.broker.on_send = on_send
    async with publisher(hang) as slow, publisher(front_page) as good:
        polling = asyncio.create_task(desk.poll(slow, good, once=False))
        await asked.wait()
        await asyncio.to_thread(delivering.wait)
        desk.stop.ask()
        go_on.set()
        await asyncio.wait_for(polling, 30)
        assert desk.memory.unknown(good, []) == set()
        assert desk.memory.asked(good).at > 0
    assert len(desk.broker.sent) == 2


async def test_a_full_disk_is_no_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async with publisher(front_page) as url, publisher(broken) as bad:
        with monkeypatch.context() as disk:
            disk.setattr(desk.memory, "remember", full)
            assert await desk.poll(url, bad) == 2
        assert await desk.poll(url) == 0


async def test_a_feed_is_asked_again_and_again(desk: Desk) -> None:
    enough = asyncio.Event()
    asked = 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        if asked == 5:
            enough.set()
        return web.Response(body=rss(*(str(number) for number in range(asked))))

    async with publisher(answer) as url:
        polling = asyncio.create_task(desk.poll(url, once=False))
        await enough.wait()
        desk.stop.ask()
        await asyncio.wait_for(polling, 30)
    assert len({value for _, value in desk.broker.sent}) == len(desk.broker.sent) >= 4


async def test_no_more_than_so_many_ask_one_host(tmp_path: Path) -> None:
    now = most = 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        return web.Response(body=rss())

    desk = Desk(tmp_path)
    with desk.memory:
        async with publisher(answer) as url:
            assert await desk.poll(*(f"{url}/{number}" for number in range(12))) == 0
    assert most == OPTIONS.host_connections


def test_feeds_that_are_named_go_before_those_of_the_settings() -> None:
    options = Settings.model_validate(
        {
            "poll": {
                "feeds": [
                    {"url": "https://a.example/1", "every": "1m"},
                    {"url": "https://b.example/", "feed": "b"},
                ]
            }
        }
    ).poll
    assert feeds_of(options) == [
        Feed("a.example", "https://a.example/1", 60),
        Feed("b", "https://b.example/", 300),
    ]
    named = PollFeedSettings(url="https://c.example/", feed="c")
    assert feeds_of(options, [named, named]) == [Feed("c", "https://c.example/", 300)]


def test_a_feed_is_shown_without_its_secrets() -> None:
    assert str(Feed("c", "https://desk:hunter2@c.example/?key=1", 60)) == "c (https://c.example/?…)"
