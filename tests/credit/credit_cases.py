"""A small gazetteer, and the tables beside the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stream.text.arabic import fold

_PLACES = {
    "AE": "أبوظبي دبي|الإمارات العربية المتحدة",
    "BH": "المنامة",
    "CN": "بكين BEIJING",
    "CY": "نيقوسيا",
    "DE": "برلين Berlin",
    "DZ": "الجزائر",
    "EG": "القاهرة قنا الأقصر",
    "ES": "Madrid",
    "FR": "باريس PARIS Strasbourg",
    "GB": "لندن LONDON",
    "HT": "PORT-AU-PRINCE",
    "IQ": "بغداد واسط",
    "IR": "طهران فارس",
    "IT": "روما ROMA تورينو",
    "JO": "عمان البتراء الأردن",
    "KW": "الكويت",
    "LB": "بيروت BEIRUT",
    "LY": "طرابلس بنغازي ليبيا",
    "MA": "مراكش الرباط المغرب|الدار البيضاء",
    "OM": "مسقط",
    "PS": "غزة|رام الله|بيت لحم",
    "QA": "الدوحة",
    "RU": "موسكو MOSCOW",
    "SA": "الرياض جدة أبها بريدة المدينة",
    "SD": "الخرطوم",
    "SY": "دمشق",
    "TN": "تونس",
    "TR": "أنقرة الأناضول تركيا",
    "US": "واشنطن WASHINGTON ATLANTA",
    "YE": "صنعاء سبأ",
}


def _names() -> Iterator[tuple[str, str]]:
    for country, listed in _PLACES.items():
        first, *others = listed.split("|")
        for name in (*first.split(), *others):
            yield f" {fold(name).replace('-', ' ')} ", country


_BY_NAME = dict(_names())


def country_of(place: str) -> str | None:
    """The country of any known place in the text, as a gazetteer finds it."""
    padded = f" {fold(place).replace('-', ' ').replace(',', ' ')} "
    return next((country for name, country in _BY_NAME.items() if name in padded), None)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table beside the tests; \\n in a cell is a line end."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    heading, *rows = lines
    return [
        {column: cell.replace("\\n", "\n") for column, cell in zip(heading, row, strict=True)} for row in rows
    ]
