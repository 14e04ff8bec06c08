from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from stream.errors import Reason, Rejected
from stream.model import Place, Story, Subject

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

TEXT = "Le conseil a voté mardi la reconstruction de la digue, rompue en trois endroits par la tempête."
V1 = {
    "uri": "urn:newsml:paper.example:1",
    "type": "text",
    "version": "3",
    "versioncreated": "2026-05-13T10:00:00+02:00",
    "pubstatus": "usable",
    "urgency": 4,
    "language": "fr",
    "headline": "La digue sera reconstruite",
    "byline": "Anne Morel",
    "located": "Saint-Alban",
    "slugline": "digue-vote",
    "ednote": "Adds vote",
    "embargoed": "2026-05-14T06:00:00Z",
    "source": "AGP",
    "body_text": TEXT,
    "subject": [
        {"name": "politics", "scheme": "http://cv.iptc.org/newscodes/mediatopic/", "code": "11000000"}
    ],
    "place": [
        {"name": "France", "scheme": "http://cvx.iptc.org/iso3166-1a2/", "code": "fr"},
        {"name": "Brest"},
    ],
}
V3 = {
    "uri": "urn:newsml:paper.example:1",
    "type": "text",
    "version": "3",
    "versionCreated": "2026-05-13T10:00:00+02:00",
    "pubStatus": "usable",
    "urgency": 4,
    "language": "fr",
    "headlines": [
        {"role": "short", "value": "Digue"},
        {"role": "main", "value": "La digue sera reconstruite"},
    ],
    "by": "Anne Morel",
    "located": "Saint-Alban",
    "slugline": "digue-vote",
    "edNote": "Adds vote",
    "embargoedUntil": "2026-05-14T06:00:00Z",
    "infoSources": [{"name": "AGP"}],
    "bodies": [
        {"role": "html", "contentType": "text/html", "value": f"<p>{TEXT}</p>"},
        {"role": "text", "contentType": "text/plain", "value": TEXT},
    ],
    "subjects": [{"name": "politics", "uri": "http://cv.iptc.org/newscodes/mediatopic/11000000"}],
    "places": [{"name": "France", "uri": "http://cvx.iptc.org/iso3166-1a2/fr"}, {"name": "Brest"}],
}
V2 = {name.lower() if name != "embargoedUntil" else "embargoed": value for name, value in V3.items()}


def item(**fields: Any) -> dict[str, Any]:
    return {"uri": "x:1", "body_text": TEXT, **fields}


@pytest.mark.parametrize("source", [V1, V2, V3], ids=["1.x", "2.x", "3.x"])
def test_one_item_reads_alike_in_every_version(source: dict[str, Any], read: Read) -> None:
    assert read(source) == Story(
        format="ninjs",
        body=TEXT,
        headline="La digue sera reconstruite",
        uri="urn:newsml:paper.example:1",
        version="3",
        provider="AGP",
        language="fr",
        published_at=datetime(2026, 5, 13, 8, 0, tzinfo=UTC),
        byline="Anne Morel",
        located="Saint-Alban",
        slugline="digue-vote",
        ednote="Adds vote",
        urgency=4,
        subjects=(Subject("medtop", "11000000", "politics"),),
        places=(Place("France", "FR"), Place("Brest")),
        embargoed_until=datetime(2026, 5, 14, 6, 0, tzinfo=UTC),
        revised_at=datetime(2026, 5, 13, 8, 0, tzinfo=UTC),
    )


