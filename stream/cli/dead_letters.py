"""The verb group `dlq`: what could not become a story, and what is to be done about it."""

from __future__ import annotations

import asyncio
import functools
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stream.cli.options import Text, TopicName, brokers_option, common, load_settings
from stream.durations import parse_duration
from stream.errors import Reason, UserError

if TYPE_CHECKING:
    from stream.kafka.dead_letter import Letter
    from stream.kafka.dead_letters import Action, Filter
    from stream.settings import Settings

# A message is one line of the table; `show` has all of it.
_MESSAGE_COLUMNS = 80
# Feeds are named in a word or two; but a header holds what its producer puts there.
_FEED_COLUMNS = 40


@click.group()
def dlq() -> None:
    """The dead letters: list, show, retry or drop what could not become a story.

    A letter is open until it is retried or dropped. It is named by its partition and offset in the
    dead-letter topic, such as 2:1042.
    """


class _Position(click.ParamType):
    name = "PARTITION:OFFSET"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        partition, _, offset = str(value).partition(":")
        if not (partition.isdecimal() and offset.isdecimal()):
            self.fail(f"{value!r} is no partition and offset, such as 2:1042", param, ctx)
        return int(partition), int(offset)


class _Moment(click.ParamType):
    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return datetime.now(UTC) - parse_duration(value)
        except ValueError:
            pass
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write 2026-03-01T10:00:00Z, or how long ago, as 2h", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _filters(verb: Callable[..., None]) -> Callable[..., None]:
    """The filter options on a verb, as one `wanted`."""

    @click.option(
        "--reason", type=click.Choice([r.value for r in Reason]), multiple=True, help="Any of these."
    )
    @click.option("--feed", type=Text(), multiple=True, help="Any of these feeds (header `feed`).")
    @click.option("--at", type=_Position(), multiple=True, help="These letters.")
    @click.option("--topic-name", type=TopicName(), help="Of records that came from this topic …")
    @click.option("--partition", type=int, help="… and this partition of it …")
    @click.option("--offset", type=int, help="… and this offset.")
    @click.option("--since", type=_Moment(), help="Rejected at or after; a time, or how long ago (2h, 7d).")
    @click.option("--until", type=_Moment(), help="Rejected before.")
    @click.option("--contains", type=Text(), help="The message has this text.")
    @functools.wraps(verb)
    def wrapped(
        reason: tuple[str, ...],
        feed: tuple[str, ...],
        at: tuple[tuple[int, int], ...],
        topic_name: str | None,
        partition: int | None,
        offset: int | None,
        since: datetime | None,
        until: datetime | None,
        contains: str | None,
        **kwargs: Any,
    ) -> None:
        from stream.kafka.dead_letters import Filter

        wanted = Filter(reason, feed, at, topic_name, partition, offset, since, until, contains)
        verb(wanted=wanted, **kwargs)

    return wrapped


_json = click.option("--json", "as_json", is_flag=True, help="JSON lines.")
_execute = click.option("--execute", is_flag=True, help="Do it; without this flag it is only told.")


