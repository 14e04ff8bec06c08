"""All that comes of one story, and the ledger entry that it is remembered by."""

from __future__ import annotations

from typing import NamedTuple

from stream.dedup.ledger import KILL, LATE, Entry
from stream.dedup.text import words_alone
from stream.lifecycle.arrival import Arrival, Outcome
from stream.model import Advisory, Chain, Cluster

# A text of which four fifths stand in the one it matched adds no wording that a reprint could be found by,
# unless it is less than half of it: beside the whole, a reprint of the half looks like a story within it.
_NEWS = 0.8
_HALF = 0.5


class Decision(NamedTuple):
    """Its place in a cluster, what it is in the life of an item (None for most), the advisories that it gives
    rise to, what the ledger keeps, and the body that goes out in place of its own, where there is one."""

    cluster: Cluster
    chain: Chain | None
    advisories: tuple[Advisory, ...]
    entry: Entry
    body: str | None = None


def entry_of(arrival: Arrival, outcome: Outcome, *, is_watched: bool) -> Entry:
    """The entry of a decision. `is_watched`: later versions of the text that the story copies will ask what
    the copy says."""
    card, cluster, fate = arrival.card, outcome.cluster, outcome.fate
    text = None
    if _represents(arrival, outcome):
        text = card.text.data
    elif is_watched and not outcome.standing & (KILL | LATE):
        text = words_alone(card.text.data)
    return Entry(
        id=bytes.fromhex(card.id),
        time=card.time,
        own=card.own,
        uri=card.uri,
        content=card.content,
        version=card.version,
        cluster=bytes.fromhex(cluster.id),
        matched=bytes.fromhex(cluster.matched) if cluster.matched is not None else None,
        length=card.length,
        feed=arrival.feed,
        text=text,
        standing=outcome.standing,
        inside=tuple([bytes.fromhex(one.id) for one in cluster.inside]) if cluster.inside else (),
        life=arrival.encoded_life,
        fate=fate.to_bytes() if fate is not None else b"",
    )


def _represents(arrival: Arrival, outcome: Outcome) -> bool:
    """Whether the text stands for its cluster. That of a kill does where the agency repeats what it takes
    back before any of it has come; that of a late version never does."""
    cluster, length = outcome.cluster, arrival.card.length
    if outcome.standing & KILL:
        return arrival.card.own and cluster.matched is None and length > 0
    if outcome.standing & LATE or not length:
        return False
    return (
        cluster.containment is None
        or cluster.containment < _NEWS
        or (cluster.contained is not None and cluster.contained < _HALF)
    )