def test_superdesk_items_are_read(read: Read) -> None:
    story = read(
        {
            "guid": "tag:desk.example:2026:9",
            "type": "text",
            "version": 2,
            "headline": "<p>Wall to be <b>rebuilt</b></p>",
            "body_html": "<p>First paragraph.</p><p>Second &amp; last<br>paragraph, <b>in</b> two lines.</p>",
            "source": "AAP",
            "priority": 3,
            "service": [{"code": "a", "name": "Australian General News"}],
            "subject": [
                {"code": "11000000", "name": "politics", "scheme": None},
                {"code": "20000065", "name": "war"},
            ],
            "authors": [{"name": "Jo Hill", "role": "writer"}],
        }
    )
    assert (story.uri, story.version, story.headline) == (
        "tag:desk.example:2026:9",
        "2",
        "Wall to be rebuilt",
    )
    assert story.body == "First paragraph.\n\nSecond & last\nparagraph, in two lines."
    assert story.sections == ("Australian General News",)
    assert story.subjects == (
        Subject("subj", "11000000", "politics"),
        Subject("medtop", "20000065", "war"),
        Subject("service", "a", "Australian General News"),
    )
    assert (story.provider, story.byline) == ("AAP", "Jo Hill")


def test_qcodes_and_vendor_codes_are_kept(read: Read) -> None:
    subjects = [{"code": "medtop:16000000"}, {"literal": "N2:EMRG", "name": "Emerging"}, {"name": "Retail"}]
    assert read(item(subjects=subjects)).subjects == (
        Subject("medtop", "16000000"),
        Subject("N2", "EMRG", "Emerging"),
        Subject("", "Retail", "Retail"),
    )


def test_two_letters_are_no_country_without_a_scheme_that_says_so(read: Read) -> None:
    assert read(item(place=[{"name": "Maine", "code": "ME", "scheme": "states"}])).places == (Place("Maine"),)


def test_marked_up_body_is_preferred_when_the_plain_one_lost_its_paragraphs(read: Read) -> None:
    long = " ".join([TEXT] * 8)
    assert read(item(body_text=long, body_xhtml=f"<p>{long}</p><p>Fin.</p>")).body == f"{long}\n\nFin."


def test_nitf_inside_ninjs_is_read(read: Read) -> None:
    content = f"<body.content><p>{TEXT}</p><p>Fin.</p></body.content>"
    nitf = f"<nitf><head><title>T</title></head><body>{content}</body></nitf>"
    bodies = [{"role": "nitf", "contentType": "text/vnd.IPTC.NITF", "value": nitf}]
    assert read({"uri": "x:1", "bodies": bodies}).body == f"{TEXT}\n\nFin."


def test_a_description_stands_in_for_a_missing_body(read: Read) -> None:
    assert read({"uri": "x:1", "type": "text", "description_text": TEXT}).body == TEXT


def test_a_first_paragraph_that_repeats_the_headline_is_dropped(read: Read) -> None:
    assert read(item(headline="La digue", body_text=f"La digue\n\n{TEXT}")).body == TEXT


def test_a_body_of_fonts_that_are_never_closed_is_read_to_its_end(read: Read) -> None:
    lines = [f"Line {number} of the report." for number in range(600)]
    marked = "".join(f"<font>{line}<br>" for line in lines)
    assert read({"uri": "x:1", "body_html": marked}).body.split("\n\n") == lines


def test_a_list_that_nothing_encloses_begins_on_a_line_of_its_own(read: Read) -> None:
    marked = "<p>The council decided:</p><div>First<li>to build<li>to wait</div>"
    assert read({"uri": "x:1", "body_html": marked}).body == (
        "The council decided:\n\nFirst\nto build\nto wait"
    )


def test_a_body_that_nests_deeper_than_it_can_be_read_is_refused(refuse: Refuse) -> None:
    marked = f"<p>{TEXT}</p>{'<font>' * 3000}{TEXT}"
    assert refuse({"uri": "x:1", "body_html": marked}).reason is Reason.TOO_LARGE


def test_escaped_markup_in_plain_fields_is_text(read: Read) -> None:
    story = read(
        item(
            headline="Ports &amp; docks: &quot;reopened&quot;",
            body_text="A &lt;b&gt; is no tag here &amp; never was.",
        )
    )
    assert story.headline == 'Ports & docks: "reopened"'
    assert story.body == "A <b> is no tag here & never was."


def test_controls_in_escapes_are_removed(read: Read) -> None:
    assert read(
        '{"uri": "x:1", "headline": "a\\u0000 wall", "body_text": "One two\\u0000 three four\\u0007."}'
    ).body == ("One two three four.")


