"""Settings: declared once, with a sentence each, and merged from four layers.

    defaults < YAML file < environment (WIRESTREAM_…) < flags

An environment variable names its setting by the path in upper case, levels apart by two underscores:
`WIRESTREAM_KAFKA__BOOTSTRAP_SERVERS='[kafka-1:9092, kafka-2:9092]'`; its value is read as YAML. A variable
that ends in `_FILE` gives a file whose content is the value, which is how secrets are mounted. A key that
no setting has is an error, in every layer: a typing error must not silently leave a default in force.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from stream.durations import Duration, parse_duration
from stream.errors import UserError

ENV_PREFIX = "WIRESTREAM_"
# Variables with the prefix that are no settings: the settings file itself, and the folder of development
# data that the quality gates read.
_ENV_RESERVED = {"WIRESTREAM_CONFIG", "WIRESTREAM_DATA"}

Stage = Literal["annotate", "dedup"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class SaslSettings(_Section):
    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism."
    )
    username: str | None = Field(None, description="SASL user; none means no SASL.")
    password: SecretStr | None = Field(None, description="SASL password; mount it with …PASSWORD_FILE.")


class KafkaSettings(_Section):
    bootstrap_servers: list[str] = Field(["127.0.0.1:9092"], description="Brokers to start from, host:port.")
    tls: bool = Field(False, description="Encrypt connections and check the broker's host name.")
    ca_file: Path | None = Field(None, description="CA certificates (PEM) to trust beside the system's.")
    sasl: SaslSettings = SaslSettings()
    startup_timeout: Duration = Field(
        parse_duration("60s"),
        description="How long a worker waits for a broker to answer before it gives up.",
    )


class TopicSettings(_Section):
    prefix: str = Field("wire", pattern=r"^[a-zA-Z0-9._-]+$", description="First part of every topic's name.")
    stories_partitions: int = Field(8, ge=1, description="Partitions of the input: how far annotate scales.")
    shards: int = Field(
        4, ge=1, description="Partitions of annotated and ledger: languages are spread over them. Fixed."
    )
    output_partitions: int = Field(4, ge=1, description="Partitions of every output and route topic.")
    replication: int = Field(1, ge=1, description="Replicas of every topic; 3 in a cluster.")
    min_insync_replicas: int = Field(1, ge=1, description="Replicas that must have a write; 2 in a cluster.")
    stories_retention: Duration = Field(parse_duration("7d"), description="How far back a replay can go.")
    output_retention: Duration = Field(parse_duration("7d"), description="Retention of outputs and routes.")
    ledger_retention: Duration = Field(
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
    session_timeout: Duration = Field(
        parse_duration("10s"), description="A worker silent for this long loses its partitions."
    )


class DedupOptions(_Section):
    window: Duration = Field(
        parse_duration("72h"), description="How far apart, in event time, a copy and its original may be."
    )


class LimitSettings(_Section):
    story_bytes: int = Field(512 * 1024, ge=1024, le=900_000, description="Largest document accepted.")
    document_stories: int = Field(
        500, ge=1, description="Most stories of one document (feeds and packages hold several)."
    )


class FeedSettings(_Section):
    country: str | None = Field(
        None, pattern="^[A-Z]{2}$", description="Where the feed is at home (ISO 3166)."
    )
    language: str | None = Field(
        None, description="Language of the feed (BCP 47), where its items name none."
    )
    charset: str | None = Field(None, description="Character set, where its documents declare none.")
    agency: str | None = Field(None, description="Id of the agency, when the feed is an agency's own wire.")
    kind: Literal["agency", "outlet"] | None = Field(None, description="What the feed is.")


class RouteFilter(_Section):
    topics: list[str] = Field(
        [], description="Any of these topics: medtop qcodes of top levels, or two digits."
    )
    countries: list[str] = Field([], description="Any of these countries (ISO 3166 alpha-2).")
    m49: list[str] = Field([], description="Any of these UN M49 regions or sub-regions.")
    agencies: list[str] = Field([], description="Any of these agencies (ids of the agencies table).")
    languages: list[str] = Field([], description="Any of these languages (BCP 47).")
    feeds: list[str] = Field([], description="Any of these feeds.")
    roles: list[Literal["original", "copy", "update", "kill"]] = Field([], description="Any of these roles.")


class RouteSettings(_Section):
    topic_name: str = Field(pattern=r"^[a-zA-Z0-9._-]{1,200}$", description="Topic that receives the events.")
    where: RouteFilter = Field(RouteFilter(), description="All the named conditions must hold.")


class Settings(_Section):
    """The whole configuration of wirestream."""

    app: str = Field(
        "wirestream", pattern=r"^[a-zA-Z0-9._-]+$", description="Consumer group and transactional id prefix."
    )
    kafka: KafkaSettings = KafkaSettings()
    topics: TopicSettings = TopicSettings()
    worker: WorkerSettings = WorkerSettings()
    dedup: DedupOptions = DedupOptions()
    limits: LimitSettings = LimitSettings()
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


@dataclass(frozen=True, slots=True)
class Loaded:
    """Validated settings with the origin of every value that is not a default: dotted path → layer."""

    settings: Settings
    origins: Mapping[str, str]


def load(
    config: Path | None = None,
    *,
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """The settings of this run. `flags` maps dotted paths to values. Raises `UserError` that names the
    file, variable or flag and what is wrong with it."""
    env = os.environ if environ is None else environ
    file = config or (Path(env["WIRESTREAM_CONFIG"]) if env.get("WIRESTREAM_CONFIG") else None)
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    if file is not None:
        for path, value in _leaves(_read_yaml(file)):
            _put(merged, path, value)
            origins[".".join(path)] = str(file)
    for name, path, value in _environment(env):
        _put(merged, path, value)
        origins[".".join(path)] = f"environment {name}"
    for dotted, value in (flags or {}).items():
        if value is not None:
            _put(merged, tuple(dotted.split(".")), value)
            origins[dotted] = "flag"
    try:
        return Loaded(Settings.model_validate(merged), origins)
    except ValidationError as error:
        raise UserError(_explain(error, origins)) from None


def rows(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """(dotted path, value as YAML flow text, origin) of every setting, secrets hidden."""
    for path, value in _leaves(loaded.settings.model_dump(mode="json")):
        dotted = ".".join(path)
        origin = next(
            (o for p, o in loaded.origins.items() if dotted == p or dotted.startswith(p + ".")), None
        )
        text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
        yield dotted, text.removesuffix("...\n").strip(), origin or "default"


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        raise UserError(f"cannot read the settings file {file}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"the settings file {file} is not valid YAML: {error}") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise UserError(
            f"the settings file {file} must hold a mapping of sections, not {type(data).__name__}"
        )
    return data


def _environment(env: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    for name in sorted(env):
        if not name.startswith(ENV_PREFIX) or name in _ENV_RESERVED:
            continue
        key, text = name, env[name]
        if name.endswith("_FILE"):
            key = name.removesuffix("_FILE")
            # ca_file and its like are settings that name a file, not files that hold a setting.
            if _known(_path(name)):
                key = name
            else:
                try:
                    text = Path(text).read_text("utf-8").rstrip("\n")
                except OSError as error:
                    raise UserError(f"{name} names {text}, which cannot be read: {error.strerror}") from None
                yield name, _path(key), text
                continue
        try:
            yield name, _path(key), yaml.safe_load(text)
        except yaml.YAMLError:
            raise UserError(f"the environment variable {name} is not valid YAML: {text!r}") from None


def _path(name: str) -> tuple[str, ...]:
    return tuple(name.removeprefix(ENV_PREFIX).lower().split("__"))


def _known(path: tuple[str, ...]) -> bool:
    model: Any = Settings
    for part in path:
        if not (isinstance(model, type) and issubclass(model, BaseModel)) or part not in model.model_fields:
            return False
        model = model.model_fields[part].annotation
    return True


def _leaves(data: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in data.items():
        path = (*prefix, str(key))
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, path)
        else:
            yield path, value


def _put(target: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        below = target.setdefault(part, {})
        if not isinstance(below, dict):
            below = target[part] = {}
        target = below
    target[path[-1]] = value


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    lines = []
    for fault in error.errors(include_url=False):
        dotted = ".".join(str(part) for part in fault["loc"])
        origin = next((o for p, o in origins.items() if p == dotted or p.startswith(dotted + ".")), None)
        origin = origin or next((o for p, o in origins.items() if dotted.startswith(p + ".")), None)
        if fault["type"] == "extra_forbidden":
            what = "there is no such setting; `wirestream config show` lists them"
        else:
            what = fault["msg"].removeprefix("Value error, ")
        lines.append(f"{dotted or 'settings'}: {what}" + (f" (from {origin})" if origin else ""))
    return "; ".join(lines)
