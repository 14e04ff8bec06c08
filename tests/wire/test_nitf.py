from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stream.errors import Reason, Rejected
from stream.model import Place, Story, Subject

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]


def nitf(
    content: str = "<p>The council voted.</p>", head: str = "", docdata: str = "", above: str = ""
) -> str:
    return (
        f"<nitf><head>{head}<docdata {docdata}</docdata></head><body><body.head>{above}</body.head>"
        f"<body.content>{content}</body.content></body></nitf>"
    )


def test_everything_that_an_item_says_is_kept(read: Read) -> None:
    sample = (Path(__file__).parent / "samples" / "nitf" / "story.xml").read_bytes()
    assert read(sample) == Story(
        format="nitf",
        uri="NNA:4711",
        version="3",
        headline="Dyke to be rebuilt",
        body="The council voted on Tuesday to rebuild the dyke.\n\neastern breach\nwestern breach\n\n"
        "Work starts on Sunday.",
        provider="Northern News Agency",
        language="en-GB",
        published_at=datetime(2026, 5, 13, 8, 0, tzinfo=UTC),
        byline="By Jo Hill Staff Reporter",
        credit_line="Northern News Agency",
        dateline="Saint-Alban, France, May 13",
        located="Saint-Alban",
        sections=("Environment", "dykes"),
        subjects=(Subject("subj", "06000000", "Environment"), Subject("NNA", "E7")),
        places=(Place("Saint-Alban", "FR"),),
        slugline="DYKE-VOTE",
        ednote="Adds vote; Corrects day of vote",
        urgency=4,
        signals=("sig:correction",),
        embargoed_until=datetime(2026, 5, 13, 12, 0, tzinfo=UTC),
        rights="© 2026 Northern News",
    )


@pytest.mark.parametrize(
    "namespace", ["", ' xmlns="http://iptc.org/std/NITF/2006-10-18/"', ' xmlns="urn:any"']
)
def test_any_namespace_will_do(namespace: str, read: Read) -> None:
    assert read(nitf(docdata=">").replace("<nitf", f"<nitf{namespace}")).body == "The council voted."


def test_preformatted_text_keeps_its_lines(read: Read) -> None:
    table = "North 3  South 1\nEast 2   West 2"
    story = read(nitf(f"<p>Results</p><pre>{table}</pre>", docdata=">"))
    assert story.body == f"Results\n\n{table}"


def test_editors_notes_and_pictures_are_no_text(read: Read) -> None:
    story = read(
        nitf(
            "<media><media-caption>A picture.</media-caption></media>"
            "<note noteclass='editorsnote'><p>Map.</p></note><p>One.</p><hr/><p>Two<br/>lines.</p>",
            docdata=">",
        )
    )
    assert story.body == "One.\n\nTwo\nlines."


@pytest.mark.parametrize(
    ("docdata", "status"),
    [
        (">", "usable"),
        ("management-status='USABLE'>", "usable"),
        ("management-status='canceled'>", "canceled"),
        ("management-status='embargoed'>", "withheld"),
    ],
)
def test_statuses_are_read(docdata: str, status: str, read: Read) -> None:
    assert read(nitf(docdata=docdata)).pubstatus == status


def test_placeholders_for_dates_are_no_dates(read: Read) -> None:
    story = read(nitf(docdata="><date.issue norm='YYYYMMDD000000-HHMM'/>"))
    assert story.published_at is None
    dateline = "<dateline><story.date norm='20260513T100000Z'>20260513T100000Z</story.date></dateline>"
    story = read(nitf(docdata=">", above=dateline))
    assert (story.dateline, story.published_at) == (None, datetime(2026, 5, 13, 10, 0, tzinfo=UTC))


def test_the_abstract_stands_in_for_a_missing_text(read: Read, refuse: Refuse) -> None:
    assert read(nitf("", docdata=">", above="<abstract><p>In short.</p></abstract>")).body == "In short."
    assert refuse(nitf("", docdata=">")).reason is Reason.NO_STORY
