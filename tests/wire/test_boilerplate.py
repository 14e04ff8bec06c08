from __future__ import annotations

import pytest

from stream.wire import boilerplate
from stream.wire.head import is_date, is_dateline, is_section

KINDS = {"comments", "end", "related", "inline", "line", "meta"}


def test_every_phrase_has_a_kind_a_language_and_a_strength() -> None:
    for row in boilerplate.data_lines("phrases.tsv"):
        kind, language, strength, phrase = row
        assert kind in KINDS
        assert len(language) == 2
        assert strength in ("strong", "weak")
        assert boilerplate.key(phrase)


def test_no_phrase_is_listed_twice_in_a_language() -> None:
    rows = [(row[1], row[3]) for row in boilerplate.data_lines("phrases.tsv")]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("اترك تعليقاً", "comments"),
        ("إترك تعليقا :", "comments"),
        ("3 Comments", "comments"),
        ("لن يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بـ *", "comments"),
        ("Votre adresse e-mail ne sera pas publiée.", "comments"),
        ("زر الذهاب إلى الأعلى", "end"),
        ("Related Articles", "related"),
        ("À lire aussi : un autre article", "inline"),
        ("Share on Facebook", "line"),
        ("آخر تحديث: 12 مايو 2026", "meta"),
    ],
)
def test_a_phrase_is_known_in_the_spellings_of_sites(line: str, kind: str) -> None:
    found = boilerplate.match(line)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "line", ["", "***", "Shareholders meet on Friday", "تعليقات الوزير أثارت جدلا", "12"]
)
def test_other_lines_are_no_boilerplate(line: str) -> None:
    assert boilerplate.match(line) is None


@pytest.mark.parametrize(
    "line", ["أخبار عربية ودولية", "اقتصاد وأعمال", "World News", "Faits divers", "Aus aller Welt"]
)
def test_words_of_sections_make_a_section(line: str) -> None:
    assert is_section(line)


@pytest.mark.parametrize("line", ["أخبار سارة من الجنوب", "World leaders meet", "La une de demain", ""])
def test_one_other_word_makes_no_section(line: str) -> None:
    assert not is_section(line)


@pytest.mark.parametrize(
    "line",
    [
        "مراكش/المغرب-(د ب أ):",
        "القاهرة (رويترز) - قال وزير الري إن",
        "أبوظبي في 18 أغسطس/ وام / بحث وزيرا",
        "واشنطن - رويترز",
        "دمشق-سانا",
        "PARIS, May 5 (AFP) - The government",
        "Madrid, 5 may (EFE).- El Gobierno",
        "BEIJING, May 5 (Xinhua) -- China",
        "ATLANTA (AP) _ The storm",
        "Berlin (dpa) - Der Bundestag",
    ],
)
def test_datelines_of_wires_are_recognised(line: str) -> None:
    assert is_dateline(line)


@pytest.mark.parametrize(
    "line",
    [
        "المدرب: سنلعب على الفوز",
        "حريق في مصنع على الحدود التركية - السورية",
        "هدف رائع في مرمى الفريق الضيف (فيديو)",
    ],
)
def test_headlines_are_no_datelines(line: str) -> None:
    assert not is_dateline(line)


@pytest.mark.parametrize(
    "line", ["13 مايو، 2026", "الأربعاء 13/05/2026 الساعة 09:20", "May 13, 2026 4:02 PM"]
)
def test_dates_of_publication_are_recognised(line: str) -> None:
    assert is_date(line)


@pytest.mark.parametrize(
    "line", ["كأس العالم 2030 في ثلاث دول", "Budget 2027: deficit of 3.5 %", "12 قتيلا في انهيار مبنى"]
)
def test_headlines_with_numbers_are_no_dates(line: str) -> None:
    assert not is_date(line)
