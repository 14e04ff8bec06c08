"""What stands beside names of places in Arabic text, learned from names that are nothing else.

Arabic has no capitals: `قطر` is a country and a diameter, `مصر` a country and a man who insists, `الليث` a
town and a lion. What stands before and after tells them apart as it does for a reader. Names that are
certainly places (`دمشق`) show which words stand beside places, as log-odds over chance; under these, the
share of the occurrences of any other word that are places is found by expectation maximisation (naive
Bayes with two features, one unknown prior a word).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


def learn(texts: Sequence[list[str]], often: list[str]) -> dict[str, tuple[float, float, int, int]]:
    """Of each word of `often`, and of the text's edge and a rare word: the log-odds that a place follows it
    and that it follows a place, and the percentages of its occurrences that are places, by both neighbours
    and by the one that follows only."""
    vocabulary = [EDGE, RARE, *often]
    ids = {word: number for number, word in enumerate(vocabulary)}
    stream = np.array([i for text in texts for i in (0, *(ids.get(w, 1) for w in text))] + [0])
    left, middle, right = stream[:-2], stream[1:-1], stream[2:]
    sure, fold = np.zeros(len(ids), dtype=bool), np.arange(len(ids)) % _FOLDS
    for number, forms in enumerate(_certain_names()):
        known = [ids[form] for form in forms if form in ids]
        sure[known], fold[known] = True, number % _FOLDS
    # A name is judged by what the names of the other folds teach, or else it would vouch for itself.
    before, after = np.empty(len(middle)), np.empty(len(middle))
    for own in range(_FOLDS):
        teachers, pupils = (sure & (fold != own))[middle], (fold == own)[middle]
        before[pupils] = _odds(left, teachers, len(ids))[left[pupils]]
        after[pupils] = _odds(right, teachers, len(ids))[right[pupils]]
    both = _share(middle, before + after, len(ids))
    follows = _share(middle, after, len(ids))
    leading, trailing = _odds(left, sure[middle], len(ids)), _odds(right, sure[middle], len(ids))
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


def _odds(neighbours: npt.NDArray[np.int64], places: npt.NDArray[np.bool_], size: int) -> Floats:
    chance = places.mean()
    seen = np.bincount(neighbours, minlength=size)
    beside = np.bincount(neighbours[places], minlength=size)
    # A text begins with its dateline; a headline or a sentence need not.
    seen[0] = beside[0] = 0
    odds: Floats = np.log((beside + _SMOOTHING * chance) / (seen + _SMOOTHING) / chance)
    return np.clip(odds, _LEAST, _MOST)


def _share(words_: npt.NDArray[np.int64], evidence: Floats, size: int) -> Floats:
    seen = np.bincount(words_, minlength=size)
    share = np.full(size, 0.5)
    for _ in range(_ROUNDS):
        prior = np.log(share / (1 - share))
        place = 1 / (1 + np.exp(-(evidence + prior[words_])))
        share = (np.bincount(words_, weights=place, minlength=size) + 1) / (seen + 2)
    return share
