"""Peer: Quix Streams, rensa's MinHash LSH and a linear model of scikit-learn, as their users would join them.

JSON in and out by orjson; word 3-grams into a MinHash of 128 slots, copies at an estimated Jaccard of 0.5
and more; a hashed bag of words times one weight matrix for the topic. Quix Streams processes record by
record and has batches only where data leaves it (`BatchingSink`), so the model sees one story at a time:
without scikit-learn's `predict`, which copies the weights for each call on a sparse row, and without its
checks of arguments, as its page on performance advises. Copies are looked for among the last `_REMEMBERED`
originals, in memory that a restart loses.

The model is fitted on made-up stories with random labels: what it says is of no use, but it costs what one
that was trained on news does.
"""

from __future__ import annotations

import argparse
import random
from collections import deque
from typing import Any

import numpy as np
import orjson
from quixstreams import Application
from quixstreams.models import JSONDeserializer, JSONSerializer
from rensa import RMinHash, RMinHashDeduplicator
from sklearn import set_config
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

_SLOTS = 128
_THRESHOLD = 0.5
_FEATURES = 1 << 18
# As many top-level topics as IPTC has.
_TOPICS = 17
_REMEMBERED = 1_000_000


class Enricher:
    """Topic and copy of each story, in the order in which they come."""

    def __init__(self) -> None:
        self._vectorizer = HashingVectorizer(n_features=_FEATURES, alternate_sign=False, norm="l2")
        model = _fit(self._vectorizer)
        # Contiguous in the order in which a sparse row multiplies it.
        self._weights = np.ascontiguousarray(model.coef_.T)
        self._bias = model.intercept_
        self._copies = RMinHashDeduplicator(threshold=_THRESHOLD, num_perm=_SLOTS, use_lsh=True)
        self._order: deque[str] = deque()

    def __call__(self, story: dict[str, Any]) -> dict[str, Any]:
        text = f"{story['headline']}\n{story['body_text']}"
        scores = (self._vectorizer.transform([text]) @ self._weights)[0] + self._bias
        best = int(scores.argmax())
        words = text.split()
        sketch = RMinHash(num_perm=_SLOTS, seed=42)
        sketch.update([" ".join(shingle) for shingle in zip(words, words[1:], words[2:], strict=False)])
        found = self._copies.get_duplicates(sketch)
        if not found:
            self._remember(story["uri"], sketch)
        return {
            **story,
            "topic": best,
            "topic_score": float(scores[best]),
            "duplicate_of": found[0] if found else None,
        }

    def _remember(self, uri: str, sketch: RMinHash) -> None:
        self._copies.add(uri, sketch)
        self._order.append(uri)
        if len(self._order) > _REMEMBERED:
            self._copies.remove(self._order.popleft())


def _fit(vectorizer: HashingVectorizer) -> SGDClassifier:
    rng = random.Random(1)
    words = [f"word{number}" for number in range(20_000)]
    texts = [" ".join(rng.choices(words, k=200)) for _ in range(500)]
    labels = [number % _TOPICS for number in range(len(texts))]
    return SGDClassifier(loss="log_loss", max_iter=3, tol=None).fit(vectorizer.transform(texts), labels)


def main() -> None:
    """Runs until it is stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--prefix", required=True)
    asked = parser.parse_args()
    set_config(assume_finite=True, skip_parameter_validation=True)
    app = Application(
        broker_address=asked.bootstrap,
        consumer_group=asked.prefix,
        auto_offset_reset="earliest",
        auto_create_topics=False,
        producer_extra_config={"compression.type": "zstd", "linger.ms": 20, "acks": "all"},
        loglevel="WARNING",
    )
    as_json = JSONSerializer(dumps=orjson.dumps)
    enriched = app.topic(f"{asked.prefix}.enriched", value_serializer=as_json)
    duplicates = app.topic(f"{asked.prefix}.duplicates", value_serializer=as_json)
    stories = app.topic(f"{asked.prefix}.stories", value_deserializer=JSONDeserializer(loads=orjson.loads))
    frame = app.dataframe(stories).apply(Enricher())
    frame.to_topic(
        lambda event, *_: duplicates if event["duplicate_of"] else enriched, key=lambda event: event["uri"]
    )
    app.run()


if __name__ == "__main__":
    main()
