"""What flows through the pipeline: plain, frozen values.

    Record ──parse──▶ Story ──annotate──▶ Annotated ──dedup──▶ Verdict ──▶ event

Text is NFC `str`, times are aware UTC, codes are lower-case unless their standard says otherwise.
Sequences are ordered best or first first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from unicodedata import normalize

PubStatus = Literal["usable", "withheld", "canceled"]
Role = Literal["original", "copy", "update", "kill"]
RegionRole = Literal["dateline", "subject", "mention"]
RegionSource = Literal["text", "supplied", "dateline", "feed"]
PartKind = Literal["take", "add", "lead", "write-through", "update"]
ChainKind = Literal["update", "repeat", "late", "take", "stale", "kill", "after-kill", "reinstated"]
AdvisoryKind = Literal["stale", "kill", "leak"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stood: Kafka's coordinates, or a file's name with its running number."""

    topic_name: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic_name}:{self.partition}:{self.offset}"

    @property
    def in_words(self) -> str:
        """As messages for people say it."""
        return f"{self.topic_name} partition {self.partition} offset {self.offset}"

    @classmethod
    def parse(cls, text: str) -> Origin:
        """The reverse of `str`. Raises ValueError."""
        topic_name, partition, offset = text.rsplit(":", 2)
        return cls(topic_name, int(partition), int(offset))


@dataclass(frozen=True, slots=True)
class Record:
    """One incoming record as the transport gave it. `timestamp` is when it was received (aware UTC)."""

    value: bytes | None
    timestamp: datetime
    origin: Origin
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()

    def header(self, name: str) -> str | None:
        """The last header of that name as text (undecodable bytes replaced), or None."""
        for key, value in reversed(self.headers):
            if key.lower() == name and value is not None:
                # A feed may be named by a folder, and some file systems take letters apart (`أ`).
                return normalize("NFC", value.decode("utf-8", "replace")).strip() or None
        return None


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject that the supplier gave: `scheme` (`medtop`, `subj`, `N2` …), `code`, `name`."""

    scheme: str
    code: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the supplier gave: a name, an ISO 3166 alpha-2 code where it said one."""

    name: str | None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story as its format gave it: decoded, boilerplate removed, nothing yet read off the text.

    `body` keeps its paragraphs apart by one empty line. `sections` are words of the page or feed that name
    a section (`رياضة`, `Business`): evidence of the topic, not truth. `item` numbers the stories of one
    document from 0; `part` is what of the document is this story's own, where it may hold several, and
    stands for it in the story's id. `provider` is who delivered it by the item's own word, `byline`,
    `credit_line`, `dateline` and `located` are the format's own fields, as written. `rights` are the
    supplier's terms of use, else its copyright notice. `revised_at` is when this version of the item was
    made, which orders versions that have no number; `numbers` are those under which other messages on the
    line refer to this one, as `credit.referred.number` spells them.
    """

    format: str
    body: str
    headline: str | None = None
    item: int = 0
    part: bytes = field(default=b"", repr=False)
    uri: str | None = None
    version: str | None = None
    pubstatus: PubStatus = "usable"
    provider: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    byline: str | None = None
    credit_line: str | None = None
    dateline: str | None = None
    located: str | None = None
    sections: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    places: tuple[Place, ...] = ()
    slugline: str | None = None
    ednote: str | None = None
    urgency: int | None = None
    signals: tuple[str, ...] = ()
    embargoed_until: datetime | None = None
    rights: str | None = None
    revised_at: datetime | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """Who wrote the copy: `id` of the agencies table, its `name`, and the `credit` as written.

    Copy credited to unnamed agencies (`وكالات`, "agencies") has the id `agencies`. In a joint credit
    (`أ ف ب، رويترز`) this is the first, and `others` are the ids of the rest.
    """

    id: str
    name: str
    credit: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when the copy was filed. `text` as written; `country` ISO 3166 alpha-2; `date` ISO 8601."""

    text: str
    city: str | None = None
    country: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """An IPTC Media Topic; `score` in 0…1; `by` says who named it."""

    qcode: str
    name: str
    score: float
    by: Literal["supplied", "model"]


