"""Stories made for the scenarios: as many as asked, all different, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

import orjson

# Words of no language in particular: what counts here is that texts differ and that one is a reprint.
_SYLLABLES = [
    "ba",
    "ter",
    "mo",
    "li",
    "sen",
    "ka",
    "ro",
    "du",
    "fi",
    "na",
    "pel",
    "sto",
    "gra",
    "mi",
    "wun",
    "ze",
]


def _vocabulary(rng: random.Random) -> list[str]:
    return ["".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(3000)]


def unique_stories(count: int, *, seed: int = 1, words: int = 120) -> Iterator[bytes]:
    """ninjs items with the uri `urn:test:N`, N from 0; no two share a run of words."""
    rng = random.Random(seed)
    vocabulary = _vocabulary(rng)
    for number in range(count):
        text = " ".join(rng.choices(vocabulary, k=words))
        yield ninjs(number, f"Story {number}", f"{text}.")


def ninjs(number: int, headline: str, body: str, **fields: object) -> bytes:
    item = {
        "uri": f"urn:test:{number}",
        "type": "text",
        "language": "en",
        "versioncreated": "2026-03-01T10:00:00Z",
        "headline": headline,
        "body_text": body,
        **fields,
    }
    return orjson.dumps(item)
