from __future__ import annotations

import pytest

from stream.regions.contexts import Contexts
from stream.regions.learn_contexts import learn, read_corpus
from stream.regions.table import EDGE_KEY, RARE_KEY
from stream.text.tokens import hashes, words
from tests.regions.conftest import Locate


def test_equal_lines_are_one_object() -> None:
    contexts = Contexts.of([EDGE_KEY, RARE_KEY, 7, 9], *[[0, -20, 5, 5]] * 5)
    assert contexts.edge == (0,) * 5
    assert contexts.rare == (-20,) * 5
    assert contexts.beside[7] is contexts.beside[9]


def test_two_words_of_sport_nearby_make_a_match() -> None:
    contexts = Contexts.of([EDGE_KEY, RARE_KEY], *[[0, 0]] * 5)
    assert contexts.is_sport(hashes("سجل مهاجم العين هدفا في المباراة"), 2)
    assert not contexts.is_sport(hashes("افتتح الأمير في العين معرض الكتاب"), 3)


def test_learns_from_certain_places_what_stands_beside_them() -> None:
    towns = ("بغداد", "بيروت", "طهران", "الكويت", "برلين", "موسكو", "طوكيو", "بكين", "مدريد", "أثينا", "روما")
    texts = [words(f"كلام كثير عن شيء وصل الوفد إلى {town} ظهرا ثم كلام آخر كثير") for town in towns * 3]
    texts += [words("كلام كثير يبلغ عرض الأنبوب مترا ثم كلام آخر")] * 30
    learned = learn(read_corpus(texts, sorted({word for text in texts for word in text})))
    before, _, _, _ = learned["الي"]
    beside_words, _, _, _ = learned["يبلغ"]
    assert before > 1.0 > 0.0 > beside_words


@pytest.mark.parametrize(
    ("country", "place", "word"),
    [
        ("QA", "استضافت قطر جولة من المحادثات في الدوحة", "تركيب ماسورة يبلغ قطر فتحتها مترين"),
        ("EG", "قالت مصر إنها سترسل وفدا", "بدا اللاعب وهو مصر على البقاء"),
        ("JO", "وصلت الباخرة إلى العقبة أمس", "تجاوز الفريق تلك العقبة الصعبة"),
        ("JO", "أمطار غزيرة في محافظة معان", "قصيدة فيها معان جميلة"),
        ("SY", "عاد السكان إلى حماة", "أنتم حماة الأرض والعرض"),
    ],
)
def test_a_name_that_is_a_word_is_a_place_where_places_stand(
    locate: Locate, country: str, place: str, word: str
) -> None:
    assert [region.country for region in locate(place)] == [country]
    assert locate(word) == []


@pytest.mark.parametrize(
    "text",
    ["أشادت الكاتبة جورجيا براون بالعرض", "أنقذ الحارس سيدني ويليامز مرماه", "شكر البابا ليون الحضور"],
)
def test_titles_stand_before_persons(locate: Locate, text: str) -> None:
    assert locate(text) == []
