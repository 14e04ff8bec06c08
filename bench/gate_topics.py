"""Gate: topics. `python -m bench.gate_topics [--data DIR]` measures the classifier on labelled material,
prints a report and exits 1 when a pinned floor breaks (0 with one line when the material is absent).

Material: a development set of stories labelled by reading (which also set the calibration), the gold of
200 stories, second levels judged by reading, the test splits of MasakhaNEWS in English and French, 500
texts that are no news, and time.
What a model knows of an outlet that it never read takes training: `python -m stream.topics.train --evaluate`.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import string
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
from sklearn.metrics import f1_score

from stream.development import DATA
from stream.text.tokens import hashes
from stream.topics import corpus
from stream.topics.classify import Classifier, TopicInput
from stream.topics.corpus import Example
from stream.topics.weights import Floats

LABELS = Path(__file__).parent / "labels"
FILES = (
    "gold_topics_regions.jsonl",
    "saudinews/july.jsonl.gz",
    "topics/ant_v21_skynews_bbc_cnn.jsonl.gz",
    "topics/ant_v11.jsonl.gz",
    "topics/masakhanews_eng/test.tsv",
    "topics/masakhanews_fra/test.tsv",
)
DIGEST = "8c64395dc079c094"
TOPS = tuple(f"{number:02d}" for number in range(1, 18))
# A little under what was measured when they were pinned; a story of the gold is half a point.
FLOORS = {
    "development first": 0.76,
    "development first among": 0.875,
    "development macro-F1": 0.655,
    "gold first": 0.765,
    "gold first among": 0.90,
    "gold macro-F1": 0.75,
    "en macro-F1": 0.84,
    "en weighted F1": 0.845,
    "fr macro-F1": 0.76,
    "fr weighted F1": 0.815,
    "second level right": 0.92,
    "second level kept": 0.95,
}
# Bars that are met from above.
CEILINGS = {
    "development calibration error, among": 0.06,
    "gold calibration error, among": 0.06,
    "no news with a topic": 0.04,
}
_NO_NEWS = 500
_BATCH = 250
_LEAST_STORIES = 5


def inputs(examples: Sequence[Example]) -> list[TopicInput]:
    return [TopicInput(hashes(example.headline), hashes(example.body)) for example in examples]


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = 0.0
    for number in range(10):
        here = bins == number
        if here.any():
            error += here.mean() * abs(confidence[here].mean() - right[here].mean())
    return float(error)


def arabic(
    name: str, classifier: Classifier, stories: Mapping[str, Example], truth: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    """Figures on stories with several labelled tops, with the report by top and the confusions."""
    ids = sorted(truth)
    scores = classifier.scores(inputs([stories[identity] for identity in ids]))
    best = scores.argmax(axis=1)
    first = np.array([TOPS.index(truth[identity][0]) for identity in ids])
    among = np.array([TOPS[column] in truth[i] for column, i in zip(best.tolist(), ids, strict=True)])
    support = np.bincount(first, minlength=len(TOPS))
    by_top = f1_score(first, best, labels=range(len(TOPS)), average=None, zero_division=0)
    print(f"{name}: {len(ids)} stories")
    columns = zip(TOPS, by_top.tolist(), support.tolist(), strict=True)
    print("  F1 by top (stories):", "  ".join(f"{top} {score:.2f} ({n})" for top, score, n in columns))
    pairs = zip(first.tolist(), best.tolist(), strict=True)
    mixed = Counter((TOPS[was], TOPS[said]) for was, said in pairs if was != said)
    print("  confused:", ", ".join(f"{was} as {said} {n}" for (was, said), n in mixed.most_common(12)))
    confidence = scores.max(axis=1)
    return {
        f"{name} first": float((best == first).mean()),
        f"{name} first among": float(among.mean()),
        f"{name} macro-F1": float(by_top[support >= _LEAST_STORIES].mean()),
        f"{name} calibration error": calibration_error(confidence, best == first),
        f"{name} calibration error, among": calibration_error(confidence, among),
    }


def masakha(classifier: Classifier, data: Path) -> dict[str, float]:
    """English and French: all 17 tops are open to the model, the labels know seven."""
    figures = {}
    for language in ("en", "fr"):
        examples = [e for e in corpus.masakha(data, "test") if e.language == language]
        truth = [example.label or "" for example in examples]
        said = [TOPS[column] for column in classifier.scores(inputs(examples)).argmax(axis=1).tolist()]
        used = sorted(set(truth))
        by_top = f1_score(truth, said, labels=used, average=None)
        report = zip(used, by_top.tolist(), strict=True)
        print(f"{language}: {len(truth)} stories:", "  ".join(f"{top} {score:.2f}" for top, score in report))
        figures[f"{language} macro-F1"] = float(by_top.mean())
        figures[f"{language} weighted F1"] = float(f1_score(truth, said, labels=used, average="weighted"))
    return figures


def no_news(classifier: Classifier) -> float:
    """The share of texts that are no news and still get a topic with a score of 0.5 or more."""
    phrases: dict[str, list[str]] = orjson.loads((LABELS / "topics_no_news.json").read_bytes())
    rng = random.Random(7)
    scripts = (
        string.ascii_lowercase,
        "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
        "абвгдежзиклмнопрсту",
        "가나다라마바사아자차카",
        "กขคงจชซญดตถทน",
    )
    kinds = [*sorted(phrases), "gibberish"]
    failures: Counter[str] = Counter()
    for number in range(_NO_NEWS):
        kind = kinds[number % len(kinds)]
        if kind == "gibberish":
            letters = rng.choice(scripts)
            body = " ".join("".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(80))
        else:
            body = "\n".join(rng.sample(phrases[kind], k=rng.randint(3, 8)))
        score = classifier.scores([TopicInput(hashes(""), hashes(body))]).max()
        failures[kind] += int(score >= 0.5)
    print("no news with a topic:", "  ".join(f"{kind} {failures[kind]}" for kind in kinds))
    return sum(failures.values()) / _NO_NEWS


def second_levels(classifier: Classifier, stories: Mapping[str, Example]) -> dict[str, float]:
    """Second levels that a reader judged: how many of those still named are right, and how many of the
    right ones are still named. Not a recall: only what the model once named was read."""
    lines = (LABELS / "topics_second.tsv").read_text(encoding="utf-8").splitlines()[1:]
    judged = [line.split("\t") for line in lines]
    topics = classifier.classify_batch(inputs([stories[identity] for identity, _, _ in judged]))
    named = [
        right == "1"
        for (_, concept, right), found in zip(judged, topics, strict=True)
        if f"medtop:{concept}" in [topic.qcode for topic in found]
    ]
    right = sum(right == "1" for _, _, right in judged)
    return {"second level right": sum(named) / len(named), "second level kept": sum(named) / right}


def microseconds(classifier: Classifier, stories: Sequence[Example]) -> float:
    """Time of a story in batches, tokens given: the best of three passes."""
    items = inputs(stories)
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        for first in range(0, len(items), _BATCH):
            classifier.classify_batch(items[first : first + _BATCH])
        best = min(best, (time.perf_counter() - start) / len(items))
    return best * 1e6


def digest(data: Path) -> str:
    """Identifies the material, labels included."""
    found = hashlib.sha256()
    labels = (LABELS / name for name in ("topics_dev.tsv", "topics_second.tsv", "topics_no_news.json"))
    for path in (*(data / name for name in FILES), *labels):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.gate_topics", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the development data")
    data: Path = parser.parse_args().data
    absent = [name for name in FILES if not (data / name).exists()]
    if absent:
        print(f"topics: skipped, {data / absent[0]} is absent")
        return 0
    classifier = Classifier.load()
    stories = {example.id: example for example in (*corpus.july(data), *corpus.ant(data))}
    figures = arabic("development", classifier, stories, corpus.labels(LABELS / "topics_dev.tsv"))
    figures |= arabic("gold", classifier, stories, corpus.gold(data))
    figures |= masakha(classifier, data)
    figures |= second_levels(classifier, stories)
    figures["no news with a topic"] = no_news(classifier)
    figures["microseconds a story"] = microseconds(classifier, list(stories.values())[:2000])
    broken = []
    for name, value in figures.items():
        floor, ceiling = FLOORS.get(name, float("-inf")), CEILINGS.get(name, float("inf"))
        holds = floor <= value <= ceiling
        limit = f"≥ {floor}" if name in FLOORS else f"≤ {ceiling}" if name in CEILINGS else ""
        print(f"{name:34} {value:8.3f}  {limit:10} {'' if holds else 'BROKEN'}")
        if not holds:
            broken.append(name)
    if (found := digest(data)) != DIGEST:
        print(f"the material is another one than the floors were pinned on: {found}, not {DIGEST}")
        broken.append("digest")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
