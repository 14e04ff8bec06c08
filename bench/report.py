"""What a benchmark tells: tables for a terminal and for a page of the documentation, and the same as JSON.

A page holds the tables of a benchmark between `<!-- NAME -->` and `<!-- /NAME -->`; a run with `--write PAGE`
replaces them by its own. So no figure in the documentation was typed by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from bench import machine


class Table:
    """Rows of text under a heading; the first column is left-aligned, the others right."""

    def __init__(self, head: Sequence[str], caption: str = "") -> None:
        self.caption = caption
        self._rows = [tuple(head)]

    def add(self, *cells: object) -> None:
        self._rows.append(tuple(map(str, cells)))

    def markdown(self) -> str:
        head, *rows = ("| " + " | ".join(row) + " |" for row in self._rows)
        rule = "| --- |" + " ---: |" * (len(self._rows[0]) - 1)
        return "\n".join((*((self.caption + "\n",) if self.caption else ()), head, rule, *rows))

    def text(self) -> str:
        widths = [max(map(len, column)) for column in zip(*self._rows, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if place else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in self._rows
        ]
        return "\n".join((*((self.caption,) if self.caption else ()), *lines))


class Report:
    """The tables of one run, printed as they come, and what they were made from (`data`)."""

    def __init__(self, name: str, **data: Any) -> None:
        self._name = name
        self._load = machine.load()
        self._tables: list[Table] = []
        self.data: dict[str, Any] = {"machine": machine.describe(), "load": self._load, **data}
        print(f"{machine.describe()}; load before the start {self._load:.1f}", flush=True)

    def add(self, table: Table) -> None:
        self._tables.append(table)
        print(f"\n{table.text()}", flush=True)

    def markdown(self) -> str:
        """The tables, and on which machine and day they were measured."""
        when = f"{datetime.now(UTC):%Y-%m-%d}"
        busy = f"; load before the start {self._load:.1f}" if self._load > 0.5 else ""
        measured = f"Measured on {when}: {machine.describe()}{busy}."
        return "\n\n".join((*(table.markdown() for table in self._tables), measured))

    def finish(self, page: Path | None = None, data: Path | None = None) -> None:
        """Writes the tables into `page` and the data to `data`, where they are asked for."""
        if data is not None:
            data.write_bytes(orjson.dumps(self.data, option=orjson.OPT_INDENT_2))
        if page is not None:
            text = page.read_text("utf-8")
            page.write_text(_replaced(text, self._name, self.markdown()), "utf-8")
            print(f"\nwritten into {page}", file=sys.stderr)


def _replaced(text: str, name: str, content: str) -> str:
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    found = re.subn(
        f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n{content}\n{end}", text, flags=re.S
    )
    if found[1] != 1:
        raise ValueError(f"the page has {found[1]} places {begin} … {end}, and should have one")
    return found[0]
