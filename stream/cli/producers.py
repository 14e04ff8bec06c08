"""Verbs that bring stories in for as long as they run: `watch` a drop folder, `poll` feeds."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from pydantic import ValidationError

from stream.cli.options import Text, TopicName, brokers_option, common, load_settings, progress
from stream.errors import SettingsError
from stream.exits import EXIT_FAILED
from stream.settings import PollFeedSettings

_topic_option = click.option(
    "--topic-name", type=TopicName(), help="Topic to produce to; default: the stories topic of the settings."
)
_http_option = click.option(
    "--http-port", type=int, help="Port of /metrics, /live and /ready; 0 takes a free one."
)


@click.command()
@common
@brokers_option
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--feed",
    type=Text(),
    help="Name of the feed that delivers here; default: the sub-folder that a file is in.",
)
@_topic_option
@click.option("--once", is_flag=True, help="End when no file is waiting; exit 1 when any failed.")
@_http_option
def watch(
    config: Path | None,
    bootstrap: str | None,
    folder: Path,
    feed: str | None,
    topic_name: str | None,
    once: bool,
    http_port: int | None,
) -> None:
    """Send what is delivered into FOLDER, until SIGTERM or Ctrl-C.

    A file is taken once it stands still (watch.settle), sent, and moved to FOLDER/done/DATE/… when Kafka
    has confirmed it, or to FOLDER/failed/DATE/… with the reason beside it. FOLDER/okaz/… is feed okaz.
    Names such as .part or .tmp (watch.partial) and hidden ones are passed over. A broker that is away is
    waited for. Nothing is lost when it is killed; start it again.
    """
    settings = load_settings(config, bootstrap, **{"watch.http_port": http_port}).settings
    from stream.producers.watch import run_watch
    from stream.topology import Topology

    with progress("files") as advance:
        failed = run_watch(
            settings,
            folder,
            feed=feed,
            topic_name=topic_name or Topology(settings).stories,
            once=once,
            on_file=advance,
        )
    if once and failed:
        sys.exit(EXIT_FAILED)


@click.command()
@common
@brokers_option
@click.argument("feeds", nargs=-1, metavar="[[NAME=]URL…]")
@_topic_option
@click.option("--once", is_flag=True, help="Ask every feed once and end; exit 1 when any failed.")
@_http_option
def poll(
    config: Path | None,
    bootstrap: str | None,
    feeds: tuple[str, ...],
    topic_name: str | None,
    once: bool,
    http_port: int | None,
) -> None:
    """Send what is new in RSS and Atom feeds, until SIGTERM or Ctrl-C.

    Without feeds on the command line, those of the settings (poll.feeds). A feed is asked every five minutes
    (poll.every) whether it changed, less often while it fails, and no sooner than it wishes (Retry-After).
    Each new or changed item is one record, with NAME (default: the host) as its feed. What was sent is
    remembered in poll.folder. A broker that is away is waited for. Nothing is lost when it is killed; start
    it again.
    """
    settings = load_settings(config, bootstrap, **{"poll.http_port": http_port}).settings
    from stream.producers.poll import feeds_of, run_poll
    from stream.topology import Topology

    chosen = feeds_of(settings.poll, [_feed(text) for text in feeds])
    if not chosen:
        raise click.UsageError("no feeds: name them, or set poll.feeds")
    with progress("items") as advance:
        failed = run_poll(
            settings,
            chosen,
            topic_name=topic_name or Topology(settings).stories,
            once=once,
            on_item=advance,
        )
    if once and failed:
        sys.exit(EXIT_FAILED)


def _feed(text: str) -> PollFeedSettings:
    # A name has no colon, and the scheme of a URL no equals sign.
    name, separator, url = text.partition("=")
    if not separator or ":" in name:
        name, url = "", text
    try:
        return PollFeedSettings(url=url, feed=name or None)
    except ValidationError as error:
        why = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise SettingsError(f"feed {name or 'argument'}: {why}") from None
