"""The item that a kill or a correction is about."""

from __future__ import annotations

import pytest

from stream.credit.referred import Referred, in_text, number, read
from stream.model import Story


@pytest.mark.parametrize(
    ("note", "number", "title"),
    [
        ('Please kill item dpa 157 "Harbour of Sael closed".', "dpa 157", "Harbour of Sael closed"),
        ("Kill story a1234, BC-XX--Sael-Storm.", "a1234", None),
        (
            "Bitte verwenden Sie die Meldung bdt0157 „Hafen wieder offen“ nicht.",
            "bdt0157",
            "Hafen wieder offen",
        ),
        ("Prière d'annuler la dépêche 0123 « Le port rouvert »", "0123", "Le port rouvert"),
        ("Se ruega anular la noticia nro. 45 «El puerto abre»", "45", "El puerto abre"),
        ("يرجى إلغاء الخبر رقم ١٢ بعنوان «إغلاق ميناء المدينة»", "12", "إغلاق ميناء المدينة"),
        ('Please kill the item "Harbour of Sael closed".', None, "Harbour of Sael closed"),
        ("Please kill item No. 7.", "7", None),
        ("Kill BC-XX--Sael-Storm, V7787, sent at 10 a.m.", "V7787", None),
    ],
)
def test_number_and_title_are_read_as_written(note: str, number: str | None, title: str | None) -> None:
    assert in_text(note) == Referred(number, title)


@pytest.mark.parametrize(
    "text",
    [
        "The harbour opened on 12 May.",
        'The minister spoke of a "scandal".',
        "It sold 157 ships.",
        "Story of 1,200 ships",
        "",
    ],
)
def test_running_text_refers_to_nothing(text: str) -> None:
    assert in_text(text) is None


def test_the_note_speaks_before_the_copy() -> None:
    story = Story(format="ninjs", body='Please kill item 12 "Old title here".', ednote="Kill item 13.")
    assert read(story) == Referred("13", None)
    assert read(Story(format="ninjs", body="The harbour opened.")) is None


@pytest.mark.parametrize("written", ["dpa 0157", "dpa157", "DPA-157", "dpa 157"])
def test_a_number_is_spelled_one_way(written: str) -> None:
    assert number(written) == "dpa 157"


def test_what_has_no_figures_is_no_number() -> None:
    assert number("no number") is None