@dataclass(frozen=True, slots=True)
class Region:
    """A country (ISO 3166 alpha-2, or null for a wider region), its UN M49 sub-region, and its part in
    the story; `score` in 0…1. `by` says what named it: the text, the supplier's own places, the dateline
    alone, or the feed's setting where nothing in the story says where."""

    country: str | None
    m49: str
    name: str
    role: RegionRole
    score: float
    by: RegionSource


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a running story a message is: more of its text (`take`, `add`), or the whole anew
    (`lead`, `write-through`, a numbered `update`). `number` counts the parts of a kind from 1, None where
    none is said."""

    kind: PartKind
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What the copy says of its own life: urgency 1–9 (1 = flash), signal words, embargo, and its part in a
    running story, None where it says nothing of one."""

    urgency: int | None = None
    signal: tuple[str, ...] = ()
    embargo: datetime | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """A story that stands whole inside another: its id, and the share of it that does."""

    id: str
    share: float


# Not frozen, though nothing changes it: to make a frozen one of so many fields takes a microsecond longer,
# which every decision would pay.
@dataclass(slots=True, kw_only=True)
class Cluster:
    """The decision on one story, as it stands in the event.

    `id` is stable for the life of the cluster. `original` is the id of the text held to be the original,
    `matched` the id of the stored text that this one was compared with (null for a new original).
    `containment` is the share of this text that stands in the matched one, `contained` the share of the
    matched one that stands in this. `differs` are the facts that differ (numbers, names), as written.
    """

    id: str
    role: Role
    original: str
    matched: str | None = None
    relation: Literal["same", "shortened", "extended"] | None = None
    containment: float | None = None
    contained: float | None = None
    jaccard: float | None = None
    differs: tuple[str, ...] = ()
    inside: tuple[Inside, ...] = field(default=())
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that a new version has otherwise, as written; `was` or `now` is None where the other version
    has nothing in its place."""

    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What a story is in the life of an item or text that was there before it.

    `previous` is the id of the version before, `changed` what this one has otherwise, `stale` are the ids
    of the copies that still carry what it changed, `killed_by` the id of the story that took the text back.
    """

    previous: str | None = None
    kind: ChainKind
    version: str | None = None
    changed: tuple[Change, ...] = ()
    stale: tuple[str, ...] = ()
    killed_by: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """The copy that an advisory is about. `published_at` is its event time."""

    id: str
    feed: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """The story that made an advisory necessary: a correction, a kill, a story under embargo."""

    id: str
    feed: str
    uri: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """A copy that is out and should not be: it is stale, killed, or leaked. `told_by` is the one of the two
    stories whose arrival made it known, `time` its event time. One for each copy and cause."""

    kind: AdvisoryKind
    about: About
    cause: Cause
    cluster: str
    told_by: str
    time: datetime
    changed: tuple[Change, ...] = ()
    embargo: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """What an event can be routed and counted by. `tops` are qcodes of top-level topics, `countries` ISO
    3166 alpha-2, `m49` every UN M49 code that holds one of them; best first."""

    feed: str
    agency: str | None
    language: str | None
    tops: tuple[str, ...]
    countries: tuple[str, ...]
    m49: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Annotated:
    """One story with all that is known before it meets the others.

    `event` is the story event as JSON without its `cluster`, which is decided later and appended; `card`
    is what dedup remembers of the story (`stream.dedup.card`), `life` what the story says of its own life
    (`stream.lifecycle.life`; empty for most). So dedup parses no JSON. `origin` is where the record stood
    that it came in, `trace` are that record's W3C trace context headers. A `notice` is a story that another
    shard decides on and this one only needs to know of.
    """

    id: str
    origin: Origin
    received_at: datetime
    event: bytes
    card: bytes
    facets: Facets
    trace: tuple[tuple[str, bytes], ...] = ()
    life: bytes = b""
    notice: bool = False
