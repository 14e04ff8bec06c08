"""Items on their way to a topic as they are, and of each whether it arrived.

Records have no key. The service tells copies and versions apart by what is in them, and an item's
identity is not known before it is parsed; the feed as key would put all of a feed on one partition. So
records spread over the partitions, and two versions of one item may be read in either order, as they may
when two feeds bring them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
from kafka.producer.future import FutureRecordMetadata

from stream.errors import UserError
from stream.kafka.reach import servers
from stream.kafka.topics import connect
from stream.sources import Item

Done = Callable[[str | None], None]
"""Called once for an item: None when it is confirmed, else why the broker will never take it."""

_BATCH_BYTES = 256 << 10
"""Some 50 stories: large enough to compress well, small enough for a broker's usual limit of 1 MB."""
_LINGER_MS = 20
_IN_FLIGHT_BYTES = 32 << 20
"""kafka-python queues without a bound; this is ours on what was handed to it and is not confirmed."""
_REQUEST_BYTES = 32 << 20
"""Only the broker knows how large a record of the topic may be; this must not be the limit that is met."""
_LOOKUP_MS = 15_000
_USUAL_LIMIT = 1_048_588
"""Kafka's default for `max.message.bytes`, for topics whose settings we may not read."""
_HEADROOM = 4096
"""Of a record, for its headers and the batch around it."""

_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)


class UndeliveredError(UserError):
    """No broker, no such topic, or one that did not confirm in time: what is pending may have arrived or not.
    The delivery that raised it is of no more use.
    """


class _Pending(NamedTuple):
    item: Item
    done: Done
    future: FutureRecordMetadata


class Delivery:
    """One producer and what it has not confirmed yet, oldest first.

    A context manager of one thread. `send` and `drain` raise `UndeliveredError`; so does the constructor when
    there is no such topic or no broker.
    """

    def __init__(self, client_settings: Mapping[str, Any], topic_name: str, *, timeout: float = 60) -> None:
        """`timeout` (seconds) is how long a broker may take to confirm a record."""
        self._client_settings = client_settings
        self._topic_name = topic_name
        self._timeout_ms = int(timeout * 1000)
        self._pending: deque[_Pending] = deque()
        self._pending_bytes = 0
        try:
            self._limit = _record_limit(client_settings, topic_name)
        except UserError as error:
            raise UndeliveredError(str(error)) from error
        self._producer = self._connect()
        self.sent = 0
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # After a failure or Ctrl-C what is pending is given up: closing would wait for it.
        self.close(abandon=kind is not None)

    def close(self, *, abandon: bool = False) -> None:
        """Waits for what is pending, unless it is to be abandoned."""
        if not abandon:
            self._producer.close()
            return
        try:
            self._producer.close(timeout=0)
        except KafkaTimeoutError:
            # kafka-python flushes first, and raises before it stops its thread, which would go on sending.
            self._producer._sender.force_close()
            self._producer.close()

    def send(self, item: Item, *, feed: str | None = None, done: Done = lambda _: None) -> None:
        """Hands one item over; its headers are its own, `file` (its name) and, when given, `feed`.

        `done` is called from this thread, in the order of `send`, by this or a later call. An item too large
        for the topic is told so, and the others go on. Waits while too much is on its way.
        """
        headers = [*item.headers, ("file", item.name.encode())]
        if feed is not None:
            headers.append(("feed", feed.encode()))
        if len(item.value) + _HEADROOM > self._limit:
            self._send_oversized(item, headers, done)
        else:
            self._hand_over(item, headers, done)
            self._drain(_IN_FLIGHT_BYTES)

    def drain(self) -> None:
        """Returns when everything that was sent is confirmed."""
        self._drain(0)

    def _drain(self, limit: int) -> None:
        """Take off what is confirmed; wait only while more than `limit` bytes are not (0: wait for all)."""
        while self._pending and (
            limit == 0 or self._pending_bytes > limit or self._pending[0].future.is_done
        ):
            item, done, future = self._pending.popleft()
            self._pending_bytes -= len(item.value)
            try:
                future.get()
            except KafkaError as error:
                raise self._stopped(item, error) from error
            self.sent += 1
            self.size += len(item.value)
            done(None)

    def _send_oversized(self, item: Item, headers: list[tuple[str, bytes]], done: Done) -> None:
        """Send an item that the broker takes only if it compresses well enough: alone, and wait.

        kafka-python's idempotent producer does not survive a refusal: it fails whatever is on its way and
        all that comes later with the same error. So nothing else is on its way, and a new one goes on.
        """
        self.drain()
        try:
            self._hand_over(item, headers, done)
            self.drain()
        except UndeliveredError as error:
            if not isinstance(error.__cause__, _TOO_LARGE):
                raise
            self._pending.clear()
            self._pending_bytes = 0
            self._producer.close(timeout=0)
            self._producer = self._connect()
            done(f"{len(item.value)} bytes are too large for the topic (max.message.bytes={self._limit})")

    def _hand_over(self, item: Item, headers: list[tuple[str, bytes]], done: Done) -> None:
        try:
            future = self._producer.send(self._topic_name, item.value, headers=headers)
        except KafkaError as error:
            raise self._stopped(item, error) from error
        self._pending.append(_Pending(item, done, future))
        self._pending_bytes += len(item.value)

    def _connect(self) -> KafkaProducer:
        settings = {"bootstrap_timeout_ms": _LOOKUP_MS, **self._client_settings}
        try:
            return KafkaProducer(
                **settings,
                acks="all",
                enable_idempotence=True,
                compression_type="zstd",
                batch_size=min(_BATCH_BYTES, self._limit // 2),
                linger_ms=_LINGER_MS,
                max_request_size=_REQUEST_BYTES,
                max_block_ms=_LOOKUP_MS,
                delivery_timeout_ms=self._timeout_ms,
                request_timeout_ms=min(30_000, self._timeout_ms - _LINGER_MS),
                allow_auto_create_topics=False,
            )
        except KafkaError as error:
            raise UndeliveredError(
                f"no Kafka broker answers at {servers(settings)}: {_why(error)}"
            ) from error

    def _stopped(self, item: Item, error: KafkaError) -> UndeliveredError:
        return UndeliveredError(
            f"{item.name} could not be sent to {self._topic_name}: {_why(error)}; "
            f"{self.sent} items before it were confirmed, of those after it some may have arrived"
        )


def _why(error: KafkaError) -> str:
    return str(error) or type(error).__name__


def _record_limit(client_settings: Mapping[str, Any], topic_name: str) -> int:
    """The topic's `max.message.bytes`. `UserError` when there is no such topic.

    Asked of the admin client, because a producer looks for a missing topic until it gives up.
    """
    setting = "max.message.bytes"
    with connect(client_settings) as admin:
        code = admin.describe_topics([topic_name])[0]["error_code"]
        if code == UnknownTopicOrPartitionError.errno:
            raise UserError(f"there is no topic {topic_name}; `wirestream topics apply` makes the topics")
        if code == TopicAuthorizationFailedError.errno:
            raise UserError(f"no rights on the topic {topic_name}; ask for WRITE and DESCRIBE on it")
        topic = ConfigResource(ConfigResourceType.TOPIC, topic_name, {setting: None})
        found = admin.describe_configs([topic], config_filter="all")["topic"].get(topic_name, {})
    return int(found[setting]["value"]) if setting in found else _USUAL_LIMIT
