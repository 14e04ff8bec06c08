"""Verbs that read stories: `produce` sends them to Kafka, `process` runs the whole job without it."""

from __future__ import annotations

import codecs
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from stream.cli.options import Text, TopicName, brokers_option, common, load_settings, progress
from stream.errors import UserError
from stream.exits import EXIT_FAILED

# An item's name, and why.
_Failed = tuple[str, str]


def _known_charset(context: click.Context, option: click.Parameter, charset: str | None) -> str | None:
    try:
        return charset and codecs.lookup(charset) and charset
    except LookupError:
        raise click.BadParameter(f"{charset} is no character set", context, option) from None


@click.command()
@common
@brokers_option
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--feed", type=Text(), help="Name of the feed that delivers these stories (header `feed`).")
@click.option(
    "--topic-name", type=TopicName(), help="Topic to produce to; default: the stories topic of the settings."
)
@click.option(
    "--content-type", type=Text(), help="Content type of all of them, such as application/nitf+xml."
)
@click.option(
    "--charset",
    callback=_known_charset,
    help="Character set that they are in, such as windows-1256, where they do not say it themselves.",
)
def produce(
    config: Path | None,
    bootstrap: str | None,
    paths: tuple[str, ...],
    feed: str | None,
    topic_name: str | None,
    content_type: str | None,
    charset: str | None,
) -> None:
    """Send stories to Kafka: files, folders, JSON lines (.jsonl, .ndjson; also .gz) or - for stdin.

    A file is one record, a line of a JSON-lines file is one record; folders are read in name order. Any
    format that the service reads may be sent: the bytes tell which it is, the suffix and --content-type
    help. Every delivery is awaited; the count is printed at the end. Exits 1 when any item could not be read
    or sent, and names it.
    """
    settings = load_settings(config, bootstrap).settings
    from stream.kafka.produce import produce as send
    from stream.kafka.security import client_settings
    from stream.sources import declared, read_sources
    from stream.topology import Topology

    unread: list[_Failed] = []
    items = read_sources(paths, on_error=_noting(unread))
    if content_type is not None or charset is not None:
        items = declared(items, content_type, charset)
    with progress("sent") as advance:
        report = send(
            client_settings(settings.kafka),
            topic_name or Topology(settings).stories,
            items,
            feed=feed,
            on_sent=lambda _: advance(),
        )
    failed = unread + report.failed
    _tell(failed)
    click.echo(f"{report.sent} records sent, {report.size} bytes", err=True)
    if failed:
        sys.exit(EXIT_FAILED)


@click.command()
@common
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--feed", type=Text(), help="Name of the feed, for items that carry none.")
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
    already in this input is not printed again, as a redelivery would not be emitted. Advisories follow the
    story that gave rise to them. Copy under an embargo comes when a later story's time has passed its end, or
    at the end of the input; not at all while it lasts (embargo.mode). Exits 1 when any item could not be
    read, and names it.
    """
    settings = load_settings(config, **{"dedup.window": window}).settings
    from stream.codec import encode
    from stream.fold import Folded, Further
    from stream.process import DeadLetter
    from stream.process import process as run
    from stream.sources import read_sources

    out = sys.stdout.buffer
    printer = None
    unread: list[_Failed] = []
    if explain:
        from stream.explain import Explainer

        printer = Explainer(settings)
    with _output(dead_letters) as bad:

        def dead(letter: DeadLetter) -> None:
            bad.write(encode(letter) + b"\n")

        def event(fold: Folded) -> None:
            if printer:
                out.write(printer.explain(fold).encode())
                return
            out.writelines(value + b"\n" for value in fold.events)

        def release(event: Further) -> None:
            out.write(printer.release(event).encode() if printer else event.event + b"\n")

        tally = run(
            settings,
            read_sources(paths or ("-",), on_error=_noting(unread)),
            feed=feed,
            received_at=datetime.now(UTC),
            annotator=printer.annotator if printer else None,
            on_event=event,
            on_dead_letter=dead,
            on_release=release,
        )
    out.flush()
    logging.getLogger("stream").info(
        "%d items: %d events, %d advisories, %d repeats, %d dead letters%s",
        tally.items,
        tally.events,
        tally.advisories,
        tally.repeats,
        tally.dead_letters,
        f", {tally.held} under an embargo and not printed" if tally.held else "",
    )
    _tell(unread)
    if unread:
        sys.exit(EXIT_FAILED)


def _noting(unread: list[_Failed]) -> Callable[[str, str], None]:
    """For what of the input cannot be read, which is told at the end."""
    return lambda name, why: unread.append((name, f"cannot be read: {why}"))


def _tell(failed: Iterable[_Failed]) -> None:
    for name, why in failed:
        click.echo(f"wirestream: {name}: {why}", err=True)


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
