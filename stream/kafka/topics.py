"""Topics as code: the difference between what is declared and what the cluster has, and its settlement.

`plan` compares, `render` says it to people, `apply` settles it, and deletes, shrinks or moves nothing:
where a topic differs in a way that only that could mend, the change is `LEAVE` and says why.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import KafkaError, TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code

from stream.errors import UserError
from stream.kafka.reach import servers, why_unreachable
from stream.topology import TopicSpec


class Action(StrEnum):
    CREATE = "create"
    GROW = "grow"
    ALTER = "alter"
    LEAVE = "leave"
    """A difference that is reported and not touched."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `config` are the settings to alter; `detail` is for people."""

    action: Action
    spec: TopicSpec
    detail: str
    config: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{_SIGNS[self.action]} {self.spec.name}: {self.detail}"


# A broker shows new partitions within milliseconds, a large cluster within seconds.
_GROWN_SECONDS = 30
_LOOK_SECONDS = 0.05
_SIGNS = {Action.CREATE: "+", Action.GROW: "~", Action.ALTER: "~", Action.LEAVE: "!"}


@contextmanager
def connect(client_settings: Mapping[str, Any], *, timeout: float = 15) -> Iterator[KafkaAdminClient]:
    """An admin client of kafka-python. `UserError` when no broker answers within `timeout` seconds, or
    when one fails later."""
    settings = {"bootstrap_timeout_ms": int(timeout * 1000), **client_settings}
    where = servers(settings)
    try:
        admin = KafkaAdminClient(**settings)
    except KafkaError as error:
        raise UserError(f"no Kafka broker answers at {where}: {why_unreachable(settings)}") from error
    try:
        yield admin
    except KafkaError as error:
        raise UserError(f"Kafka at {where} refused or failed: {error}") from error
    finally:
        admin.close()


def plan(admin: KafkaAdminClient, specs: Sequence[TopicSpec]) -> list[Change]:
    """What must happen for the cluster to have `specs`, in their order; empty when it has them."""
    found = _described(admin, specs)
    standing = [spec for spec in specs if spec.name in found]
    config = _configs(admin, standing)
    changes: list[Change] = []
    for spec in specs:
        if spec in standing:
            changes += _differences(spec, found[spec.name]["partitions"], config.get(spec.name, {}))
        else:
            changes.append(Change(Action.CREATE, spec, _describe(spec)))
    return changes


def partition_counts(admin: KafkaAdminClient, specs: Sequence[TopicSpec]) -> dict[str, int]:
    """How many partitions the topics of `specs` have on the cluster; those that are missing are not in it."""
    return {name: len(topic["partitions"]) for name, topic in _described(admin, specs).items()}


def apply(admin: KafkaAdminClient, changes: Sequence[Change]) -> list[Change]:
    """Settle the changes and return those that were made (`LEAVE` is none).

    New topics are ready for use on return. A topic that another one made in the meantime is no error.
    Raises `UserError` with the broker's own reason when it refuses; what was done before stays.
    """
    done = [change for change in changes if change.action is not Action.LEAVE]
    if creating := [change.spec for change in done if change.action is Action.CREATE]:
        _create(admin, creating)
    for change in done:
        if change.action is Action.GROW:
            _grow(admin, change.spec)
        elif change.action is Action.ALTER:
            _alter(admin, change)
    return done


def delete(admin: KafkaAdminClient, topic_names: Sequence[str], *, groups: Sequence[str] = ()) -> None:
    """Delete topics and consumer groups; those that are not there are no error."""
    described = admin.describe_topics(list(topic_names))
    there = [t["name"] for t in described if t["error_code"] != UnknownTopicOrPartitionError.errno]
    if there:
        admin.delete_topics(there)
    known = {group["group_id"] for group in admin.list_groups()}
    if gone := [group for group in groups if group in known]:
        admin.delete_groups(gone)


def render(changes: Sequence[Change]) -> str:
    """The plan in lines: `+` create, `~` change, `!` a difference that stays."""
    if not changes:
        return "The topics are as declared; nothing to do."
    return "\n".join(map(str, changes))


def _described(admin: KafkaAdminClient, specs: Sequence[TopicSpec]) -> dict[str, Any]:
    """What the cluster says of those topics of `specs` that it has. `UserError` for one that it keeps to
    itself."""
    found = {}
    for topic in admin.describe_topics([spec.name for spec in specs]):
        code, name = topic["error_code"], topic["name"]
        if code == UnknownTopicOrPartitionError.errno:
            continue
        if code:
            raise UserError(
                f"the topic {name} cannot be read: {for_code(code).description}; `wirestream topics rights` "
                "lists the rights that each part needs"
            )
        found[name] = topic
    return found


