"""Shared by all tests: one real Kafka broker a session, started by the first test that asks for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from stream.kafka.broker import Broker

# kafka-python logs every attempt to reach a broker that a test has stopped.
logging.getLogger("kafka").setLevel(logging.CRITICAL)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The long form of the fault scenarios: `make soak` gives these."""
    group = parser.getgroup("faults", "the fault scenarios on a real broker")
    group.addoption("--soak", action="store_true", help="those of the long form too")
    group.addoption("--fault-stories", type=int, default=2_000, help="stories of one scenario")
    group.addoption("--fault-kills", type=int, default=1, help="kills (stops, freezes …) of one scenario")
    group.addoption("--fault-rounds", type=int, default=1, help="rounds of each scenario")
    group.addoption("--fault-seconds", type=float, default=6, help="how long a freeze or an outage lasts")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that uses the broker is a broker test: `-m "not broker"` must not start one."""
    for item in items:
        if "broker" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.broker)
        if item.get_closest_marker("soak") and not config.getoption("--soak"):
            item.add_marker(pytest.mark.skip(reason="of the long form: make soak"))


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A running broker with free ports in a folder of its own. Tests name their topics apart."""
    # Sessions shorter than a production broker allows: a killed worker's partitions move within seconds.
    properties = {"group.min.session.timeout.ms": "1000"}
    with Broker(tmp_path_factory.mktemp("broker"), properties=properties) as running:
        yield running
