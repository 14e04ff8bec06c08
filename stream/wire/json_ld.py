"""Structured data of pages: JSON-LD, with schema.org's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from lxml import etree

from stream.wire import tidy

Node = Mapping[str, Any]

# Structured data is a handful of nodes; a page that nests or lists more is not worth following.
_MOST_NODES = 2000
# Names, titles and dates are shorter; what is longer is a text.
LONGEST = 300


def nodes(tree: etree._Element) -> Iterator[Node]:
    """Every object of the page's JSON-LD, outer before inner; broken scripts are passed over."""
    pending = [value for script in tree.iter("script") if (value := _load(script)) is not None]
    for _ in range(_MOST_NODES):
        if not pending:
            return
        value = pending.pop(0)
        if isinstance(value, dict):
            yield value
            parts: Iterator[object] = iter(value.values())
        else:
            parts = iter(value if isinstance(value, list) else ())
        pending.extend(part for part in parts if isinstance(part, (dict, list)))


def _load(script: etree._Element) -> object:
    if (script.get("type") or "").strip().lower() != "application/ld+json" or not script.text:
        return None
    try:
        return orjson.loads(script.text)
    except orjson.JSONDecodeError:
        pass
    # Line ends inside strings are the commonest fault, and one that JSON-LD's readers forgive.
    try:
        return orjson.loads(re.sub(r"[\x00-\x1f]+", " ", script.text))
    except orjson.JSONDecodeError:
        return None


def is_a(node: Node, wanted: re.Pattern[str]) -> bool:
    """Whether one of the node's types has the name looked for."""
    return any(wanted.search(name) for name in strings(node.get("@type")))


def strings(value: object) -> list[str]:
    """The texts of a value that is one or a list of them, each as one line; others are left out."""
    values = value if isinstance(value, list) else [value]
    lines = (tidy.line(text) for text in values if isinstance(text, str) and len(text) <= LONGEST)
    return [text for text in lines if text]


def names(value: object) -> list[str]:
    """The names in a value that may be a text, an object with a name, or a list of either."""
    found: list[str] = []
    for entry in value if isinstance(value, list) else [value]:
        found += strings(entry.get("name")) if isinstance(entry, dict) else strings(entry)
    return found
