"""Dead letters: the record that could not become a story, untouched, with headers that say why.

Beside our own headers stand those of Kafka Connect's dead-letter queue (`__connect.errors.*`), so that
tools made for it read ours. A letter that is sent back (`stream.kafka.dead_letters`) carries the header
`wirestream-origin`: where the record stood at first and when it was received then, so that the story which
comes of it is the same one, and a second death tells of the first place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from stream import __version__
from stream.codec import encode, from_timestamp_ms, timestamp_ms
from stream.errors import Rejected
from stream.kafka.emit import Outgoing
from stream.model import Origin, Record
from stream.rejections import Standing

HEADER_PREFIXES = ("wirestream-error-", "__connect.errors.")
ORIGIN = "wirestream-origin"
# A message that quotes its input must not outgrow the record's own limit.
_MESSAGE_CHARACTERS = 500

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as it is read back: the record as it came, and why it is here.

    `position` is its partition and offset in the dead-letter topic; `when` is when it was rejected.
    """

    position: tuple[int, int]
    record: Record
    reason: str
    message: str
    stage: str
    version: str
    when: datetime

    @property
    def feed(self) -> str | None:
        return self.record.header("feed")


def dead_letter(
    topic_name: str,
    record: Record,
    rejected: Rejected,
    stage: str,
    *,
    when: datetime,
    standing: Standing | None = None,
) -> Outgoing:
    """The record for the dead-letter topic: original value, key, timestamp and headers, then ours.

    `standing` is how its feed fares up to this record; a worker that starts takes it up from there. Error
    headers of an earlier round (a retried dead letter) are replaced, not piled up.
    """
    origin = record.origin
    message = rejected.detail[:_MESSAGE_CHARACTERS]
    fields = {
        "wirestream-error-stage": stage,
        "wirestream-error-reason": rejected.reason.value,
        "wirestream-error-message": message,
        "wirestream-error-when": when.isoformat().replace("+00:00", "Z"),
        "wirestream-error-version": __version__,
        "__connect.errors.topic": origin.topic_name,
        "__connect.errors.partition": str(origin.partition),
        "__connect.errors.offset": str(origin.offset),
        "__connect.errors.stage": stage.upper(),
        "__connect.errors.exception.class.name": f"{Rejected.__module__}.{Rejected.__name__}",
        "__connect.errors.exception.message": f"{rejected.reason}: {message}",
    }
    if standing is not None:
        fields["wirestream-error-standing"] = encode(standing).decode()
    return Outgoing(
        topic_name,
        record.key,
        record.value,
        headers=original_headers(record.headers)
        + tuple((name, text.encode("utf-8", "replace")) for name, text in fields.items()),
        timestamp_ms=timestamp_ms(record.timestamp),
    )


def read_letter(
    position: tuple[int, int], value: bytes | None, key: bytes | None, headers: Headers, timestamp_ms: int
) -> Letter | None:
    """The reverse; None for a record that is no dead letter of ours."""
    named = {name: (text or b"").decode("utf-8", "replace") for name, text in headers}
    try:
        origin = Origin(
            named["__connect.errors.topic"],
            int(named["__connect.errors.partition"]),
            int(named["__connect.errors.offset"]),
        )
        # Letters of before this header stood in them were written when they say.
        said = named.get("wirestream-error-when")
        received = from_timestamp_ms(timestamp_ms)
        return Letter(
            position,
            Record(value, received, origin, key, original_headers(headers)),
            reason=named["wirestream-error-reason"],
            message=named["wirestream-error-message"],
            stage=named["wirestream-error-stage"],
            version=named["wirestream-error-version"],
            when=datetime.fromisoformat(said) if said else received,
        )
    except (KeyError, ValueError):
        return None


def read_standing(headers: Headers) -> Standing | None:
    """What a letter says of its feed."""
    text = dict(headers).get("wirestream-error-standing")
    try:
        return Standing(**orjson.loads(text)) if text else None
    except (ValueError, TypeError):
        return None


def original_headers(headers: Sequence[tuple[str, bytes]]) -> Headers:
    """The headers that the record came with."""
    return tuple(h for h in headers if not h[0].startswith(HEADER_PREFIXES) and h[0] != ORIGIN)


def origin_header(record: Record) -> tuple[str, bytes]:
    """Says of a record that is sent again where it stood at first, and when it was received."""
    origin = record.origin
    place = {
        "topic": origin.topic_name,
        "partition": origin.partition,
        "offset": origin.offset,
        "timestamp": timestamp_ms(record.timestamp),
    }
    return ORIGIN, orjson.dumps(place)


def first_place(headers: Sequence[tuple[str, bytes]]) -> tuple[Origin, datetime] | None:
    """The reverse; None for a record that is here for the first time, or whose header is not ours."""
    for name, value in headers:
        if name == ORIGIN:
            try:
                place = orjson.loads(value)
                origin = Origin(str(place["topic"]), int(place["partition"]), int(place["offset"]))
                return origin, from_timestamp_ms(int(place["timestamp"]))
            except (ValueError, TypeError, KeyError, OverflowError, OSError):
                return None
    return None
