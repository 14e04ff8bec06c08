"""A life cycle as items of a world of its own, and what comes of them without a broker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from stream.annotate import Annotator
from stream.model import Origin, Record
from stream.process import DeadLetter, process
from stream.settings import Settings
from stream.sources import Item
from tests.lifecycle.cycles.cycle import Cycle
from tests.lifecycle.cycles.every import CYCLES
from tests.lifecycle.messages import WIRE, Message, Times


def feed_of(cycle: Cycle, message: Message) -> str:
    """The feed of a message: no two cycles share one."""
    return f"{message.feed} of {cycle.title}"


FEEDS = {
    feed_of(cycle, message): {"kind": "agency" if message.feed == WIRE else "outlet"}
    for cycle in CYCLES
    for message in cycle.sent
}
SETTINGS = Settings.model_validate({"feeds": FEEDS})


def items(cycle: Cycle, times: Times) -> list[Item]:
    """The messages as records, in the order in which they are sent."""
    return [
        Item(
            message.name,
            message.build(times),
            (("feed", feed_of(cycle, message).encode()), ("content-type", message.content_type.encode())),
        )
        for message in cycle.sent
    ]


def names(cycle: Cycle, sent: Sequence[Item], received: datetime, annotator: Annotator) -> dict[str, str]:
    """The messages' names by the ids of their stories."""
    records = [Record(item.value, received, Origin("", 0, 0), headers=item.headers) for item in sent]
    called: dict[str, str] = {}
    for message, outcome in zip(cycle.sent, annotator.annotate(records), strict=True):
        assert outcome.rejected is None, f"{cycle.title}, {message.name}: {outcome.rejected}"
        called.update({story.id: message.name for story in outcome.stories})
    assert len(called) == len(sent), f"{cycle.title}: two messages are one story"
    return called


def processed(sent: Sequence[Item], received: datetime, annotator: Annotator) -> list[Mapping[str, Any]]:
    """The events of `process`, in order."""
    events: list[Mapping[str, Any]] = []
    process(
        SETTINGS,
        sent,
        feed=None,
        received_at=received,
        annotator=annotator,
        on_event=lambda folded: events.extend(map(orjson.loads, folded.events)),
        on_dead_letter=_refused,
        on_release=lambda event: events.append(orjson.loads(event.event)),
    )
    return events


def _refused(letter: DeadLetter) -> None:
    raise AssertionError(f"{letter.name}: {letter.reason}, {letter.message}")
