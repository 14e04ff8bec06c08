"""Dead letters: the record that could not become a story, untouched, with headers that say why.

Beside our own headers stand those of Kafka Connect's dead-letter queue (`__connect.errors.*`), so that
tools made for it read ours.
"""

from __future__ import annotations

from stream import __version__
from stream.codec import timestamp_ms
from stream.errors import Rejected
from stream.kafka.emit import Outgoing
from stream.model import Record

HEADER_PREFIXES = ("wirestream-error-", "__connect.errors.")
# A message that quotes its input must not outgrow the record's own limit.
_MESSAGE_CHARACTERS = 500


def dead_letter(topic_name: str, record: Record, rejected: Rejected, stage: str) -> Outgoing:
    """The record for the dead-letter topic: original value, key, timestamp and headers, then ours.

    Error headers of an earlier round (a retried dead letter) are replaced, not piled up.
    """
    origin = record.origin
    message = rejected.detail[:_MESSAGE_CHARACTERS]
    fields = {
        "wirestream-error-stage": stage,
        "wirestream-error-reason": rejected.reason.value,
        "wirestream-error-message": message,
        "wirestream-error-version": __version__,
        "__connect.errors.topic": origin.topic_name,
        "__connect.errors.partition": str(origin.partition),
        "__connect.errors.offset": str(origin.offset),
        "__connect.errors.stage": stage.upper(),
        "__connect.errors.exception.class.name": f"{Rejected.__module__}.{Rejected.__name__}",
        "__connect.errors.exception.message": f"{rejected.reason}: {message}",
    }
    kept = tuple(header for header in record.headers if not header[0].startswith(HEADER_PREFIXES))
    return Outgoing(
        topic_name,
        record.key,
        record.value,
        headers=kept + tuple((name, text.encode("utf-8", "replace")) for name, text in fields.items()),
        timestamp_ms=timestamp_ms(record.timestamp),
    )
