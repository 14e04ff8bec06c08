"""Publishing statuses in the words of formats and their suppliers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stream.errors import Reason, Rejected
from stream.model import PubStatus

STATUSES: Mapping[str, PubStatus] = {
    "usable": "usable",
    "published": "usable",
    "released": "usable",
    "corrected": "usable",
    "withheld": "withheld",
    "embargoed": "withheld",
    "hold": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
    "withdrawn": "canceled",
    "killed": "canceled",
    "deleted": "canceled",
}


def read(written: str | None, *, other: PubStatus | None = None) -> PubStatus:
    """The status by its word, its code (`stat:usable`) or its address; usable where none is written.

    `other` is what an unknown one counts as, in formats whose suppliers may use words of their own. Raises
    Rejected(MALFORMED) for an unknown one without it: nothing is published on a guess.
    """
    if not written:
        return "usable"
    status = STATUSES.get(re.split(r"[:/#]", written.strip().lower())[-1], other)
    if status is None:
        raise Rejected(
            Reason.MALFORMED, f"publishing status {written[:40]!r} is none of {', '.join(STATUSES)}"
        )
    return status
