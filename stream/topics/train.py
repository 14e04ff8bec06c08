"""Train the topic model: `python -m stream.topics.train [--data DIR] [--labels DIR] [--output FILE]`.

Labels come from four sides: stories labelled by reading (several tops each), sections of sites that are
one top, labels and definitions of the vocabulary in every language, and texts that are no news. Stems,
latent topics of all unlabelled stories and seed words carry them to words that no labelled story holds.
`--evaluate` instead leaves one outlet out at a time and prints what the rest knows of it.

Stories of the development set and of the gold are never learnt from; the former set the two numbers that
calibrate the scores. Same data and seed, same weights.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from math import log
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from stream.development import DATA
from stream.text.tokens import hash_words, hashes, words
from stream.topics import corpus
from stream.topics.classify import Classifier, TopicInput
from stream.topics.corpus import Example
from stream.topics.features import word_buckets
from stream.topics.sections import Sections
from stream.topics.taxonomy import Taxonomy
from stream.topics.views import RAREST, Counts, Matrix, Views, rarity
from stream.topics.weights import Weights

TOPS = tuple(f"{number:02d}" for number in range(1, 18))
NO_NEWS = "none"
_CLASSES = (*TOPS, NO_NEWS)
LABELS = Path(__file__).parents[2] / "bench" / "labels"
OUTPUT = Path(__file__).parents[1] / "data" / "model" / "topics.npz"
VERSION = "topics-1"

_SEED = 20150731
# How much the labels of a story count, by how many tops it has: the first is what it is about first.
_SHARES = {1: (1.0,), 2: (0.65, 0.35), 3: (0.5, 0.3, 0.2)}
# What one example of each kind counts against a story that was read.
_SECTION_WEIGHT, _MASAKHA_WEIGHT, _CONCEPT_WEIGHT, _NO_NEWS_WEIGHT = 0.3, 2.0, 0.02, 0.5
_SECTION_STORIES = 50
_NO_NEWS_TEXTS = 600
# Every how manieth of the old Reuters stories is read: all of one beat, they are there for their English.
_REUTERS_STEP = 4
_REGULARISATION, _ITERATIONS = 20.0, 150
_SEEDED_STORIES, _SEEDED_WEIGHT = 30, 0.3
# Below this no word moves a decision.
_SILENT = 0.35
# Calibration looks at tops that are in question at all.
_IN_QUESTION = 0.02


class Target(NamedTuple):
    """One document counted for one class."""

    row: int
    top: str
    weight: float


@dataclass(frozen=True, slots=True)
class Material:
    """All documents that training reads, and what they count for."""

    examples: list[Example]
    targets: list[Target]


def seeds() -> dict[str, list[str]]:
    """The seed words of each top, all languages together; phrases are left to the stems."""
    table = orjson.loads(files("stream.data").joinpath("taxonomy", "seeds.json").read_bytes())
    return {
        top: [words(item)[0] for text in table[top].values() for item in text.split() if "_" not in item]
        for top in TOPS
    }


def no_news(rng: random.Random, count: int = _NO_NEWS_TEXTS) -> list[Example]:
    """Texts that are no news, each mixed from phrases of one kind and script."""
    table = orjson.loads(files("stream.data").joinpath("taxonomy", "no_news.json").read_bytes())
    kinds = [
        (language, phrases)
        for kind in sorted(table)
        for language, phrases in _by_script(table[kind]).items()
        if len(phrases) > 1
    ]
    texts = []
    for number in range(count):
        language, phrases = rng.choice(kinds)
        body = "\n".join(rng.choices(phrases, k=rng.randint(2, 12)))
        texts.append(Example(f"none-{number}", "none", language, "", body))
    return texts


def _by_script(phrases: Sequence[str]) -> dict[str, list[str]]:
    scripts: dict[str, list[str]] = {"ar": [], "": []}
    for phrase in phrases:
        scripts["ar" if any("\u0600" <= character <= "\u06ff" for character in phrase) else ""].append(phrase)
    return scripts


def gather(data: Path, labels: Path, *, without: str = "") -> Material:
    """The documents and their targets; `without` names an outlet whose stories are left out."""
    hidden = corpus.gold(data).keys() | corpus.labels(labels / "topics_dev.tsv").keys()
    read = corpus.labels(labels / "topics_train.tsv")
    rng = random.Random(_SEED)
    material = Material([], [])

    def add(example: Example, targets: Iterable[tuple[str, float]]) -> None:
        material.targets.extend(Target(len(material.examples), top, weight) for top, weight in targets)
        material.examples.append(example)

    stories = [
        e for e in (*corpus.july(data), *corpus.ant(data)) if e.id not in hidden and e.source != without
    ]
    sections = _some_of_each_section(stories, rng)
    for story in stories:
        tops = read.get(story.id)
        if tops:
            add(story, zip(tops, _SHARES[len(tops)], strict=True))
        elif story.id in sections and story.label:
            add(story, [(story.label, _SECTION_WEIGHT)])
        else:
            add(story, [])
    for example in corpus.masakha(data, "dev"):
        add(example, [(example.label or "", _MASAKHA_WEIGHT)])
    for number, example in enumerate(corpus.reuters(data)):
        if number % _REUTERS_STEP == 0:
            add(example, [])
    for example in corpus.local_news(data):
        add(example, [])
    for example in corpus.vocabulary(data):
        add(example, [(example.label or "", _CONCEPT_WEIGHT)])
    for example in no_news(rng):
        add(example, [(NO_NEWS, _NO_NEWS_WEIGHT)])
    return material


def fit(material: Material, version: str = VERSION) -> Weights:
    """Learn the weights: Arabic and the other languages apart, since they share no word and differ in
    what is labelled; the words of both go into one table."""
    parts = [_fit_part(material, arabic=True), _fit_part(material, arabic=False)]
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
    views = Views(counts, rare, seeds())
    place = {row: number for number, row in enumerate(rows)}
    targets = [(place[t.row], t.top, t.weight) for t in material.targets if t.row in place]
    if not arabic:
        targets += _seeded(views, counts, examples, {row for row, _, _ in targets})
    labelled = np.array([row for row, _, _ in targets])
    # No intercept: a text of words that nobody knows is then equally near to all classes.
    model = LogisticRegression(C=_REGULARISATION, max_iter=_ITERATIONS, tol=1e-3, fit_intercept=False)
    model.fit(
        views.of(Counts(counts.values[labelled], counts.words)),
        np.array([_CLASSES.index(top) for _, top, _ in targets]),
        sample_weight=np.array([weight for _, _, weight in targets]),
    )
    ours = np.array([("\u0600" <= word[0] <= "\u06ff") == arabic for word in counts.words])
    names = [word for word, kept in zip(counts.words, ours, strict=True) if kept]
    return _Part(names, views.fold(model.coef_.T)[ours], rare[ours])


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
        bias=np.zeros(len(_CLASSES), np.float32),
        slope=1.0,
        offset=0.0,
    )


def calibrate(weights: Weights, data: Path, labels: Path) -> Weights:
    """Set slope and offset so that scores are shares of the development set: of the tops with a score
    like this, how many are among the labelled ones. Only these two numbers know that set."""
    truth = corpus.labels(labels / "topics_dev.tsv")
    stories = [e for e in (*corpus.july(data), *corpus.ant(data)) if e.id in truth]
    shares = Classifier(Taxonomy.load(), weights, Sections({}, len(TOPS))).scores(inputs(stories))
    odds, right = [], []
    for story, row in zip(stories, shares.tolist(), strict=True):
        for top, share in zip(TOPS, row, strict=True):
            if share > _IN_QUESTION:
                odds.append([log(share / (1 - share))])
                right.append(top in truth[story.id])
    model = LogisticRegression(C=1e6).fit(odds, right)
    return replace(weights, slope=float(model.coef_[0, 0]), offset=float(model.intercept_[0]))


def inputs(examples: Iterable[Example]) -> list[TopicInput]:
    """Stories as the classifier takes them."""
    return [TopicInput(hashes(example.headline), hashes(example.body)) for example in examples]


def without_one_outlet(data: Path, labels: Path) -> None:
    """Print how well each outlet's sections are told by a model that never read that outlet."""
    for outlet in ("SkyNews", "BBC", "CNN"):
        weights = fit(gather(data, labels, without=outlet))
        classifier = Classifier(Taxonomy.load(), weights, Sections({}, len(TOPS)))
        stories = [e for e in corpus.ant(data) if e.source == outlet and e.label]
        truth = np.array([TOPS.index(story.label or "") for story in stories])
        scores = classifier.scores(inputs(stories))
        used = sorted(set(truth.tolist()))
        among = np.array(used)[scores[:, used].argmax(axis=1)]
        of_these = f1_score(truth, among, labels=used, average="macro")
        of_all = f1_score(truth, scores.argmax(axis=1), labels=used, average="macro")
        names = " ".join(TOPS[column] for column in used)
        print(f"{outlet}: {len(stories)} stories of {names}", end=": ")
        print(f"macro-F1 {of_these:.3f} among these, {of_all:.3f} among all 17", flush=True)


def _some_of_each_section(stories: Sequence[Example], rng: random.Random) -> set[str]:
    """Ids of some stories of each section and outlet, so that the largest section does not rule."""
    by_section: dict[tuple[str, str], list[str]] = defaultdict(list)
    for story in stories:
        if story.label:
            by_section[story.label, story.source].append(story.id)
    chosen: set[str] = set()
    for _, ids in sorted(by_section.items()):
        chosen.update(rng.sample(ids, min(len(ids), _SECTION_STORIES)))
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m stream.topics.train", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the development data")
    parser.add_argument("--labels", type=Path, default=LABELS, help="folder of the labels made by reading")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--evaluate", action="store_true", help="leave one outlet out instead of saving")
    options = parser.parse_args()
    if options.evaluate:
        without_one_outlet(options.data, options.labels)
        return
    weights = calibrate(fit(gather(options.data, options.labels)), options.data, options.labels)
    weights.save(options.output)
    print(f"{len(weights.buckets)} words, {options.output.stat().st_size:,} bytes: {options.output}")


if __name__ == "__main__":
    main()
