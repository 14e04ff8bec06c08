"""The language of a text, with and without a declared one."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.text.language import detect, primary

_TEXTS = {
    "ar": "قال الوزير إن المشروع الذي بدأ العام الماضي اكتمل في موعده",
    "fa": "وزیر گفت که این طرح به پایان رسیده است و آغاز می شود",
    "ur": "وزیر نے کہا ہے کہ حکومت عوام کے لیے کام کر رہی ہے",
    "ckb": "وەزیر لەگەڵ سەرۆکی هەرێم کۆبووەوە",
    "en": "The minister said on Friday that the bridge was open.",
    "fr": "Le ministre a déclaré vendredi que le pont était ouvert.",
    "de": "Der Minister sagte am Freitag, die Brücke sei wieder offen.",
    "es": "El ministro dijo el viernes que el puente está abierto.",
    "it": "Il ministro ha detto venerdì che il ponte è aperto.",
    "pt": "O ministro disse que a ponte não vai ser fechada.",
    "nl": "De minister zei dat het kabinet een nieuw plan heeft.",
    "tr": "Bakan, köprünün bu hafta için yeniden açıldığını ve çok güzel olduğunu dedi.",
    "ru": "Министр заявил, что мост открыт для движения.",
    "uk": "Міністр заявив, що міст відкрито і рух відновлено.",
    "he": "השר אמר כי הגשר נפתח",
    "zh": "部长星期五表示大桥已经开放",
    "ja": "大臣は橋が開通したと述べた",
    "ko": "장관은 다리가 개통됐다고 말했다",
    "th": "รัฐมนตรีกล่าวว่าสะพานเปิดแล้ว",
    "el": "Ο υπουργός δήλωσε ότι η γέφυρα άνοιξε",
    "hi": "मंत्री ने कहा कि पुल अब खुला है",
}


@pytest.mark.parametrize("language", _TEXTS)
def test_a_sentence_tells_its_language(language: str) -> None:
    assert detect(_TEXTS[language]) == language


@pytest.mark.parametrize("language", _TEXTS)
def test_a_declared_language_that_the_text_bears_out_is_its_primary_tag(language: str) -> None:
    assert detect(_TEXTS[language], f"{language}-XX") == language


@pytest.mark.parametrize("language", ["ar", "ru", "zh", "he", "fr", "es"])
def test_a_declared_language_that_the_text_contradicts_is_not_believed(language: str) -> None:
    text = _TEXTS[language] * 3
    assert detect(text, "en") == language


def test_a_declared_language_stands_where_the_text_does_not_say() -> None:
    assert detect("12:30 - 4", "ar-SA") == "ar"
    assert detect("Berlin Paris", "de") == "de"


def test_a_declared_language_that_no_table_knows_is_believed_in_an_open_script() -> None:
    assert detect("Lorem dolor amet", "eo") == "eo"


@pytest.mark.parametrize("text", ["", "123 -- 456", "OK", "🙂🙂🙂🙂"])
def test_a_text_that_does_not_say_has_no_language(text: str) -> None:
    assert detect(text) is None


def test_a_credit_in_another_script_does_not_decide() -> None:
    assert detect("(CNN)-- " + _TEXTS["ar"]) == "ar"


def test_only_the_beginning_is_read() -> None:
    assert detect(_TEXTS["ar"] * 10 + _TEXTS["en"] * 1_000) == "ar"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("ar-SA", "ar"),
        ("AR_eg", "ar"),
        ("zh-Hant-TW", "zh"),
        ("iw", "he"),
        ("und", None),
        ("", None),
        ("x", None),
    ],
)
def test_tags_are_cut_to_the_primary_one(tag: str, code: str | None) -> None:
    assert primary(tag) == code


@given(st.text(max_size=500), st.none() | st.text(max_size=12))
def test_any_text_gives_a_tag_or_none(text: str, declared: str | None) -> None:
    found = detect(text, declared)
    assert found is None or (2 <= len(found) <= 3 and found.islower() and found.isascii())


def test_the_tables_are_well_formed() -> None:
    for name, width in (("words.tsv", 4), ("scripts.tsv", 4)):
        text = (files("stream") / "data" / "languages" / name).read_text("utf-8")
        rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
        assert all(len(row) == width for row in rows), name
        assert len({tuple(row[:2]) for row in rows}) == len(rows), name
