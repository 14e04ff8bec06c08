"""How metrics are declared: each once, with a sentence of help, on a registry of its owner's own."""

from __future__ import annotations

import platform
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, disable_created_metrics
from prometheus_client.process_collector import ProcessCollector

from stream import __version__

# A second series with the time of creation beside each counter and histogram tells nothing that we ask.
disable_created_metrics()  # type: ignore[no-untyped-call]

Declaration = tuple[str, str, tuple[str, ...], str]
"""Name as exposed, type, label names, help."""


class Declared:
    """The metrics of one process, those of the process itself among them. A metric is an attribute."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)

    def declared(self) -> Iterator[Declaration]:
        """Every metric of our own, in the order of declaration."""
        for metric in vars(self).values():
            if isinstance(metric, Counter | Gauge | Histogram | Info):
                kind = type(metric).__name__.lower()
                suffix = {"counter": "_total", "info": "_info"}.get(kind, "")
                labels = ("version", "python") if kind == "info" else metric._labelnames
                yield f"{metric._name}{suffix}", kind, labels, metric._documentation

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, text, labels, buckets=buckets, registry=self.registry)

    def _build(self) -> Info:
        build = Info("wirestream_build", "Version of the program and of Python.", registry=self.registry)
        build.info({"version": __version__, "python": platform.python_version()})
        return build
