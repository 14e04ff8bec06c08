from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

import pytest

from stream.errors import Reason, Rejected
from stream.model import Story

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

ARABIC = "أعلنت الوزارة اليوم الأربعاء افتتاح المستشفى الجديد في المدينة بعد أعمال استمرت ثلاثة أعوام كاملة."
SETS = ("utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1256", "iso8859-6")
FRENCH = (
    "Le préfet a annoncé mercredi la réouverture du théâtre, fermé depuis l'été à cause d'un dégât des eaux."
)


@pytest.mark.parametrize("charset", SETS)
def test_arabic_is_read_in_every_set_that_wires_use(charset: str, read: Read) -> None:
    assert read(ARABIC.encode(charset)).body == ARABIC


@pytest.mark.parametrize("charset", ["cp1252", "latin-1"])
def test_french_is_read_in_one_byte_sets(charset: str, read: Read) -> None:
    assert read(FRENCH.encode(charset)).body == FRENCH


def test_the_content_type_names_the_set(read: Read) -> None:
    text = "Министр сообщил в среду об открытии новой больницы в городе после трёх лет работ."
    assert read(text.encode("koi8-r"), "text/plain; charset=koi8-r").body == text


def test_the_feed_setting_names_the_set(read: Read) -> None:
    text = "Министр сообщил в среду об открытии новой больницы в городе после трёх лет работ."
    assert read(text.encode("cp1251"), charset="windows-1251").body == text


def test_utf_16_is_declared_by_programs_that_save_in_a_one_byte_set(read: Read) -> None:
    for text in (FRENCH, f"{FRENCH}.", ARABIC):
        charset = "cp1256" if text == ARABIC else "cp1252"
        assert read(text.encode(charset), "text/plain; charset=utf-16").body == text


def test_a_set_of_shapes_is_read_as_letters(read: Read) -> None:
    # The set has not every shape of every letter: systems wrote those with the nearest one.
    shapes = "ﻓﺘﺢ ﺍﻟﻤﻴﻨﺎﺀ ﺃﺑﻮﺍﺑﻪ ﺍﻟﻴﻮﻡ ﺃﻣﺎﻡ ﺍﻟﺴﻔﻦ"
    data = shapes.encode("cp864", "ignore")
    assert read(data, charset="cp864").body == unicodedata.normalize("NFKC", data.decode("cp864"))


@pytest.mark.parametrize("charset", ["cp1252", "latin-1"])
def test_latin_copy_with_few_accents_is_not_taken_for_arabic(charset: str, read: Read) -> None:
    text = "Der Hafen ist nach dem Sturm wieder offen, die Schäden an den Kränen sind größer als gedacht."
    assert read(text.encode(charset)).body == text


def test_arabic_with_latin_names_is_taken_for_arabic(read: Read) -> None:
    text = "قالت شركة Harbour Shipping إن سفينتها Sea Star وصلت إلى الميناء، وأضافت أن الـGPS تعطل في الطريق"
    assert read(text.encode("cp1256")).body == text


def test_utf_8_is_utf_8_whatever_was_declared(read: Read) -> None:
    assert read(ARABIC.encode(), "text/plain; charset=iso-8859-1", charset="windows-1256").body == ARABIC


@pytest.mark.parametrize("name", ["no-such-set", "base64", "unicode_escape", "\x00"])
def test_a_set_that_is_none_is_ignored(name: str, read: Read) -> None:
    assert read(ARABIC.encode("cp1256"), charset=name).body == ARABIC


@pytest.mark.parametrize("charset", [None, "windows-1256"])
def test_damaged_utf_8_is_a_charset_fault(charset: str | None, refuse: Refuse) -> None:
    data = ARABIC.encode()
    assert refuse(data[:51] + b"\xff" + data[51:], charset=charset).reason is Reason.CHARSET


def test_cut_utf_8_is_a_charset_fault(refuse: Refuse) -> None:
    assert refuse(ARABIC.encode() + b"\xd8").reason is Reason.CHARSET


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_a_charset_fault(seed: int, refuse: Refuse) -> None:
    assert refuse(random.Random(seed).randbytes(2_000)).reason is Reason.CHARSET


@pytest.mark.parametrize("wrong", [("cp1256", "latin-1"), ("cp1256", "cp1252"), ("utf-8", "cp1256")])
def test_a_reversible_misreading_is_undone(wrong: tuple[str, str], read: Read) -> None:
    written, misread = wrong
    text = ARABIC.replace("؟", "")
    broken = text.encode(written).decode(misread)
    assert read({"uri": "x:1", "headline": broken, "body_text": broken}).body == text


def test_utf_8_read_as_windows_1252_is_undone(read: Read) -> None:
    misread = "".join(
        bytes((byte,)).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte)
        for byte in ARABIC.encode()
    )
    assert read({"uri": "x:1", "body_text": misread}).body == ARABIC


def test_french_is_not_taken_for_a_misreading(read: Read) -> None:
    assert read({"uri": "x:1", "body_text": FRENCH}).body == FRENCH


@pytest.mark.parametrize(
    "broken",
    [
        ARABIC.encode().decode("cp1256", "replace").replace("ظ", "?ظ"),
        "".join("?" if index % 2 else char for index, char in enumerate(ARABIC)),
        "".join("\ufffd" if index % 5 == 0 else char for index, char in enumerate(ARABIC)),
        "???? ??????? ????? ???????? ??????? ???????? ?????? في المدينة",
    ],
)
def test_what_cannot_be_undone_is_mojibake(broken: str, refuse: Refuse) -> None:
    assert refuse({"uri": "x:1", "body_text": broken}).reason is Reason.MOJIBAKE


@pytest.mark.parametrize(
    "headline", ["Who pays????????", "من يدفع ????????", "Who pays??????? And when???????"]
)
def test_a_headline_may_ask_loudly(headline: str, read: Read) -> None:
    assert read({"uri": "x:1", "headline": headline, "body_text": FRENCH}).headline == headline


def test_questions_are_not_taken_for_lost_letters(read: Read) -> None:
    text = "Why now? Why here?? And who pays for it?! asked the opposition. What? When? How? Nobody knew."
    assert read(text).body == text
