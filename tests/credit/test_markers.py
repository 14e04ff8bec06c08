"""Life-cycle words in headlines, first lines, sluglines, notes and codes."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream.credit.markers import read
from stream.model import Story
from tests.credit.marker_cases import MARKED, ORDINARY

_SIGNALS = {
    *("flash", "urgent", "update", "correction", "kill", "hold", "embargo"),
    *("advisory", "lead", "take", "repeat", "wrap-up", "label"),
}


def _signals(**fields: Any) -> tuple[str, ...]:
    return read(Story(**{"format": "plain", "body": "Text of the story.", **fields}))[0].signal


@pytest.mark.parametrize(
    ("headline", "signals", "rest"),
    [
        ("UPDATE 2-Oil falls on supply", ("update",), "Oil falls on supply"),
        ("RPT-UPDATE 1-Oil - prices fall", ("repeat", "update"), "Oil - prices fall"),
        ("CORRECTED-UPDATE 1-Oil falls", ("correction", "update"), "Oil falls"),
        ("WRAP-UP 3-Talks go on", ("wrap-up",), "Talks go on"),
        ("1ST LEAD Talks go on", ("lead",), "Talks go on"),
        ("URGENT Le ministre parle", ("urgent",), "Le ministre parle"),
        ("+++ EILMELDUNG +++ Beben im Süden", ("urgent",), "Beben im Süden"),
        ("(Corrige) El ministro habla", ("correction",), "El ministro habla"),
        ("Sperrfrist 10 Uhr: Rede des Ministers", ("embargo",), "Rede des Ministers"),
        ("STORY WITHDRAWN: Oil falls", ("kill",), "Oil falls"),
        ("KILL KILL KILL", ("kill",), ""),
        ("عاجل | الوزير يصل", ("flash",), "الوزير يصل"),
        ("عاجل: الوزير يصل", ("flash",), "الوزير يصل"),
        ("*** عاجل *** الوزير يصل", ("flash",), "الوزير يصل"),
        ("تحديث 2 - النفط يهبط", ("update",), "النفط يهبط"),
        ("تصحيح - الوزير يصل", ("correction",), "الوزير يصل"),
        ("إلغاء خبر: الوزير يصل", ("kill",), "الوزير يصل"),
        ("مقدمة أولى / الوزير يصل", ("lead",), "الوزير يصل"),
        ("الوزير يصل (تحديث)", ("update",), "الوزير يصل"),
        ("محظور النشر حتى الساعة 10: خطاب الوزير", ("embargo",), "خطاب الوزير"),
        ("عاجل", ("flash",), ""),
        *MARKED,
    ],
)
def test_tags_of_a_headline_are_read_and_taken_off(
    headline: str, signals: tuple[str, ...], rest: str
) -> None:
    lifecycle, bare = read(Story(format="plain", body="Text.", headline=headline))
    assert lifecycle.signal == signals
    assert bare == rest


@pytest.mark.parametrize("headline", ORDINARY)
def test_an_ordinary_headline_has_no_marker(headline: str) -> None:
    lifecycle, bare = read(Story(format="plain", body="Text.", headline=headline))
    assert lifecycle.signal == ()
    assert bare is None


def test_the_first_line_of_the_copy_may_be_a_marker() -> None:
    assert _signals(body="KILL KILL KILL\nPlease kill the item.") == ("kill",)
    assert _signals(body="(Adds reaction of the minister in paragraph 3)\nText.") == ("update",)
    assert _signals(body="Summary\nText.") == ()


def test_a_slugline_may_carry_a_marker_as_a_part_of_its_own() -> None:
    assert _signals(slugline="BC-XXX--Talks, 1stLd-Writethru") == ("lead",)
    assert _signals(slugline="BC-XXX--Talks, KILL") == ("kill",)


@pytest.mark.parametrize(
    "slugline", ["kill-film", "COMMODITIES/LEAD", "KILL", "مباراة/إلغاء", "LEAD, COPPER"]
)
def test_a_keyword_of_a_slugline_is_no_marker(slugline: str) -> None:
    assert _signals(slugline=slugline) == ()


@pytest.mark.parametrize(
    ("note", "signal"),
    [
        ("Please kill item 157", "kill"),
        ("CORRECTION: fixes a name in paragraph 2", "correction"),
        ("Adds quotes", "update"),
        ("يرجى إلغاء الخبر رقم 12", "kill"),
        ("Prière d'annuler la dépêche 12", "kill"),
        ("Bitte nicht verwenden: Meldung 12", "kill"),
        ("Se ruega anular la noticia 12", "kill"),
        ("يرجى تأجيل نشر الخبر رقم 12", "hold"),
        ("Please hold item 157", "hold"),
        ("Hold for release at 10 GMT", "embargo"),
        ("Note to editors: photos to follow", "advisory"),
        ("Update:ADDS details", "update"),
    ],
)
def test_an_editors_note_tells_by_its_first_words(note: str, signal: str) -> None:
    assert _signals(ednote=note) == (signal,)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("1stLd-Writethru", "lead"),
        ("7thWritethru", "update"),
        ("Kill", "kill"),
        ("Corrective", "correction"),
        ("Adv06", "embargo"),
        ("2nd Add", "take"),
        ("Berichtigung: Name im ersten Absatz", "correction"),
        ("Sperrfrist 9. Oktober 14.20 Uhr", "embargo"),
        ("Lead", "lead"),
    ],
)
def test_a_version_text_needs_no_capitals(text: str, signal: str) -> None:
    assert _signals(signals=(text,)) == (signal,)


def test_supplier_codes_are_read_and_unknown_ones_passed_over() -> None:
    assert _signals(signals=("sig:atomic", "sig:correction", "edStat:U")) == ("correction", "update")


def test_a_version_text_of_any_length_is_read() -> None:
    assert _signals(signals=("Update " + "1" * 5000,)) == ("update",)


def test_the_status_of_an_item_is_a_signal() -> None:
    assert _signals(pubstatus="canceled") == ("kill",)
    assert _signals(pubstatus="withheld") == ("hold",)


def test_an_embargo_is_kept_with_its_time() -> None:
    until = datetime(2025, 5, 6, 10, tzinfo=UTC)
    lifecycle, _ = read(Story(format="plain", body="Text.", pubstatus="withheld", embargoed_until=until))
    assert lifecycle.embargo == until
    assert lifecycle.signal == ("embargo",)


def test_the_highest_urgencies_are_signals_unless_the_copy_says_so_itself() -> None:
    assert _signals(urgency=1) == ("flash",)
    assert _signals(urgency=4) == ()
    assert _signals(urgency=1, headline="URGENT: Talks go on") == ("urgent",)
    assert _signals(urgency=1, headline="KILL KILL KILL") == ("kill",)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read(headline: str, other: str) -> None:
    story = Story(
        format="plain", body=other, headline=headline, slugline=other, ednote=other, signals=(headline, other)
    )
    lifecycle, rest = read(story)
    assert set(lifecycle.signal) <= _SIGNALS - {"label"}
    assert rest is None or headline.endswith(rest) or rest in headline


def test_the_table_holds_the_known_signals_only() -> None:
    text = (files("stream") / "data" / "markers" / "signals.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    assert {row[0] for row in rows} <= _SIGNALS
    assert {row[2] for row in rows} == {"text", "code"}
    assert all(len(row) == 4 and all(row[3].split("|")) for row in rows)
