"""Dates of datelines."""

from __future__ import annotations

import datetime

import pytest

from stream.credit import dates

_PUBLISHED = datetime.date(2025, 1, 3)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("5 أيار/مايو 2025", "2025-05-05"),
        ("14 أيلول/سبتمبر 2014", "2014-09-14"),
        ("7 كانون الثاني 2025", "2025-01-07"),
        ("٥ تشرين الأول ٢٠٢٤", "2024-10-05"),
        ("20 شوال 1446 هـ الموافق 18 أبريل 2025 م", "2025-04-18"),
        ("12 غشت 2024", "2024-08-12"),
        ("3 جويلية 2024", "2024-07-03"),
        ("10 juil 2024", "2024-07-10"),
        ("May 5, 2024", "2024-05-05"),
        ("5. Mai 2024", "2024-05-05"),
        ("05 MAG 2024", "2024-05-05"),
        ("عمان 5-12-2024", "2024-12-05"),
        ("2024-12-05", "2024-12-05"),
        ("28 ديسمبر", "2024-12-28"),
        ("2 يناير", "2025-01-02"),
    ],
)
def test_a_date_is_read(written: str, date: str) -> None:
    assert dates.read(written, _PUBLISHED) == date


@pytest.mark.parametrize(
    "written",
    [
        "20 شوال 1446",
        "03/04/2025",
        "الأربعاء",
        "31 فبراير 2025",
        "05",
        "1446/10/20",
        "May ❶",
        "፩ mai ፪",
        "2024-13-05",
    ],
)
def test_what_is_no_sure_gregorian_date_is_none(written: str) -> None:
    assert dates.read(written, _PUBLISHED) is None


def test_without_a_year_and_a_day_of_publication_there_is_no_date() -> None:
    assert dates.read("5 مايو") is None


@pytest.mark.parametrize("written", ["في 5 مايو", "May 5", "5", "20 شوال 1446 هـ الموافق 18 أبريل 2025 م"])
def test_nothing_but_a_date_is_a_date(written: str) -> None:
    assert dates.is_date(written)


@pytest.mark.parametrize("written", ["القاهرة 5 مايو", "يوم", "12345 شخصا", "❶ مايو", ""])
def test_more_or_less_than_a_date_is_none(written: str) -> None:
    assert not dates.is_date(written)


def test_a_date_is_split_from_what_stands_before() -> None:
    assert dates.split("أبوظبي في 18 أغسطس") == ("أبوظبي", "في 18 أغسطس")
    assert dates.split("18 أغسطس") == ("", "18 أغسطس")
    assert dates.split("Paris ❶ mai 2025") == ("Paris ❶", "mai 2025")
    assert dates.split("Berlin") == ("Berlin", "")


def test_every_month_has_a_name_in_every_naming_of_arabic() -> None:
    levant = "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول"
    egypt = "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
    maghreb = "جانفي|فيفري|مارس|أفريل|ماي|جوان|جويلية|أوت|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
    for naming in (levant, egypt, maghreb):
        for number, name in enumerate(naming.split("|"), start=1):
            assert dates.read(f"5 {name} 2024") == f"2024-{number:02}-05"
