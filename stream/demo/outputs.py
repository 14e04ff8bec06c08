"""What the service made of the demo's stories, read as any reader of committed events would."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple, Self

import orjson
from kafka import KafkaConsumer, TopicPartition

from stream.kafka.security import client_settings
from stream.settings import Settings
from stream.topology import Topology

_POLL_MS = 100


class DeadLetter(NamedTuple):
    """Why an item could not become a story."""

    reason: str
    message: str


class Outputs:
    """Reads the input and all outputs, and knows what became of each item.

    The input is read too, because its records alone say which item stands at which offset.
    """

    def __init__(self, settings: Settings) -> None:
        self._topology = Topology(settings)
        self._routes = list(dict.fromkeys(route.topic_name for route in settings.routes))
        self._names: dict[tuple[int, int], str] = {}
        self._events: dict[tuple[int, int], dict[str, Any]] = {}
        self._dead: dict[tuple[int, int], DeadLetter] = {}
        self.routed: dict[str, int] = dict.fromkeys(self._routes, 0)
        self._consumer = KafkaConsumer(
            **client_settings(settings.kafka),
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        topology = self._topology
        wanted = (
            topology.stories,
            topology.enriched,
            topology.duplicates,
            topology.dead_letter,
            *self._routes,
        )
        self._partitions = [
            TopicPartition(name, number)
            for name in wanted
            for number in self._consumer.partitions_for_topic(name)
        ]
        self._consumer.assign(self._partitions)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    @property
    def records(self) -> int:
        """Records of the input so far."""
        return len(self._names)

    def events(self) -> dict[str, dict[str, Any]]:
        """Events by the name of their item, in the order of the samples."""
        return dict(sorted((self._names[at], event) for at, event in self._events.items()))

    def dead_letters(self) -> dict[str, DeadLetter]:
        """Dead letters by the name of their item, in the order of the samples."""
        return dict(sorted((self._names[at], letter) for at, letter in self._dead.items()))

    def missing(self) -> set[str]:
        """Names of the items that nothing came of so far. In a kept folder an item may have been sent by an
        earlier run, and its event came then."""
        emitted = {self._names[at] for at in self._events if at in self._names}
        return {self._names[at] for at in self._silent() if self._names[at] not in emitted}

    @property
    def redelivered(self) -> int:
        """Records that were recognised as sent before; once nothing is missing."""
        return len(self._silent())

    @property
    def rejected(self) -> Counter[str]:
        """Dead letters by reason."""
        return Counter(letter.reason for letter in self._dead.values())

    def _silent(self) -> set[tuple[int, int]]:
        return self._names.keys() - self._events.keys() - self._dead.keys()

    def poll(self) -> None:
        """Take in what is there, or comes within a moment."""
        for records in self._consumer.poll(timeout_ms=_POLL_MS).values():
            for record in records:
                self._take(record)

    def drain(self) -> None:
        """Read up to the end as it stands now."""
        ends = self._consumer.end_offsets(self._partitions)
        while any(self._consumer.position(partition) < end for partition, end in ends.items()):
            self.poll()

    def _take(self, record: Any) -> None:
        topology = self._topology
        if record.topic == topology.stories:
            self._names[record.partition, record.offset] = dict(record.headers)["file"].decode()
        elif record.topic == topology.dead_letter:
            said = {name: value.decode() for name, value in record.headers}
            at = int(said["__connect.errors.partition"]), int(said["__connect.errors.offset"])
            self._dead[at] = DeadLetter(said["wirestream-error-reason"], said["wirestream-error-message"])
        elif record.topic in self.routed:
            self.routed[record.topic] += 1
        else:
            event = orjson.loads(record.value)
            self._events[event["source"]["partition"], event["source"]["offset"]] = event
