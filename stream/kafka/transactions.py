"""What became of a transactional id's last transaction, asked before a new owner fences the old one."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any

from kafka.errors import KafkaError, TransactionalIdNotFoundError

from stream.errors import UserError
from stream.kafka.topics import connect

# Open, or aborted by the coordinator after its timeout. Once a new owner has begun, the state is another.
_UNFINISHED = frozenset({"Ongoing", "PrepareAbort", "CompleteAbort"})

_log = logging.getLogger(__name__)


def unfinished(client: Mapping[str, Any], ids: Collection[str]) -> list[str]:
    """Those of `ids` whose last owner began a transaction and did not commit it. Blocks for a moment.

    Raises nothing: it is asked for the record only, and a cluster that has had no transaction yet, or whose
    coordinator moves, does not answer.
    """
    if not ids:
        return []
    try:
        with connect(client) as admin:
            return [one for one in ids if _state(admin, one) in _UNFINISHED]
    except UserError as error:
        _log.info("the former owners' transactions are not known: %s", error)
        return []


def _state(admin: Any, transactional_id: str) -> str | None:
    try:
        described = admin.describe_transactions([transactional_id])
    except TransactionalIdNotFoundError:
        return None
    except KafkaError as error:
        _log.info("the last transaction of %s is not known: %s", transactional_id, error)
        return None
    return str(described[transactional_id].state.value)
