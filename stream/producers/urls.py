"""Addresses of feeds: which are taken, and how they are shown.

A URL may hold a secret (`https://desk:secret@…`, `?token=…`). What is logged, counted or shown leaves user,
password and query out.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, PlainSerializer


def check_url(url: str) -> str:
    """`url` as it is. Raises ValueError when it is no address of http or https."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{shown(url)} is no http or https address")
    # Reading the port checks it.
    _ = parts.port
    return url


def shown(url: str) -> str:
    """`url` without user, password, query and fragment."""
    parts = urlsplit(url)
    if parts.netloc or not parts.path:
        start = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    else:
        # Without its `//` an address is all path, user and password included.
        start = parts.path.rpartition("@")[2]
    return start + ("?…" if parts.query else "")


def host(url: str) -> str:
    """The host that is asked, in lower case."""
    return urlsplit(url).hostname or ""


FeedUrl = Annotated[str, AfterValidator(check_url), PlainSerializer(shown)]
