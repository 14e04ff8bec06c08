"""Which item a story is a version of, whatever feed delivers it."""

from __future__ import annotations

import re

# Identities that hold everywhere. `iptc7901:dpa:157:2026-03-01` or a plain `4711` hold within one service.
_GLOBAL = re.compile(r"(?:urn|tag|https?):\S+", re.IGNORECASE)
_SEPARATOR = "\x1f"


def item_identity(uri: str, scope: str) -> str:
    """What two versions of one item have in common. `scope` is the agency whose own feed delivers it, else
    the feed: an item may come by two feeds of one agency, and under an address of its own by any."""
    return uri if _GLOBAL.fullmatch(uri) else scoped(uri, scope)


def scoped(identity: str, scope: str) -> str:
    """An identity that holds within its scope only."""
    return f"{scope}{_SEPARATOR}{identity}"
