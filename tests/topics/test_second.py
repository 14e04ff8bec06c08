from __future__ import annotations

import numpy as np
import pytest

from stream.model import Subject, Topic
from stream.text.tokens import hash_words, hashes, words
from stream.topics.classify import Classifier, TopicInput
from stream.topics.features import features, word_buckets
from stream.topics.second import SecondLevels
from stream.topics.taxonomy import Taxonomy

HEALTH, SPORT = "medtop:07000000", "medtop:15000000"
DISEASE, HOSPITAL, DISCIPLINE = "medtop:20000446", "medtop:20000461", "medtop:20000822"
FOOTBALL = "medtop:20001065"
MATCH = "تعادل الفريقين في مباراة الدوري", "سجل المهاجم هدفين في المرمى في كأس العالم لكرة القدم والدوري"


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


@pytest.fixture(scope="module")
def small(taxonomy: Taxonomy) -> SecondLevels:
    seeds = {
        DISEASE: frozenset({"virus", "fever", "cold"}),
        HOSPITAL: frozenset({"hospital", "ward", "clinic"}),
        FOOTBALL: frozenset({"cold"}),
    }
    return SecondLevels(seeds, (HEALTH, SPORT), taxonomy)


@pytest.fixture(scope="module")
def shipped() -> Classifier:
    return Classifier.load()


def story(headline: str, body: str = "", **fields: object) -> TopicInput:
    return TopicInput(hashes(headline), hashes(body), **fields)  # type: ignore[arg-type]


def named(small: SecondLevels, *items: TopicInput) -> list[str]:
    """The concept beneath health for each story, empty where there is none."""
    second = small.of(features(items), len(items))
    pairs = zip(second.columns[:, 0].tolist(), second.shares[:, 0].tolist(), strict=True)
    return [small.qcodes[column] if share else "" for column, share in pairs]


def below(topics: list[Topic], taxonomy: Taxonomy) -> list[Topic]:
    return [topic for topic in topics if topic.qcode not in taxonomy.tops]


def test_several_words_of_a_concept_name_it(small: SecondLevels) -> None:
    assert named(small, story("virus fever", "virus fever")) == [DISEASE]


def test_one_mention_is_not_enough(small: SecondLevels) -> None:
    assert named(small, story("", "a virus")) == [""]


def test_words_of_a_sister_speak_against_it(small: SecondLevels) -> None:
    assert named(small, story("virus fever hospital ward", "clinic")) == [""]


def test_stories_of_a_batch_are_told_apart(small: SecondLevels) -> None:
    items = [story("virus fever"), story(""), story("hospital ward"), story("nothing known")]
    assert named(small, *items) == [DISEASE, "", HOSPITAL, ""]


def test_a_word_may_speak_for_concepts_of_several_tops(small: SecondLevels) -> None:
    second = small.of(features([story("cold", "cold cold virus cold")]), 1)
    assert [small.qcodes[column] for column in second.columns[0].tolist()] == [DISEASE, FOOTBALL]


def test_the_words_of_a_concept_can_be_told(small: SecondLevels) -> None:
    buckets = word_buckets(hash_words(["fever", "cold", "ward"]))
    assert small.speak_for(small.qcodes.index(DISEASE), buckets).tolist() == [True, True, False]


def test_every_shipped_concept_is_a_second_level_or_a_discipline_of_sport(taxonomy: Taxonomy) -> None:
    qcodes = [qcode for qcode in SecondLevels.load(taxonomy.tops, taxonomy).qcodes if qcode]
    assert qcodes
    assert all(taxonomy.parent(qcode) in (*taxonomy.tops, DISCIPLINE) for qcode in qcodes)


def test_every_top_has_a_second_level_to_name(taxonomy: Taxonomy) -> None:
    qcodes = [qcode for qcode in SecondLevels.load(taxonomy.tops, taxonomy).qcodes if qcode]
    assert {taxonomy.top(qcode) for qcode in qcodes} == set(taxonomy.tops)


def test_a_match_is_football_right_behind_its_top(shipped: Classifier) -> None:
    first, second = shipped.classify_batch([story(*MATCH)])[0][:2]
    assert (first.qcode, second.qcode) == (SPORT, FOOTBALL)
    assert second.score < first.score


def test_a_match_with_supplied_codes_of_its_top_gets_none_of_the_model(shipped: Classifier) -> None:
    topics = shipped.classify_batch([story(*MATCH, subjects=(Subject("medtop", "20001085"),))])[0]
    assert FOOTBALL not in [topic.qcode for topic in topics]


def test_no_more_than_five_topics_are_named(shipped: Classifier, taxonomy: Taxonomy) -> None:
    mixed = [
        story(" ".join(taxonomy.name(qcode, "ar") for qcode in taxonomy.tops[n : n + 6])) for n in range(12)
    ]
    assert max(map(len, shipped.classify_batch(mixed))) <= 5


def test_an_explanation_names_the_words_of_a_second_level(shipped: Classifier) -> None:
    explained = shipped.explain(story(*MATCH), words(" ".join(MATCH)))
    [football] = [each for each in explained if each.topic.qcode == FOOTBALL]
    assert set(words("المهاجم هدفين القدم")) & {word for word, _ in football.words}


def test_a_text_without_topic_has_no_second_level(shipped: Classifier, taxonomy: Taxonomy) -> None:
    assert below(shipped.classify_batch([story("", "xqzv plok wrrt zzyx " * 10)])[0], taxonomy) == []
    assert np.all(shipped.scores([story("")]) < 0.5)
