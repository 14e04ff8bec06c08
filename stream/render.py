"""Story events for people: lines for a terminal of 80 columns, Arabic included.

Text stays in logical order; a terminal that knows bidirectional text shows it right as long as scripts are
kept apart. So a headline has a line to itself, and the lines around it are in Latin script.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TextIO

Event = Mapping[str, Any]

WIDTH = 80
_LRM = "\u200e"
_RIGHT_TO_LEFT = {"R", "AL"}
_STRONG = {"L", *_RIGHT_TO_LEFT}
_INDENT = "  "
_LABEL = 10
_LIVES = {
    "update": "takes the place of {previous}",
    "repeat": "what {previous} was, once more",
    "late": "came too late: {previous} stands",
    "take": "joined to {previous}",
    "stale": "carries what was corrected before it came",
    "kill": "takes back {previous}",
    "after-kill": "carries text that {killed_by} took back",
    "reinstated": "good again, after {previous}",
}
_ADVISORIES = {
    "stale": "carries what was corrected",
    "kill": "carries text that was taken back",
    "leak": "came out before the embargo ended",
}
_COPIES = {"same": "copy of the same length", "shortened": "shortened copy", "extended": "extended copy"}


class Line(NamedTuple):
    """One line of text; `style` is rich's, for terminals."""

    text: str
    style: str = ""


def write(lines: Iterable[Line], stream: TextIO) -> None:
    """Print the lines, in colour when `stream` is a terminal."""
    if not stream.isatty():
        stream.write(plain(lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False)
    for line in lines:
        # Our own line ends are final: rich would measure bidirectional text anew.
        console.print(Text(line.text, style=line.style), soft_wrap=True)


def plain(lines: Iterable[Line]) -> str:
    """The lines as text."""
    return "".join(f"{line.text}\n" for line in lines)


def among_latin(text: str) -> str:
    """`text` as it can stand within a Latin-script line.

    Right-to-left text gets a left-to-right mark behind it. Without one, neighbours that have no direction
    of their own (digits, brackets, commas, the next Arabic name) would be drawn into its run and shown on
    its other side. A mark and not an isolate: terminals that know nothing of either show a mark as nothing.
    """
    return text + _LRM if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text) else text


def headline(event: Event, depth: int = 0) -> list[Line]:
    """The headline on lines of its own, with no mark of any kind in or beside it."""
    indent = _INDENT * depth
    rows = _rows(event["headline"] or "(no headline)", indent, indent)
    return [Line(row, "bold" if depth == 0 else "") for row in rows]


def facts(event: Event, depth: int = 1) -> list[Line]:
    """Source, agency, dateline, topics and regions: a line each, more where one is too long."""
    return [
        *source(event, event["feed"], depth),
        *labelled("topics", map(topic, event["topics"]), depth),
        *labelled("regions", map(region, event["regions"]), depth),
    ]


def source(event: Event, name: str, depth: int = 1) -> list[Line]:
    """Where the story came from (`name`), who wrote it, and where."""
    return [
        *labelled("from", [f"{name} ({event['format']}, language {event['language'] or 'unknown'})"], depth),
        *labelled("agency", [agency(event)], depth),
        *labelled("dateline", [dateline(event)], depth),
    ]


def agency(event: Event) -> str:
    """Who wrote it, and the credit as written."""
    found = event["agency"]
    if found is None:
        return "none"
    joint = "".join(f" + {other}" for other in found["others"])
    return f"{found['name']}{joint}, credited as “{among_latin(found['credit'])}”"


def dateline(event: Event) -> str:
    """Where it was filed, and on which day."""
    found = event["dateline"]
    if found is None:
        return "none"
    place = ", ".join(among_latin(part) for part in (found["city"], found["country"]) if part)
    day = f" on {found['date']}" if found["date"] else ""
    return f"{place or among_latin(found['text'])}{day}"


def topic(found: Mapping[str, Any]) -> str:
    """One topic with its score, or who else says so."""
    return f"{found['name']} {'(supplied)' if found['by'] == 'supplied' else format(found['score'], '.2f')}"


def region(found: Mapping[str, Any]) -> str:
    """One region with its part in the story."""
    code = f" {found['country']}" if found["country"] else ""
    return f"{found['name']}{code} ({found['role']} {found['score']:.2f})"


