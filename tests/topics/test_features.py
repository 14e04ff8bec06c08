from __future__ import annotations

import numpy as np

from stream.text.tokens import hash_words, hashes
from stream.topics.features import BUCKETS, TopicInput, features, word_buckets


def test_each_word_of_a_story_is_one_feature() -> None:
    found = features([TopicInput(hashes("rain"), hashes("rain and wind and rain"))])
    assert sorted(found.buckets.tolist()) == sorted(
        word_buckets(hash_words(["rain", "and", "wind"])).tolist()
    )


def test_a_word_of_the_headline_counts_more_than_one_of_the_body() -> None:
    found = features([TopicInput(hashes("rain"), hashes("wind"))])
    values = dict(zip(found.buckets.tolist(), found.values.tolist(), strict=True))
    rain, wind = word_buckets(hash_words(["rain", "wind"])).tolist()
    assert values[rain] > values[wind]


def test_numbers_are_no_features() -> None:
    assert len(features([TopicInput(hashes("12"), hashes("1,200.5 2015"))]).buckets) == 0


def test_stories_keep_their_features_apart() -> None:
    found = features([TopicInput(hashes("rain"), hashes("")), TopicInput(hashes(""), hashes("rain"))])
    assert found.owners.tolist() == [0, 1]
    assert found.buckets[0] == found.buckets[1]


def test_buckets_lie_in_their_range() -> None:
    buckets = word_buckets(np.array([0, 1, 2**64 - 1], dtype=np.uint64))
    assert ((buckets >= 0) & (buckets < BUCKETS)).all()
