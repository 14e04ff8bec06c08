"""The demo from start to stop."""

from __future__ import annotations

import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stream import render
from stream.config import load
from stream.demo.outputs import Outputs
from stream.demo.samples import SETTINGS, Sample, read_samples
from stream.demo.worker import Worker
from stream.kafka import topics
from stream.kafka.broker import Broker
from stream.kafka.produce import produce
from stream.kafka.security import client_settings
from stream.settings import Settings
from stream.topology import Topology

# Ten times what a slow laptop needs.
_STREAM_SECONDS = 60


def run_demo(keep: Path | None) -> None:
    """Runs the demo. What the service made of the samples goes to stdout, progress to stderr.

    `keep` is the folder of the broker's data, which then stays. Raises `UserError` when Java or the jars
    cannot be had, or when the worker does not do its part in time.
    """
    with _terminated_like_interrupted():
        if keep is not None:
            _run(keep.absolute())
            _say(f"data, logs and settings are kept in {keep}")
            return
        with TemporaryDirectory(prefix="wirestream-demo-") as folder:
            _run(Path(folder))


def _run(folder: Path) -> None:
    begun = time.monotonic()
    with Broker(folder) as broker:
        _say(f"Apache Kafka up in {time.monotonic() - begun:.1f} s at {broker.bootstrap}")
        config = folder / SETTINGS.name
        shutil.copyfile(SETTINGS, config)
        # What the environment sets is meant for the user's own installation.
        settings = load(config, flags={"kafka.bootstrap_servers": [broker.bootstrap]}, environ={}).settings
        topology = Topology(settings)
        with topics.connect(client_settings(settings.kafka)) as admin:
            made = topics.apply(admin, topics.plan(admin, topology.specs()))
        _say(f"{len(made)} topics created" if made else "topics are there")
        started = time.monotonic()
        with Worker(folder, config, broker.bootstrap) as worker:
            worker.await_ready()
            _say(f"worker ready in {time.monotonic() - started:.1f} s")
            with Outputs(settings) as outputs:
                seconds = _stream(settings, read_samples(), outputs, worker)
                _say(f"stream done in {seconds:.1f} s")
                render.write(_report(outputs, seconds), sys.stdout)
                sys.stdout.flush()
    _say(f"worker and broker stopped; {time.monotonic() - begun:.0f} s in all")


def _stream(settings: Settings, samples: Sequence[Sample], outputs: Outputs, worker: Worker) -> float:
    """Sends feed after feed, each after all events of the one before, so that an original is always known
    before its reprints come; over several partitions they could overtake it. Returns the seconds taken."""
    outputs.drain()
    begun = time.monotonic()
    client, stories = client_settings(settings.kafka), Topology(settings).stories
    records = outputs.records
    for (step, feed), group in groupby(samples, key=lambda sample: (sample.step, sample.feed)):
        report = produce(client, stories, [sample.item for sample in group], feed=feed)
        records += report.sent
        while outputs.records < records or outputs.missing():
            outputs.poll()
            if not worker.alive or time.monotonic() - begun > _STREAM_SECONDS:
                raise worker.failed(f"nothing came of {len(outputs.missing())} stories of {step}/{feed}")
    outputs.drain()
    return time.monotonic() - begun


def _report(outputs: Outputs, seconds: float) -> list[render.Line]:
    """Every original with what was folded under it, most reprinted first, the dead letters, and the sums."""
    clusters: dict[str, list[dict[str, Any]]] = {}
    for event in outputs.events().values():
        clusters.setdefault(event["cluster"]["id"], []).append(event)
    lines: list[render.Line] = []
    for first, *others in sorted(clusters.values(), key=len, reverse=True):
        lines += [*render.story(first, others), render.rule()]
    for name, letter in outputs.dead_letters().items():
        lines += render.paragraph(f"dead letter: {name}: {letter.reason} ({letter.message})", style="red")
    return [*lines, render.rule(), *_summary(outputs, seconds)]


def _summary(outputs: Outputs, seconds: float) -> list[render.Line]:
    roles = Counter(event["cluster"]["role"] for event in outputs.events().values())
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(outputs.rejected.items()))
    routes = ", ".join(f"{count} to {name}" for name, count in outputs.routed.items())
    sums = (
        ("records in", outputs.records),
        ("originals", roles["original"]),
        ("copies", roles["copy"]),
        ("updates", roles["update"]),
        ("dead letters", f"{outputs.rejected.total()} ({reasons})"),
        ("redeliveries", outputs.redelivered or "none"),
        ("routed", routes),
        ("the stream took", f"{seconds:.1f} s, feed by feed"),
    )
    return [render.Line(f"{label:<16} {value}", "bold") for label, value in sums]


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM unwinds as Ctrl-C does, so that broker, worker and folder do not outlive us."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _say(what: str) -> None:
    print(f"demo: {what}", file=sys.stderr, flush=True)
