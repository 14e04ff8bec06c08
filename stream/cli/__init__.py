"""The command line: `wirestream VERB`. Data goes to stdout, logs and progress to stderr.

Exit codes: 0 done, 1 failed, 2 usage (flags or settings), 70 internal fault. Heavy modules (Faust, the
tables of the stages) are imported by the verb that needs them: `--help` and `config show` answer at once.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from typing import Any

import click

from stream import __version__
from stream.cli import cluster, dead_letters, producers, reference, replay, services, stories
from stream.errors import SettingsError, UserError
from stream.exits import EXIT_FAILED, EXIT_INTERNAL_FAULT, EXIT_INTERRUPTED, EXIT_USAGE
from stream.traces import trace


class _ReaderGoneError(Exception):
    """The reader of our output went away."""


class _Command(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # click would end the process with exit code 1 by itself.
            raise _ReaderGoneError from None


def main() -> None:
    """The `wirestream` command."""
    _open_streams()
    try:
        command.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(EXIT_INTERRUPTED)
    except (BrokenPipeError, _ReaderGoneError):
        # As with `| head`: not a failure.
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
    except Exception as error:  # noqa: BLE001 - the last line: a fault of ours, with its own exit code
        if logging.getLogger("stream").isEnabledFor(logging.DEBUG):
            traceback.print_exc()
        else:
            click.echo(trace(error), err=True)
        click.echo("wirestream: internal fault; please report it with the lines above", err=True)
        sys.exit(EXIT_INTERNAL_FAULT)


def _open_streams() -> None:
    """Whoever closed a standard stream wants nothing of it; in ascending order, so that each gets its number
    back and no file of ours."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for good


def _abandon_stdout() -> None:
    """Keeps Python's own flush at exit from complaining once more of an output that cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wirestream")
def command() -> None:
    """One clean, enriched stream out of many agencies' wire copy, on Apache Kafka.

    Try it on your own files with `wirestream process FILE…`, see it run with `wirestream demo`.
    """


for _verb in (
    services.demo,
    services.worker,
    stories.produce,
    producers.watch,
    producers.poll,
    stories.process,
    dead_letters.dlq,
    cluster.topics,
    replay.replay,
    services.broker,
    reference.bench,
    reference.schema,
    reference.config_group,
):
    command.add_command(_verb)
