from __future__ import annotations

import numpy as np
import pytest

from stream.model import Subject, Topic
from stream.text.tokens import hash_words, hashes, words
from stream.topics.classify import Classifier, TopicInput, calibrated
from stream.topics.features import word_buckets
from stream.topics.sections import Sections
from stream.topics.taxonomy import Taxonomy
from stream.topics.weights import Weights

POLITICS, SPORT = "medtop:11000000", "medtop:15000000"


def story(headline: str = "", body: str = "", **fields: object) -> TopicInput:
    return TopicInput(hashes(headline), hashes(body), **fields)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small() -> Classifier:
    """Knows two words for each of two tops, and nothing else."""
    names = ["goal", "match", "minister", "vote"]
    buckets = word_buckets(hash_words(names))
    order = np.argsort(buckets)
    rows = np.array([[0, 8, 0], [0, 8, 0], [8, 0, 0], [8, 0, 0]], dtype=np.float32)
    weights = Weights(
        version="test",
        tops=(POLITICS, SPORT),
        buckets=buckets[order],
        weights=rows[order],
        mass=np.ones(4, dtype=np.float32),
        unknown_mass=1.0,
        bias=np.zeros(3, dtype=np.float32),
        slope=1.0,
        offset=0.0,
    )
    return Classifier(Taxonomy.load(), weights, Sections({"sports": 1}, 2))


@pytest.fixture(scope="module")
def shipped() -> Classifier:
    return Classifier.load()


def tops(topics: list[Topic]) -> list[str]:
    return [topic.qcode for topic in topics]


def test_words_of_a_top_name_it(small: Classifier) -> None:
    assert tops(small.classify_batch([story("goal", "match goal")])[0])[:1] == [SPORT]


def test_a_story_of_two_topics_gets_both_the_stronger_first(small: Classifier) -> None:
    assert tops(small.classify_batch([story("minister vote", "minister match")])[0]) == [POLITICS]
    assert set(tops(small.classify_batch([story("minister match")])[0])) == {POLITICS, SPORT}


def test_unknown_words_dilute_what_the_known_ones_say(small: Classifier) -> None:
    clear = small.scores([story("", "goal")])[0, 1]
    diluted = small.scores([story("", "goal " + " ".join(f"word{chr(97 + n)}" for n in range(20)))])[0, 1]
    assert diluted < clear


def test_no_batch_is_no_result(small: Classifier) -> None:
    assert small.classify_batch([]) == []


def test_a_story_without_words_is_scored_like_one_of_unknown_words(small: Classifier) -> None:
    scores = small.scores([story(), story("", "qwertz"), story("", "12 13")])
    assert np.allclose(scores, scores[0])


def test_a_story_is_scored_alike_alone_and_in_a_batch(small: Classifier) -> None:
    items = [story("goal", "vote"), story(), story("", "minister match"), *[story("", "match")] * 70]
    together = small.scores(items)
    assert np.allclose(together[2], small.scores([items[2]])[0])
    assert np.allclose(together[-1], small.scores([items[-1]])[0])


def test_the_supplied_codes_come_first_and_are_not_doubted(small: Classifier) -> None:
    item = story("minister vote", "minister", subjects=(Subject("subj", "15054000"), Subject("x", "1")))
    topics = small.classify_batch([item])[0]
    assert topics[0] == Topic("medtop:20001065", "football (soccer)", 1.0, "supplied") or (
        topics[0].by == "supplied" and topics[0].score == 1.0 and topics[0].qcode == "medtop:20001065"
    )
    assert tops(topics[1:]) == [POLITICS]


def test_a_top_that_a_supplied_code_covers_is_not_named_again(small: Classifier) -> None:
    item = story("goal match", "goal", subjects=(Subject("medtop", "20001065"),))
    assert tops(small.classify_batch([item])[0]) == ["medtop:20001065"]


