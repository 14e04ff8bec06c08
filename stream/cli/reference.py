"""Verbs that tell: `config show`, `schema`; and `bench`, which measures."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import click

from stream.cli.options import common, load_settings
from stream.config import rows
from stream.errors import UserError

_BENCHMARKS = (
    "dedup",
    "faults",
    "growth",
    "latency",
    "parse",
    "peers",
    "replay",
    "soak",
    "stream",
    "takeover",
)


@click.group(name="config")
def config_group() -> None:
    """The settings of this installation."""


@config_group.command()
@common
def show(config: Path | None) -> None:
    """Print every setting, its value (secrets hidden) and where the value came from."""
    table = list(rows(load_settings(config)))
    width = max(len(f"{path}: {value}") for path, value, _ in table if len(value) < 60)
    for path, value, origin in table:
        click.echo(f"{f'{path}: {value}':<{width}}  # {origin}")


# What follows the name is the benchmark's own, its --help too.
@click.command(context_settings={"allow_interspersed_args": False})
@click.argument("name", type=click.Choice(_BENCHMARKS))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(name: str, arguments: tuple[str, ...]) -> None:
    """Run a benchmark. Benchmarks come with a checkout of the project, not with the package.

    `wirestream bench NAME --help` shows the options of each.

    \b
    dedup          cost of decisions as the window grows
    faults         the fault scenarios at length: nothing lost, nothing twice
    growth         speed and memory by workers, window and length of stories
    latency        from publication to the committed event
    parse          cost of reading, by format
    peers          the worker beside what people would build instead
    replay         speed of a replay, and live latency beside it
    soak           memory of a worker at full speed over time
    stream FILE…   a story file through the embedded broker
    takeover       how long stories wait when a worker is killed
    """
    # Many a project has a folder of this name.
    if not Path("bench/gates.py").is_file():
        raise UserError("benchmarks come with a checkout of the project; run this in its folder")
    sys.path.insert(0, os.getcwd())
    module = importlib.import_module(f"bench.{name}")
    sys.exit(module.main(list(arguments)))


@click.command()
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """Print the JSON Schema of an event; without a name, list them."""
    from stream.schemas import names, read

    if name is None:
        click.echo("\n".join(names()))
    else:
        click.echo(read(name), nl=False)
