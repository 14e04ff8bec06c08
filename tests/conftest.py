"""Shared by all tests: one real Kafka broker a session, started by the first test that asks for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from stream.kafka.broker import Broker

# kafka-python logs every attempt to reach a broker that a test has stopped.
logging.getLogger("kafka").setLevel(logging.CRITICAL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that uses the broker is a broker test: `-m "not broker"` must not start one."""
    for item in items:
        if "broker" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.broker)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A running broker with free ports in a folder of its own. Tests name their topics apart."""
    with Broker(tmp_path_factory.mktemp("broker")) as running:
        yield running