def test_addresses_in_escaped_text_stay_as_they_are(read: Read) -> None:
    story = read(
        item(
            headline="Q&amp;A &copies",
            body_text="On http://example.org/?id=1&section=2&copy; &amp; &section;: &frac12; of it &#x661;.",
        )
    )
    assert story.headline == "Q&A &copies"
    assert story.body == "On http://example.org/?id=1&section=2© & &section;: ½ of it ١."


def test_half_a_character_at_a_cut_is_dropped_and_whole_ones_stay(read: Read) -> None:
    body = r"Go\ud83c\udf0a \udc00on, \\ud83d \u0644\"."
    story = read(rf'{{"uri": "x:1", "headline": "A wall\ud83d", "body_text": "{body}"}}')
    assert (story.headline, story.body) == ("A wall", 'Go🌊 on, \\ud83d ل".')


def test_a_kill_needs_no_text(read: Read) -> None:
    story = read({"uri": "x:1", "pubstatus": "canceled"})
    assert (story.pubstatus, story.body) == ("canceled", "")


@pytest.mark.parametrize("status", ["usable", "withheld"])
def test_every_other_status_needs_text(status: str, refuse: Refuse) -> None:
    assert refuse({"uri": "x:1", "headline": "h", "pubstatus": status}).reason is Reason.NO_STORY


@pytest.mark.parametrize("said", [{"type": "text"}, {"type": "Text"}, {"urgency": 1}, {"urgency": 2}])
def test_a_flash_is_all_headline(said: dict[str, object], read: Read) -> None:
    story = read({"uri": "x:1", "headline": "Prime minister resigns", **said})
    assert (story.headline, story.body) == ("Prime minister resigns", "Prime minister resigns")


def test_a_headline_alone_is_no_story_where_nothing_says_flash(refuse: Refuse) -> None:
    assert refuse({"uri": "x:1", "headline": "Gallery", "urgency": 4}).reason is Reason.NO_STORY


def test_a_status_that_the_standard_does_not_know_is_malformed(refuse: Refuse) -> None:
    assert refuse(item(pubstatus="maybe")).reason is Reason.MALFORMED


@pytest.mark.parametrize("kind", ["picture", "video", "audio", "graphic", "event", "planning", 7])
def test_items_of_other_kinds_are_not_text(kind: object, refuse: Refuse) -> None:
    assert refuse(item(type=kind)).reason is Reason.NOT_TEXT


def test_an_event_without_a_type_is_not_text(refuse: Refuse) -> None:
    assert refuse({"uri": "x:1", "title": "Meeting", "eventDetails": {}}).reason is Reason.NOT_TEXT


@pytest.mark.parametrize(
    "value", ["2013-07-09T10:37:00Z", "Tue, 09 Jul 2013 12:37:00 +0200", "2013-07-09 10:37:00"]
)
def test_dates_are_utc(value: str, read: Read) -> None:
    assert read(item(versioncreated=value)).published_at == datetime(2013, 7, 9, 10, 37, tzinfo=UTC)


@pytest.mark.parametrize("field", ["versioncreated", "firstCreated", "embargoed"])
@pytest.mark.parametrize(
    "value", ["0000-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "soon", 20130709, "1899-12-31"]
)
def test_dates_that_no_story_can_have_are_rejected_by_name(field: str, value: object, refuse: Refuse) -> None:
    verdict = refuse(item(**{field: value}))
    assert verdict.reason is Reason.DATE
    assert field.lower() in verdict.detail


@pytest.mark.parametrize("value", [0, 10, "x", True, None, 1e30, [1]])
def test_an_urgency_out_of_its_scale_is_none(value: object, read: Read) -> None:
    assert read(item(urgency=value)).urgency is None


def test_lists_of_the_wrong_shape_are_passed_over(read: Read) -> None:
    story = read(
        item(subject="politics", place=[1, None, []], infosource={"name": "AGP"}, headlines=[{"value": 3}])
    )
    assert (story.subjects, story.places, story.provider, story.headline) == ((), (), "AGP", None)
