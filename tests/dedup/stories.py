"""Stories to decide on: written here, or made of random words from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import md5

from stream.dedup.card import Card, make_card
from stream.text.tokens import hashes

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SYLLABLES = ["ba", "ko", "ri", "sun", "tel", "mar", "di", "fo", "qa", "lim", "nur", "se", "vat", "ho", "zen"]


def prose(seed: int, length: int) -> str:
    """`length` words that no other seed has in that order, in sentences and paragraphs."""
    rng = random.Random(seed)
    words = ["".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(length)]
    for at in range(12, length, 13):
        words[at - 1] += "."
    return "\n\n".join(" ".join(words[at : at + 40]) for at in range(0, length, 40))


def card_of(
    body: str,
    *,
    name: str | None = None,
    headline: str = "",
    minutes: float = 0,
    received: datetime | None = None,
    feed: str = "outlet",
    uri: str | None = None,
    version: str | None = None,
    pubstatus: str = "usable",
    own: bool = False,
    countries: Mapping[str, bool] | None = None,
) -> Card:
    """The card of a story; its id follows from `name`, or from everything else."""
    moment = NOON + timedelta(minutes=minutes)
    identity = name or f"{body}|{headline}|{minutes}|{feed}|{version}|{pubstatus}|{own}"
    return make_card(
        id=md5(identity.encode()).hexdigest(),
        event_time=moment,
        received_at=received or moment,
        headline=headline,
        body=body,
        tokens=hashes(body),
        headline_tokens=hashes(headline),
        feed=feed,
        uri=uri,
        version=version,
        pubstatus=pubstatus,
        own=own,
        countries=countries or {},
    )