@dlq.command(name="list")
@common
@brokers_option
@_filters
@click.option("--all", "everything", is_flag=True, help="Those that were retried or dropped too.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@_json
def list_letters(
    config: Path | None,
    bootstrap: str | None,
    wanted: Filter,
    everything: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """List the open dead letters, one a line: which, when, why, of which feed, from where."""
    settings = load_settings(config, bootstrap).settings
    shown = 0

    async def run() -> None:
        nonlocal shown
        async with _opened(settings) as queue:
            async for letter, state in queue.letters(wanted, settled=everything):
                click.echo(_as_json(letter, state) if as_json else _line(letter, state))
                shown += 1
                if shown == limit:
                    return

    asyncio.run(run())
    click.echo(f"{shown} dead letters", err=True)


@dlq.command()
@common
@brokers_option
@click.argument("positions", nargs=-1, required=True, type=_Position(), metavar="PARTITION:OFFSET…")
@click.option("--value", "only_value", is_flag=True, help="Only the original bytes, as they came, to stdout.")
@_json
def show(
    config: Path | None,
    bootstrap: str | None,
    positions: tuple[tuple[int, int], ...],
    only_value: bool,
    as_json: bool,
) -> None:
    """Show dead letters whole: why, where from, headers, and the record as it came."""
    settings = load_settings(config, bootstrap).settings
    from stream.kafka.dead_letters import Filter

    missing = set(positions)

    async def run() -> None:
        async with _opened(settings) as queue:
            async for letter, state in queue.letters(Filter(positions=positions), settled=True):
                missing.discard(letter.position)
                if only_value:
                    sys.stdout.buffer.write(letter.record.value or b"")
                elif as_json:
                    click.echo(_as_json(letter, state, whole=True))
                else:
                    click.echo(_whole(letter, state))

    asyncio.run(run())
    if missing:
        names = ", ".join(_name(position) for position in sorted(missing))
        raise UserError(f"there is no dead letter {names}")


@dlq.command()
@common
@brokers_option
@_filters
@_execute
@_json
def retry(config: Path | None, bootstrap: str | None, wanted: Filter, execute: bool, as_json: bool) -> None:
    """Send open dead letters back to the topic that they came from. Without --execute: tell which.

    A letter keeps its key, headers and place of origin, so that its story has the id that it would have had
    at first. Letters are sent and marked as retried in one transaction: a retry that is interrupted can
    simply be repeated. What is rejected again comes back as a new letter.
    """
    _settle(load_settings(config, bootstrap).settings, wanted, "retried", execute=execute, as_json=as_json)


@dlq.command()
@common
@brokers_option
@_filters
@_execute
@_json
def drop(config: Path | None, bootstrap: str | None, wanted: Filter, execute: bool, as_json: bool) -> None:
    """Mark open dead letters as done with. Without --execute: tell which.

    Nothing is deleted: a dropped letter is no longer listed or retried, and leaves with the topic's
    retention. `list --all` still shows it.
    """
    _settle(load_settings(config, bootstrap).settings, wanted, "dropped", execute=execute, as_json=as_json)


def _settle(settings: Settings, wanted: Filter, action: Action, *, execute: bool, as_json: bool) -> None:
    from stream.topology import Topology

    done: Counter[tuple[str, str]] = Counter()

    def tell(letter: Letter) -> None:
        done[_cut(letter.feed or "no feed", _FEED_COLUMNS), letter.reason] += 1
        if as_json:
            click.echo(_as_json(letter, action if execute else "open"))
        elif not execute:
            click.echo(_line(letter, "open"))

    topology = Topology(settings)

    is_open = False

    async def run() -> None:
        nonlocal is_open
        async with _opened(settings, writing=execute) as queue:
            is_open = True
            if execute:
                await queue.settle(
                    wanted,
                    action,
                    stories=topology.stories,
                    annotated=topology.annotated,
                    on_settled=tell,
                )
            else:
                async for letter, _ in queue.letters(wanted):
                    tell(letter)

    try:
        asyncio.run(run())
    finally:
        # What was done before an interruption is done.
        if is_open:
            for (feed, reason), count in sorted(done.items()):
                click.echo(_printable(f"{count:>7} {feed}: {reason}"), err=True)
            what = action if execute else f"to be {action}; add --execute to do it"
            click.echo(f"{done.total():>7} {what}", err=True)


def _opened(settings: Settings, *, writing: bool = False) -> Any:
    from stream.kafka.dead_letters import opened
    from stream.kafka.reach import no_topic
    from stream.kafka.security import client_settings
    from stream.kafka.topics import connect
    from stream.topology import Topology

    client, topic_name = client_settings(settings.kafka), Topology(settings).dead_letter
    # The admin client says in time, and in one sentence, that no broker answers or the topic is not there.
    with connect(client) as admin:
        if topic_name not in admin.list_topics():
            raise no_topic(topic_name)
    return opened(client, settings.app, topic_name, writing=writing)


def _name(position: tuple[int, int]) -> str:
    return f"{position[0]}:{position[1]}"


def _cut(text: str, columns: int) -> str:
    return text if len(text) <= columns else text[: columns - 1] + "…"


def _line(letter: Letter, state: str) -> str:
    origin = letter.record.origin
    columns = (
        f"{_name(letter.position):<10}",
        f"{letter.when:%Y-%m-%dT%H:%M:%SZ}",
        f"{letter.reason:<14}",
        f"{_cut(letter.feed or '-', _FEED_COLUMNS):<16}",
        f"{origin.topic_name}/{origin.partition}@{origin.offset}",
        f"{len(letter.record.value or b''):>7} B",
        "" if state == "open" else f"({state})",
        # One line, whatever the input put into the message.
        " ".join(_cut(letter.message, _MESSAGE_COLUMNS).split()),
    )
    return _printable("  ".join(column for column in columns if column))


def _whole(letter: Letter, state: str) -> str:
    record = letter.record
    origin = record.origin
    lines = [
        f"letter      {_name(letter.position)} ({state})",
        f"rejected    {letter.when.isoformat()} by {letter.stage}, wirestream {letter.version}",
        f"reason      {letter.reason}: {letter.message}",
        f"came from   {origin.topic_name}, partition {origin.partition}, offset {origin.offset}",
        f"received    {record.timestamp.isoformat()}",
        f"key         {_text(record.key)}",
        *(f"header      {name}: {_text(value)}" for name, value in record.headers),
        f"value       {len(record.value or b'')} bytes",
        *(("", letter.trace) if letter.trace else ()),
        "",
        _text(record.value),
        "",
    ]
    return _printable("\n".join(lines))


def _as_json(letter: Letter, state: str, *, whole: bool = False) -> str:
    import orjson

    record = letter.record
    fields: dict[str, object] = {
        "letter": _name(letter.position),
        "state": state,
        "when": letter.when,
        "reason": letter.reason,
        "message": letter.message,
        "stage": letter.stage,
        "version": letter.version,
        "feed": letter.feed,
        "origin": {
            "topic": record.origin.topic_name,
            "partition": record.origin.partition,
            "offset": record.origin.offset,
        },
        "received_at": record.timestamp,
        "bytes": len(record.value or b""),
    }
    if whole:
        fields["trace"] = letter.trace
        fields["key"] = None if record.key is None else _text(record.key)
        fields["headers"] = [[name, _text(value)] for name, value in record.headers]
        fields["value"] = None if record.value is None else _text(record.value)
    return orjson.dumps(fields, option=orjson.OPT_UTC_Z).decode()


def _text(value: bytes | None) -> str:
    """Bytes for people: what is no UTF-8, and what would steer a terminal, as `\\x..`."""
    return "none" if value is None else _printable(value.decode("utf-8", "backslashreplace"))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)