def _describe(spec: TopicSpec) -> str:
    config = ", ".join(f"{key}={value}" for key, value in spec.config.items())
    text = f"{_count(spec.partitions)}, replication {spec.replication}" + (f", {config}" if config else "")
    return f"{text} ({spec.purpose})" if spec.purpose else text


def _differences(
    spec: TopicSpec, partitions: Sequence[Mapping[str, Any]], config: Mapping[str, str | None]
) -> Iterator[Change]:
    has = len(partitions)
    if has < spec.partitions and spec.may_grow:
        yield Change(Action.GROW, spec, f"{_count(has)} → {spec.partitions}")
    elif has < spec.partitions:
        yield Change(
            Action.LEAVE,
            spec,
            f"has {_count(has)}, {spec.partitions} declared; left as it is, because keys would move away "
            "from the partitions that hold their history",
        )
    elif has > spec.partitions:
        yield Change(
            Action.LEAVE,
            spec,
            f"has {_count(has)}, {spec.partitions} declared; left as it is, because Kafka takes none away",
        )
    copies = min((len(partition["replica_nodes"]) for partition in partitions), default=0)
    if copies != spec.replication:
        yield Change(
            Action.LEAVE,
            spec,
            f"has replication {copies}, {spec.replication} declared; left as it is (move replicas with "
            "kafka-reassign-partitions)",
        )
    for key, wanted in spec.config.items():
        if not _same(config.get(key), wanted):
            yield Change(Action.ALTER, spec, f"{key} {config.get(key)} → {wanted}", {key: wanted})


def _same(has: str | None, wanted: str) -> bool:
    """Equal values; Kafka's lists (`compact,delete`) have no order."""
    return has is not None and set(has.split(",")) == {part.strip() for part in wanted.split(",")}


def _count(partitions: int) -> str:
    return f"{partitions} partition" + ("" if partitions == 1 else "s")


def _configs(admin: KafkaAdminClient, specs: Sequence[TopicSpec]) -> dict[str, dict[str, str | None]]:
    """The values in force, defaults included, of the settings that the specs name."""
    named = [spec for spec in specs if spec.config]
    if not named:
        return {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, spec.name, dict(spec.config)) for spec in named]
    told = admin.describe_configs(asked, config_filter="all")["topic"]
    return {name: {key: entry["value"] for key, entry in entries.items()} for name, entries in told.items()}


def _create(admin: KafkaAdminClient, specs: Sequence[TopicSpec]) -> None:
    asked = {
        spec.name: {
            "num_partitions": spec.partitions,
            "replication_factor": spec.replication,
            "configs": dict(spec.config),
        }
        for spec in specs
    }
    for result in admin.create_topics(asked, raise_errors=False)["topics"]:
        if result["error_code"] != TopicAlreadyExistsError.errno:
            _check(result["name"], "created", result["error_code"], result["error_message"])
    admin.wait_for_topics([spec.name for spec in specs])


def _grow(admin: KafkaAdminClient, spec: TopicSpec) -> None:
    for result in admin.create_partitions({spec.name: spec.partitions}, raise_errors=False).results:
        _check(spec.name, f"given {spec.partitions} partitions", result.error_code, result.error_message)
    # The broker confirms before all of it know: a plan made at once would ask for the same again.
    deadline = time.monotonic() + _GROWN_SECONDS
    while partition_counts(admin, [spec])[spec.name] < spec.partitions:
        if time.monotonic() > deadline:
            raise UserError(
                f"the topic {spec.name} was given {spec.partitions} partitions and does not show them"
            )
        time.sleep(_LOOK_SECONDS)


def _alter(admin: KafkaAdminClient, change: Change) -> None:
    name = change.spec.name
    resource = ConfigResource(ConfigResourceType.TOPIC, name, dict(change.config))
    # Unknown settings are the broker's to refuse: it says which and why.
    outcome = admin.alter_configs([resource], raise_on_unknown=False)["topic"][name]
    if outcome != "OK":
        raise UserError(f"the settings of the topic {name} could not be changed: {outcome}")


def _check(name: str, what: str, code: int, message: str | None) -> None:
    if code:
        raise UserError(f"the topic {name} could not be {what}: {message or for_code(code).description}")
