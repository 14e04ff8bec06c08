"""The verb group `replay`: a stretch of the stories topic once more, beside what is live."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from stream.cli.options import PORT, Text, TopicName, brokers_option, common, load_settings
from stream.cli.replaying import run, served
from stream.errors import SettingsError, UserError

if TYPE_CHECKING:
    from stream.replay.scope import Scope
    from stream.settings import Settings

P = ParamSpec("P")
_NOT_YET = "nothing was changed; add --execute to do it"


def _run_options(verb: Callable[P, None]) -> Callable[P, None]:
    """How to run a replay, on the verbs that do."""
    for option in (
        click.option("--http-port", type=PORT, help="Serve /metrics on this port of the loopback address."),
        click.option(
            "--rate",
            type=click.FloatRange(0, min_open=True),
            help="Most records a second; default: as fast as it goes.",
        ),
        click.option(
            "--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that annotate."
        ),
    ):
        verb = option(verb)
    return verb


@click.group(invoke_without_command=True)
@common
@brokers_option
@click.option("--from", "begin", help="What was received since: RFC 3339, a date, or 7d for 7 days ago.")
@click.option("--to", "until", default="now", show_default=True, help="Up to this time, likewise.")
@click.option("--last", help="The same as --from DURATION, such as 7d.")
@click.option("--name", help="Name of the replay; default: made of the time of the call.")
@click.option(
    "--topic-name", type=TopicName(), help="Topic to replay; default: the stories topic of the settings."
)
@click.option("--partitions", help="Only these partitions, as 0,3,5.")
@click.option(
    "--feed", "feeds", type=Text(), multiple=True, help="Only stories of this feed; may be given again."
)
@click.option(
    "--language", "languages", type=Text(), multiple=True, help="Only stories in this language; likewise."
)
@click.option(
    "--order",
    type=click.Choice(["ledger", "time"]),
    help="Decide in the order of the live ledger, or of time; default: ledger if it reaches back.",
)
@click.option("--execute", is_flag=True, help="Run it; without this the plan is shown.")
@_run_options
@click.pass_context
def replay(
    context: click.Context,
    config: Path | None,
    bootstrap: str | None,
    begin: str | None,
    until: str,
    last: str | None,
    name: str | None,
    topic_name: str | None,
    partitions: str | None,
    feeds: tuple[str, ...],
    languages: tuple[str, ...],
    order: Any,
    execute: bool,
    workers: int,
    rate: float | None,
    http_port: int | None,
) -> None:
    """Replay a stretch of the stories topic into outputs of its own (wire.enriched.replay-NAME …).

    Shows the plan; --execute runs it. Live topics, offsets and decisions are not touched. An interrupted
    replay goes on with `wirestream replay resume NAME`.

    \b
    wirestream replay --last 7d
    wirestream replay --from 2026-03-01 --to 2026-03-08T06:00:00Z --feed okaz --name okaz --execute
    wirestream replay diff okaz
    """
    if context.invoked_subcommand is not None:
        return
    if (begin is None) == (last is None):
        raise click.UsageError("say from when: --from TIME or --last DURATION")
    settings = load_settings(config, bootstrap).settings
    from stream.annotate import Annotator
    from stream.kafka.security import client_settings
    from stream.replay.planning import estimate, moment, plan_scope
    from stream.replay.routes import replay_routes
    from stream.replay.scope import NAME_PATTERN

    now = datetime.now(UTC)
    name = name or now.strftime("%Y%m%d-%H%M%S")
    if not re.fullmatch(NAME_PATTERN, name):
        raise SettingsError(f"--name {name!r}: lower-case letters, digits and hyphens, at most 60")
    if name in _replays(settings):
        raise UserError(
            f"there is a replay {name} already: `wirestream replay resume {name}`, or another name"
        )
    client = client_settings(settings.kafka)
    scope = plan_scope(
        client,
        settings,
        name=name,
        begin=moment(begin or last or "", now),
        until=moment(until, now),
        topic_name=topic_name,
        partitions=_numbers(partitions),
        feeds=feeds,
        languages=languages,
        order=order,
    )
    routes = replay_routes(settings, scope)
    if execute:
        with served(name, http_port) as metrics:
            _enter(settings, scope)
            run(settings, scope, routes, workers, rate, metrics)
        return
    from stream.replay.told import plan_lines

    expected = estimate(client, scope, Annotator(settings))
    click.echo("\n".join(plan_lines(settings, scope, expected, workers, rate)))
    click.echo(_NOT_YET, err=True)


@replay.command()
@common
@brokers_option
@click.argument("name", type=Text())
@_run_options
def resume(
    config: Path | None,
    bootstrap: str | None,
    name: str,
    workers: int,
    rate: float | None,
    http_port: int | None,
) -> None:
    """Go on with an interrupted replay, where its last transaction ended."""
    settings = load_settings(config, bootstrap).settings
    from stream.replay.routes import replay_routes

    scope = _named(settings, name)
    routes = replay_routes(settings, scope)
    with served(name, http_port) as metrics:
        run(settings, scope, routes, workers, rate, metrics)


@replay.command(name="list")
@common
@brokers_option
def list_(config: Path | None, bootstrap: str | None) -> None:
    """List the replays that were begun and not cleaned up."""
    settings = load_settings(config, bootstrap).settings
    from stream.replay.told import scope_line

    for scope in _replays(settings).values():
        click.echo(scope_line(scope))


@replay.command()
@common
@brokers_option
@click.argument("name", type=Text())
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(config: Path | None, bootstrap: str | None, name: str, as_json: bool) -> None:
    """Show what a replay decided otherwise than the live run: counts by kind, and samples side by side."""
    settings = load_settings(config, bootstrap).settings
    from stream.codec import encode
    from stream.replay.told import comparison_fields, comparison_lines

    comparison = _compare(settings, _named(settings, name))
    if as_json:
        click.echo(encode(comparison_fields(comparison)).decode())
    else:
        click.echo("\n".join(comparison_lines(comparison)))


@replay.command()
@common
@brokers_option
@click.argument("name", type=Text())
@click.option("--execute", is_flag=True, help="Publish; without this it is only said what would be.")
def promote(config: Path | None, bootstrap: str | None, name: str, execute: bool) -> None:
    """Publish what a replay decided otherwise to the live outputs and routes, as `update` events.

    Stories that the live run did not have are published as the replay has them; stories that the replay
    does not have stay as they are. All in one transaction.
    """
    settings = load_settings(config, bootstrap).settings
    from stream.kafka.security import client_settings
    from stream.replay.promote import promotions, publish
    from stream.replay.results import live_views

    scope, client = _named(settings, name), client_settings(settings.kafka)
    records = promotions(client, settings, scope, live_views(client, settings, scope))
    if execute:
        count = asyncio.run(publish(client, scope.group(settings), records))
        click.echo(f"{count} events published")
        return
    for topic_name, count in sorted(Counter(record.topic_name for record in records).items()):
        click.echo(f"{topic_name}: {count} events")
    click.echo(_NOT_YET, err=True)


@replay.command()
@common
@brokers_option
@click.argument("name", type=Text())
@click.option("--execute", is_flag=True, help="Delete; without this it is only said what would be.")
def clean(config: Path | None, bootstrap: str | None, name: str, execute: bool) -> None:
    """Delete a replay's topics, its offsets, and that it ever was."""
    settings = load_settings(config, bootstrap).settings
    from stream.kafka.security import client_settings
    from stream.kafka.topics import connect, delete
    from stream.replay.register import enter
    from stream.topology import Topology

    scope, client = _named(settings, name), client_settings(settings.kafka)
    topic_names = [spec.name for spec in scope.topology(settings).replay_specs()[1:]]
    click.echo("\n".join(f"- {topic_name}" for topic_name in topic_names))
    if not execute:
        click.echo(_NOT_YET, err=True)
        return
    with connect(client) as admin:
        delete(admin, topic_names, groups=[scope.group(settings)])
    enter(client, Topology(settings).replays, name, None)


