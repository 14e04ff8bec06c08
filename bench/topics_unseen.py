"""What the topic model knows of what it never read: `python -m bench.topics_unseen [--data DIR]`.

Trains anew without one outlet of ANT v2.1 at a time and measures on that outlet's sections (culture, economy,
sport, technology); and without one third of the MasakhaNEWS dev split at a time, measuring on that third.
The folds are what settings of training are chosen by, since the test split only measures. Takes some
minutes, so it is no gate of every day; exits 1 when an outlet's floor breaks, 0 with one line when the
material is absent.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from stream.development import DATA
from stream.topics import corpus
from stream.topics.classify import Classifier
from stream.topics.corpus import Example
from stream.topics.material import LABELS, TOPS, Material, gather
from stream.topics.sections import Sections
from stream.topics.taxonomy import Taxonomy
from stream.topics.train import fit, inputs
from stream.topics.weights import Floats

FILES = ("topics/ant_v21_skynews_bbc_cnn.jsonl.gz", "topics/masakhanews_eng/dev.tsv")
OUTLETS = ("SkyNews", "BBC", "CNN")
# Macro-F1 among the sections' tops.
FLOOR = 0.885
_FOLDS = 3


def scores(material: Material, stories: Sequence[Example]) -> Floats:
    """Scores of stories by a model of this material."""
    classifier = Classifier(Taxonomy.load(), fit(material), Sections({}, len(TOPS)))
    return classifier.scores(inputs(stories))


def part(material: Material, rows: Iterable[int], unlabelled: Iterable[int] = ()) -> Material:
    """These documents of the material; those of `unlabelled` lose their labels."""
    place = {row: number for number, row in enumerate(rows)}
    lost = set(unlabelled)
    return Material(
        [material.examples[row] for row in place],
        [t._replace(row=place[t.row]) for t in material.targets if t.row in place and t.row not in lost],
    )


def outlet(data: Path, name: str) -> float:
    """Macro-F1 on the sections of an outlet that was not read, among their tops; prints also that among
    all 17."""
    material = gather(data, LABELS, without=name)
    arabic = [row for row, example in enumerate(material.examples) if example.language == "ar"]
    stories = [e for e in corpus.ant(data) if e.source == name and e.label]
    found = scores(part(material, arabic), stories)
    truth = np.array([TOPS.index(story.label or "") for story in stories])
    used = sorted(set(truth.tolist()))
    among = np.array(used)[found[:, used].argmax(axis=1)]
    by_top = f1_score(truth, among, labels=used, average=None)
    of_all = f1_score(truth, found.argmax(axis=1), labels=used, average="macro")
    report = "  ".join(f"{TOPS[column]} {score:.2f}" for column, score in zip(used, by_top, strict=True))
    print(f"{name}: {len(stories)} stories: {report}")
    print(f"  macro-F1 {by_top.mean():.3f} among these, {of_all:.3f} among all 17", flush=True)
    return float(by_top.mean())


def folds(data: Path) -> None:
    """Print macro-F1 by language over thirds of the MasakhaNEWS dev split that were not learnt from."""
    material = gather(data, LABELS)
    others = [row for row, example in enumerate(material.examples) if example.language != "ar"]
    labelled = [row for row in others if material.examples[row].source == "masakha"]
    kinds = [f"{material.examples[row].language} {material.examples[row].label}" for row in labelled]
    said: dict[int, str] = {}
    for _, fold in StratifiedKFold(_FOLDS, shuffle=True, random_state=1).split(labelled, kinds):
        rows = [labelled[number] for number in fold]
        found = scores(part(material, others, rows), [material.examples[row] for row in rows])
        said |= {row: TOPS[column] for row, column in zip(rows, found.argmax(axis=1).tolist(), strict=True)}
    for language in ("en", "fr"):
        rows = [row for row in labelled if material.examples[row].language == language]
        truth = [material.examples[row].label or "" for row in rows]
        used = sorted(set(truth))
        by_top = f1_score(truth, [said[row] for row in rows], labels=used, average=None)
        report = "  ".join(f"{top} {score:.2f}" for top, score in zip(used, by_top, strict=True))
        print(f"{language}, folds of dev: {len(rows)} stories: {report}")
        print(f"  macro-F1 {by_top.mean():.3f} among all 17", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.topics_unseen", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the development data")
    data: Path = parser.parse_args().data
    absent = [name for name in FILES if not (data / name).exists()]
    if absent:
        print(f"topics, unseen: skipped, {data / absent[0]} is absent")
        return 0
    with threadpool_limits(1):
        folds(data)
        broken = [name for name in OUTLETS if outlet(data, name) < FLOOR]
    for name in broken:
        print(f"BROKEN: {name} is under {FLOOR}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
