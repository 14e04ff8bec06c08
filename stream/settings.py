"""Every setting, declared once, with a sentence of help and the reason for its bounds.

`stream.config` reads them; `docs/settings.md` is generated from them.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from stream.durations import Duration, PositiveDuration, parse_duration
from stream.producers.urls import FeedUrl
from stream.wire.limits import Limits

Stage = Literal["annotate", "dedup"]
# A host, a name or an address (of IPv6 in brackets), and a port.
_BROKER = re.compile(r"([^\s:,/]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?")
_KAFKAS_PORT = 9092
_COUNTRY = re.compile(r"[A-Z]{2}")
# Kafka takes 249 characters; the rest is for what is put behind a name (`.replay-…`).
_KAFKA_NAME = re.compile(r"[a-zA-Z0-9._-]{1,200}")


def _broker(text: str) -> str:
    match = _BROKER.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no broker; write it as host:port")
    # Clients differ in what they take for the port of a broker without one.
    return text if match[2] else f"{text}:{_KAFKAS_PORT}"


def _charset(name: str) -> str:
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        raise ValueError(f"{name!r} is no character set; write it as windows-1256 or utf-8") from None
    return name


def _country(code: str) -> str:
    if not _COUNTRY.fullmatch(code):
        raise ValueError(f"{code!r} is no country; write it as SA (ISO 3166 alpha-2)")
    return code


def _kafka_name(name: str) -> str:
    if not _KAFKA_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name that Kafka takes: letters a to z, digits, dots, _ and - alone")
    return name


Broker = Annotated[str, AfterValidator(_broker)]
Charset = Annotated[str, AfterValidator(_charset)]
Country = Annotated[str, AfterValidator(_country)]
KafkaName = Annotated[str, AfterValidator(_kafka_name)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class SaslSettings(_Section):
    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism."
    )
    username: str | None = Field(None, description="SASL user; none means no SASL.")
    password: SecretStr | None = Field(None, description="SASL password; mount it with …PASSWORD_FILE.")


class KafkaSettings(_Section):
    bootstrap_servers: list[Broker] = Field(
        ["127.0.0.1:9092"], min_length=1, description="Brokers to start from, host:port."
    )
    tls: bool = Field(False, description="Encrypt connections and check the broker's host name.")
    ca_file: Path | None = Field(None, description="CA certificates (PEM) to trust beside the system's.")
    cert_file: Path | None = Field(
        None, description="Our own certificate (PEM, with its chain), where the brokers ask for one."
    )
    key_file: Path | None = Field(None, description="Its private key (PEM), when it is not in cert_file.")
    sasl: SaslSettings = SaslSettings()
    startup_timeout: Duration = Field(
        parse_duration("60s"),
        description="How long a worker waits for a broker to answer before it gives up.",
    )


class TopicSettings(_Section):
    prefix: KafkaName = Field("wire", description="First part of every topic's name.")
    stories_partitions: int = Field(8, ge=1, description="Partitions of the input: how far annotate scales.")
    shards: int = Field(
        4, ge=1, description="Partitions of annotated and ledger: languages are spread over them. Fixed."
    )
    output_partitions: int = Field(4, ge=1, description="Partitions of every output and route topic.")
    replication: int = Field(1, ge=1, description="Replicas of every topic; 3 in a cluster.")
    min_insync_replicas: int = Field(1, ge=1, description="Replicas that must have a write; 2 in a cluster.")
    stories_retention: PositiveDuration = Field(
        parse_duration("7d"), description="How far back a replay can go."
    )
    output_retention: PositiveDuration = Field(
        parse_duration("7d"), description="Retention of outputs and routes."
    )
    ledger_retention: PositiveDuration = Field(
        parse_duration("7d"), description="Retention of the ledger; must exceed dedup.window by a day."
    )


class WorkerSettings(_Section):
    stages: list[Stage] = Field(["annotate", "dedup"], min_length=1, description="Stages that a worker runs.")
    batch_records: int = Field(
        250, ge=1, le=5000, description="Most records in one batch, which is also one transaction."
    )
    drain: Duration = Field(
        parse_duration("30s"), description="Time to finish work in flight at a stop; then the process ends."
    )
    http_host: str = Field("127.0.0.1", description="Address of /metrics, /live and /ready.")
    http_port: int = Field(9464, ge=0, le=65535, description="Port of the same; 0 takes a free one.")
    session_timeout: PositiveDuration = Field(
        parse_duration("10s"), description="A worker silent for this long loses its partitions."
    )


class DedupOptions(_Section):
    window: PositiveDuration = Field(
        parse_duration("72h"), description="How far apart, in event time, a copy and its original may be."
    )
    standby: bool = Field(
        True,
        description="Follow the shards of other workers, to take over within seconds; costs their memory.",
    )


class EmbargoSettings(_Section):
    mode: Literal["hold", "pass"] = Field(
        "hold",
        description="`hold` keeps copy under an embargo until its time; `pass` lets it through, and leaves "
        "the embargo to whoever reads the event.",
    )
    # As long as the window: after it the service would not know a new version for one.
    unknown: Duration = Field(
        parse_duration("72h"),
        description="How long an embargo lasts that does not say until when, if no new version lifts it.",
    )


class RejectionSettings(_Section):
    stop: bool = Field(
        True,
        description="Stop the worker when a feed passes one of these limits, rather than drain the feed into "
        "the dead-letter topic.",
    )
    # Longer than any run of bad records seen in a sound feed, shorter than an hour of a large one.
    run: int = Field(500, ge=1, description="Records of one feed rejected in a row.")
    share: float = Field(
        0.8,
        gt=0,
        le=1,
        description="Share of a feed's last records that may be rejected.",
    )
    sample: int = Field(
        1000,
        ge=10,
        le=100_000,
        description="How many records that share is taken of; fewer are not judged by it.",
    )
    # A burst of one supplier's new kind of item stays under it; a broken program passes it in a second.
    faults: int = Field(
        20,
        ge=1,
        description="Records in a row of one partition that make the program itself fail before the worker "
        "stops, whatever `stop` says; fewer go to the dead-letter topic one by one.",
    )


class LimitSettings(_Section):
    story_bytes: int = Field(512 * 1024, ge=1024, le=900_000, description="Largest document accepted.")
    document_stories: int = Field(
        Limits().items,
        ge=1,
        description="Most stories of one document: of a feed the first ones, a spooled line with more is "
        "rejected.",
    )


class FeedSettings(_Section):
    country: Country | None = Field(None, description="Where the feed is at home (ISO 3166).")
    language: str | None = Field(
        None, description="Language of the feed (BCP 47), where its items name none."
    )
    charset: Charset | None = Field(None, description="Character set, where its documents declare none.")
    agency: str | None = Field(
        None, description="Id of the agency (`dpa`, `spa`), when the feed is its own wire."
    )
    kind: Literal["agency", "outlet"] | None = Field(
        None, description="`agency`: the agency's own wire. `outlet`: a paper or site."
    )


class ServiceSettings(_Section):
    """What every always-on producer has."""

    drain: Duration = Field(
        parse_duration("30s"), description="Time to finish work in flight at a stop; then the process ends."
    )
    http_host: str = Field("127.0.0.1", description="Address of /metrics, /live and /ready.")
    http_port: int = Field(0, ge=0, le=65535, description="Port of the same; 0 takes a free one.")


class WatchSettings(ServiceSettings):
    # Beside the worker's 9464, so that one machine can run all three.
    http_port: int = Field(9465, ge=0, le=65535, description="Port of the same; 0 takes a free one.")
    every: PositiveDuration = Field(parse_duration("1s"), description="How often the folder is looked at.")
    settle: Duration = Field(
        parse_duration("5s"),
        description="A file is complete when it stood still this long; longer than the pauses of an upload.",
    )
    partial: list[str] = Field(
        [".tmp", ".temp", ".part", ".partial", ".filepart", ".uploading", ".inprogress"],
        description="Ends of the names that files have while they are delivered; they are passed over.",
    )


class PollFeedSettings(_Section):
    url: FeedUrl = Field(description="Address of the feed: RSS 2.0, RSS 1.0 or Atom over http or https.")
    feed: str | None = Field(None, description="Name of the feed (header `feed`); default: the URL's host.")
    every: PositiveDuration | None = Field(None, description="How often it is asked; default: poll.every.")


class PollSettings(ServiceSettings):
    http_port: int = Field(9466, ge=0, le=65535, description="Port of the same; 0 takes a free one.")
    feeds: list[PollFeedSettings] = Field([], description="The feeds that are polled.")
    every: PositiveDuration = Field(
        parse_duration("5m"), description="How often a feed is asked, give or take a tenth."
    )
    longest_pause: PositiveDuration = Field(
        parse_duration("6h"), description="Most time between two attempts at a feed that fails."
    )
    timeout: PositiveDuration = Field(
        parse_duration("60s"), description="Time for one request, redirects included."
    )
    document_bytes: int = Field(
        8 * 1024 * 1024, ge=1024, description="Largest feed document that is read, uncompressed."
    )
    connections: int = Field(16, ge=1, description="Most feeds that are asked at the same time.")
    host_connections: int = Field(2, ge=1, description="Most of them on one host.")
    folder: Path = Field(
        Path(".wirestream/poll"), description="Folder of what is remembered of the feeds; keep it."
    )


class RouteFilter(_Section):
    topics: list[str] = Field(
        [], description="Any of these topics: medtop qcodes of top levels, or two digits."
    )
    countries: list[str] = Field([], description="Any of these countries (ISO 3166 alpha-2), mentions too.")
    m49: list[str] = Field([], description="Any of these UN M49 regions or sub-regions.")
    agencies: list[str] = Field([], description="Any of these agencies (ids of the agencies table).")
    languages: list[str] = Field([], description="Any of these languages (BCP 47).")
    feeds: list[str] = Field([], description="Any of these feeds.")
    roles: list[Literal["original", "copy", "update", "kill"]] = Field(
        [], description="Any of these roles: original, copy, update, kill."
    )


class RouteSettings(_Section):
    topic_name: KafkaName = Field(description="Topic that receives the events.")
    where: RouteFilter = Field(RouteFilter(), description="All the named conditions must hold.")


class Settings(_Section):
    """The whole configuration of wirestream."""

    app: KafkaName = Field("wirestream", description="Consumer group and transactional id prefix.")
    kafka: KafkaSettings = KafkaSettings()
    topics: TopicSettings = TopicSettings()
    worker: WorkerSettings = WorkerSettings()
    dedup: DedupOptions = DedupOptions()
    embargo: EmbargoSettings = EmbargoSettings()
    limits: LimitSettings = LimitSettings()
    watch: WatchSettings = WatchSettings()
    poll: PollSettings = PollSettings()
    rejections: RejectionSettings = RejectionSettings()
    feeds: dict[str, FeedSettings] = Field({}, description="What is known of a feed, by its name.")
    routes: list[RouteSettings] = Field([], description="Further topics for events that match.")

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if self.topics.ledger_retention < self.dedup.window + parse_duration("1d"):
            raise ValueError(
                "topics.ledger_retention must exceed dedup.window by at least a day, "
                "or the index could not be rebuilt; raise it or shorten the window"
            )
        if self.topics.min_insync_replicas > self.topics.replication:
            raise ValueError("topics.min_insync_replicas cannot exceed topics.replication")
        return self
