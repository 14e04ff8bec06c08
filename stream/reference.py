"""The reference pages of the docs, generated from the declarations: `python -m stream.reference docs`.

A test compares the pages with what this would write, so that they cannot fall behind.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from stream.config import load, rows
from stream.kafka.rights import ROLES, rights
from stream.metrics import Metrics
from stream.metrics.declaring import Declaration
from stream.metrics.labels import BOUNDS
from stream.producers.metrics import ProducerMetrics
from stream.replay.metrics import ReplayMetrics
from stream.settings import FeedSettings, PollFeedSettings, RouteFilter, RouteSettings, Settings
from stream.topology import Topology
from stream.wire.pubstatus import STATUSES

_MARKERS = "markers/signals.tsv"


def pages() -> dict[str, str]:
    """The text of every generated page, by file name."""
    return {
        "settings.md": _settings(),
        "metrics.md": _metrics(),
        "topics.md": _topics(),
        "rights.md": _rights(),
        "signals.md": _signals(),
    }


def _settings() -> str:
    defaults = {path: value for path, value, _ in rows(load(environ={}))}
    lines = [
        "# Settings",
        "",
        "Defaults < YAML file < environment < flags. `a.b` is `a: {b: …}` in the file and `WIRESTREAM_A__B` "
        "in the environment; `WIRESTREAM_A__B_FILE` names a file that holds the value. "
        "A setting that is not known, and one that stands twice in a section, is an error.",
        "",
        "| setting | default | meaning |",
        "| --- | --- | --- |",
    ]
    lines += [f"| `{path}` | `{defaults[path]}` | {text} |" for path, text in _fields(Settings)]
    for title, model in (
        ("Of a feed, under `feeds: {NAME: …}`", FeedSettings),
        ("Of a route, in the list `routes`", RouteSettings),
        ("The conditions of a route, under `where`", RouteFilter),
        ("Of a feed that is polled, in the list `poll.feeds`", PollFeedSettings),
    ):
        lines += ["", f"## {title}", "", "| setting | meaning |", "| --- | --- |"]
        lines += [f"| `{path}` | {text} |" for path, text in _fields(model) if not path.startswith("where.")]
    return "\n".join(lines) + "\n"


def _fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        nested: Any = field.annotation
        if isinstance(nested, type) and issubclass(nested, BaseModel):
            yield from _fields(nested, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field.description or ""


def _metrics() -> str:
    bounds = ", ".join(f"`{label}` {most}" for label, most in BOUNDS.items())
    lines = [
        "# Metrics",
        "",
        "On `/metrics` of every worker, in Prometheus' text format. A metric has at most two labels, and "
        "each dimension of the flow has one of its own. Labels whose values come from outside take so many "
        f"and count the rest under `other`: {bounds}.",
        "",
        "| metric | type | labels | meaning |",
        "| --- | --- | --- | --- |",
    ]
    metrics = Metrics()
    lines += map(_metric, metrics.declared())
    lines += [
        "",
        "On `/metrics` of every `watch` and `poll`:",
        "",
        "| metric | type | labels | meaning |",
        "| --- | --- | --- | --- |",
    ]
    lines += map(_metric, ProducerMetrics().declared())
    lines += [
        "",
        "On `/metrics` of a `replay` with `--http-port`:",
        "",
        "| metric | type | labels | meaning |",
        "| --- | --- | --- | --- |",
    ]
    lines += map(_metric, ReplayMetrics("").declared())
    lines += [
        "",
        "Of the process and of Python, as on Linux:",
        "",
        "| metric | type | meaning |",
        "| --- | --- | --- |",
    ]
    lines += [f"| `{name}` | {kind} | {text} |" for name, kind, text in metrics.inherited()]
    return "\n".join(lines) + "\n"


def _metric(declaration: Declaration) -> str:
    name, kind, labels, text = declaration
    return f"| `{name}` | {kind} | {', '.join(f'`{label}`' for label in labels)} | {text} |"


def _topics() -> str:
    lines = [
        "# Topics",
        "",
        "As `wirestream topics apply` makes them with default settings.",
        "",
        "| topic | partitions | grows | configuration | purpose |",
        "| --- | --- | --- | --- | --- |",
    ]
    for spec in Topology(Settings()).specs():
        config = ", ".join(f"`{key}={value}`" for key, value in spec.config.items())
        grows = "yes" if spec.may_grow else "no"
        lines.append(f"| `{spec.name}` | {spec.partitions} | {grows} | {config} | {spec.purpose} |")
    return "\n".join(lines) + "\n"


def _rights() -> str:
    lines = [
        "# Rights",
        "",
        "What each part needs on a cluster with an authorizer, with default settings; `wirestream topics "
        "rights` prints it for yours, as commands of `kafka-acls`. READ and WRITE imply DESCRIBE.",
        "",
        "| name | kind | part | operations | what it is |",
        "| --- | --- | --- | --- | --- |",
    ]
    purposes = {spec.name: spec.purpose for spec in Topology(Settings()).specs()}
    for role in ROLES:
        for right in rights(Settings(), role):
            kind = right.kind + (" (prefix)" if right.prefixed else "")
            what = purposes.get(right.name) or right.purpose
            lines.append(f"| `{right.name}` | {kind} | {role} | {', '.join(right.operations)} | {what} |")
    return "\n".join(lines) + "\n"


def _signals() -> str:
    lines = [
        "# Signals",
        "",
        "The words and codes by which copy speaks of its own life, and what the service does about them. "
        "They stand in `lifecycle.signal` of the event. [How a life is followed](lifecycle.md) says where "
        "each format has them.",
        "",
        "| signal | what the service does |",
        "| --- | --- |",
        *(f"| `{signal}` | {effect} |" for signal, effect in _table("markers/effects.tsv")),
        "",
        "## Publishing statuses",
        "",
        "`pubstatus` in NewsML-G2, NewsML 1.x, NITF and ninjs, by its word, its code or its address. A "
        "canceled item is a kill; a withheld one waits.",
        "",
        "| written | counts as |",
        "| --- | --- |",
        *(f"| {written} | {status} |" for written, status in STATUSES.items()),
        "",
        "## Parts of running stories",
        "",
        "Words of a marker that say which part a message is; a number stands in figures or as an ordinal.",
        "",
        "| part | language | words |",
        "| --- | --- | --- |",
        *(_listed(row) for row in _table("markers/parts.tsv")),
        "",
        "## Words",
        "",
        "`#` stands for a number, `*` for further words (in brackets, notes and codes only), `!` for a word "
        "that counts in capitals or brackets only.",
        "",
        "| signal | language | words |",
        "| --- | --- | --- |",
        *(_listed((signal, language or "code", words)) for signal, language, _, words in _table(_MARKERS)),
    ]
    return "\n".join(lines) + "\n"


def _listed(row: Sequence[str]) -> str:
    first, language, words = row
    return f"| {first} | {language} | {', '.join(f'`{word}`' for word in words.split('|'))} |"


def _table(name: str) -> list[list[str]]:
    """The rows of a table of ours, without its head."""
    text = (files("stream") / "data" / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]


def main() -> None:
    """Writes the pages into the folder that is named."""
    folder = Path(sys.argv[1])
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
