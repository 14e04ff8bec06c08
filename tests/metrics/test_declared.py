"""The bounds that a scrape keeps, and what becomes of the series of partitions that moved away."""

from __future__ import annotations

import re
import time
from itertools import product

import pytest
from prometheus_client import generate_latest

from stream.annotate import Outcome
from stream.errors import Reason, Rejected
from stream.metrics import Metrics
from stream.metrics.labels import Names
from stream.model import Facets, Origin, Record, Role
from tests.metrics.conftest import ARRIVED, annotated, folded, series

ROLES: tuple[Role, ...] = ("original", "copy", "update", "kill")
MOST_SERIES = 10_000
MOST_SECONDS = 0.1


def busy(feeds: int, agencies: int, topics: int, *, languages: int = 4, countries: int = 249) -> Metrics:
    """A worker that has seen so many of each: feeds with agencies, and every topic in every region."""
    regions = {f"{code:03}": f"Region {code}" for code in range(50)}
    metrics = Metrics(Names(regions=regions))
    seen = [
        Facets(f"feed-{f}", f"agency-{a}", f"l{f % languages}", (f"topic-{(f + a) % topics}",), (), ())
        for f, a in product(range(feeds), range(0, agencies, max(1, agencies // 20)))
    ]
    seen += [Facets("feed-0", f"agency-{a}", "l0", ("topic-0",), (), ()) for a in range(agencies)]
    seen += [
        Facets("feed-0", None, "l0", (f"topic-{t}",), (f"C{(t * len(regions) + n) % countries}",), (region,))
        for t, (n, region) in product(range(topics), enumerate(regions))
    ]
    for number, role in enumerate(ROLES):
        metrics.flow.count_folded(0, [folded(facets, role, n) for n, facets in enumerate(seen)], 0.0)
        record = Record(b"", ARRIVED, Origin("wire.stories", 0, number))
        metrics.flow.count_annotated([Outcome(record, tuple(map(annotated, seen)))])
    bad = Rejected(Reason.EMPTY, "no value")
    for feed in range(feeds):
        record = Record(b"", ARRIVED, Origin("wire.stories", 0, 0), headers=(("feed", b"feed-%d" % feed),))
        metrics.flow.count_annotated([Outcome(record, rejected=bad)])
    for stage, partition in product(("annotate", "dedup"), range(64)):
        metrics.set_lag(stage, partition, 1, 1.0)
    return metrics


def test_a_scrape_of_a_busy_worker_is_small_and_quick() -> None:
    metrics = busy(feeds=200, agencies=20, topics=17)
    assert 2_000 < len(series(metrics)) <= MOST_SERIES
    assert best_of(5, metrics) <= MOST_SECONDS


def test_no_flood_of_names_makes_a_scrape_large() -> None:
    metrics = busy(feeds=2_000, agencies=300, topics=40, languages=300, countries=400)
    assert len(series(metrics)) <= MOST_SERIES
    feeds = series(metrics, "wirestream_feed_stories_total")
    assert len(feeds) == 201
    assert sum(feeds.values()) == sum(series(metrics, "wirestream_language_stories_total").values())


def best_of(times: int, metrics: Metrics) -> float:
    """Seconds of the quickest scrape: the others shared the machine."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        generate_latest(metrics.registry)
        took.append(time.perf_counter() - started)
    return min(took)


def test_series_of_a_partition_that_moved_away_disappear(metrics: Metrics) -> None:
    for stage, partition in product(("annotate", "dedup"), (0, 1)):
        metrics.set_lag(stage, partition, 5, 2.0)
    metrics.keep_partitions("annotate", [1])
    assert series(metrics, "wirestream_lag") == {
        'wirestream_lag_records{partition="1",stage="annotate"}': 5,
        'wirestream_lag_records{partition="0",stage="dedup"}': 5,
        'wirestream_lag_records{partition="1",stage="dedup"}': 5,
        'wirestream_lag_seconds{partition="1",stage="annotate"}': 2,
        'wirestream_lag_seconds{partition="0",stage="dedup"}': 2,
        'wirestream_lag_seconds{partition="1",stage="dedup"}': 2,
    }


def test_readiness_is_asked_at_every_scrape(metrics: Metrics) -> None:
    answers = iter([False, True])
    metrics.follow_ready(lambda: next(answers))
    assert [series(metrics, "wirestream_ready")["wirestream_ready"] for _ in range(2)] == [0, 1]


def test_a_rate_of_dead_letters_begins_at_zero_for_every_reason(metrics: Metrics) -> None:
    assert set(series(metrics, "wirestream_dead_letters_total").values()) == {0}
    assert len(series(metrics, "wirestream_dead_letters_total")) == len(Reason)


@pytest.mark.parametrize("row", list(Metrics().declared()), ids=lambda row: row[0])
def test_names_follow_the_conventions_of_prometheus(row: tuple[str, str, tuple[str, ...], str]) -> None:
    name, kind, labels, text = row
    assert re.fullmatch(r"wirestream_[a-z_]+", name)
    assert (kind == "counter") == name.endswith("_total")
    assert not re.search(r"_(ms|millis|minutes|hours|kb|mb|percent)\b", name)
    assert len(labels) <= 2
    assert text.endswith(".")


def test_every_exposed_metric_is_declared_or_of_the_process(metrics: Metrics) -> None:
    named = {name for name, *_ in metrics.declared()} | {name for name, *_ in metrics.inherited()}
    for family in metrics.registry.collect():
        assert {family.name, f"{family.name}_total", f"{family.name}_info"} & named, family.name
    assert {"process_cpu_seconds_total", "process_resident_memory_bytes"} <= named
