"""What the life cycles are made of."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lifecycle.messages import Message


@dataclass(frozen=True, slots=True)
class Cycle:
    """`title` says what happens. `told` are the events in order, as `told.told` writes them."""

    title: str
    sent: tuple[Message, ...]
    told: tuple[str, ...]
