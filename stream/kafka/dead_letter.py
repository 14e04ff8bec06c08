"""Dead letters: the record that could not become a story, untouched, with headers that say why.

Beside our own headers stand those of Kafka Connect's dead-letter queue (`__connect.errors.*`), so that
tools made for it read ours. A letter that is sent back (`stream.kafka.dead_letters`) carries the header
`wirestream-origin`: where the record stood at first and when it was received then, so that the story which
comes of it is the same one, and a second death tells of the first place. A letter of *dedup* holds the
annotated story, and goes back to where that stood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from stream import __version__
from stream.codec import encode, from_timestamp_ms, timestamp_ms
from stream.errors import Rejected
from stream.faults import Fault
from stream.kafka.emit import Outgoing
from stream.model import Origin, Record
from stream.rejections import Standing

HEADER_PREFIXES = ("wirestream-error-", "__connect.errors.")
_TIMESTAMP = "wirestream-error-timestamp"
_FEED, _RETRIED = "wirestream-error-feed", "wirestream-error-retried"
_TRACE = "__connect.errors.exception.stacktrace"
ORIGIN = "wirestream-origin"
# A message that quotes its input must not outgrow the record's own limit.
_MESSAGE_CHARACTERS = 500

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as it is read back: the record as it came, and why it is here.

    `position` is its partition and offset in the dead-letter topic; `when` is when it was rejected, `trace`
    the stack trace of an internal fault.
    """

    position: tuple[int, int]
    record: Record
    reason: str
    message: str
    stage: str
    version: str
    when: datetime
    feed: str | None
    trace: str | None = None


def dead_letter(
    topic_name: str,
    record: Record,
    rejected: Rejected,
    stage: str,
    *,
    when: datetime,
    standing: Standing | None = None,
    feed: str = "",
) -> Outgoing:
    """The record for the dead-letter topic: original value, key and headers, then ours. The original
    timestamp is one of those: as the letter's own it would count for the topic's retention, and a record of
    last year would be gone within minutes.

    `standing` is how its feed fares up to this record; a worker that starts takes it up from there. `feed`
    is for a record whose headers do not name it. Error headers of an earlier round (a retried dead letter)
    are replaced, not piled up.
    """
    origin = record.origin
    message = rejected.detail[:_MESSAGE_CHARACTERS]
    fields = {
        "wirestream-error-stage": stage,
        "wirestream-error-reason": rejected.reason.value,
        "wirestream-error-message": message,
        _TIMESTAMP: str(timestamp_ms(record.timestamp)),
        "wirestream-error-when": when.isoformat().replace("+00:00", "Z"),
        "wirestream-error-version": __version__,
        "__connect.errors.topic": origin.topic_name,
        "__connect.errors.partition": str(origin.partition),
        "__connect.errors.offset": str(origin.offset),
        "__connect.errors.stage": stage.upper(),
        "__connect.errors.exception.class.name": f"{Rejected.__module__}.{Rejected.__name__}",
        "__connect.errors.exception.message": f"{rejected.reason}: {message}",
    }
    if isinstance(rejected, Fault):
        fields["__connect.errors.exception.class.name"] = rejected.kind
        fields["__connect.errors.exception.message"] = rejected.said[:_MESSAGE_CHARACTERS]
        fields[_TRACE] = rejected.trace
    if standing is not None:
        fields["wirestream-error-standing"] = encode(standing).decode()
    if feed:
        fields[_FEED] = feed
    return Outgoing(
        topic_name,
        record.key,
        record.value,
        headers=original_headers(record.headers)
        + tuple((name, text.encode("utf-8", "replace")) for name, text in fields.items()),
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
        # Letters of before these headers stood in them have the record's timestamp, and were written then.
        said = named.get("wirestream-error-when")
        received = from_timestamp_ms(int(named.get(_TIMESTAMP, timestamp_ms)))
        record = Record(value, received, origin, key, original_headers(headers))
        return Letter(
            position,
            record,
            reason=named["wirestream-error-reason"],
            message=named["wirestream-error-message"],
            stage=named["wirestream-error-stage"],
            version=named["wirestream-error-version"],
            when=datetime.fromisoformat(said) if said else received,
            feed=named.get(_FEED) or record.header("feed"),
            trace=named.get(_TRACE),
        )
    except (KeyError, ValueError, OverflowError):
        return None


def read_standing(headers: Headers) -> Standing | None:
    """What a letter says of its feed."""
    text = dict(headers).get("wirestream-error-standing")
    try:
        return Standing(**orjson.loads(text)) if text else None
    except (ValueError, TypeError):
        return None


def original_headers(headers: Sequence[tuple[str, bytes]]) -> Headers:
    """The headers that the record came with. An annotated story has one of the name `ORIGIN` too."""
    return tuple(
        (name, value)
        for name, value in headers
        if not name.startswith(HEADER_PREFIXES) and not (name == ORIGIN and _place(value))
    )


def retried_header() -> tuple[str, bytes]:
    """Says of an annotated story that it is sent again; its origin stands in its headers already."""
    return _RETRIED, b"1"


def was_retried(headers: Sequence[tuple[str, bytes]]) -> bool:
    """Whether an annotated story was sent again by hand."""
    return any(name == _RETRIED for name, _ in headers)


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
    places = (_place(value) for name, value in headers if name == ORIGIN)
    return next(filter(None, places), None)


def _place(value: bytes) -> tuple[Origin, datetime] | None:
    try:
        place = orjson.loads(value)
        origin = Origin(str(place["topic"]), int(place["partition"]), int(place["offset"]))
        return origin, from_timestamp_ms(int(place["timestamp"]))
    except (ValueError, TypeError, KeyError, OverflowError, OSError):
        return None
