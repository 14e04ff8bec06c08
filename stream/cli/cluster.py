"""The verb group `topics`: what the settings declare, and what the cluster has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stream.cli.options import brokers_option, common, load_settings


@click.group()
def topics() -> None:
    """The topics on the cluster, as the settings declare them."""


@topics.command()
@common
@brokers_option
def plan(config: Path | None, bootstrap: str | None) -> None:
    """Show what `apply` would do; changes nothing."""
    settings = load_settings(config, bootstrap).settings
    from stream.kafka import topics as admin

    specs = _specs(settings)
    with _admin(settings) as client:
        click.echo(admin.render(admin.plan(client, specs)))


@topics.command()
@common
@brokers_option
def apply(config: Path | None, bootstrap: str | None) -> None:
    """Create and grow topics and set their configuration; never shrinks, never deletes."""
    settings = load_settings(config, bootstrap).settings
    from stream.kafka import topics as admin

    specs = _specs(settings)
    with _admin(settings) as client:
        changes = admin.plan(client, specs)
        admin.apply(client, changes)
        click.echo(admin.render(changes))


@topics.command()
@common
@brokers_option
@click.option(
    "--role", type=click.Choice(["worker", "producer", "dlq", "replay", "admin"]), help="Only of this part."
)
@click.option("--principal", default="User:wirestream", show_default=True, help="Who is to have them.")
def rights(config: Path | None, bootstrap: str | None, role: str | None, principal: str) -> None:
    """Print the least rights (ACLs) of each part, as commands of Kafka's own tool; changes nothing."""
    settings = load_settings(config, bootstrap).settings
    from stream.kafka.rights import ROLES, commands
    from stream.kafka.rights import rights as needed

    for part in ROLES:
        if role in (None, part):
            click.echo(f"# {part}")
            for line in commands(needed(settings, part), principal, settings.kafka.bootstrap_servers[0]):
                click.echo(line)


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
