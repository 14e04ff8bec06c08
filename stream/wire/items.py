"""Documents of several items: a message, a feed, a package."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from stream.errors import Reason, Rejected
from stream.model import Story

Item = TypeVar("Item")

_DETAIL_CHARS = 400


def stories(items: Iterable[Item], read: Callable[[Item], Iterable[Story]]) -> list[Story]:
    """The stories of all items, numbered in document order.

    Items without a text of their own are passed over as long as there are stories. Any other fault rejects
    the document, so that no story in it is lost unseen. Raises Rejected.
    """
    found: list[Story] = []
    passed: list[Rejected] = []
    for item in items:
        try:
            found.extend(read(item))
        except Rejected as rejected:
            if rejected.reason not in (Reason.NOT_TEXT, Reason.NO_STORY):
                raise
            passed.append(rejected)
    if found:
        return [replace(story, item=number) for number, story in enumerate(found)]
    if not passed:
        raise Rejected(Reason.NO_STORY, "a document without items")
    # A text item without its text is a fault, a picture is not: the fault is what is worth saying.
    reason = Reason.NO_STORY if any(r.reason is Reason.NO_STORY for r in passed) else Reason.NOT_TEXT
    details = dict.fromkeys(rejected.detail for rejected in passed if rejected.reason is reason)
    raise Rejected(reason, "; ".join(details)[:_DETAIL_CHARS])
