"""The topics of one installation, each declared once: name, partitions, retention and purpose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zlib import crc32

from stream.settings import Settings
from stream.sizes import MESSAGE_BYTES, RECORD_BYTES

# Annotated stories are read within seconds; a day of them covers a long stop of dedup.
_ANNOTATED_RETENTION = timedelta(days=3)
_DEAD_LETTER_RETENTION = timedelta(days=30)
# Copy that was released, or killed while it waited, is gone from the topic of those that wait within days.
_HELD_LAG = timedelta(days=1)
# The broker's clock and not a worker's: of one that is wrong by a week, what it writes would be refused,
# deleted early, or hidden from those who look for where the window begins.
_BROKERS_TIME = {"message.timestamp.type": "LogAppendTime"}


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it should be. `config` holds topic-level Kafka settings, values as text.

    `may_grow` is false where the number of partitions is part of the state: more of them would send keys
    to other partitions than their history is on.
    """

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str] = field(default_factory=dict)
    purpose: str = ""
    may_grow: bool = True


@dataclass(frozen=True, slots=True)
class Topology:
    """Topic names, and `specs()` for the administration. `suffix` ends the name of every topic but the
    input: a replay has outputs and a ledger of its own."""

    settings: Settings
    suffix: str = ""

    @property
    def stories(self) -> str:
        return f"{self.settings.topics.prefix}.stories"

    @property
    def replays(self) -> str:
        return f"{self.settings.topics.prefix}.replays"

    @property
    def annotated(self) -> str:
        return self._name("annotated")

    @property
    def ledger(self) -> str:
        return self._name("ledger")

    @property
    def enriched(self) -> str:
        return self._name("enriched")

    @property
    def duplicates(self) -> str:
        return self._name("duplicates")

    @property
    def advisories(self) -> str:
        return self._name("advisories")

    @property
    def held(self) -> str:
        return self._name("held")

    @property
    def dead_letter(self) -> str:
        return self._name("dead-letter")

    def specs(self) -> list[TopicSpec]:
        """Every topic in the order of the flow, routes last. A route's topic that several routes name
        stands once."""
        topics = self.settings.topics
        return [
            self._spec(
                self.stories,
                topics.stories_partitions,
                topics.stories_retention,
                "input: one story a record, in any format",
            ),
            self._spec(
                self.annotated,
                topics.shards,
                _ANNOTATED_RETENTION,
                "internal: annotated stories by language shard",
                may_grow=False,
                written_by_workers=True,
            ),
            *self._outputs(),
        ]

    def replay_specs(self) -> list[TopicSpec]:
        """The topics of the replay that `suffix` names, and the one that knows all replays."""
        topics = self.settings.topics
        config = {"cleanup.policy": "compact", "min.insync.replicas": str(topics.min_insync_replicas)}
        register = TopicSpec(
            self.replays,
            1,
            topics.replication,
            config,
            "internal: the replays and their bounds",
            may_grow=False,
        )
        return [register, *self._outputs()]

    def route(self, topic_name: str) -> str:
        """The topic that stands for a route's."""
        return topic_name + self.suffix

    def _outputs(self) -> Iterator[TopicSpec]:
        topics = self.settings.topics
        yield self._spec(
            self.enriched,
            topics.output_partitions,
            topics.output_retention,
            "originals, their updates and kills",
            written_by_workers=True,
        )
        yield self._spec(
            self.duplicates,
            topics.output_partitions,
            topics.output_retention,
            "copies, linked to their original",
            written_by_workers=True,
        )
        yield self._spec(
            self.advisories,
            topics.output_partitions,
            topics.output_retention,
            "copies that are out and should not be: stale, killed or leaked",
            written_by_workers=True,
        )
        yield self._spec(
            self.ledger,
            topics.shards,
            topics.ledger_retention,
            "internal: what dedup remembers",
            may_grow=False,
            written_by_workers=True,
        )
        yield TopicSpec(
            self.held,
            topics.shards,
            topics.replication,
            {
                "cleanup.policy": "compact",
                "max.compaction.lag.ms": str(int(_HELD_LAG.total_seconds() * 1000)),
                "max.message.bytes": str(MESSAGE_BYTES),
                "min.insync.replicas": str(topics.min_insync_replicas),
                **_BROKERS_TIME,
            },
            "internal: copy that waits for the end of an embargo",
            may_grow=False,
        )
        yield self._spec(
            self.dead_letter,
            topics.output_partitions,
            _DEAD_LETTER_RETENTION,
            "input that could not become a story",
            message_bytes=RECORD_BYTES,
            written_by_workers=True,
        )
        for name in dict.fromkeys(self.route(route.topic_name) for route in self.settings.routes):
            yield self._spec(
                name,
                topics.output_partitions,
                topics.output_retention,
                "route of the settings",
                written_by_workers=True,
            )

    def shard(self, language: str | None) -> int:
        """The partition of annotated and ledger where stories in `language` meet."""
        return crc32((language or "und").encode()) % self.settings.topics.shards

    def reserved(self) -> Iterator[str]:
        """Names that no route may take."""
        yield from (
            self.stories,
            self.annotated,
            self.ledger,
            self.enriched,
            self.duplicates,
            self.advisories,
            self.held,
            self.dead_letter,
            self.replays,
        )

    def _name(self, last: str) -> str:
        return f"{self.settings.topics.prefix}.{last}{self.suffix}"

    def _spec(
        self,
        name: str,
        partitions: int,
        retention: timedelta,
        purpose: str,
        *,
        may_grow: bool = True,
        message_bytes: int = MESSAGE_BYTES,
        written_by_workers: bool = False,
    ) -> TopicSpec:
        topics = self.settings.topics
        config = {
            "cleanup.policy": "delete",
            "retention.ms": str(int(retention.total_seconds() * 1000)),
            "max.message.bytes": str(message_bytes),
            "min.insync.replicas": str(topics.min_insync_replicas),
        }
        if written_by_workers:
            config |= _BROKERS_TIME
        return TopicSpec(name, partitions, topics.replication, config, purpose, may_grow)
