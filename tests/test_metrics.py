from prometheus_client import generate_latest

from stream.metrics import Bounded, Metrics
from stream.model import Facets


def test_label_values_are_bounded_and_the_rest_is_other() -> None:
    bounded = Bounded(most=2)
    assert [bounded(value) for value in ("a", "b", "c", "a", None)] == ["a", "b", "other", "a", "none"]


def test_ten_thousand_feed_names_do_not_make_ten_thousand_series() -> None:
    metrics = Metrics()
    for number in range(10_000):
        metrics.count_annotated(Facets(f"feed-{number}", None, "ar", (), (), ()))
    lines = [
        line
        for line in generate_latest(metrics.registry).decode().splitlines()
        if line.startswith("wirestream_stories_annotated_total{")
    ]
    assert len(lines) == 201
    assert sum(float(line.rpartition(" ")[2]) for line in lines) == 10_000


def test_series_of_a_partition_that_moved_away_disappear() -> None:
    metrics = Metrics()
    for partition in (0, 1):
        metrics.set_lag("wire.stories", partition, 5)
        metrics.set_lag("wire.annotated", partition, 5)
    metrics.keep_partitions("wire.stories", [1])
    text = generate_latest(metrics.registry).decode()
    assert 'wirestream_lag_records{partition="0",topic_name="wire.stories"}' not in text
    assert 'wirestream_lag_records{partition="1",topic_name="wire.stories"} 5.0' in text
    assert 'wirestream_lag_records{partition="0",topic_name="wire.annotated"} 5.0' in text