def test_a_section_is_evidence(small: Classifier) -> None:
    without, with_section = small.scores(
        [story("", "vote goal"), story("", "vote goal", sections=("Sports",))]
    )
    assert with_section[1] > without[1]


def test_a_section_does_not_overrule_clear_words(small: Classifier) -> None:
    topics = small.classify_batch([story("minister vote", "minister", sections=("Sports",))])[0]
    assert tops(topics)[0] == POLITICS


def test_an_explanation_names_the_words_that_carried_a_topic(small: Classifier) -> None:
    text = "goal in the match"
    [explanation] = small.explain(story("", text), words(text))
    assert explanation.topic.qcode == SPORT
    assert {word for word, _ in explanation.words} == {"goal", "match"}


def test_calibrated_scores_stay_between_nought_and_one() -> None:
    scores = calibrated(np.array([[500, -500, 0]], dtype=np.float32), 1.0, 0.0)
    assert scores.shape == (1, 2)
    assert ((scores >= 0) & (scores <= 1)).all()


def test_what_looks_like_no_news_scores_low_however_clear_its_best_top_is() -> None:
    news, none = calibrated(np.array([[9, 0, 0], [9, 0, 12]], dtype=np.float32), 1.0, 0.0)
    assert news[0] > 0.99
    assert none[0] < 0.1


def test_tops_that_are_both_there_both_score() -> None:
    scores = calibrated(np.array([[8, 8, 0]], dtype=np.float32), 1.0, 1.4)
    assert (scores > 0.75).all()


def test_scores_fall_from_first_to_last(shipped: Classifier) -> None:
    text = "اجتمع وزير الخارجية مع رئيس الوزراء لبحث أسعار النفط وميزانية الدولة قبل الانتخابات"
    scores = [topic.score for topic in shipped.classify_batch([story("", text)])[0]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("headline", "body", "top"),
    [
        ("تعادل الفريقين في مباراة القمة", "سجل المهاجم هدفين في الشوط الثاني من مباراة الدوري", "15"),
        ("زلزال يضرب جزيرة", "ضرب زلزال قوي الجزيرة وتواصل فرق الإنقاذ البحث عن ناجين تحت الأنقاض", "03"),
        (
            "ارتفاع أسعار النفط",
            "ارتفعت العقود الآجلة لخام برنت وأغلقت أسهم الشركات على مكاسب في البورصة",
            "04",
        ),
        ("محكمة تحكم بالسجن", "أدانت المحكمة المتهم بالسرقة والاحتيال وحكمت عليه بالسجن خمس سنوات", "02"),
        ("Striker signs", "The striker scored two goals as the team won the cup final in extra time", "15"),
        ("Un vaccin contre le paludisme", "Les médecins de l'hôpital vaccinent les malades", "07"),
    ],
)
def test_the_shipped_model_tells_plain_cases(shipped: Classifier, headline: str, body: str, top: str) -> None:
    assert tops(shipped.classify_batch([story(headline, body)])[0])[0] == f"medtop:{top}000000"


def test_the_shipped_model_says_nothing_of_gibberish(shipped: Classifier) -> None:
    assert shipped.classify_batch([story("", "xqzv plok wrrt zzyx vvbn kkjh " * 10)])[0] == []


@pytest.mark.parametrize(
    "text",
    [
        "طحين نصف كيلو، حليب كوبان، هيل مطحون، سمن بلدي، ماء ورد",
        "see you on Friday then, and don't forget the umbrella, I left mine on your sofa",
        "fn add(a: i32, b: i32) -> i32 { a + b } let total = add(2, 3);",
        "n'oublie pas ton parapluie, je t'attends en bas dans cinq minutes",
        "мяч кошка стол окно зима дорога песок лампа",
    ],
)
def test_the_shipped_model_is_sure_of_no_topic_where_there_is_no_news(shipped: Classifier, text: str) -> None:
    assert all(topic.score < 0.5 for topic in shipped.classify_batch([story("", text)])[0])
