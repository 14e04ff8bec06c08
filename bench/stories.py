"""Stories for benchmarks: made, not collected, with the shape of Arabic wire copy.

Words are drawn as often as they occur in real text (the word counts that the gazetteer is cleaned by), in
sentences and paragraphs of usual lengths, under a dateline and a credit. A share of them are reprints of
recent ones: cut from the bottom, retitled, under another paper's credit. The same for the same seed.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import resources
from itertools import accumulate

import orjson

# A letter of Arabic is two bytes; with its space a word is about six letters.
_BYTES_A_WORD = 11.3
_SENTENCE = (8, 26)
_PARAGRAPH = (1, 4)
# A reprint follows its original within hours.
_RECENT = 2000
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
"""The date of the first story."""
_DATELINES = (
    "الرباط (د ب أ) - ",
    "القاهرة (رويترز) - ",
    "الرياض (واس) - ",
    "الدوحة (قنا) - ",
    "عمان (بترا) - ",
    "",
)
REPRINTS = 0.3
"""The share of stories that are reprints of earlier ones."""
_PAPERS = tuple(f"paper-{number}" for number in range(20))


def stories(
    count: int, *, bytes_a_story: int = 2600, reprints: float = REPRINTS, seed: int = 1, per_hour: int = 5000
) -> Iterator[bytes]:
    """`count` ninjs items with bodies of about `bytes_a_story` bytes (log-normal around it), in the order of
    their dates. `uri` is `urn:bench:N`, N from 0."""
    rng = random.Random(seed)
    words, weights = _vocabulary()
    recent: list[list[str]] = []
    for number in range(count):
        paper = rng.choice(_PAPERS)
        if recent and rng.random() < reprints:
            paragraphs = rng.choice(recent)
            kept = max(1, round(len(paragraphs) * rng.uniform(0.5, 1)))
            body = [f"{paper} - وكالات", *paragraphs[:kept]]
        else:
            body = _paragraphs(rng, words, weights, bytes_a_story)
            recent.append(body)
            if len(recent) > _RECENT:
                recent.pop(0)
            body = [rng.choice(_DATELINES) + body[0], *body[1:]]
        yield orjson.dumps(
            {
                "uri": f"urn:bench:{number}",
                "type": "text",
                "language": "ar",
                "source": paper,
                "versioncreated": (BEGIN + timedelta(hours=number / per_hour)).isoformat(),
                "headline": " ".join(rng.choices(words, cum_weights=weights, k=rng.randint(6, 12))),
                "body_text": "\n\n".join(body),
            }
        )


def _paragraphs(
    rng: random.Random, words: Sequence[str], weights: Sequence[int], bytes_a_story: int
) -> list[str]:
    left = max(12, round(bytes_a_story / _BYTES_A_WORD * rng.lognormvariate(-0.08, 0.4)))
    paragraphs = []
    while left > 0:
        sentences = []
        for _ in range(rng.randint(*_PARAGRAPH)):
            length = min(rng.randint(*_SENTENCE), max(left, 5))
            drawn = rng.choices(words, cum_weights=weights, k=length)
            if rng.random() < 0.3:
                drawn[rng.randrange(length)] = str(rng.randint(2, 9000))
            sentences.append(" ".join(drawn) + ".")
            left -= length
            if left <= 0:
                break
        paragraphs.append(" ".join(sentences))
    return paragraphs


def _vocabulary() -> tuple[list[str], list[int]]:
    source = resources.files("stream") / "data" / "gazetteer" / "words.tsv.gz"
    rows = [line.split("\t") for line in gzip.decompress(source.read_bytes()).decode("utf-8").splitlines()]
    arabic = [(row[0], int(row[1])) for row in rows if row[0] > "\u0600"]
    return [word for word, _ in arabic], list(accumulate(count for _, count in arabic))
