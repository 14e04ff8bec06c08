"""Second levels: what a story says of a top in particular, by words that name it.

No set labels second levels, so nothing is learnt here: each concept has words that speak for it, and is
named where a story of its top holds enough of them and few of its sisters'. In sport the second level is
"competition discipline", which says nothing; there the disciplines beneath it stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import orjson

from stream.text.tokens import hash_words, words
from stream.topics.features import BUCKETS, Features, word_buckets
from stream.topics.taxonomy import Taxonomy
from stream.topics.weights import Floats

# Arabic writes article, conjunctions and prepositions on to the word.
_PREFIXES = ("", "ال", "وال", "بال", "فال", "لل", "و", "ب", "ل")
# A story without these words in its head needs several of them: each counts 1 + ln(times) with its place.
_ENOUGH = 4.0
# What words of other concepts of the same top take off.
_RIVALRY = 0.5
# From strength to the share of right ones, as reading found it.
_SLOPE, _OFFSET = 0.4, -0.4


class Second(NamedTuple):
    """The best second level by story and top: an index into `SecondLevels.qcodes` and its share among
    stories of the top with such words, 0 where too little speaks for any."""

    columns: npt.NDArray[np.int64]
    shares: Floats


class SecondLevels:
    """Words that speak for concepts beneath the tops, laid out for a look-up by bucket."""

    def __init__(
        self, seeds: Mapping[str, frozenset[str]], tops: tuple[str, ...], taxonomy: Taxonomy
    ) -> None:
        """`seeds` maps qcodes to normalised words; `tops` are the qcodes of the classifier's columns."""
        self.qcodes: list[str] = []
        by_top = {top: [q for q in seeds if taxonomy.top(q) == top] for top in tops}
        # One more place than the largest top needs: a top without concepts has an empty best.
        self._width = max(map(len, by_top.values())) + 1
        self._tops = len(tops)
        entries: list[tuple[int, int]] = []
        for top in tops:
            for number in range(self._width):
                qcode = by_top[top][number] if number < len(by_top[top]) else ""
                if qcode:
                    named = sorted(seeds[qcode])
                    buckets = set(word_buckets(hash_words(named)).tolist()) if named else set()
                    entries += [(bucket, len(self.qcodes)) for bucket in buckets]
                self.qcodes.append(qcode)
        entries.sort()
        buckets_of = np.array([bucket for bucket, _ in entries], dtype=np.int64)
        self._columns = np.array([column for _, column in entries], dtype=np.int64)
        known, starts, counts = np.unique(buckets_of, return_index=True, return_counts=True)
        self._rows = np.zeros(BUCKETS, dtype=np.int32)
        self._rows[known] = np.arange(1, len(known) + 1)
        self._starts = np.concatenate([[0], starts])
        self._counts = np.concatenate([[0], counts])

    @classmethod
    def load(cls, tops: tuple[str, ...], taxonomy: Taxonomy) -> Self:
        """The words that ship with the package, and the vocabulary's labels of one word in its other
        languages."""
        table = orjson.loads(files("stream.data").joinpath("taxonomy", "second.json").read_bytes())
        seeds = {f"medtop:{code}": frozenset(_forms(text)) for code, text in table.items()}
        return cls({q: s | frozenset(_labels(q, taxonomy)) for q, s in seeds.items()}, tops, taxonomy)

    def of(self, found: Features, stories: int) -> Second:
        """The best concept beneath each top for each story."""
        rows = self._rows[found.buckets]
        hits = np.flatnonzero(rows)
        rows = rows[hits]
        counts = self._counts[rows]
        # A word may speak for concepts of several tops: one entry for each.
        ends = np.cumsum(counts)
        places = np.arange(int(counts.sum())) + np.repeat(self._starts[rows] - ends + counts, counts)
        width = self._tops * self._width
        cells = np.repeat(found.owners[hits], counts) * width + self._columns[places]
        values = np.repeat(found.values[hits], counts)
        sums = np.bincount(cells, values, minlength=stories * width).reshape(stories, self._tops, self._width)
        best = sums.max(axis=2)
        strength = best - _RIVALRY * (sums.sum(axis=2) - best)
        shares = 1 / (1 + np.exp(-_SLOPE * strength - _OFFSET))
        shares[strength < _ENOUGH] = 0
        columns = sums.argmax(axis=2) + np.arange(self._tops) * self._width
        return Second(columns, shares.astype(np.float32))

    def speak_for(self, column: int, buckets: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which of the buckets hold a word of the concept of a column."""
        own = np.flatnonzero(self._columns == column)
        rows = self._rows[buckets]
        inside = (self._starts[rows][:, None] <= own) & (own < (self._starts + self._counts)[rows][:, None])
        return np.asarray(inside.any(axis=1))


def _forms(text: str) -> Iterator[str]:
    for item in text.split():
        for word in words(item):
            yield word
            if "\u0600" <= word[0] <= "\u06ff":
                yield from (prefix + word for prefix in _PREFIXES)


def _labels(qcode: str, taxonomy: Taxonomy) -> Iterator[str]:
    for label in taxonomy.labels(qcode).values():
        if len(named := words(label)) == 1:
            yield named[0]
