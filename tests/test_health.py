import json
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from stream.errors import UserError
from stream.health import Health, HealthServer
from stream.metrics import Metrics


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def server(health: Health) -> Iterator[HealthServer]:
    server = HealthServer("127.0.0.1", 0, Metrics().registry, health)
    yield server
    server.stop()


def get(server: HealthServer, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://{server.host}:{server.port}{path}") as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_live_answers_whatever_else_is_the_matter(server: HealthServer) -> None:
    assert get(server, "/live") == (200, '{"live": true}')


def test_ready_says_what_is_waited_for(server: HealthServer, health: Health) -> None:
    status, body = get(server, "/ready")
    assert (status, json.loads(body)) == (503, {"ready": False, "reason": "starting"})
    health.ready({"wire.stories": [0, 1]})
    status, body = get(server, "/ready")
    assert (status, json.loads(body)) == (200, {"ready": True, "partitions": {"wire.stories": [0, 1]}})
    health.wait("rebalancing")
    assert get(server, "/ready")[0] == 503


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_worker_that_gets_on_with_its_work_is_ready_however_much_waits() -> None:
    clock = Clock()
    health = Health(clock)
    health.ready({"wire.stories": [0]})
    for _ in range(20):
        clock.now += 50
        health.measured(10_000)
        health.moved()
        assert health.is_ready()


def test_an_idle_worker_is_ready() -> None:
    clock = Clock()
    health = Health(clock)
    health.ready({"wire.stories": [0]})
    for _ in range(20):
        clock.now += 50
        health.measured(0)
        assert health.is_ready()


def test_a_worker_with_work_that_finishes_none_is_not_ready_and_says_so() -> None:
    clock = Clock()
    health = Health(clock)
    health.ready({"wire.stories": [0]})
    health.measured(0)
    clock.now += 40
    health.measured(7)
    assert health.is_ready()
    clock.now += 30
    health.measured(7)
    assert health.report() == (
        False,
        {"ready": False, "reason": "7 records wait and no batch was finished for 70 s"},
    )
    health.moved()
    assert health.is_ready()


def test_an_idle_worker_whose_brokers_are_away_is_not_ready_and_says_so() -> None:
    health = Health(Clock())
    health.ready({"wire.stories": [0]})
    health.measured(0, 50)
    assert health.is_ready()
    health.measured(0, 70)
    assert health.report() == (False, {"ready": False, "reason": "no broker has answered for 70 s"})
    health.measured(0, 1)
    assert health.is_ready()


def test_a_worker_whose_event_loop_hangs_is_not_ready_and_says_so() -> None:
    clock = Clock()
    health = Health(clock)
    health.ready({})
    clock.now += 61
    assert health.report()[1]["reason"] == "the event loop has not turned for 61 s"


def test_metrics_are_in_prometheus_text_format(server: HealthServer) -> None:
    status, body = get(server, "/metrics")
    assert status == 200
    assert "wirestream_build_info{" in body
    assert "# HELP wirestream_records_read_total Records that a stage has read and finished." in body


def test_another_path_is_not_found(server: HealthServer) -> None:
    assert get(server, "/etc/passwd")[0] == 404


def test_a_taken_port_is_an_error_that_names_the_setting(server: HealthServer) -> None:
    with pytest.raises(UserError, match=r"worker\.http_port"):
        HealthServer(server.host, server.port, Metrics().registry, Health())
