"""What a real Prometheus makes of real workers: every panel, recorded series and alert has data to show."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import orjson
import pytest

from stream.kafka.broker import Broker
from stream.metrics import Metrics
from stream.metrics.labels import BOUNDS, OTHER
from tests.deploy import queries
from tests.deploy.tools import tool
from tests.scenarios.installation import Installation, Worker, installed
from tests.scenarios.prometheus import Prometheus
from tests.scenarios.raising_worker import IN_DEDUP, MARKED
from tests.scenarios.stories import ninjs, unique_stories

WIRES = (
    ("RABAT (Reuters) - ", "medtop:15000000"),
    ("TOKYO (AFP) - ", "medtop:16000000"),
    ("RIYADH (SPA) - ", "medtop:04000000"),
    ("BERLIN (dpa) - ", "medtop:11000000"),
)
# More than two workers can tell apart, so that one of them reaches its bound, however Kafka spreads them.
FEEDS = 2 * BOUNDS["feed"] + 20
BAD = [b"", b"x", b'{"uri": "urn:x", "body_te', b'["a"]', bytes(range(128, 256)) * 3]
# What Grafana puts in the place of its variables: the test lasts less than a minute.
VARIABLES = {"$__rate_interval": "1m", "$__range": "10m", "$feed": ".*", "$agency": ".*"} | {
    "$language": ".*",
    "$stage": ".*",
}
PATIENCE_SECONDS = 60
# Prometheus' own series, beside what it scrapes.
ABOUT_SCRAPES = ("up", "scrape_", "ALERTS")


@dataclass(frozen=True, slots=True)
class Watched:
    prometheus: Prometheus
    workers: list[Worker]


def wire_and_reprints(count: int, seed: int) -> Iterator[bytes]:
    """Agency stories, each with a reprint by another feed twenty minutes later, and one update of each."""
    for number, made in enumerate(unique_stories(count, seed=seed)):
        story = orjson.loads(made)
        credit, topic = WIRES[number % len(WIRES)]
        body, headline = credit + story["body_text"], story["headline"]
        uri = seed * 1_000_000 + number
        subject = [{"code": topic, "name": "as supplied"}]
        yield ninjs(uri, headline, body, source=f"wire-{number % 4}", subject=subject)
        yield ninjs(
            uri + 500_000,
            f"As told by others: {headline}",
            f"{body[: len(body) * 4 // 5]}.",
            source=f"paper-{number % 3}",
            versioncreated="2026-03-01T10:20:00Z",
        )
        yield ninjs(uri, headline, f"{body} More to follow.", source=f"wire-{number % 4}", subject=subject)


def leaked(seed: int) -> Iterator[bytes]:
    """A story under an embargo, and a copy by another feed of the one of the round before: an advisory, and
    no events of either."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    yield embargoed(seed, source="wire-0", embargoed=tomorrow.isoformat(timespec="seconds"))
    if seed > 1:
        yield embargoed(seed - 1, source="paper-0", uri=f"urn:test:leak-{seed}")


def failing(seed: int) -> bytes:
    """A story at which dedup fails."""
    return ninjs(seed * 1_000_000 + 950_000, "Read by nobody", f"{IN_DEDUP} as a program's mistake.")


def embargoed(seed: int, **fields: object) -> bytes:
    (made,) = unique_stories(1, seed=seed + 1000)
    story = orjson.loads(made)
    return ninjs(seed * 1_000_000 + 900_000, story["headline"], story["body_text"], **fields)


def many_feeds() -> Iterator[bytes]:
    for number, made in enumerate(unique_stories(FEEDS, seed=77, words=40)):
        story = orjson.loads(made)
        yield ninjs(9_000_000 + number, story["headline"], story["body_text"], source=f"feed-{number}")


