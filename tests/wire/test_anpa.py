from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from stream.errors import Reason, Rejected
from stream.model import Story, Subject
from stream.wire.detect import parse
from tests.wire.conftest import record

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

HEADING = (
    "^BC-XX--Port Sael-Storm, 1st Ld-Writethru,61<\r\n"
    "^Harbour of Port Sael opens again after storm<\r\n"
    "^AP Photo XSA101, XSA102<\r\n"
    "^Eds: Adds quote of port office. With AP Photos.<\r\n"
    "^By LAYLA HADDAD=\r\n^Associated Press=\r\n"
)
COPY = (
    "\t   PORT SAEL (AP) _ The harbour of Port Sael opened again on Tuesday _ after four days of storm _ "
    "the port office said.\r\n \r\n"
    "\t   ``The ferries leave from the old pier,'' it said.\r\n \r\n\t   ___\r\n"
)
PARAGRAPHS = (
    "PORT SAEL (AP) — The harbour of Port Sael opened again on Tuesday — after four days of storm — "
    "the port office said.\n\n“The ferries leave from the old pier,” it said."
)


def message(
    *,
    number: str = "w0061\x1fabcd-",
    codes: str = "u i\x13\x11 BC-XX--PortSael-Storm 1stLd-Writethru   05-12 0061",
    heading: str = HEADING,
    copy: str = COPY,
    trailer: str = "AP-WF-05-12-26 1410GMT<",
) -> str:
    return f"\x16\x16\x01{number}\r\n{codes}\r\n\x02{heading}{copy}\r\n\t   \x03{trailer}\r\n\r\n\x0c\r\n\x04"


def test_every_field_of_a_message_is_read(read: Read) -> None:
    story = read(message())
    assert (story.format, story.headline, story.body) == (
        "anpa",
        "Harbour of Port Sael opens again after storm",
        PARAGRAPHS,
    )
    assert (story.uri, story.version, story.provider) == ("anpa:w0061:2026-05-12", "1", "AP")
    assert story.published_at == datetime(2026, 5, 12, 14, 10, tzinfo=UTC)
    assert (story.slugline, story.urgency) == ("BC-XX--Port Sael-Storm", 3)
    assert story.byline == "By LAYLA HADDAD, Associated Press"
    assert story.ednote == "Adds quote of port office. With AP Photos.\nAP Photo XSA101, XSA102"
    assert story.signals == ("1stLd-Writethru", "1st Ld-Writethru")
    assert (story.sections, story.subjects) == (
        ("International",),
        (Subject("category", "i", "International"),),
    )


def test_marks_at_both_ends_of_a_line_are_no_text(read: Read) -> None:
    story = read(message(heading="^BC-XX--Storm,12<\r\n^$200 boat is found<\r\n"))
    assert story.headline == "$200 boat is found"


def test_an_alert_has_no_headline(read: Read) -> None:
    story = read(
        message(codes="b a\x13\x11 BC-XX--NewsAlert     05-12 0012", heading="^BC-XX--NewsAlert,12<\r\n")
    )
    assert (story.headline, story.body, story.urgency) == (None, PARAGRAPHS, 2)


def test_lines_of_a_table_stay_lines(read: Read) -> None:
    table = "\x08^;W;L;Pct\x10\r\n\x08Port\x10 Sael;6;1;.857\x10\r\n\x08Northam;5;2;.714\x10\r\n"
    heading = (
        "^BC-XXX--Rowing Glance<\r\n^Rowing Glance=\r\n^By The Associated Press=\r\n^NORTHERN LEAGUE=\r\n"
    )
    story = read(message(codes="r s\x14\x12 BC-XXX--RowingGlance 05-12 ", heading=heading, copy=table))
    assert (story.headline, story.byline) == ("Rowing Glance", "By The Associated Press")
    assert story.body == "NORTHERN LEAGUE\n\n;W;L;Pct\nPort Sael;6;1;.857\nNortham;5;2;.714"


def test_columns_after_unit_separators_are_parted_by_tabs(read: Read) -> None:
    rows = "\x08Northam\x1f\x1e 73\x1e \x1e 52\r\n\x08Port\x10 Sael\x1f\x1e 7\x1e \x1e 5\r\n"
    assert read(message(heading="^BC-XX--Storm,12<\r\n", copy=rows)).body == "Northam\t73 52\nPort Sael\t7 5"


def test_a_list_flush_left_is_the_copy(read: Read) -> None:
    heading = "^*9006< ^AP-Top-Headlines,17<\r\n^Top News at 11:23 p.m.<\r\n"
    story = read(message(heading=heading, copy="^Harbour opens again\r\n^Ferries wait\r\n"))
    assert (story.slugline, story.headline) == ("AP-Top-Headlines", "Top News at 11:23 p.m.")
    assert story.body == "Harbour opens again\n\nFerries wait"


def test_a_summary_is_no_part_of_the_copy(read: Read) -> None:
    heading = HEADING.replace(
        "^AP Photo", "^The harbour opened again on Tuesday, the port office said.<\r\n^AP Photo"
    )
    story = read(message(heading=heading))
    assert (story.headline, story.body) == ("Harbour of Port Sael opens again after storm", PARAGRAPHS)


