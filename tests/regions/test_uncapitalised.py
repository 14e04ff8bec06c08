from __future__ import annotations

import pytest

from tests.regions.conftest import Locate


def found(locate: Locate, text: str) -> list[str]:
    return [region.country or region.m49 for region in locate(text)]


@pytest.mark.parametrize(
    "text",
    [
        "غنت النجمة باريس جاكسون ثلاث أغنيات",
        "لعب توم واشنطن دور الشرير",
        "كتبت المخرجة صوفيا كوبولا النص",
        "نال الباحث عصام الهندي المنحة",
        "قرأ الطلاب معجم الخليل بن أحمد",
    ],
)
def test_what_stands_beside_persons_is_one(locate: Locate, text: str) -> None:
    assert found(locate, text) == []


def test_a_town_that_people_are_called_after_is_one_after_a_preposition(locate: Locate) -> None:
    assert found(locate, "وصل الوفد إلى صوفيا صباحا") == ["BG"]
    assert found(locate, "أمطار على أحياء في سيدني") == ["AU"]


def test_who_was_named_in_full_is_meant_by_his_surname_later(locate: Locate) -> None:
    assert found(locate, "فاز المدرب ماهر المصري بالجائزة. وشكر المصري عائلته") == []


def test_a_nationality_that_describes_nothing_needs_other_evidence(locate: Locate) -> None:
    assert found(locate, "وقال التركي إن الفيلم جاهز") == []
    assert found(locate, "قال الرئيس التركي إن القمة مهمة") == ["TR"]
    assert found(locate, "وقال التركي إن الفيلم سيعرض في أنقرة") == ["TR"]


def test_a_nationality_before_a_given_name_is_one(locate: Locate) -> None:
    assert found(locate, "وقال الإيطالي ماريو إنه سعيد") == ["IT"]


@pytest.mark.parametrize(
    "text",
    [
        "اصطدمت سيارتان في شارع السودان",
        "اجتمعوا في فندق الأردن مساء",
        "قرأت الخبر في صحيفة الرياض",
        "حذروا من فيروس ماربورغ",
        "أعدت القهوة التركية لضيوفها",
        "تعافى من الحصبة الألمانية",
    ],
)
def test_what_is_called_after_a_place_is_not_there(locate: Locate, text: str) -> None:
    assert found(locate, text) == []


def test_a_clubs_town_counts_outside_sport_only(locate: Locate) -> None:
    assert found(locate, "خسر الخليج مباراته أمام ضيفه بهدف") == []
    assert found(locate, "مر أسطول من السفن عبر مياه الخليج") == ["145"]
    assert found(locate, "سجل مهاجم العين هدفين") == []


def test_a_noun_for_a_place_makes_a_word_one(locate: Locate) -> None:
    assert found(locate, "زلزال في ولاية المسيلة أمس") == ["DZ"]
    assert found(locate, "انقطاع الكهرباء عن محافظة الزرقاء") == ["JO"]
    assert found(locate, "أطلقوا القنابل المسيلة للدموع") == []


def test_the_city_is_no_town_of_that_name_but_beside_another_of_its_country(locate: Locate) -> None:
    # It stands where towns do, so that its neighbours prove nothing.
    assert found(locate, "يعاني المستشفى الرئيسي في المدينة نقصا حادا في الدم") == []
    assert found(locate, "ارتفعت الحرارة في مكة والمدينة اليوم") == ["SA"]
