"""The worker: settings to a running Faust app. The one place that knows how all parts fit together."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import faust
from kafka.errors import KafkaError

from stream.agents import Agents
from stream.annotate import Annotator
from stream.errors import SettingsError, UserError
from stream.fold import Shard
from stream.health import Health, HealthServer
from stream.kafka.batches import SliceTransport, batching
from stream.kafka.security import client_settings, faust_credentials
from stream.kafka.topics import connect, partition_counts
from stream.metrics import Metrics
from stream.routes import compile_routes
from stream.settings import Settings
from stream.stages.annotate import AnnotateStage
from stream.stages.dedup import DedupStage
from stream.stopping import StopSignals
from stream.topology import Topology
from stream.vocabulary import names, vocabulary

_log = logging.getLogger(__name__)

# How often an absent broker is asked again.
_RETRY_SECONDS = 1.0
# One fetch of a partition: a few batches.
_FETCH_BYTES = 4 * 1024 * 1024


def run_worker(settings: Settings, signals: StopSignals) -> NoReturn:
    """Runs a worker until SIGTERM or SIGINT; ends the process with exit code 0, with 1 when the stop took too
    long or a person must mend something, or with 70 after a fault.

    Raises `UserError` before it starts when a setting, the cluster or a topic is not as needed.
    """
    topology = Topology(settings)
    client = client_settings(settings.kafka)
    annotator = Annotator(settings)
    routes = compile_routes(settings.routes, vocabulary(annotator), set(topology.reserved()))
    metrics, health = Metrics(names(annotator)), Health()
    metrics.follow_ready(health.is_ready)
    # Before the first look for a broker: a worker that waits for one is alive.
    server = HealthServer(settings.worker.http_host, settings.worker.http_port, metrics.registry, health)
    _log.info("serving /metrics, /live and /ready on http://%s:%d", server.host, server.port)
    health.wait("waiting for a broker with all topics")
    _await_topics(settings, topology, client)
    health.wait("joining the consumer group")
    with tempfile.TemporaryDirectory(prefix="wirestream-") as scratch:
        app = _app(settings, topology, Path(scratch))
        stages = settings.worker.stages
        agents = Agents(
            app,
            topology,
            annotate=AnnotateStage(client, settings, annotator, metrics) if "annotate" in stages else None,
            dedup=DedupStage(client, settings, lambda: Shard(settings, routes), metrics)
            if "dedup" in stages
            else None,
            metrics=metrics,
            health=health,
        )
        agents.register()
        app.close_stages = agents.close
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        worker = _Worker(app, signals, loop)
        worker.execute_from_commandline()


class _App(faust.App):
    """Faust's app, which reads slices, and closes the stages' own producers when all else is finished."""

    close_stages: Callable[[], Awaitable[None]] | None = None
    order: Sequence[str] = ()
    """The topics that it reads, the one nearest to the output first."""

    def _new_transport(self) -> SliceTransport:
        # Two polls: what an agent works on and what it takes next.
        waiting = self.conf.broker_max_poll_records * 2
        return SliceTransport(self.conf.broker_consumer, self, order=self.order, waiting_records=waiting)

    async def on_shutdown(self) -> None:
        await super().on_shutdown()
        if self.close_stages is not None:
            await self.close_stages()


def _app(settings: Settings, topology: Topology, scratch: Path) -> _App:
    app = _App(
        settings.app,
        broker=[f"kafka://{server}" for server in settings.kafka.bootstrap_servers],
        broker_credentials=faust_credentials(settings.kafka),
        broker_session_timeout=settings.worker.session_timeout.total_seconds(),
        # A third of the session, as the consumer protocol advises, so that one lost beat is no rebalance.
        broker_heartbeat_interval=settings.worker.session_timeout.total_seconds() / 3,
        broker_max_poll_records=settings.worker.batch_records,
        consumer_max_fetch_size=_FETCH_BYTES,
        consumer_auto_offset_reset="earliest",
        ConsumerScheduler=batching(settings.worker.batch_records),
        # Without it a stop loses the records between fetcher and agent.
        stream_wait_empty=True,
        # Faust's exactly-once leaves outputs that the app does not itself read outside the transaction.
        processing_guarantee="at_least_once",
        topic_disable_leader=True,
        topic_allow_declare=False,
        key_serializer="raw",
        value_serializer="raw",
        # Faust's own web server would serve its tables; ours is stream.health.
        web_enabled=False,
        datadir=str(scratch),
    )
    app.order = (topology.annotated, topology.stories)
    return app


def _await_topics(settings: Settings, topology: Topology, client: Mapping[str, Any]) -> None:
    """Returns when a broker answers and has every topic; a wrong or missing topic is a `UserError`."""
    deadline = time.monotonic() + settings.kafka.startup_timeout.total_seconds()
    while True:
        try:
            with connect(client, timeout=5) as admin:
                counts = partition_counts(admin, topology.specs())
            break
        except (UserError, KafkaError) as error:
            if time.monotonic() >= deadline:
                raise UserError(str(error)) from None
            _log.warning("%s; trying again", error)
            time.sleep(_RETRY_SECONDS)
    if missing := [spec.name for spec in topology.specs() if spec.name not in counts]:
        raise UserError(f"topics are missing: {', '.join(missing)}; run `wirestream topics apply`")
    for name in (topology.annotated, topology.ledger, topology.held):
        if counts[name] != settings.topics.shards:
            raise SettingsError(
                f"topics.shards is {settings.topics.shards}, but {name} has {counts[name]} partitions; "
                "set it to that number, or copies of a story would not meet"
            )


class _Worker(faust.Worker):
    """Faust's worker with our logs and our signals."""

    def __init__(self, app: faust.App, signals: StopSignals, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            app,
            loop=loop,
            quiet=True,
            redirect_stdouts=False,
            override_logging=False,
            stdout=sys.stderr,
        )
        # Its progress spinner writes terminal codes into a log file too.
        self.spinner = None
        signals.on_stop(lambda: loop.call_soon_threadsafe(self._on_sigterm))

    def install_signal_handlers(self) -> None:
        """They are ours."""
