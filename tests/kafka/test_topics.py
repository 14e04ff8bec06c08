from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from kafka.admin import KafkaAdminClient

from stream.errors import UserError
from stream.kafka.broker import Broker
from stream.kafka.topics import Action, Change, TopicSpec, apply, connect, plan, render


@pytest.fixture(scope="module")
def admin(broker: Broker) -> Iterator[KafkaAdminClient]:
    with connect({"bootstrap_servers": broker.bootstrap}) as client:
        yield client


@pytest.fixture
def standing(admin: KafkaAdminClient, request: pytest.FixtureRequest) -> TopicSpec:
    """A topic of the test's own, as it was declared."""
    spec = TopicSpec(
        f"topics.{request.node.name}",
        partitions=2,
        replication=1,
        config={"cleanup.policy": "compact,delete", "retention.ms": "60000"},
    )
    apply(admin, plan(admin, [spec]))
    return spec


def actions(changes: list[Change]) -> list[Action]:
    return [change.action for change in changes]


def test_a_missing_topic_is_created_as_declared(admin: KafkaAdminClient) -> None:
    spec = TopicSpec("topics.new", 3, 1, {"retention.ms": "60000"}, "what producers push")
    changes = plan(admin, [spec])
    assert actions(changes) == [Action.CREATE]
    assert actions(apply(admin, changes)) == [Action.CREATE]
    [topic] = admin.describe_topics(["topics.new"])
    assert len(topic["partitions"]) == 3


def test_planning_creates_nothing(admin: KafkaAdminClient) -> None:
    plan(admin, [TopicSpec("topics.only-planned", 1, 1)])
    assert "topics.only-planned" not in admin.list_topics()


def test_what_was_applied_needs_no_change(admin: KafkaAdminClient, standing: TopicSpec) -> None:
    assert plan(admin, [standing]) == []


def test_the_order_of_a_list_setting_is_no_difference(admin: KafkaAdminClient, standing: TopicSpec) -> None:
    assert plan(admin, [replace(standing, config={"cleanup.policy": "delete,compact"})]) == []


def test_a_setting_that_equals_the_default_is_no_difference(
    admin: KafkaAdminClient, standing: TopicSpec
) -> None:
    assert plan(admin, [replace(standing, config={"compression.type": "producer"})]) == []


def test_partitions_grow(admin: KafkaAdminClient, standing: TopicSpec) -> None:
    wanted = replace(standing, partitions=5)
    changes = plan(admin, [wanted])
    assert actions(changes) == [Action.GROW]
    apply(admin, changes)
    assert plan(admin, [wanted]) == []


def test_partitions_do_not_grow_where_they_are_state(admin: KafkaAdminClient, standing: TopicSpec) -> None:
    wanted = replace(standing, partitions=5, may_grow=False)
    changes = plan(admin, [wanted])
    assert actions(changes) == [Action.LEAVE]
    assert apply(admin, changes) == []
    assert plan(admin, [wanted]) == changes


def test_partitions_never_shrink(admin: KafkaAdminClient, standing: TopicSpec) -> None:
    wanted = replace(standing, partitions=1)
    changes = plan(admin, [wanted])
    assert actions(changes) == [Action.LEAVE]
    assert apply(admin, changes) == []
    assert plan(admin, [standing]) == []


def test_another_replication_is_reported_and_left(admin: KafkaAdminClient, standing: TopicSpec) -> None:
    [change] = plan(admin, [replace(standing, replication=3)])
    assert change.action is Action.LEAVE
    assert "replication 1, 3 declared" in str(change)


def test_settings_are_altered_and_others_stay(admin: KafkaAdminClient, standing: TopicSpec) -> None:
    wanted = replace(standing, config={"retention.ms": "90000"})
    changes = plan(admin, [wanted])
    assert [str(change) for change in changes] == [f"~ {standing.name}: retention.ms 60000 → 90000"]
    apply(admin, changes)
    assert plan(admin, [wanted]) == []
    assert plan(admin, [replace(standing, config={"cleanup.policy": "compact,delete"})]) == []


def test_a_topic_made_by_another_in_the_meantime_is_no_error(
    admin: KafkaAdminClient, standing: TopicSpec
) -> None:
    apply(admin, [Change(Action.CREATE, standing, "")])


def test_the_refusal_of_a_new_topic_gives_the_brokers_reason(admin: KafkaAdminClient) -> None:
    spec = TopicSpec("topics.refused", 1, 3)
    with pytest.raises(UserError, match=r"topics\.refused could not be created: .*replication factor of 3"):
        apply(admin, plan(admin, [spec]))


def test_the_refusal_of_a_setting_gives_the_brokers_reason(
    admin: KafkaAdminClient, standing: TopicSpec
) -> None:
    with pytest.raises(UserError, match=r"could not be changed: .*Unknown topic config.*retention\.hours"):
        apply(admin, plan(admin, [replace(standing, config={"retention.hours": "1"})]))


def test_a_plan_reads_as_lines() -> None:
    spec = TopicSpec("wire.stories", 6, 1, {"retention.ms": "1"}, "what producers push")
    text = "6 partitions, replication 1, retention.ms=1 (what producers push)"
    assert render([Change(Action.CREATE, spec, text)]) == f"+ wire.stories: {text}"


def test_an_empty_plan_says_so() -> None:
    assert render([]) == "The topics are as declared; nothing to do."


def test_no_broker_is_a_clear_error() -> None:
    with (
        pytest.raises(UserError, match=r"no Kafka broker answers at 127\.0\.0\.1:1"),
        connect({"bootstrap_servers": "127.0.0.1:1"}, timeout=0.3),
    ):
        pass
