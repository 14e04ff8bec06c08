"""Train the topic model: `python -m stream.topics.train [--data DIR] [--labels DIR] [--output FILE]`.

Stems, cognates, latent topics of all stories and seed words carry what is labelled
(`stream.topics.material`) to words that no labelled story holds. The Arabic development set sets the two
numbers that calibrate the scores, and nothing else. Same data and seed, same weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from stream.development import DATA
from stream.text.tokens import hash_words, hashes
from stream.topics import corpus
from stream.topics.classify import TopicInput, calibrated
from stream.topics.corpus import Example
from stream.topics.features import features, word_buckets
from stream.topics.material import (
    CLASSES,
    DEVELOPMENT,
    LABELS,
    NO_NEWS,
    TOPS,
    Material,
    gather,
    seeds,
    unlabelled,
)
from stream.topics.views import RAREST, Counts, Latent, Matrix, Views, rarity
from stream.topics.weights import Scorer, Weights

OUTPUT = Path(__file__).parents[1] / "data" / "model" / "topics.npz"
VERSION = "topics-3"


@dataclass(frozen=True, slots=True)
class _Settings:
    """`freedom` is the C of the regression; it ends when no slope is over `tolerance`. What it learns is
    multiplied by `stretch`, so that one calibration suits all."""

    freedom: float
    tolerance: float
    iterations: int
    latent: Latent
    stretch: float


_ARABIC = _Settings(
    freedom=20.0, tolerance=1e-3, iterations=150, latent=Latent(topics=200, scale=0.8), stretch=1.0
)
# Fewer stories of other languages than of Arabic are labelled, and one language learns from the other:
# the words bear less, the company they keep more (chosen on folds of the MasakhaNEWS dev split). So tight
# a fit is too modest: of some stretches, this one makes the English development set the least surprising.
_OTHERS = _Settings(
    freedom=2.0, tolerance=1e-4, iterations=400, latent=Latent(topics=400, scale=1.4), stretch=1.6
)
_SEEDED_STORIES, _SEEDED_WEIGHT = 30, 0.3
# A text of which no word is known is news by 17 to four and a half: one word of a topic is not enough yet.
_NO_NEWS_BIAS = 1.5
# Below this no word moves a decision.
_SILENT = 0.35
# Calibration looks at tops that are in question at all.
_IN_QUESTION = 0.02


def fit(material: Material, version: str = VERSION) -> Weights:
    """Learn the weights: Arabic and the other languages apart, since they share no word and differ in
    what is labelled; the words of both go into one table. Material of one of them alone will do."""
    arabic = {example.language == "ar" for example in material.examples}
    parts = [_fit_part(material, arabic=part) for part in sorted(arabic, reverse=True)]
    names = [name for part in parts for name in part.words]
    by_word = np.vstack([part.weights for part in parts])
    rare = np.concatenate([part.rarity for part in parts])
    return _pack(names, by_word, rare, version)


class _Part(NamedTuple):
    words: list[str]
    weights: Matrix
    rarity: Matrix


def _fit_part(material: Material, *, arabic: bool) -> _Part:
    rows = [row for row, example in enumerate(material.examples) if (example.language == "ar") == arabic]
    examples = [material.examples[row] for row in rows]
    counts = Counts.of([(example.headline, example.body) for example in examples])
    rare = rarity(counts, [example.language for example in examples])
    settings = _ARABIC if arabic else _OTHERS
    views = Views(counts, rare, seeds(), settings.latent, _news(examples))
    place = {row: number for number, row in enumerate(rows)}
    targets = [(place[t.row], t.top, t.weight) for t in material.targets if t.row in place]
    if not arabic:
        targets += _seeded(views, counts, examples, {row for row, _, _ in targets})
    labelled = np.array([row for row, _, _ in targets])
    # No intercept: a text of words that nobody knows is then equally near to all classes.
    model = LogisticRegression(
        C=settings.freedom, max_iter=settings.iterations, tol=settings.tolerance, fit_intercept=False
    )
    model.fit(
        views.of(Counts(counts.values[labelled], counts.words)),
        np.array([CLASSES.index(top) for _, top, _ in targets]),
        sample_weight=np.array([weight for _, _, weight in targets]),
    )
    ours = np.array([("\u0600" <= word[0] <= "\u06ff") == arabic for word in counts.words])
    names = [word for word, kept in zip(counts.words, ours, strict=True) if kept]
    return _Part(names, settings.stretch * views.fold(model.coef_.T)[ours], rare[ours])


def _news(examples: Sequence[Example]) -> list[int]:
    """The documents in the languages of which there are stories, the vocabulary's among them."""
    told = {example.language for example in examples if example.source not in (corpus.VOCABULARY, NO_NEWS)}
    return [row for row, example in enumerate(examples) if example.language in told]


