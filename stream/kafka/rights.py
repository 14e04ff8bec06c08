"""The least rights (ACLs) that each part needs on a cluster with an authorizer, declared once.

`wirestream topics rights` prints them as `kafka-acls` commands, `docs/rights.md` is generated from them, and
a test runs every verb with exactly these on a broker that checks them.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from stream.settings import Settings
from stream.topology import Topology

Role = Literal["worker", "producer", "dlq", "replay", "admin"]
ROLES: tuple[Role, ...] = ("worker", "producer", "dlq", "replay", "admin")


@dataclass(frozen=True, slots=True)
class Right:
    """`operations` on one resource: `kind` and `name` as Kafka knows them; `prefixed` means every name that
    begins so. What an operation implies (READ and WRITE imply DESCRIBE) is not spelled out.
    `purpose` says what a resource that is no topic is for."""

    kind: Literal["topic", "group", "transactional-id"]
    name: str
    operations: tuple[str, ...]
    prefixed: bool = False
    purpose: str = ""


def rights(settings: Settings, role: Role) -> list[Right]:
    """What a client in this role needs, and nothing more."""
    topology = Topology(settings)
    if role == "producer":
        # The topic's own size limit is asked for, and guessed where it may not be read.
        return [Right("topic", topology.stories, ("WRITE", "DESCRIBE_CONFIGS"))]
    if role == "dlq":
        return [
            Right("topic", topology.dead_letter, ("READ", "WRITE")),
            Right("topic", topology.stories, ("WRITE",)),
            Right("topic", topology.annotated, ("WRITE",)),
            Right(
                "transactional-id",
                f"{settings.app}-dead-letters",
                ("WRITE",),
                purpose="retries and drops, one at a time",
            ),
        ]
    if role == "replay":
        return list(_replay(settings, topology))
    specs = topology.specs()
    if role == "admin":
        operations = ("CREATE", "DESCRIBE", "ALTER", "DESCRIBE_CONFIGS", "ALTER_CONFIGS")
        return [Right("topic", spec.name, operations) for spec in specs]
    read_write = {topology.annotated, topology.ledger, topology.held, topology.dead_letter}
    operations_on = {topology.stories: ("READ",), **dict.fromkeys(read_write, ("READ", "WRITE"))}
    return [
        *(Right("topic", spec.name, operations_on.get(spec.name, ("WRITE",))) for spec in specs),
        Right("group", settings.app, ("READ",), purpose="the workers' consumer group"),
        Right(
            "transactional-id",
            f"{settings.app}-dedup-",
            ("WRITE",),
            prefixed=True,
            purpose="one a shard, named after its partition",
        ),
    ]


def _replay(settings: Settings, topology: Topology) -> Iterator[Right]:
    """What a replay reads, and its own topics; writing to the outputs is for `promote` alone."""
    group = f"{settings.app}-replay-"
    yield Right("topic", topology.stories, ("READ",))
    yield Right("topic", topology.ledger, ("READ",))
    outputs = dict.fromkeys(
        [
            topology.enriched,
            topology.duplicates,
            topology.advisories,
            *(route.topic_name for route in settings.routes),
        ]
    )
    for name in outputs:
        yield Right("topic", name, ("READ", "WRITE"))
    yield Right(
        "topic",
        topology.replays,
        ("READ", "WRITE", "CREATE", "DESCRIBE_CONFIGS"),
        purpose="which replays there are",
    )
    for name in (*outputs, topology.ledger, topology.held, topology.dead_letter):
        yield Right(
            "topic",
            f"{name}.replay-",
            ("READ", "WRITE", "CREATE", "DELETE", "DESCRIBE_CONFIGS"),
            prefixed=True,
            purpose="one a replay, named after it",
        )
    yield Right("group", group, ("READ", "DELETE"), prefixed=True, purpose="one a replay, named after it")
    yield Right("transactional-id", group, ("WRITE",), prefixed=True, purpose="one a replay, named after it")


def commands(wanted: Sequence[Right], principal: str, bootstrap: str) -> Iterator[str]:
    """The same as commands of Kafka's own tool."""
    for right in wanted:
        words = ["kafka-acls.sh", "--bootstrap-server", bootstrap, "--add", "--allow-principal", principal]
        for operation in right.operations:
            words += ["--operation", operation.title().replace("_", "")]
        words += [f"--{right.kind}", right.name]
        if right.prefixed:
            words += ["--resource-pattern-type", "prefixed"]
        yield shlex.join(words)
