"""What the topic model is trained on: documents, and what each counts for.

Labels come from four sides: stories labelled by reading (several tops each), sections of sites that are
one top, labels and definitions of the vocabulary in every language, and texts that are no news. The other
stories have no label; they say which words go together. Stories of the development sets and of the gold
are left out altogether.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import orjson

from stream.text.tokens import words
from stream.topics import corpus
from stream.topics.corpus import Example

TOPS = tuple(f"{number:02d}" for number in range(1, 18))
NO_NEWS = "none"
CLASSES = (*TOPS, NO_NEWS)
LABELS = Path(__file__).parents[2] / "bench" / "labels"
# Labelled by reading and never learnt from: Arabic and English.
DEVELOPMENT = ("topics_dev.tsv", "topics_dev_en.tsv")

_SEED = 20150731
# How much the labels of a story count, by how many tops it has: the first is what it is about first.
_SHARES = {1: (1.0,), 2: (0.65, 0.35), 3: (0.5, 0.3, 0.2)}
# What one example of each kind counts against a story that was read.
_SECTION_WEIGHT, _MASAKHA_WEIGHT, _CONCEPT_WEIGHT, _NO_NEWS_WEIGHT = 0.3, 2.0, 0.02, 0.5
_SECTION_STORIES = 50
# Every how manieth of the old Reuters stories is read: all of one beat, they are there for their English.
_REUTERS_STEP = 4
_NO_NEWS_TEXTS = 1000
# A language with fewer documents than this has no usage to draw a medley from.
_MEDLEY_SOURCES, _MEDLEYS, _MEDLEY_WORDS = 100, 150, 80
_MEDLEY_WEIGHT = 0.2


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


def gather(data: Path, labels: Path, *, without: str = "") -> Material:
    """The documents and their targets; `without` names an outlet whose stories are left out."""
    hidden = corpus.gold(data).keys() | development(labels).keys()
    read = corpus.labels(labels / "topics_train.tsv")
    rng = random.Random(_SEED)
    material = Material([], [])

    def add(example: Example, targets: Iterable[tuple[str, float]] = ()) -> None:
        material.targets.extend(Target(len(material.examples), top, weight) for top, weight in targets)
        material.examples.append(example)

    stories = [e for e in unlabelled(data) if e.id not in hidden and e.source != without]
    sections = _some_of_each_section(stories, rng)
    for number, story in enumerate(stories):
        tops = read.get(story.id)
        if tops:
            add(story, zip(tops, _SHARES[len(tops)], strict=True))
        elif story.id in sections and story.label:
            add(story, [(story.label, _SECTION_WEIGHT)])
        elif story.source != "reuters" or number % _REUTERS_STEP == 0:
            add(story)
    labelled = list(corpus.masakha(data, "dev"))
    for example, balance in zip(labelled, _balance(labelled), strict=True):
        add(example, [(example.label or "", _MASAKHA_WEIGHT * balance)])
    for example in corpus.vocabulary(data):
        add(example, [(example.label or "", _CONCEPT_WEIGHT)])
    for example in list(_medleys(material.examples, rng)):
        add(example, [(NO_NEWS, _MEDLEY_WEIGHT)])
    for example in _no_news(rng):
        add(example, [(NO_NEWS, _NO_NEWS_WEIGHT)])
    return material


def unlabelled(data: Path) -> Iterator[Example]:
    """All stories of which only some have been read."""
    return chain(corpus.july(data), corpus.ant(data), corpus.reuters(data), corpus.local_news(data))


def development(labels: Path) -> dict[str, tuple[str, ...]]:
    """The labelled tops of the development sets by story, first first."""
    return {i: tops for name in DEVELOPMENT for i, tops in corpus.labels(labels / name).items()}


def seeds() -> dict[str, list[str]]:
    """The seed words of each top, all languages together; phrases are left to the stems."""
    table = orjson.loads(files("stream.data").joinpath("taxonomy", "seeds.json").read_bytes())
    return {
        top: [words(item)[0] for text in table[top].values() for item in text.split() if "_" not in item]
        for top in TOPS
    }


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


def _balance(examples: Sequence[Example]) -> Iterator[float]:
    """What a story counts more where its language has few of its label: together they count as much as
    those of the average label, so that a rare one is not taken for unlikely."""
    stories = Counter((example.language, example.label) for example in examples)
    for example in examples:
        sizes = [size for (language, _), size in stories.items() if language == example.language]
        yield max(1.0, sum(sizes) / len(sizes) / stories[example.language, example.label])


def _no_news(rng: random.Random) -> Iterator[Example]:
    """Texts that are no news, each mixed from phrases of one kind and script."""
    table = orjson.loads(files("stream.data").joinpath("taxonomy", "no_news.json").read_bytes())
    kinds = [
        (language, phrases)
        for kind in sorted(table)
        for language, phrases in _by_script(table[kind]).items()
        if len(phrases) > 1
    ]
    for number in range(_NO_NEWS_TEXTS):
        language, phrases = rng.choice(kinds)
        body = "\n".join(rng.choices(phrases, k=rng.randint(2, 12)))
        yield Example(f"none-{number}", NO_NEWS, language, "", body)


def _by_script(phrases: Sequence[str]) -> dict[str, list[str]]:
    scripts: dict[str, list[str]] = {"ar": [], "": []}
    for phrase in phrases:
        scripts["ar" if any("\u0600" <= character <= "\u06ff" for character in phrase) else ""].append(phrase)
    return scripts


def _medleys(examples: Sequence[Example], rng: random.Random) -> Iterator[Example]:
    """Texts of words that each stand in another story: what a language says when it speaks of nothing."""
    by_language: dict[str, list[list[str]]] = defaultdict(list)
    for example in examples:
        if found := f"{example.headline} {example.body}".split():
            by_language[example.language].append(found)
    for language, sources in sorted(by_language.items()):
        if len(sources) < _MEDLEY_SOURCES:
            continue
        for number in range(_MEDLEYS):
            body = " ".join(rng.choice(rng.choice(sources)) for _ in range(rng.randint(5, _MEDLEY_WORDS)))
            yield Example(f"medley-{language}-{number}", NO_NEWS, language, "", body)
