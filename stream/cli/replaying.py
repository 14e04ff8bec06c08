"""Running a replay from the command line: its metrics, its progress, and the signals that interrupt it."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from stream.exits import EXIT_INTERRUPTED

if TYPE_CHECKING:
    from stream.replay.metrics import ReplayMetrics
    from stream.replay.run import Tally
    from stream.replay.scope import Scope
    from stream.routes import Route
    from stream.settings import Settings


@contextmanager
def served(name: str, http_port: int | None) -> Iterator[ReplayMetrics]:
    """The metrics of a replay, served where a port is given; before anything is changed, as that may be
    taken."""
    from stream.health import Health, HealthServer
    from stream.replay.metrics import ReplayMetrics

    metrics = ReplayMetrics(name)
    if http_port is None:
        yield metrics
        return
    server = HealthServer("127.0.0.1", http_port, metrics.registry, Health(), setting="--http-port")
    click.echo(f"serving /metrics on http://{server.host}:{server.port}", err=True)
    try:
        yield metrics
    finally:
        server.stop()


def run(
    settings: Settings,
    scope: Scope,
    routes: tuple[Route, ...],
    workers: int,
    rate: float | None,
    metrics: ReplayMetrics,
) -> None:
    """Runs a replay to its end and says what came of it; ends the command where it was interrupted."""
    from stream.kafka.security import client_settings
    from stream.replay.run import Replay
    from stream.replay.told import tally_line

    with _progress(scope) as on_progress:
        running = Replay(
            client_settings(settings.kafka),
            settings,
            scope,
            routes,
            workers=workers,
            rate=rate,
            metrics=metrics,
            on_progress=on_progress,
        )
        is_done = asyncio.run(_until_signal(running))
    click.echo(tally_line(running.tally), err=True)
    if not is_done:
        click.echo(f"stopped; go on with `wirestream replay resume {scope.name}`", err=True)
        sys.exit(EXIT_INTERRUPTED)


async def _until_signal(running: Any) -> bool:
    """Whether the replay came to its end before SIGINT or SIGTERM."""
    task = asyncio.ensure_future(running.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return False
    return True


@contextmanager
def _progress(scope: Scope) -> Iterator[Callable[[Tally], None]]:
    """A bar with rate and time that remains on a terminal; nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("replay", total=scope.records, rate=0.0)

        def show(tally: Tally) -> None:
            bar.update(task, completed=scope.records - tally.left, rate=bar.tasks[0].speed or 0.0)

        yield show
