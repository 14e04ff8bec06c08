from __future__ import annotations

from collections import Counter

from stream.regions.learn_contexts import read_corpus
from stream.regions.learn_persons import given_names, learn_persons
from stream.text.tokens import words


def counted(texts: list[list[str]]) -> Counter[str]:
    return Counter(word for text in texts for word in text)


def test_given_names_follow_nouns_for_persons() -> None:
    texts = [words("ظهر الممثل كلينت في الحفل"), words("فاز الممثل الأميركي كلينت بجائزة")] * 3
    assert given_names(texts, counted(texts)) == {"كلينت"}


def test_what_follows_by_accident_or_with_a_particle_is_no_name() -> None:
    texts = [words("دعا الوزير للدفاع عن القرار ثم عاد الدفاع إلى مكان الدفاع")] * 5
    texts += [words("قال الوزير ثم خرج"), *[words("ثم ثم ثم ثم ثم ثم ثم ثم ثم ثم")] * 60] * 4
    assert given_names(texts, counted(texts)) == set()


def test_tells_what_a_nationality_describes_from_what_a_surname_follows() -> None:
    texts = [words(f"وصل الوفد {people} إلى المقر") for people in ("الروسي", "الياباني", "الكندي")] * 20
    texts += [words("وصل أحمد العراقي إلى المقر"), words("كلام كثير يقال هنا ثم كلام آخر")] * 40
    corpus = read_corpus(texts, sorted(counted(texts)))
    learned = learn_persons(corpus, {"احمد"})
    assert learned["الوفد"][2] > 1.0 > 0.0 > learned["يقال"][2]
    assert learned["وصل"][0] > 1.0
