"""What training sees of a story's words: stems, cognates, latent topics of unlabelled news, and seed words.

All four are linear in the words, so that what is learnt of them folds into one weight a word: the model
that ships knows nothing of stems or latent topics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.utils.extmath import randomized_svd

from stream.text.tokens import words
from stream.topics.features import BODY_TOKENS, IN_HEADLINE, IN_LEAD, LEAD_TOKENS
from stream.topics.stem import cognate, stem

Matrix = npt.NDArray[np.float32]

# Rarity of a word that no document holds; the scale is arbitrary, and only ratios matter.
RAREST = 8.0
_LEAST_DOCUMENTS = 2
_SEED_SCALE = 2.0
# Words that begin alike are often one word in two languages, and sometimes not.
_COGNATE_SCALE = 0.7


@dataclass(frozen=True, slots=True)
class Counts:
    """Damped word counts of documents, before anything is weighed. `words` names the columns."""

    values: sp.csr_matrix
    words: list[str]

    @classmethod
    def of(cls, documents: Sequence[tuple[str, str]]) -> Counts:
        """Counts of (headline, body), as `stream.topics.features` counts them."""
        columns: dict[str, int] = {}
        indices: list[int] = []
        values: list[float] = []
        ends = [0]
        memo: dict[str, list[str]] = {}
        for headline, body in documents:
            head, text = _words(headline, memo), _words(body, memo)
            counts = Counter(text[LEAD_TOKENS:BODY_TOKENS])
            for zone, weight in ((head, IN_HEADLINE), (text[:LEAD_TOKENS], IN_LEAD)):
                for word in zone:
                    counts[word] += weight
            for word, count in counts.items():
                if not word[0].isdigit():
                    indices.append(columns.setdefault(word, len(columns)))
                    values.append(1 + log(count))
            ends.append(len(indices))
        matrix = sp.csr_matrix(
            (np.array(values, np.float32), np.array(indices, np.int32), np.array(ends)),
            shape=(len(documents), len(columns)),
        )
        return cls(matrix, list(columns))


def rarity(counts: Counts, languages: Sequence[str]) -> Matrix:
    """Inverse document frequency of each word, 0…`RAREST`, in the language where it is most common: a
    stop word of a language with few documents is a stop word all the same."""
    result = np.full(len(counts.words), RAREST, dtype=np.float32)
    for language in set(languages):
        rows = np.flatnonzero(np.array([other == language for other in languages]))
        frequency = np.bincount(counts.values[rows].indices, minlength=len(counts.words))
        here = RAREST * (1 - np.log1p(frequency) / np.log1p(len(rows)))
        result = np.where(frequency >= _LEAST_DOCUMENTS, np.minimum(result, here), result)
    return np.maximum(result, 0.1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Latent:
    """How many latent topics there are, and how much they weigh: spread over all of them, what a story is
    about is faint in each, where it stands out in a few stems."""

    topics: int
    scale: float


class Views:
    """Learnt from the counts of all documents; turns them into what the classifier is trained on."""

    def __init__(
        self,
        counts: Counts,
        rare: Matrix,
        seeds: Mapping[str, Sequence[str]],
        latent: Latent,
        news: Sequence[int] | None = None,
    ) -> None:
        """`seeds` are words that speak for a class, by class in column order. Latent topics are those of
        the documents `news` (rows; None for all): many labels of few words make no company."""
        self.rarity = rare
        self.words = counts.words
        self._stems, self._stem_names = _grouped([stem(word) for word in counts.words])
        self._cognates = _grouped([cognate(name) for name in self._stem_names])[0] * _COGNATE_SCALE
        self._seeds = self._seed_matrix(seeds)
        both = self._with_cognates(self._of_stems(counts))
        _, _, found = randomized_svd(
            both if news is None else both[news], latent.topics, n_iter=2, random_state=0
        )
        spread = np.asarray(both @ found.T).std(axis=0) * np.sqrt(latent.topics)
        self._latent = (found.T / spread * latent.scale).astype(np.float32)

    def of(self, counts: Counts) -> sp.csr_matrix:
        """The four views of documents counted with the same columns."""
        stems = self._of_stems(counts)
        both = self._with_cognates(stems)
        return sp.hstack([both, sp.csr_matrix(both @ self._latent), stems @ self._seeds]).tocsr()

    def seed_scores(self, counts: Counts) -> Matrix:
        """How much of each document the seed words of each class are."""
        scores: Matrix = np.asarray((self._of_stems(counts) @ self._seeds).todense(), dtype=np.float32)
        return scores

    def fold(self, weights: Matrix) -> Matrix:
        """Weights by word and class from weights by feature and class."""
        words, topics = self._latent.shape
        both, latent, seeds = np.split(weights, [words, words + topics])
        stems, cognates = np.split(both + self._latent @ latent, [self._cognates.shape[0]])
        by_stem = stems + self._cognates @ cognates + self._seeds @ seeds
        folded: Matrix = np.asarray(self._stems @ by_stem) * self.rarity[:, None]
        return folded.astype(np.float32)

    def _of_stems(self, counts: Counts) -> sp.csr_matrix:
        weighed = counts.values @ sp.diags(self.rarity)
        norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        normalised = sp.diags(1 / np.maximum(norms, 1e-6)) @ weighed
        return sp.csr_matrix(normalised @ self._stems, dtype=np.float32)

    def _with_cognates(self, stems: sp.csr_matrix) -> sp.csr_matrix:
        return sp.hstack([stems, stems @ self._cognates]).tocsr()

    def _seed_matrix(self, seeds: Mapping[str, Sequence[str]]) -> sp.csr_matrix:
        matrix = np.zeros((len(self._stem_names), len(seeds)), dtype=np.float32)
        for column, names in enumerate(seeds.values()):
            for name in names:
                row = self._stem_names.get(stem(name))
                if row is not None:
                    matrix[row, column] = _SEED_SCALE
        # A word that several tops claim speaks for each of them by its share.
        shared = np.maximum((matrix > 0).sum(axis=1, keepdims=True), 1)
        return sp.csr_matrix(matrix / shared)


def _grouped(names: Sequence[str]) -> tuple[sp.csr_matrix, dict[str, int]]:
    """Which name stands in which place, one column a name, and the columns by name; an empty one has none."""
    columns: dict[str, int] = {}
    rows = [row for row, name in enumerate(names) if name]
    places = [columns.setdefault(names[row], len(columns)) for row in rows]
    ones = np.ones(len(rows), np.float32)
    return sp.csr_matrix((ones, (rows, places)), shape=(len(names), len(columns))), columns


def _words(text: str, memo: dict[str, list[str]]) -> list[str]:
    found: list[str] = []
    for raw in text.split():
        if raw not in memo:
            memo[raw] = words(raw)
        found += memo[raw]
    return found
