from __future__ import annotations

import gzip
import tracemalloc
from datetime import UTC, datetime

import pytest
from aiohttp import web

from stream.producers.fetch import (
    Fetched,
    FetchError,
    Outcome,
    Validators,
    _Guard,
    fetch,
    is_public_address,
    retry_after,
)
from tests.producers.publisher import Answer, publisher, raw_publisher

NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def get(
    url: str, validators: Validators | None = None, *, timeout: float = 10, most_bytes: int = 1_000_000
) -> Fetched | None:
    return await fetch(url, validators or Validators(), timeout=timeout, most_bytes=most_bytes)


async def failure(url: str, *, timeout: float = 10, most_bytes: int = 1_000_000) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await get(url, timeout=timeout, most_bytes=most_bytes)
    return caught.value


def says(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=body, headers=named)

    return answer


async def test_a_document_comes_with_its_character_set_and_validators() -> None:
    answer = says(
        body=b"<rss/>",
        Content_Type="application/xml; charset=windows-1256",
        ETag='"a"',
        Last_Modified="Sun, 01 Mar 2026 00:00:00 GMT",
    )
    async with publisher(answer) as url:
        found = await get(url)
    assert found == Fetched(b"<rss/>", "windows-1256", Validators('"a"', "Sun, 01 Mar 2026 00:00:00 GMT"))


async def test_what_did_not_change_is_not_sent_again() -> None:
    async def answer(request: web.Request) -> web.Response:
        known = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        return web.Response(status=304 if known == ('W/"a"', "yesterday") else 200)

    async with publisher(answer) as url:
        assert await get(url, Validators('W/"a"', "yesterday")) is None
        assert await get(url) is not None


async def test_a_packed_answer_is_unpacked() -> None:
    async with publisher(says(body=gzip.compress(b"<rss/>"), Content_Encoding="gzip")) as url:
        found = await get(url)
    assert found is not None
    assert found.body == b"<rss/>"


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
async def test_a_status_that_is_no_success_is_said(status: int) -> None:
    async with publisher(says(status)) as url:
        error = await failure(url)
    assert (error.outcome, error.retry_after) == (Outcome.REFUSED, 0)
    assert f"HTTP status {status}" in str(error)


async def test_a_wish_for_patience_is_heard() -> None:
    async with publisher(says(429, Retry_After="120")) as url:
        assert (await failure(url)).retry_after == 120


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("0", 0),
        ("3600", 3600),
        ("9" * 30, 86_400),
        ("-5", 0),
        ("soon", 0),
        ("Sun, 01 Mar 2026 00:10:00 GMT", 600),
        ("Sun, 01 Mar 2026 00:10:00", 0),
        ("Sat, 28 Feb 2026 00:00:00 GMT", 0),
        (f"Sat, {'9' * 30} Feb 2026 00:00:00 GMT", 0),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float) -> None:
    assert retry_after(header, NOW) == seconds


async def test_a_feed_that_moved_is_followed() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/new":
            return web.Response(body=b"<rss/>")
        raise web.HTTPMovedPermanently("/new")

    async with publisher(answer) as url:
        assert await get(f"{url}/old") is not None


async def test_a_loop_of_redirects_ends() -> None:
    asked = 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        raise web.HTTPFound("/again")

    async with publisher(answer) as url:
        assert (await failure(url)).outcome is Outcome.REFUSED
    assert asked == 5


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://a/b", "http://"])
async def test_a_redirect_to_what_is_no_web_address_is_refused(target: str) -> None:
    async with publisher(says(302, Location=target)) as url:
        assert (await failure(url)).outcome in (Outcome.REFUSED, Outcome.UNREACHABLE)


async def test_credentials_do_not_go_along_to_another_host() -> None:
    seen: list[str | None] = []

    async def other(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization"))
        return web.Response(body=b"<rss/>")

    async with publisher(other) as elsewhere:

        async def answer(request: web.Request) -> web.Response:
            seen.append(request.headers.get("Authorization"))
            raise web.HTTPFound(elsewhere)

        async with publisher(answer) as url:
            await get(url.replace("http://", "http://desk:hunter2@"))
    assert seen == ["Basic ZGVzazpodW50ZXIy", None]


async def test_a_publisher_that_hangs_is_given_up() -> None:
    async with raw_publisher(b"HTTP/1.1 200 OK\r\n\r\n", b"<rss>", pause=60) as url:
        error = await failure(url, timeout=0.3)
    assert (error.outcome, str(error)) == (Outcome.UNREACHABLE, "no answer within 0.3 s")


async def test_a_publisher_that_drips_is_given_up() -> None:
    async with raw_publisher(b"HTTP/1.1 200 OK\r\n\r\n", *[b"<a>"] * 1000, pause=0.01) as url:
        assert (await failure(url, timeout=0.5)).outcome is Outcome.UNREACHABLE


async def test_an_answer_that_is_cut_off_is_no_answer() -> None:
    async with raw_publisher(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss/>") as url:
        error = await failure(url)
    assert (error.outcome, str(error)) == (
        Outcome.UNREACHABLE,
        "the answer was cut off or is damaged",
    )


@pytest.mark.parametrize(
    "answer", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip"]
)
async def test_what_is_no_http_is_an_error(answer: bytes) -> None:
    async with raw_publisher(answer) as url:
        assert (await failure(url)).outcome is Outcome.UNREACHABLE


async def test_nobody_at_the_address_is_an_error_without_its_secrets() -> None:
    async with raw_publisher() as url:
        pass
    error = await failure(url.replace("http://", "http://desk:hunter2@") + "/?token=secret")
    assert error.outcome is Outcome.UNREACHABLE
    assert "cannot connect" in str(error)
    assert not {"hunter2", "secret"} & set(str(error))


async def test_a_document_that_is_too_large_is_not_read_to_its_end() -> None:
    async with publisher(says(body=b"x" * 1_000_001)) as url:
        assert (await failure(url)).outcome is Outcome.TOO_LARGE


async def test_a_gzip_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 100_000_000)
    async with publisher(says(body=bomb, Content_Encoding="gzip")) as url:
        tracemalloc.start()
        try:
            error = await failure(url, most_bytes=1_000_000)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert error.outcome is Outcome.TOO_LARGE
    assert most < 20_000_000


@pytest.mark.parametrize(
    ("host", "is_public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
    ],
)
def test_which_addresses_are_of_the_open_internet(host: str, is_public: bool) -> None:
    assert is_public_address(host) is is_public


def test_a_public_feed_may_not_lead_inside() -> None:
    def open_at(guard: _Guard, host: str) -> None:
        guard.open((2, 1, 6, "", (host, 80))).close()

    guard = _Guard()
    open_at(guard, "8.8.8.8")
    open_at(guard, "9.9.9.9")
    with pytest.raises(OSError, match="redirects to an address inside"):
        open_at(guard, "169.254.169.254")
    inside = _Guard()
    open_at(inside, "10.0.0.1")
    open_at(inside, "8.8.8.8")
    open_at(inside, "10.0.0.2")
