"""Credits and datelines of whole stories, table by table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream.credit.agencies import Agencies
from stream.credit.find import CreditFinder
from stream.model import Story
from tests.credit.credit_cases import country_of, table

_PUBLISHED = datetime(2025, 5, 6, 9, tzinfo=UTC)
_CREDITS = table("credits.tsv")
_NO_CREDITS = table("no_credit.tsv")
_FINDER = CreditFinder(Agencies.load(), country_of)


def _story(row: dict[str, str]) -> Story:
    return Story(format="plain", byline=row["byline"] or None, body=row["body"], published_at=_PUBLISHED)


@pytest.mark.parametrize("row", _CREDITS, ids=lambda row: f"{row['byline']}|{row['body'][:40]}")
def test_a_credit_is_read_as_an_editor_reads_it(finder: CreditFinder, row: dict[str, str]) -> None:
    credit = finder.find(_story(row))
    agency, dateline = credit.agency, credit.dateline
    assert (agency.id if agency else "") == row["agency"]
    assert (agency.credit if agency else "") == row["credit"]
    assert ((dateline.city or "") if dateline else "") == row["city"]
    assert ((dateline.country or "") if dateline else "") == row["country"]
    assert ((dateline.date or "") if dateline else "") == row["date"]
    assert row["body"][credit.start : credit.end] == row["rest"]


@pytest.mark.parametrize("row", _NO_CREDITS, ids=lambda row: f"{row['byline']}|{row['body'][:40]}")
def test_a_doubtful_word_or_a_quoted_agency_is_no_credit(finder: CreditFinder, row: dict[str, str]) -> None:
    assert finder.find(_story(row)).agency is None


def test_there_are_enough_doubtful_cases() -> None:
    assert len(_NO_CREDITS) >= 150


def test_a_joint_credit_names_the_first_and_the_others(finder: CreditFinder) -> None:
    agency = finder.find(Story(format="plain", body="نيقوسيا (أ ف ب، رويترز) - قال الوزير.")).agency
    assert agency is not None
    assert (agency.id, agency.others) == ("afp", ("reuters",))


def test_unnamed_agencies_stand_behind_the_named_one_that_they_are_credited_with(
    finder: CreditFinder,
) -> None:
    agency = finder.find(Story(format="plain", body="نيقوسيا (وكالات، رويترز) - قال الوزير.")).agency
    assert agency is not None
    assert (agency.id, agency.others) == ("reuters", ("agencies",))


def test_a_named_agency_anywhere_beats_unnamed_agencies(finder: CreditFinder) -> None:
    story = Story(format="plain", byline="لندن - وكالات", body="قال الوزير إن المشروع اكتمل. (رويترز)")
    agency = finder.find(story).agency
    assert agency is not None
    assert agency.id == "reuters"


def test_the_head_of_the_body_beats_the_byline(finder: CreditFinder) -> None:
    story = Story(format="plain", byline="واس", body="القاهرة (رويترز) - قال الوزير.")
    agency = finder.find(story).agency
    assert agency is not None
    assert agency.id == "reuters"


def test_copy_without_credit_of_an_agencys_own_feed_is_the_agencys(finder: CreditFinder) -> None:
    agency = finder.find(Story(format="plain", body="قال الوزير."), feed_agency="spa").agency
    assert agency is not None
    assert agency.id == "spa"


def test_a_written_credit_beats_the_feed(finder: CreditFinder) -> None:
    agency = finder.find(Story(format="plain", body="قال الوزير. (رويترز)"), feed_agency="spa").agency
    assert agency is not None
    assert agency.id == "reuters"


def test_an_unknown_feed_agency_gives_no_credit(finder: CreditFinder) -> None:
    assert finder.find(Story(format="plain", body="قال الوزير."), feed_agency="paper").agency is None


def test_the_fields_of_a_format_are_read(finder: CreditFinder) -> None:
    story = Story(
        format="newsml-g2", body="Text.", dateline="MOSCOW, May 5 (Reuters)", published_at=_PUBLISHED
    )
    credit = finder.find(story)
    assert credit.agency is not None
    assert credit.agency.id == "reuters"
    assert credit.dateline is not None
    assert (credit.dateline.city, credit.dateline.date) == ("MOSCOW", "2025-05-05")


def test_a_dateline_field_names_a_city_that_no_gazetteer_knows(finder: CreditFinder) -> None:
    dateline = finder.find(Story(format="x", body="Text.", dateline="Kleinkleckersdorf, 5 May")).dateline
    assert dateline is not None
    assert (dateline.city, dateline.country) == ("Kleinkleckersdorf", None)


@pytest.mark.parametrize(("written", "date"), [("القاهرة", "2025-05-05"), ("القاهرة، 4 مايو", "2025-05-04")])
def test_a_dateline_without_a_date_takes_that_of_another_slot(
    finder: CreditFinder, written: str, date: str
) -> None:
    body = f"{written} (رويترز) - قال الوزير."
    story = Story(format="x", body=body, dateline="لندن، 5 مايو", published_at=_PUBLISHED)
    dateline = finder.find(story).dateline
    assert dateline is not None
    assert (dateline.city, dateline.date) == ("القاهرة", date)


def test_a_dateline_is_written_with_both_names_of_its_month(finder: CreditFinder) -> None:
    dateline = finder.find(Story(format="x", body="القاهرة ٥ أيار/مايو (د ب أ)- قال الوزير.")).dateline
    assert dateline is not None
    assert dateline.text == "القاهرة ٥ أيار/مايو"


def test_located_is_the_last_resort_of_a_dateline(finder: CreditFinder) -> None:
    dateline = finder.find(Story(format="x", body="Text.", located="Berlin")).dateline
    assert dateline is not None
    assert (dateline.city, dateline.country) == ("Berlin", "DE")


def test_a_country_by_itself_is_no_city(finder: CreditFinder) -> None:
    dateline = finder.find(Story(format="x", body="Text.", byline="تركيا - محمد علي")).dateline
    assert dateline is not None
    assert (dateline.city, dateline.country) == (None, "TR")


def test_a_paper_in_quotation_marks_is_no_part_of_the_dateline(finder: CreditFinder) -> None:
    dateline = finder.find(Story(format="x", body="Text.", byline="طهران - لندن: «الشرق الأوسط»")).dateline
    assert dateline is not None
    assert (dateline.text, dateline.city) == ("طهران - لندن", "طهران")


def test_a_year_that_is_not_written_needs_the_day_of_publication(finder: CreditFinder) -> None:
    dateline = finder.find(Story(format="x", body="PARIS, May 5 (AFP) - The minister spoke.")).dateline
    assert dateline is not None
    assert dateline.date is None


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("قنا رويترز(د ب أ)-–:/،.\n«»واس Berlin(dpa) AP123٥آب"), max_size=300),
    st.text(),
)
def test_any_text_gives_a_span_within_the_body(body: str, byline: str) -> None:
    credit = _FINDER.find(Story(format="plain", body=body, byline=byline))
    assert 0 <= credit.start <= credit.end <= len(body)


def test_long_lines_without_words_take_bounded_time(finder: CreditFinder) -> None:
    for piece in ("(", "-", " - ", "قنا ", "1/", "\n"):
        credit = finder.find(Story(format="plain", body=piece * 200_000))
        assert credit.end <= len(piece) * 200_000
