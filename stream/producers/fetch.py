"""One conditional request for a feed, within bounds of time, size and place."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import aiohttp

from stream import __version__

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, "
    "*/*;q=0.1"
)
# Publishers move a feed once or twice; more is a loop.
_MOST_REDIRECTS = 5
_CONNECT_SECONDS = 15.0
_CHUNK_BYTES = 64 * 1024
# A publisher that asks for more patience is asked once a day.
_LONGEST_RETRY_AFTER = 86_400.0


class Outcome(StrEnum):
    """What came of a request; the label of a metric."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TOO_LARGE = "too-large"
    NO_FEED = "no-feed"


class FetchError(Exception):
    """The feed could not be had. It may be asked again, but not within `retry_after` seconds."""

    def __init__(self, outcome: Outcome, why: str, retry_after: float = 0) -> None:
        super().__init__(why)
        self.outcome = outcome
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Validators:
    """What the publisher said of the version that we have, to be said back to it."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed document, and the character set that the transport says it is in."""

    body: bytes
    charset: str | None
    validators: Validators


async def fetch(
    url: str, validators: Validators, *, timeout: float, most_bytes: int, now: datetime | None = None
) -> Fetched | None:
    """The document, or None when it is still the one of `validators`.

    Whoever names a feed may name one inside the house; a feed outside may not redirect us into it. Proxies
    and `.netrc` are taken from the environment. Raises FetchError.
    """
    connector = aiohttp.TCPConnector(force_close=True, socket_factory=_Guard().open)
    limits = aiohttp.ClientTimeout(total=timeout, connect=min(timeout, _CONNECT_SECONDS))
    headers = {"User-Agent": f"wirestream/{__version__}", "Accept": _ACCEPT, **validators.headers()}
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=limits, trust_env=True) as session,
            session.get(url, headers=headers, max_redirects=_MOST_REDIRECTS) as response,
        ):
            if response.status == HTTPStatus.NOT_MODIFIED:
                return None
            if response.status != HTTPStatus.OK:
                why = f"HTTP status {response.status} {response.reason or ''}".rstrip()
                asked = retry_after(response.headers.get("Retry-After"), now or datetime.now(UTC))
                raise FetchError(Outcome.REFUSED, why, asked)
            body = await _read(response, most_bytes)
            return Fetched(body, response.charset, _validators(response.headers))
    except aiohttp.TooManyRedirects:
        raise FetchError(Outcome.REFUSED, "too many redirects") from None
    except TimeoutError:
        raise FetchError(Outcome.UNREACHABLE, f"no answer within {timeout:g} s") from None
    except (aiohttp.ClientError, ValueError, OSError) as error:
        # Not the message of the error: it may quote the URL, and with it a secret.
        raise FetchError(Outcome.UNREACHABLE, _why(error)) from None


async def _read(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    # aiohttp unpacks chunk by chunk as it is read, so that a few bytes cannot become gigabytes.
    parts, size = [], 0
    async for part in response.content.iter_chunked(_CHUNK_BYTES):
        size += len(part)
        if size > most_bytes:
            raise FetchError(Outcome.TOO_LARGE, f"the document is over {most_bytes} bytes")
        parts.append(part)
    return b"".join(parts)


def _validators(headers: Mapping[str, str]) -> Validators:
    return Validators(headers.get("ETag"), headers.get("Last-Modified"))


def retry_after(header: str | None, now: datetime) -> float:
    """The seconds that a `Retry-After` asks for, as number or date; 0 where it says nothing that is read."""
    if header is None:
        return 0
    text = header.strip()
    try:
        seconds = int(text) if text.isdigit() else (parsedate_to_datetime(text) - now).total_seconds()
    # The standard library's reader of dates raises all of these; `fetch` may raise none of them.
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0
    return min(max(0.0, seconds), _LONGEST_RETRY_AFTER)


def _why(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"cannot connect: {error.os_error.strerror or error.os_error}"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "the answer was cut off or is damaged"
    if isinstance(error, aiohttp.InvalidURL):
        return "it redirects to an address that is none"
    return type(error).__name__


class _Guard:
    """Opens the sockets of one fetch. One that begins at a public address stays with public ones."""

    def __init__(self) -> None:
        self._began_public: bool | None = None

    def open(self, address: Any) -> socket.socket:
        family, kind, protocol, _, (host, *_) = address
        is_public = is_public_address(host)
        if self._began_public is None:
            self._began_public = is_public
        if self._began_public and not is_public:
            raise OSError("a public feed redirects to an address inside")
        return socket.socket(family, kind, protocol)


def is_public_address(host: str) -> bool:
    """Whether an IP address (text) is one of the open internet."""
    address = ipaddress.ip_address(host.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_global)
