from __future__ import annotations

import numpy as np

from stream.topics.views import Counts, Latent, Views, rarity

DOCUMENTS = [
    ("Technologies", "new technologies for phones"),
    ("Technologie", "une technologie pour téléphones"),
    ("مباراة القمة", "سجل اللاعبون هدفين في المباراة"),
    ("Match", "players scored in the match"),
]
SEEDS = {"13": ["technology", "phones"], "15": ["match", "مباراة"]}


def views() -> tuple[Counts, Views]:
    counts = Counts.of(DOCUMENTS)
    return counts, Views(counts, rarity(counts, ["en", "fr", "ar", "en"]), SEEDS, Latent(topics=2, scale=1.0))


def test_a_fold_says_of_words_what_the_views_say_of_documents() -> None:
    counts, made = views()
    seen = made.of(counts)
    weights = np.random.default_rng(5).normal(size=(seen.shape[1], 2)).astype(np.float32)
    weighed = counts.values.toarray() * made.rarity
    norms = np.sqrt((weighed**2).sum(axis=1, keepdims=True))
    assert np.allclose(counts.values @ made.fold(weights) / norms, seen @ weights, atol=1e-3)


def test_latent_topics_may_be_those_of_some_documents() -> None:
    counts = Counts.of(DOCUMENTS)
    rare = rarity(counts, ["en", "fr", "ar", "en"])
    seen = Views(counts, rare, SEEDS, Latent(topics=1, scale=1.0), news=[2]).of(counts).toarray()
    told = np.abs(seen[:, -1 - len(SEEDS)])
    assert told[2] > 0
    assert np.allclose(told[[0, 1, 3]], 0, atol=1e-6)
