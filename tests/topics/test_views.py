from __future__ import annotations

import numpy as np

from stream.topics.views import Counts, Views, rarity

DOCUMENTS = [
    ("Technologies", "new technologies for phones"),
    ("Technologie", "une technologie pour téléphones"),
    ("مباراة القمة", "سجل اللاعبون هدفين في المباراة"),
    ("Match", "players scored in the match"),
]
SEEDS = {"13": ["technology", "phones"], "15": ["match", "مباراة"]}


def views() -> tuple[Counts, Views]:
    counts = Counts.of(DOCUMENTS)
    return counts, Views(counts, rarity(counts, ["en", "fr", "ar", "en"]), SEEDS)


def test_a_fold_says_of_words_what_the_views_say_of_documents() -> None:
    counts, made = views()
    seen = made.of(counts)
    weights = np.random.default_rng(5).normal(size=(seen.shape[1], 2)).astype(np.float32)
    weighed = counts.values.toarray() * made.rarity
    norms = np.sqrt((weighed**2).sum(axis=1, keepdims=True))
    assert np.allclose(counts.values @ made.fold(weights) / norms, seen @ weights, atol=1e-3)
