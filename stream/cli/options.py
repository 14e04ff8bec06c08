"""What verbs share: their common flags, how settings are loaded, and progress on a terminal."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec

import click

from stream import log
from stream.config import Loaded, load

P = ParamSpec("P")
PORT = click.IntRange(0, 65535)
# What Kafka takes. Names in the settings are shorter, since something is put behind them.
_TOPIC_NAME = re.compile(r"[a-zA-Z0-9._-]{1,249}")
_LEVELS = click.Choice(["debug", "info", "warning", "error"])


class Text(click.ParamType):
    """Words that go into headers or are compared with them: bytes of the command line that are no UTF-8 are
    refused."""

    name = "TEXT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            str(value).encode()
        except UnicodeEncodeError:
            self.fail(f"{value!r} is no UTF-8 text", param, ctx)
        return str(value)


class TopicName(click.ParamType):
    """The name of a Kafka topic."""

    name = "TOPIC"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not _TOPIC_NAME.fullmatch(str(value)):
            self.fail(f"{value!r}: a topic's name has letters, digits, dots, _ and - alone", param, ctx)
        return str(value)


def common(verb: Callable[P, None]) -> Callable[..., None]:
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


def brokers_option(verb: Callable[P, None]) -> Callable[P, None]:
    """`--bootstrap` on a verb."""
    return click.option(
        "--bootstrap",
        help="Kafka brokers, host:port, separated by commas; default: kafka.bootstrap_servers.",
    )(verb)


def load_settings(config: Path | None, bootstrap: str | None = None, **flags: Any) -> Loaded:
    """The settings, with the flags of this call on top: by dotted path, None where one was not given."""
    servers = [part.strip() for part in bootstrap.split(",")] if bootstrap else None
    return load(config, flags={"kafka.bootstrap_servers": servers, **flags})


@contextmanager
def progress(what: str) -> Iterator[Callable[[], None]]:
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