@pytest.fixture(scope="module")
def watched(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Two workers and a Prometheus that has watched them work: originals, reprints, updates, redeliveries,
    dead letters, faults of the program, a route, more feeds than metrics tell apart. Everything came twice,
    as a rate needs."""
    program = tool("prometheus")
    folder: Path = tmp_path_factory.mktemp("watched")
    route = {"topic_name": f"routed.{folder.name}", "where": {"countries": ["MA"]}}
    with installed(broker.bootstrap, folder, routes=[route]) as installation:
        workers = [installation.worker(program=MARKED) for _ in range(2)]
        for worker in workers:
            installation.wait_for(lambda worker=worker: is_ready(worker), "a worker to be ready")
        with Prometheus(program, folder, [worker.http for worker in workers]) as prometheus:
            records = 0
            for seed in (1, 2, 3):
                stories = [*wire_and_reprints(40, seed), *leaked(seed), failing(seed)]
                installation.produce(stories + stories[:20])
                installation.produce(many_feeds())
                installation.produce(BAD * 2, feed="scraper")
                records += len(stories) + 20 + FEEDS + 2 * len(BAD)
                await_finished(prometheus, installation, records)
            yield Watched(prometheus, workers)


def is_ready(worker: Worker) -> bool:
    try:
        with urlopen(f"{worker.http}/ready", timeout=5) as answer:
            return bool(orjson.loads(answer.read())["partitions"])
    except (LookupError, OSError):
        return False


def await_finished(prometheus: Prometheus, installation: Installation, records: int) -> None:
    """Returns when Prometheus knows that annotate finished so many records, and none waits anywhere."""
    read = 'sum(wirestream_records_read_total{stage="annotate"})'
    installation.wait_for(
        lambda: prometheus.value(read) >= records and installation.lag() == 0, "all records to be scraped"
    )


def wait(done: Callable[[], bool]) -> bool:
    """Whether it comes true in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def filled(expr: str) -> str:
    for name, value in VARIABLES.items():
        expr = expr.replace(name, value)
    assert "$" not in expr
    return expr


def without_data(prometheus: Prometheus, asked: list[queries.Asked]) -> list[queries.Asked]:
    """The queries that return no number. Rules are evaluated once a second: what is not there may come."""

    def empty(query: queries.Asked) -> bool:
        return not any(not math.isnan(value) for _, value in prometheus.query(filled(query.expr)))

    wait(lambda: not any(map(empty, asked)))
    return [query for query in asked if empty(query)]


def test_every_panel_has_data(watched: Watched) -> None:
    assert without_data(watched.prometheus, queries.panel_queries()) == []


def test_every_recorded_series_has_data(watched: Watched) -> None:
    recorded = queries.rules("record")
    assert without_data(watched.prometheus, recorded) == []
    assert without_data(watched.prometheus, [queries.Asked(r.where, r.where) for r in recorded]) == []


def test_every_alert_asks_for_series_that_are_there(watched: Watched) -> None:
    parts = [
        queries.Asked(alert.where, selector)
        for alert in queries.rules("alert")
        for selector in queries.selectors(alert.expr) or {alert.expr.partition(" ")[0]}
    ]
    assert without_data(watched.prometheus, parts) == []


def test_nothing_that_is_exposed_is_missing_from_the_reference(watched: Watched) -> None:
    metrics = Metrics()
    named = {name for name, *_ in (*metrics.declared(), *metrics.inherited())}
    recorded = {rule.where for rule in queries.rules("record")}
    exposed = {
        name
        for name in watched.prometheus.values("__name__")
        if not name.startswith(ABOUT_SCRAPES) and name not in recorded
    }
    assert {queries.metric(name, named) for name in exposed} == named


def test_values_of_labels_stay_bounded_and_a_scrape_small(watched: Watched) -> None:
    prometheus = watched.prometheus
    for label, most in BOUNDS.items():
        assert len(prometheus.values(label)) <= len(watched.workers) * (most + 2), label
    seen = set()
    for worker in watched.workers:
        instance = worker.http.removeprefix("http://")
        stories = prometheus.query(f'wirestream_feed_stories_total{{instance="{instance}"}}')
        feeds = {labels["feed"] for labels, _ in stories}
        assert len(feeds) <= BOUNDS["feed"] + 1
        assert prometheus.value(f'scrape_samples_scraped{{instance="{instance}"}}') <= 10_000
        seen |= feeds
    assert OTHER in seen
    assert set(prometheus.values("role")) == {"original", "copy", "update"}


def test_what_prometheus_counts_is_what_was_sent(watched: Watched) -> None:
    prometheus = watched.prometheus
    roles = {
        labels["role"]: value for labels, value in prometheus.query("sum by (role) (wirestream_events_total)")
    }
    # The stories of many feeds came three times; what the ledger knew was not emitted again. Annotate reads
    # at least once: a rebalance on a slow machine makes more redeliveries, and no more events.
    assert roles == {"original": 3 * 40 + FEEDS, "copy": 3 * 40, "update": 3 * 40}
    assert prometheus.value("sum(wirestream_redeliveries_total)") >= 3 * 20 + 2 * FEEDS
    assert prometheus.value("sum(wirestream_dead_letters_total)") >= 3 * 2 * len(BAD)
    assert prometheus.value("sum(wirestream_first_reprint_seconds_count)") == 3 * 40


def test_series_of_a_worker_that_stopped_disappear_and_the_other_has_its_partitions(watched: Watched) -> None:
    """Last in this module: it stops a worker."""
    lagging = "count by (stage) (wirestream_lag_records)"
    before = dict(series(watched.prometheus, lagging))
    assert before == {"annotate": 4, "dedup": 2}
    assert watched.workers[0].stop() == 0
    gone = watched.workers[0].http.removeprefix("http://")
    assert wait(lambda: not watched.prometheus.query(f'wirestream_lag_records{{instance="{gone}"}}'))
    assert wait(lambda: dict(series(watched.prometheus, lagging)) == before)


def series(prometheus: Prometheus, expr: str) -> list[tuple[str, float]]:
    return [(labels["stage"], value) for labels, value in prometheus.query(expr)]