def _seeded(
    views: Views, counts: Counts, examples: Sequence[Example], labelled: Container[int]
) -> list[tuple[int, str, float]]:
    """Unlabelled stories that the seed words of one top speak for and those of no other: the most
    certain ones of each top that no set labels."""
    scores = views.seed_scores(counts)
    order = np.sort(scores, axis=1)
    margin = order[:, -1] - order[:, -2]
    best = scores.argmax(axis=1)
    free = np.array([row not in labelled and bool(example.body) for row, example in enumerate(examples)])
    found = []
    for column, top in enumerate(TOPS):
        if top in corpus.MASAKHA_TOPS.values():
            continue
        candidates = np.flatnonzero(free & (best == column))
        certain = candidates[np.argsort(-margin[candidates], kind="stable")][:_SEEDED_STORIES]
        found += [(int(row), top, _SEEDED_WEIGHT) for row in certain]
    return found


def _pack(names: Sequence[str], by_word: Matrix, rare: Matrix, version: str) -> Weights:
    buckets = word_buckets(hash_words(names))
    # A word that is rare and says nothing is as good as unknown.
    telling = (np.abs(by_word).max(axis=1) > _SILENT) | (rare < 0.8 * RAREST)
    order = np.flatnonzero(telling)[np.argsort(buckets[telling], kind="stable")]
    kept, first = np.unique(buckets[order], return_index=True)
    order = order[first]
    return Weights(
        version=version,
        tops=tuple(f"medtop:{top}000000" for top in TOPS),
        buckets=kept,
        weights=by_word[order],
        mass=rare[order] ** 2,
        unknown_mass=RAREST**2,
        bias=np.array([*(0.0 for _ in TOPS), _NO_NEWS_BIAS], np.float32),
        slope=1.0,
        offset=0.0,
    )


def calibrate(weights: Weights, data: Path, labels: Path) -> Weights:
    """Set slope and offset so that scores are shares of the Arabic development set: of the tops with a score
    like this, how many are among the labelled ones. Only these two numbers know that set."""
    truth = corpus.labels(labels / DEVELOPMENT[0])
    stories = [e for e in unlabelled(data) if e.id in truth]
    raw = Scorer(weights).scores(features(inputs(stories)), len(stories))
    right = np.array([[top in truth[story.id] for top in TOPS] for story in stories])
    in_question = calibrated(raw, 1.0, 0.0) > _IN_QUESTION

    def surprise(numbers: npt.NDArray[np.float64]) -> float:
        scores = calibrated(raw, *numbers)[in_question]
        hits = right[in_question]
        return -float(np.log(np.where(hits, scores, 1 - scores)).mean())

    best = minimize(surprise, (1.0, 0.0), method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-7})
    return replace(weights, slope=round(float(best.x[0]), 3), offset=round(float(best.x[1]), 3))


def inputs(examples: Iterable[Example]) -> list[TopicInput]:
    """Stories as the classifier takes them."""
    return [TopicInput(hashes(example.headline), hashes(example.body)) for example in examples]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m stream.topics.train", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the development data")
    parser.add_argument("--labels", type=Path, default=LABELS, help="folder of the labels made by reading")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    # One thread sums in one order.
    with threadpool_limits(1):
        weights = calibrate(fit(gather(options.data, options.labels)), options.data, options.labels)
    weights.save(options.output)
    print(f"{len(weights.buckets)} words, {options.output.stat().st_size:,} bytes: {options.output}")


if __name__ == "__main__":
    main()
