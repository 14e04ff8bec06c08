"""What became of a transactional id's last transaction, asked before a new owner fences the old one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from kafka.errors import TransactionalIdNotFoundError

from stream.kafka.topics import connect

# Open, or aborted by the coordinator after its timeout. Once a new owner has begun, the state is another.
_UNFINISHED = frozenset({"Ongoing", "PrepareAbort", "CompleteAbort"})


def unfinished(client: Mapping[str, Any], ids: Collection[str]) -> list[str]:
    """Those of `ids` whose last owner began a transaction and did not commit it. Blocks for a moment.
    `UserError` when no broker answers."""
    if not ids:
        return []
    with connect(client) as admin:
        return [one for one in ids if _state(admin, one) in _UNFINISHED]


def _state(admin: Any, transactional_id: str) -> str:
    try:
        described = admin.describe_transactions([transactional_id])
    except TransactionalIdNotFoundError:
        return "Empty"
    return str(described[transactional_id].state.value)
