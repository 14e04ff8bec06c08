"""Topics of stories: the agency's own codes first, then what a linear model reads off the words.

A score is the share of stories with such words that are about the topic. Below a floor nothing is said:
a text of unknown words, or of words that point nowhere, gets no topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from stream.model import Subject, Topic
from stream.text.tokens import hash_words
from stream.topics.features import Features, TopicInput, features, word_buckets
from stream.topics.second import SecondLevels
from stream.topics.sections import Sections
from stream.topics.taxonomy import Taxonomy
from stream.topics.weights import Floats, Scorer, Weights

__all__ = ["Classifier", "Explanation", "TopicInput"]

FLOOR = 0.25
"""Below this a topic is more often wrong than right even as a second one, and is not named."""

_MOST = 4
# Precision first: a second level says more, and is named only where it is rather sure.
_SECOND_FLOOR = 0.5
_MOST_WITH_SECOND = 5


@dataclass(frozen=True, slots=True)
class Explanation:
    """A topic and the words that spoke for it, strongest first, each with what it added to the score
    before calibration. A supplied topic needs none."""

    topic: Topic
    words: tuple[tuple[str, float], ...]


class Classifier:
    """Names the topics of stories. Made once; holds no state between calls."""

    def __init__(
        self, taxonomy: Taxonomy, weights: Weights, sections: Sections, second: SecondLevels | None = None
    ) -> None:
        """Without `second` only tops are named."""
        self.version = weights.version
        self._taxonomy = taxonomy
        self._tops = weights.tops
        self._names = [taxonomy.name(qcode) for qcode in weights.tops]
        self._scorer = Scorer(weights)
        self._sections = sections
        self._second = second
        self._slope, self._offset = weights.slope, weights.offset

    @classmethod
    def load(cls, taxonomy: Taxonomy | None = None) -> Self:
        """With the weights and section words that ship with the package."""
        weights = Weights.load()
        taxonomy = taxonomy or Taxonomy.load()
        second = SecondLevels.load(weights.tops, taxonomy)
        return cls(taxonomy, weights, Sections.load(weights.tops), second)

    def scores(self, items: Sequence[TopicInput]) -> Floats:
        """Scores in 0…1 by story and top (columns as in `tops` of the weights), without a floor."""
        return self._scores(items, features(items))

    def _scores(self, items: Sequence[TopicInput], found: Features) -> Floats:
        raw = self._scorer.scores(found, len(items))
        for number, item in enumerate(items):
            if item.sections:
                raw[number, :-1] += self._sections.evidence(item.sections)
        return calibrated(raw, self._slope, self._offset)

    def classify_batch(self, items: Sequence[TopicInput]) -> list[list[Topic]]:
        """The topics of each story: supplied ones in their order, then the model's tops, best first, each
        with what the story says of it in particular right behind it, where enough words say so."""
        if not items:
            return []
        found = features(items)
        scores = self._scores(items, found)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :_MOST]
        best = np.take_along_axis(scores, order, axis=1)
        beneath = self._beneath(found, order)
        return [
            self._topics(item, columns, values, second)
            for item, columns, values, second in zip(
                items, order.tolist(), best.tolist(), beneath, strict=True
            )
        ]

    def _beneath(self, found: Features, order: npt.NDArray[np.int64]) -> list[list[tuple[int, float]]]:
        """The second level and its share for each of the best tops of each story."""
        if self._second is None:
            return [[(0, 0.0)] * order.shape[1]] * len(order)
        second = self._second.of(found, len(order))
        columns = np.take_along_axis(second.columns, order, axis=1).tolist()
        shares = np.take_along_axis(second.shares, order, axis=1).tolist()
        return [list(zip(*pair, strict=True)) for pair in zip(columns, shares, strict=True)]

    def explain(self, item: TopicInput, words: Sequence[str], most: int = 8) -> list[Explanation]:
        """The topics of one story with the words that carried them. `words` are the normalised words of
        headline and body, in order (`stream.text.tokens.words`)."""
        topics = self.classify_batch([item])[0]
        found = features([item])
        parts = self._scorer.contributions(found)
        numbers = {bucket: number for number, bucket in enumerate(found.buckets.tolist())}
        named = dict(zip(word_buckets(hash_words(words)).tolist(), words, strict=True))
        explained = []
        for topic in topics:
            gains = self._gains(topic, found, parts)
            weighed = [
                (word, round(float(gains[numbers[bucket]]), 3))
                for bucket, word in named.items()
                if bucket in numbers
            ]
            carried = sorted((w for w in weighed if w[1] > 0), key=lambda w: (-w[1], w[0]))[:most]
            explained.append(Explanation(topic, tuple(carried)))
        return explained

    def _gains(self, topic: Topic, found: Features, parts: Floats) -> Floats:
        """What each feature of a story did for a topic."""
        nothing = np.zeros(len(found.buckets), dtype=np.float32)
        if topic.by != "model":
            return nothing
        if topic.qcode in self._tops:
            gains: Floats = parts[:, self._tops.index(topic.qcode)]
            return gains
        if self._second is None:
            return nothing
        spoken = self._second.speak_for(self._second.qcodes.index(topic.qcode), found.buckets)
        return np.where(spoken, found.values, nothing)

    def _topics(
        self,
        item: TopicInput,
        columns: Sequence[int],
        scores: Sequence[float],
        beneath: Sequence[tuple[int, float]],
    ) -> list[Topic]:
        topics = self._supplied(item.subjects) if item.subjects else []
        covered = {self._taxonomy.top(topic.qcode) for topic in topics}
        room = _MOST_WITH_SECOND + len(topics)
        for column, score, (concept, share) in zip(columns, scores, beneath, strict=True):
            if score < FLOOR or len(topics) >= room:
                break
            if self._tops[column] in covered:
                continue
            topics.append(Topic(self._tops[column], self._names[column], round(score, 3), "model"))
            if self._second is not None and score * share >= _SECOND_FLOOR and len(topics) < room:
                qcode = self._second.qcodes[concept]
                topics.append(Topic(qcode, self._taxonomy.name(qcode), round(score * share, 3), "model"))
        return topics

    def _supplied(self, subjects: Sequence[Subject]) -> list[Topic]:
        resolved = dict.fromkeys(map(self._taxonomy.resolve_subject, subjects))
        return [
            Topic(qcode, self._taxonomy.name(qcode), 1.0, "supplied")
            for qcode in resolved
            if qcode is not None
        ]


def calibrated(raw: Floats, slope: float, offset: float) -> Floats:
    """Class scores (the last one "no news") to the chance that a text is about each top: that it is news at
    all, times the share of such news that is about the top. The latter are the odds of the top among the
    tops, stretched by `slope` and moved by `offset`; they need not add up to one."""
    shares = np.exp(raw - raw.max(axis=1, keepdims=True))
    news = shares[:, :-1].sum(axis=1, keepdims=True)
    among = np.clip(shares[:, :-1] / np.maximum(news, 1e-30), 1e-6, 1 - 1e-6)
    odds = (among / (1 - among)) ** np.float32(slope) * np.float32(np.exp(offset))
    scores: Floats = odds / (1 + odds) * (news / (news + shares[:, -1:]))
    return scores
