from __future__ import annotations

import pytest

from tests.regions.conftest import Locate


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The Swiss franc rose against the Canadian dollar.", "en"),
        ("Le franc suisse monte face au dollar canadien.", "fr"),
        ("Der Schweizer Franken gab nach.", "de"),
        ("El franco suizo cayó frente al dólar canadiense.", "es"),
        ("ارتفع الفرنك السويسري أمام الدولار الكندي", "ar"),
        ("She speaks Spanish at home.", "en"),
        ("Il parle portugais à la maison.", "fr"),
        ("Sie spricht Türkisch mit den Nachbarn.", "de"),
        ("Habla italiano en casa.", "es"),
        ("يتقن الموظف العمل ويتقن الفرنسية", "ar"),
        ("Danish pastry is sold out.", "en"),
    ],
)
def test_a_nationality_may_say_nothing_of_where(locate: Locate, text: str, language: str) -> None:
    assert locate(text, language=language) == []


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("The Egyptian pound fell sharply.", "en", "EG"),
        ("تراجع الجنيه المصري أمس", "ar", "EG"),
        ("تراجعت الليرة التركية", "ar", "TR"),
        ("تعلم السعودية أن الأسعار سترتفع", "ar", "SA"),
    ],
)
def test_a_country_s_own_money_names_it(locate: Locate, text: str, language: str, country: str) -> None:
    assert [region.country for region in locate(text, language=language)] == [country]
