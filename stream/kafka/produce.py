"""Put items on a topic as they are, and know of each whether it arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from stream.kafka.delivery import Delivery
from stream.sources import Item


@dataclass(frozen=True, slots=True)
class ProduceReport:
    """`sent` records with `size` bytes of values were confirmed; `failed` are (name, why)."""

    sent: int
    size: int
    failed: list[tuple[str, str]] = field(default_factory=list)


def produce(
    client_settings: Mapping[str, Any],
    topic_name: str,
    items: Iterable[Item],
    *,
    feed: str | None = None,
    on_sent: Callable[[Item], None] = lambda _: None,
    delivery_timeout: float = 60,
) -> ProduceReport:
    """Send every item and wait until all are confirmed by every in-sync replica, each written once.

    The headers of a record are the item's own, `file` (its name) and, when given, `feed`. `on_sent` is
    called in order, from this thread, for each confirmed item. An item that is too large for the topic is
    in `failed`, and the others go on. Raises `UserError` when there is no such topic or
    no broker, or when one fails for longer than `delivery_timeout`; it names the first item that is not
    confirmed and says how many were.
    """
    failed: list[tuple[str, str]] = []

    def done(item: Item, why: str | None) -> None:
        if why is None:
            on_sent(item)
        else:
            failed.append((item.name, why))

    with Delivery(client_settings, topic_name, timeout=delivery_timeout) as delivery:
        for item in items:
            delivery.send(item, feed=feed, done=partial(done, item))
        delivery.drain()
        return ProduceReport(delivery.sent, delivery.size, failed)
