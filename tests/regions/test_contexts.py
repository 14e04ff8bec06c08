from __future__ import annotations

import pytest

from stream.regions.contexts import Contexts
from stream.regions.learn_contexts import learn
from stream.regions.table import EDGE_KEY, PREFIXED, RARE_KEY
from stream.text.tokens import hashes, word_hash, words
from tests.regions.conftest import Locate


def contexts(**beside: tuple[int, int]) -> Contexts:
    keys = {EDGE_KEY: (0, 0), RARE_KEY: (-8, -2), **{word_hash(w): odds for w, odds in beside.items()}}
    return Contexts(list(keys), [b for b, _ in keys.values()], [a for _, a in keys.values()])


def test_both_neighbours_add_to_the_trust() -> None:
    assert contexts(في=(13, 3), امس=(-2, 9)).odds(hashes("في قطر أمس"), 1, 10, 0) == 10 + 13 + 9


def test_before_a_name_with_a_preposition_stands_anything() -> None:
    assert contexts(بانبوب=(-30, 0), امس=(0, 9)).odds(hashes("بأنبوب بقطر أمس"), 1, 10, PREFIXED) == 19


def test_at_the_edge_of_a_text_nothing_is_said_and_rare_words_say_little() -> None:
    tokens = hashes("قطر كلمةنادرة")
    assert contexts().odds(tokens, 0, 10, 0) == 10 - 2
    assert contexts().odds(tokens, 1, 10, 0) == 10 - 8


def test_learns_from_certain_places_what_stands_beside_them() -> None:
    towns = ("بغداد", "بيروت", "طهران", "الكويت", "برلين", "موسكو", "طوكيو", "بكين", "مدريد", "أثينا", "روما")
    texts = [words(f"كلام كثير عن شيء وصل الوفد إلى {town} ظهرا ثم كلام آخر كثير") for town in towns * 3]
    texts += [words("كلام كثير يبلغ عرض الأنبوب مترا ثم كلام آخر")] * 30
    learned = learn(texts, sorted({word for text in texts for word in text}))
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
