"""Events in one line each, as the expectations of the cycles are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARAGRAPH = "\n\n"


def told(event: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """One story or advisory event. `names` are the messages' names by their story ids."""
    if event["schema"].startswith("wirestream.advisory/"):
        return _advisory(event, names)
    cluster, chain = event["cluster"], event["chain"]
    line = f"{names[event['id']]}: {cluster['role']}"
    if cluster["role"] == "copy" and cluster["original"] != event["id"]:
        line += f" of {names[cluster['original']]}"
    if chain is None:
        return line
    line += f", {chain['kind']}"
    if chain["previous"] is not None:
        line += f" after {names[chain['previous']]}"
    if chain["killed_by"] is not None:
        line += f" killed by {names[chain['killed_by']]}"
    if chain["kind"] == "take":
        line += f", {len(event['body'].split(PARAGRAPH))} paragraphs"
    if chain["changed"]:
        line += f", {_changed(chain['changed'])}"
    if chain["stale"]:
        line += f", stale {' '.join(sorted(names[one] for one in chain['stale']))}"
    return line


def _advisory(event: Mapping[str, Any], names: Mapping[str, str]) -> str:
    line = f"{event['kind']} of {names[event['about']['id']]} by {names[event['cause']['id']]}"
    return f"{line}, {_changed(event['changed'])}" if event["changed"] else line


def _changed(facts: list[Mapping[str, str | None]]) -> str:
    return " ".join(f"{fact['was'] or '∅'}→{fact['now'] or '∅'}" for fact in facts)