def decision(event: Event) -> str:
    """What the event was held to be, and by which measure."""
    cluster = event["cluster"]
    role = cluster["role"]
    if role == "original":
        return "original"
    if role == "kill":
        return "takes the story back"
    if role == "update":
        return f"version {event['version']} of the item" if event["version"] else "new version of the item"
    what = _COPIES[cluster["relation"]]
    if cluster["containment"] is None:
        return what
    other = "the original" if cluster["matched"] == cluster["original"] else "another copy"
    return f"{what}, {cluster['containment']:.0%} in {other}, holds {cluster['contained']:.0%} of it"


def differences(event: Event, depth: int = 1) -> list[Line]:
    """What the matched text does not have, and other stories that share text; nothing for most originals."""
    cluster = event["cluster"]
    shared = [f"{found['share']:.0%} with {found['id'][:8]}" for found in cluster["inside"]]
    return [
        *(labelled("differs", map(among_latin, cluster["differs"]), depth) if cluster["differs"] else ()),
        *(labelled("shares", shared, depth) if shared else ()),
    ]


def life(event: Event, depth: int = 1) -> list[Line]:
    """What the story is in the life of an item, and what it changed; nothing for most."""
    chain = event["chain"]
    if chain is None:
        return []
    previous, killed_by = chain["previous"] or "what is not known here", chain["killed_by"] or ""
    told = _LIVES[chain["kind"]].format(previous=previous, killed_by=killed_by)
    stale = [identity[:8] for identity in chain["stale"]]
    return [
        *labelled("life", [told], depth),
        *(labelled("changed", map(change, chain["changed"]), depth) if chain["changed"] else ()),
        *(labelled("stale", stale, depth) if stale else ()),
    ]


def held(until: datetime, depth: int = 1) -> list[Line]:
    """Until when a story waits (aware UTC)."""
    return labelled("embargo", [f"held until {until:%Y-%m-%d %H:%M:%S} UTC"], depth)


def released(event: Event) -> list[Line]:
    """A story that was held and goes out now."""
    return [*headline(event), *labelled("embargo", [f"over: {event['id']} goes out"])]


def change(changed: Mapping[str, str | None]) -> str:
    """One fact as it was and as it is now."""
    return " → ".join(among_latin(changed[side] or "nothing") for side in ("was", "now"))


def advisory(event: Event, depth: int = 1) -> list[Line]:
    """One advisory: whose copy, what is wrong with it, and by which story."""
    about, cause = event["about"], event["cause"]
    told = f"{about['feed']}: {about['id']} {_ADVISORIES[event['kind']]}, by {cause['id']} of {cause['feed']}"
    return [
        *_wrapped(f"advisory {told}", depth, "red"),
        *(labelled("changed", map(change, event["changed"]), depth + 1) if event["changed"] else ()),
    ]


def labelled(label: str, parts: Iterable[str], depth: int = 1) -> list[Line]:
    """`label    part, part, …`, with further lines set under the first part."""
    text = ", ".join(parts) or "none"
    return _wrapped(f"{label:<{_LABEL}}{text}", depth, hang=_LABEL)


def rule() -> Line:
    """A line between stories."""
    return Line("─" * WIDTH, "dim")


def paragraph(text: str, depth: int = 0, style: str = "") -> list[Line]:
    """A sentence of ours."""
    return _wrapped(text, depth, style)


def story(original: Event, others: Sequence[Event]) -> list[Line]:
    """An original with everything that was folded under it, in the order given."""
    lines = [*headline(original), *facts(original)]
    for other in others:
        lines += [
            *paragraph(f"{other['feed']}: {decision(other)}", depth=2, style="yellow"),
            *headline(other, depth=3),
            *life(other, depth=3),
            *differences(other, depth=3),
        ]
    return lines


def _wrapped(text: str, depth: int, style: str = "", hang: int = 2) -> list[Line]:
    """A left-to-right line, with further lines set in by `hang`."""
    rows = _rows(text, _INDENT * depth, _INDENT * depth + " " * hang)
    return [Line(_left_to_right(row), style) for row in rows]


def _rows(text: str, indent: str, further: str) -> list[str]:
    return textwrap.wrap(
        text,
        width=WIDTH,
        initial_indent=indent,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _left_to_right(row: str) -> str:
    """A row that begins with Arabic is a left-to-right one only by a mark in front: terminals that guess
    the direction of a line take that of its first letter."""
    text = row.lstrip(" ")
    letters = (direction for char in text if (direction := unicodedata.bidirectional(char)) in _STRONG)
    return row[: -len(text)] + _LRM + text if next(letters, "L") != "L" else row