def _numbers(text: str | None) -> list[int]:
    try:
        return [int(part) for part in text.split(",")] if text else []
    except ValueError:
        raise SettingsError(f"--partitions {text!r}: write numbers with commas, as 0,3,5") from None


def _replays(settings: Settings) -> dict[str, Scope]:
    from stream.kafka.security import client_settings
    from stream.kafka.topics import connect
    from stream.replay.register import replays
    from stream.topology import Topology

    client = client_settings(settings.kafka)
    # The admin client says in time, and in one sentence, that no broker answers.
    with connect(client):
        return replays(client, Topology(settings).replays)


def _named(settings: Settings, name: str) -> Scope:
    found = _replays(settings)
    if name not in found:
        raise UserError(f"there is no replay {name}; there are: {', '.join(found) or 'none'}")
    return found[name]


def _enter(settings: Settings, scope: Scope) -> None:
    from stream.kafka.security import client_settings
    from stream.kafka.topics import apply, connect, plan
    from stream.replay.register import enter
    from stream.topology import Topology

    client = client_settings(settings.kafka)
    with connect(client) as admin:
        apply(admin, plan(admin, scope.topology(settings).replay_specs()))
    enter(client, Topology(settings).replays, scope.name, scope)


def _compare(settings: Settings, scope: Scope) -> Any:
    from stream.kafka.security import client_settings
    from stream.replay.compare import compare
    from stream.replay.results import live_views, replay_views

    client = client_settings(settings.kafka)
    return compare(live_views(client, settings, scope), replay_views(client, settings, scope))
