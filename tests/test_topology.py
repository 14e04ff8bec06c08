from stream.settings import Settings
from stream.topology import Topology

CLUSTER = Settings.model_validate(
    {
        "topics": {"prefix": "news", "shards": 6, "replication": 3, "min_insync_replicas": 2},
        "routes": [{"topic_name": "a"}, {"topic_name": "b"}, {"topic_name": "a"}],
    }
)


def test_every_topic_stands_once_with_the_prefix_and_the_routes_last() -> None:
    names = [spec.name for spec in Topology(CLUSTER).specs()]
    assert names[:3] == ["news.stories", "news.annotated", "news.enriched"]
    assert names[-2:] == ["a", "b"]
    assert len(names) == len(set(names)) == 10


def test_annotated_and_ledger_have_a_partition_a_shard_and_do_not_grow() -> None:
    specs = {spec.name: spec for spec in Topology(CLUSTER).specs()}
    for name in ("news.annotated", "news.ledger", "news.held"):
        assert (specs[name].partitions, specs[name].may_grow) == (6, False)
    assert specs["news.stories"].may_grow


def test_replication_settings_reach_every_topic() -> None:
    for spec in Topology(CLUSTER).specs():
        assert (spec.replication, spec.config["min.insync.replicas"]) == (3, "2")


def test_a_dead_letter_may_be_larger_than_the_record_that_died() -> None:
    specs = {spec.name: spec for spec in Topology(CLUSTER).specs()}
    story, dead = (
        int(specs[f"news.{name}"].config["max.message.bytes"]) for name in ("stories", "dead-letter")
    )
    assert dead >= story + 64 * 1024


def test_a_language_always_has_the_same_shard() -> None:
    topology = Topology(CLUSTER)
    # Pinned: the state of a language lies in the shard where earlier versions wrote it.
    shards = {language: topology.shard(language) for language in ("ar", "en", "fr", None)}
    assert shards == {"ar": 1, "en": 0, "fr": 4, None: 1}
