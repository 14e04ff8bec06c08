"""Events on the wire: JSON values by orjson, CloudEvents 1.0 binary-mode headers, and annotated records.

The story event is encoded once, by annotate. Dedup appends the cluster to the encoded bytes, so that the
body of a story is serialised one time and parsed by nobody on its way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

import orjson

from stream.model import Advisory, Annotated, Chain, Cluster, Facets, Origin, Record, Story

Headers = tuple[tuple[str, bytes], ...]

STORY_SCHEMA = "wirestream.story/1"
ADVISORY_SCHEMA = "wirestream.advisory/1"
_TRACE = ("traceparent", "tracestate")
ORIGIN = "wirestream-origin"
# What W3C's recommendation has systems pass on; a longer one is of no use to anybody.
_TRACE_BYTES = 512
# Beside the story it must fit a batch (`stream.sizes`). Only a headline that is one endless word gets there.
_CLUSTER_BYTES = 16 * 1024
_CARD, _LIFE, _NOTICE, _FACETS, _RECEIVED, _ID = (
    "wirestream-card",
    "wirestream-life",
    "wirestream-notice",
    "wirestream-facets",
    "wirestream-received",
    "wirestream-id",
)


def encode(value: Any) -> bytes:
    """JSON. Dataclasses become objects in field order, times RFC 3339 with `Z`."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def timestamp_ms(moment: datetime) -> int:
    """Milliseconds since the epoch, exact (a float of seconds is not)."""
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def from_timestamp_ms(milliseconds: int) -> datetime:
    """The aware UTC time of so many milliseconds since the epoch."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def story_id(feed: str, story: Story, value: bytes) -> str:
    """32 hex digits (128 bit) from feed, identity and the document as it was received.

    The received bytes and not the cleaned text are hashed, so that a story keeps its id when a later
    version of the program cleans it better, and replays compare like with like. Of a document with several
    stories it is this one's part, whatever stands beside it: a feed is fetched again with one new item.
    """
    place = "" if story.part and story.uri else str(story.item)
    identity = "\0".join((feed, story.uri or "", story.version or "", place))
    digest = blake2b(identity.encode("utf-8", "replace"), digest_size=16)
    digest.update(b"\0")
    digest.update(story.part or value)
    return digest.hexdigest()


def advisory_id(advisory: Advisory) -> str:
    """32 hex digits (128 bit) from its kind, cause and copy: the same on every run."""
    parts = (advisory.kind, advisory.cause.id, advisory.about.id)
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def with_decision(event: bytes, cluster: Cluster, chain: Chain | None) -> bytes:
    """The encoded story event with its `cluster` and its `chain` as the last fields; without `differs`
    where that is too long to be of use."""
    encoded = encode(cluster)
    if len(encoded) > _CLUSTER_BYTES:
        encoded = encode(replace(cluster, differs=()))
    life = encode(chain) if chain is not None else b"null"
    return b"".join((event[:-1], b',"cluster":', encoded, b',"chain":', life, b"}"))


def with_body(event: bytes, body: str) -> bytes:
    """The encoded story event with another body."""
    return encode({**orjson.loads(event), "body": body})


def advisory_event(advisory: Advisory) -> bytes:
    """The advisory as its event says it."""
    return encode(
        {
            "schema": ADVISORY_SCHEMA,
            "id": advisory_id(advisory),
            "kind": advisory.kind,
            "about": advisory.about,
            "cause": advisory.cause,
            "changed": advisory.changed,
            "embargo": advisory.embargo,
            "cluster": advisory.cluster,
            "told_by": advisory.told_by,
            "time": advisory.time,
        }
    )


def cloud_event_headers(annotated: Annotated, cluster: Cluster) -> Headers:
    """CloudEvents 1.0 Kafka binding, binary mode, with the trace context passed through."""
    return (
        *_cloud_event(annotated.id, annotated.facets.feed, f"story.{cluster.role}", annotated.received_at),
        *annotated.trace,
    )


def advisory_headers(advisory: Advisory, trace: Headers) -> Headers:
    """The same of an advisory, whose source is the feed of the copy that it is about. `trace` is of the
    record that made it known."""
    kind = f"advisory.{advisory.kind}"
    return (*_cloud_event(advisory_id(advisory), advisory.about.feed, kind, advisory.time), *trace)


def _cloud_event(identity: str, feed: str, kind: str, time: datetime) -> Headers:
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", identity.encode()),
        ("ce_source", _source(feed)),
        ("ce_type", f"wirestream.{kind}".encode()),
        ("ce_time", time.isoformat().replace("+00:00", "Z").encode()),
        ("content-type", b"application/json"),
    )


# Feeds are tens or hundreds; names that a producer mints per story must not grow the memory without end.
@lru_cache(maxsize=4096)
def _source(feed: str) -> bytes:
    return b"/feeds/" + quote(feed, safe="").encode()


def trace_headers(record: Record) -> Headers:
    """The W3C trace context that came with a record, where it is one."""
    return tuple((key, value) for key, value in record.headers if key in _TRACE and _passes(value))


def _passes(value: bytes | None) -> bool:
    return value is not None and 0 < len(value) <= _TRACE_BYTES


def annotated_headers(annotated: Annotated) -> Headers:
    """The headers of a record of the annotated topic; its value is `annotated.event`."""
    return (
        (_ID, annotated.id.encode()),
        (ORIGIN, str(annotated.origin).encode()),
        (_RECEIVED, str(timestamp_ms(annotated.received_at)).encode()),
        (_FACETS, encode(annotated.facets)),
        (_CARD, annotated.card),
        *(((_LIFE, annotated.life),) if annotated.life else ()),
        *(((_NOTICE, b"1"),) if annotated.notice else ()),
        *annotated.trace,
    )


def feed_of(headers: Sequence[tuple[str, bytes]]) -> str:
    """The feed of an annotated story, empty where its headers do not tell."""
    try:
        return str(orjson.loads(dict(headers)[_FACETS])["feed"])
    except (KeyError, ValueError, TypeError):
        return ""


def read_annotated(value: bytes, headers: Sequence[tuple[str, bytes]]) -> Annotated:
    """The reverse of `annotated_headers`. Raises KeyError on a record that annotate did not write."""
    named: Mapping[str, bytes] = dict(headers)
    return Annotated(
        id=named[_ID].decode(),
        origin=Origin.parse(named[ORIGIN].decode()),
        received_at=from_timestamp_ms(int(named[_RECEIVED])),
        event=value,
        card=named[_CARD],
        facets=read_facets(orjson.loads(named[_FACETS])),
        trace=tuple((key, named[key]) for key in _TRACE if key in named),
        life=named.get(_LIFE, b""),
        notice=_NOTICE in named,
    )


def read_facets(facets: Mapping[str, Any]) -> Facets:
    """Facets out of their JSON object."""
    return Facets(
        facets["feed"],
        facets["agency"],
        facets["language"],
        tuple(facets["tops"]),
        tuple(facets["countries"]),
        tuple(facets["m49"]),
    )
