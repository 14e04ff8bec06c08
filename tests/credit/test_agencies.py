"""The agencies table, checked, and its look-ups."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from stream.credit.agencies import UNNAMED, Agencies, key

_TEXT = (files("stream") / "data" / "agencies" / "agencies.tsv").read_text("utf-8")
_LINES = [line.split("\t") for line in _TEXT.splitlines() if line and not line.startswith("#")]
_HEADING, _ROWS = _LINES[0], [dict(zip(_LINES[0], row, strict=True)) for row in _LINES[1:]]


def test_every_row_has_an_id_a_name_and_a_form() -> None:
    for row in _ROWS:
        assert re.fullmatch(r"[a-z]+", row["id"]), row
        assert row["name"], row
        assert row["forms"] or row["words"] or row["persons"], row


def test_countries_are_iso_codes_or_empty() -> None:
    assert all(re.fullmatch(r"[A-Z]{2}|", row["country"]) for row in _ROWS)


def test_ids_stand_once() -> None:
    assert len({row["id"] for row in _ROWS}) == len(_ROWS)


def test_no_form_stands_for_two_agencies() -> None:
    owners: dict[str, set[str]] = {}
    for row in _ROWS:
        for column in ("forms", "words", "persons"):
            for form in filter(None, row[column].split("|")):
                owners.setdefault(key(form), set()).add(row["id"])
    assert {form: ids for form, ids in owners.items() if len(ids) > 1} == {}


def test_cells_have_no_stray_blanks_or_empty_forms() -> None:
    for row in _ROWS:
        for cell in row.values():
            assert all(part == part.strip() and part for part in cell.split("|") if cell), row


def test_no_form_is_a_single_letter() -> None:
    for row in _ROWS:
        for column in ("forms", "words", "persons"):
            assert all(len(form) > 1 for form in filter(None, row[column].split("|"))), row


@pytest.mark.parametrize(
    "written", ["د ب أ", "د.ب.أ", "د. ب. أ", "د ب ا", "دبأ", "د\u00a0ب\u00a0\u200fأ", "dpa", "DPA"]
)
def test_spellings_of_one_form_are_one(agencies: Agencies, written: str) -> None:
    form = agencies.form(written)
    assert form is not None
    assert form.wire.id == "dpa"


@pytest.mark.parametrize("written", ["آب", "أب", "map", "Spa", "afp.", "رويترزية", "", "x" * 500])
def test_what_is_no_form_is_none(agencies: Agencies, written: str) -> None:
    form = agencies.form(written)
    assert form is None or form.wire.id == "afp"


def test_a_doubtful_word_says_so(agencies: Agencies) -> None:
    word, person = agencies.form("قنا"), agencies.form("فارس")
    assert word is not None
    assert word.doubt == "word"
    assert person is not None
    assert person.doubt == "person"


def test_the_word_agency_before_a_doubtful_form_settles_it(agencies: Agencies) -> None:
    form = agencies.form("وكالة قنا")
    assert form is not None
    assert (form.wire.id, form.doubt) == ("qna", "none")


@pytest.mark.parametrize("name", ["spa", "SPA", "spa.gov.sa", "https://www.spa.gov.sa/rss.xml", "واس"])
def test_an_agency_is_known_by_its_own_feed(agencies: Agencies, name: str) -> None:
    wire = agencies.of_feed(name)
    assert wire is not None
    assert wire.id == "spa"


@pytest.mark.parametrize("name", [None, "", "okaz", "https://example.org/spa.gov.sa", "notspa.gov.sa"])
def test_other_feeds_are_no_agency(agencies: Agencies, name: str | None) -> None:
    assert agencies.of_feed(name) is None


def test_unnamed_agencies_are_in_the_table(agencies: Agencies) -> None:
    assert agencies.get(UNNAMED) is not None


def test_a_form_of_two_agencies_is_refused() -> None:
    empty = {"country": "", "words": "", "persons": "", "feeds": "", "signatures": ""}
    rows = [{**empty, "id": one, "name": one, "forms": "same"} for one in ("a", "b")]
    with pytest.raises(ValueError, match="same"):
        Agencies(rows)
