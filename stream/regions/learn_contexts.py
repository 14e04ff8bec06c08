"""What stands beside names of places in Arabic text, learned from names that are nothing else.

Arabic has no capitals: `قطر` is a country and a diameter, `مصر` a country and a man who insists, `الليث` a
town and a lion. What stands before and after tells them apart as it does for a reader. Names that are
certainly places (`دمشق`) show which words stand beside places, as log-odds over chance; under these, the
share of the occurrences of any other word that are places is found by expectation maximisation (naive
Bayes with two features, one unknown prior a word).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stream.regions.arabic_forms import is_arabic
from stream.regions.phrases import EDGE, RARE, SOURCES, rows
from stream.text.tokens import words

# The evidence of a neighbour seen a few times is drawn towards chance by so many occurrences.
_SMOOTHING = 4.0
# One neighbour may not decide alone against a name that is a place nine times in ten.
_LEAST, _MOST = -3.0, 3.0
_ROUNDS = 12
_FOLDS = 10

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Corpus(NamedTuple):
    """Texts as numbers: those of the words that are seen often, of the text's edge and of a rare word; and
    of every word of the texts the one before it, itself and the one after it."""

    ids: dict[str, int]
    left: Ints
    middle: Ints
    right: Ints

    def among(self, names: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Where the texts have one of the names."""
        chosen = np.zeros(len(self.ids), dtype=bool)
        chosen[[self.ids[name] for name in names if name in self.ids]] = True
        return chosen[self.middle]


def read_corpus(texts: Iterable[list[str]], often: list[str]) -> Corpus:
    ids = {word: number for number, word in enumerate([EDGE, RARE, *often])}
    stream = np.array([i for text in texts for i in (0, *(ids.get(w, 1) for w in text))] + [0])
    return Corpus(ids, stream[:-2], stream[1:-1], stream[2:])


def learn(corpus: Corpus) -> dict[str, tuple[float, float, int, int]]:
    """Of each word: the log-odds that a place follows it and that it follows a place, and the percentages of
    its occurrences that are places, by both neighbours and by the one that follows only."""
    ids, left, middle, right = corpus
    sure, fold = np.zeros(len(ids), dtype=bool), np.arange(len(ids)) % _FOLDS
    for number, forms in enumerate(_certain_names()):
        known = [ids[form] for form in forms if form in ids]
        sure[known], fold[known] = True, number % _FOLDS
    # A name is judged by what the names of the other folds teach, or else it would vouch for itself.
    before, after = np.empty(len(middle)), np.empty(len(middle))
    for own in range(_FOLDS):
        teachers, pupils = (sure & (fold != own))[middle], (fold == own)[middle]
        before[pupils] = odds(left, teachers, len(ids))[left[pupils]]
        after[pupils] = odds(right, teachers, len(ids))[right[pupils]]
    both = _share(middle, before + after, len(ids))
    follows = _share(middle, after, len(ids))
    leading, trailing = odds(left, sure[middle], len(ids)), odds(right, sure[middle], len(ids))
    return {
        word: (
            round(float(leading[i]), 2),
            round(float(trailing[i]), 2),
            int(100 * both[i]),
            int(100 * follows[i]),
        )
        for word, i in ids.items()
    }


def _certain_names() -> Iterator[tuple[str, str]]:
    """Names of countries and towns by hand that carry no mark, as they stand and after `و`."""
    for table in ("names.tsv", "places.tsv"):
        for *about, names in rows(SOURCES / table):
            for name in names.split("|"):
                if is_arabic(name) and name[-1] not in "?*" and "region" not in about:
                    phrase = words(name)
                    if len(phrase) == 1:
                        yield (phrase[0], "و" + phrase[0])


def odds(neighbours: Ints, places: npt.NDArray[np.bool_], size: int) -> Floats:
    """The log-odds over chance that a word is the neighbour of one of the `places`."""
    chance = places.mean()
    seen = np.bincount(neighbours, minlength=size)
    beside = np.bincount(neighbours[places], minlength=size)
    # A text begins with its dateline; a headline or a sentence need not.
    seen[0] = beside[0] = 0
    ratio: Floats = np.log((beside + _SMOOTHING * chance) / (seen + _SMOOTHING) / chance)
    return np.clip(ratio, _LEAST, _MOST)


def _share(words_: Ints, evidence: Floats, size: int) -> Floats:
    seen = np.bincount(words_, minlength=size)
    share = np.full(size, 0.5)
    for _ in range(_ROUNDS):
        prior = np.log(share / (1 - share))
        place = 1 / (1 + np.exp(-(evidence + prior[words_])))
        share = (np.bincount(words_, weights=place, minlength=size) + 1) / (seen + 2)
    return share
