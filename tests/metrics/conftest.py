"""Stories as the counting sees them, and a look at what Prometheus would read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from prometheus_client import generate_latest

from stream.fold import Folded
from stream.metrics import Metrics
from stream.model import Annotated, Cluster, Facets, Origin, Role

ARRIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def annotated(facets: Facets) -> Annotated:
    return Annotated("0" * 32, Origin("wire.stories", 0, 0), ARRIVED, b"{}", b"", facets)


def folded(facets: Facets, role: Role = "original", number: int = 1, *routes: str) -> Folded:
    cluster = Cluster(id=f"{number:032x}", role=role, original=f"{number:032x}")
    return Folded(annotated(facets), cluster, None, b"{}", (), ("wire.enriched", *routes), b"", 0, 0)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def series(metrics: Metrics, name: str = "") -> dict[str, float]:
    """The samples of metrics whose name begins so, by their text up to the value."""
    lines = generate_latest(metrics.registry).decode().splitlines()
    kept = [line.rpartition(" ") for line in lines if not line.startswith("#") and line.startswith(name)]
    return {key: float(value) for key, _, value in kept}
