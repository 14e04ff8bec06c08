"""Which of two versions of one item is the later."""

from __future__ import annotations

from typing import Literal

Order = Literal["later", "same", "earlier"]


def order(
    version: int, time: int, known_version: int, known_time: int, *, is_same_text: bool, is_same_feed: bool
) -> Order:
    """What a version is to the one that is known: `version` and `known_version` are numbers (0 where there is
    none), times event times.

    Numbers decide where both have one, whatever the clock says: versions reach us out of order, and need not
    be consecutive. Under one number, or without any, the feed that sent the item and sends it changed now
    means a new version, unless it is dated earlier; another feed may only have cut the text otherwise, and
    is asked about by its facts ("same" here, so that the caller looks)."""
    if version and known_version and version != known_version:
        return "later" if version > known_version else "earlier"
    if is_same_text:
        return "same"
    if time < known_time:
        return "earlier"
    return "later" if is_same_feed else "same"