def test_labels_name_the_headline(read: Read) -> None:
    heading = (
        "^Sael-Storm, 7th Writethru@<\r\ncode:2<\r\n^Update:ADDS details@<\r\n^INDEX: Weather@<\r\n"
        "^HL:Harbour of Port Sael opens again after\r\nfour days of storm@<\r\n^By Layla Haddad@<\r\n"
    )
    story = read(message(heading=heading, trailer="\r\n10:10EDT 12-05-26<"))
    assert (story.slugline, story.byline) == ("Sael-Storm", "By Layla Haddad")
    assert story.headline == "Harbour of Port Sael opens again after four days of storm"
    assert story.ednote == "Update:ADDS details"
    assert story.published_at == datetime(2026, 5, 12, 14, 10, tzinfo=UTC)


def test_copy_without_marks_is_read_like_any_other(read: Read) -> None:
    copy = (
        "\r\nHarbour of Port Sael opens again\r\n\r\n    By Layla Haddad\r\n"
        "    PORT SAEL, May 12 (Reuters) - The harbour of Port Sael opened again on\r\n"
        "Tuesday after four days of storm.\r\n    Ferries leave from the old pier.\r\n"
    )
    story = read(message(heading="BC-SAEL-STORM 1stLd\r\n", copy=copy))
    assert (story.slugline, story.headline, story.byline) == (
        "BC-SAEL-STORM",
        "Harbour of Port Sael opens again",
        "By Layla Haddad",
    )
    assert story.body == (
        "PORT SAEL, May 12 (Reuters) - The harbour of Port Sael opened again on Tuesday after four days of "
        "storm.\n\nFerries leave from the old pier."
    )


def test_an_advance_says_when_it_may_run(read: Read) -> None:
    heading = "^BC-XX--Storm, ADV17,61<\r\n^$Adv17<\r\n"
    heading += "^For release Sunday, May 17, and thereafter<\r\n^A storm's year<\r\n"
    story = read(message(codes="a i\x13\x11 BC-XX--Storm Adv17 05-12 0061", heading=heading))
    assert (story.urgency, story.headline) == (7, "A storm's year")
    assert "For release Sunday, May 17, and thereafter" in story.signals


def test_the_category_of_advisories_is_a_signal(read: Read) -> None:
    assert "Advisory" in read(message(codes="r v\x13\x11 BC-XX--Storm 05-12 0061")).signals


def test_the_day_of_a_message_without_time_is_that_of_its_receipt(read: Read) -> None:
    assert read(message(trailer="")).uri == "anpa:w0061:2026-05-13"


def test_several_messages_are_several_stories() -> None:
    second = message(number="w0062\x1fabcd-", trailer="AP-WF-05-12-26 1512GMT<")
    assert [story.uri for story in parse(record(message() + second))] == [
        "anpa:w0061:2026-05-12",
        "anpa:w0062:2026-05-12",
    ]


@pytest.mark.parametrize("lost", ["\x02", "\x03", "\x04", "\x16"])
def test_a_lost_control_leaves_the_copy(lost: str, read: Read) -> None:
    assert read(message().replace(lost, "")).body.startswith(PARAGRAPHS)


ARABIC = "قال الوزير إن الميناء الجديد سيفتح أبوابه الشهر المقبل بعد العاصفة"
FRENCH = "Le port a rouvert mardi après la tempête, à la grande joie des pêcheurs"
GERMAN = "Der Hafen öffnete nach dem Sturm, größere Schäden gab es nicht"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        *((name, ARABIC) for name in ("utf-8", "utf-16", "cp1256", "iso8859-6")),
        *((name, FRENCH) for name in ("utf-8", "utf-16-le", "cp1252")),
        *((name, GERMAN) for name in ("utf-8", "cp1252", "latin-1")),
        ("latin-1", ("Northam;5;2;.714;9;3;1\r\n\t   " * 30) + "Pérez;6;1;.857;9;3;1"),
    ],
)
def test_copy_is_read_in_every_set(charset: str, text: str, read: Read) -> None:
    body = read(message(heading="^BC-XX--Storm,12<\r\n", copy=f"\t   {text}\r\n").encode(charset)).body
    assert body.split() == text.split()


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x16\x01w0061\x1fabcd\r\nu i\x13\x11 X 05-12 0061\r\n\x02" + filler
        for filler in (
            b"<" * 500_000,
            b"^ <" * 160_000,
            b"\x08 \t " * 120_000,
            b" " * 500_000,
            b"=\r\n" * 160_000,
            b"",
        )
    ],
)
def test_a_hostile_message_is_refused(data: bytes, refuse: Refuse) -> None:
    assert refuse(data).reason in (Reason.NO_STORY, Reason.CHARSET, Reason.TOO_LARGE)


def test_the_number_that_a_note_may_name_is_kept(read: Read) -> None:
    assert read(message()).numbers == ("w 61",)
    assert read(message(number="w0000")).numbers == ()
