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

COPY = (
    "   Port Sael (abc) - The harbour of Port Sael opened again on Tuesday\r\n"
    "after a storm that had kept tankers and ferries at sea for four days,\r\n"
    "the port office said.\r\n"
    "\r\n"
    "   Two of the five quays stay closed, and the ferries to the left-\r\n"
    "hand shore leave from the old pier.\r\n"
)
PARAGRAPHS = (
    "Port Sael (abc) - The harbour of Port Sael opened again on Tuesday after a storm that had kept tankers "
    "and ferries at sea for four days, the port office said.\n\n"
    "Two of the five quays stay closed, and the ferries to the left-hand shore leave from the old pier."
)


def message(
    *,
    header: str = "eca0061 3 i 58 ccccb   abc 0123",
    keywords: str = "Sael-shipping/storm/",
    head: str = "Harbour of Port Sael opens again after storm =",
    copy: str = COPY,
    trailer: str = "121410 GMT May 26",
) -> str:
    return (
        f"\x01{header}\r\n\n{keywords}\r\n\x02{head}\r\n\r\n{copy}\r\n\x03{trailer} \r\n\x7f\r\n\x7f\x04\r\n"
    )


def test_every_field_of_a_message_is_read(read: Read) -> None:
    story = read(message())
    assert (story.format, story.headline, story.body) == (
        "iptc7901",
        "Harbour of Port Sael opens again after storm",
        PARAGRAPHS,
    )
    assert (story.uri, story.version, story.provider) == ("iptc7901:eca:0061:2026-05-12", None, "abc")
    assert story.published_at == datetime(2026, 5, 12, 14, 10, tzinfo=UTC)
    assert (story.slugline, story.urgency) == ("Sael-shipping/storm", 3)
    assert story.sections == ("International",)
    assert story.subjects == (Subject("category", "i", "International"),)


def test_the_numbers_that_a_note_may_name_are_kept(read: Read) -> None:
    assert read(message()).numbers == ("abc 123", "eca 61")
    assert read(message(header="eca0000 3 i 58 ccccb")).numbers == ()


def test_tags_headline_and_author_are_told_apart(read: Read) -> None:
    head = "REFILE\r\n1ST LEAD\r\n"
    head += "Harbour of Port Sael opens again after\r\nfour days of storm\r\nBy Layla Haddad, abc ="
    story = read(message(head=head))
    assert story.signals == ("REFILE", "1ST LEAD")
    assert story.headline == "Harbour of Port Sael opens again after four days of storm"
    assert story.byline == "By Layla Haddad, abc"


def test_a_remark_in_brackets_may_run_over_lines(read: Read) -> None:
    head = "(Berichtigung: Im zweiten Absatz wurde der Name des\r\nHafens geändert.)\r\n"
    head += "Hafen wieder offen\r\n(Foto Archiv) ="
    story = read(message(head=head))
    assert story.signals == ("Berichtigung: Im zweiten Absatz wurde der Name des Hafens geändert.",)
    assert (story.headline, story.ednote) == ("Hafen wieder offen", "Foto Archiv")


def test_a_headline_in_two_lines_may_go_on_with_the_word_of_an_author(read: Read) -> None:
    head = (
        "Präsidentin des Rates der Hafenstädte am Meer, Anna Maria Lindström\r\nVon der Aue, tritt zurück ="
    )
    assert read(message(head=head)).byline is None


def test_a_line_of_its_own_below_the_headline_names_the_author(read: Read) -> None:
    story = read(message(copy=f"By Layla Haddad\r\n\r\n{COPY}"))
    assert (story.byline, story.body) == ("By Layla Haddad", PARAGRAPHS)


def test_a_headline_without_the_sign_is_the_first_block(read: Read) -> None:
    story = read(message(head="Harbour of Port Sael opens again"))
    assert (story.headline, story.body) == ("Harbour of Port Sael opens again", PARAGRAPHS)


def test_a_message_that_begins_with_its_copy_has_no_headline(read: Read) -> None:
    story = read(f"\x01eca0061 3 i 58\r\n\r\nSael/\r\n\x02{COPY}\x03121410 GMT May 26\x04")
    assert (story.headline, story.body) == (None, PARAGRAPHS)


def test_one_line_paragraphs_above_the_first_wrapped_one_are_the_head(read: Read) -> None:
    head = "   Harbour of Port Sael opens again\r\n   By Layla Haddad\r\n"
    story = read(f"\x01ABC0061 3 I 58 SAE /ABC-SI85\r\nsael\r\n\x02{head}{COPY}\x03ABC 121410 MAI 26\x04")
    assert (story.headline, story.byline) == ("Harbour of Port Sael opens again", "By Layla Haddad")
    assert story.body == PARAGRAPHS
    assert story.published_at == datetime(2026, 5, 12, 14, 10, tzinfo=UTC)


def test_signs_of_a_telex_line_are_no_text(read: Read) -> None:
    text = message().replace("\x03121410 GMT May 26", "abc 121410 May 26\r\n\x03\r\nNNNN")
    story = read(f"ZCZC 017\r\n{text}")
    assert (story.body, story.published_at) == (PARAGRAPHS, datetime(2026, 5, 12, 14, 10, tzinfo=UTC))


def test_a_text_with_a_stray_control_is_plain(read: Read) -> None:
    assert read(f"\x01Harbour opens again\n\n{PARAGRAPHS}").format == "plain"


def test_bells_and_fill_are_taken_out(read: Read) -> None:
    story = read("\x16\x16\0" + message(head="(Eil \a\a\a\a\a)\r\nHafen wieder offen =") + "\x16\x7f\x7f")
    assert (story.signals, story.headline) == (("Eil",), "Hafen wieder offen")


def test_notes_below_the_copy_are_for_the_desk(read: Read) -> None:
    notes = (
        "\r\n# Notebook\r\n\r\n## Note to editors\r\n- adds quote of the port office\r\n\r\n* * * *\r\n"
        "The following information is not intended for publication\r\n\r\n- Reporting by: L. Haddad\r\n"
    )
    story = read(message(copy=COPY + notes))
    assert story.body == PARAGRAPHS
    assert story.ednote == "adds quote of the port office\nReporting by: L. Haddad"


@pytest.mark.parametrize(
    "notice",
    [
        "The following is not for publication",
        "Die folgenden Informationen sind nicht zur Veröffentlichung bestimmt",
        "Les informations suivantes ne sont pas destinées à la publication",
        "المعلومات التالية غير مخصصة للنشر",
    ],
)
def test_what_is_not_for_publication_is_no_copy_in_any_language(notice: str, read: Read) -> None:
    story = read(message(copy=f"{COPY}\r\n* * * *\r\n{notice}\r\n\r\nCall the desk on 123\r\n"))
    assert (story.body, story.ednote) == (PARAGRAPHS, "Call the desk on 123")


def test_a_private_block_inside_the_copy_ends_at_a_rule(read: Read) -> None:
    first, second = COPY.split("\r\n\r\n")
    block = "* * *\r\nNot for publication:\r\nCall the desk on 123\r\n* * *\r\n"
    story = read(message(copy=f"{first}\r\n\r\n{block}\r\n{second}"))
    assert (story.body, story.ednote) == (PARAGRAPHS, "Call the desk on 123")


def test_tables_and_lists_keep_their_lines(read: Read) -> None:
    table = "| Sael    | 12 | 3 |\r\n| Northam |  9 | 6 |"
    items = "- the north quay, which was built in the year of the great flood, and\r\n"
    items += "  its cranes\r\n- the old pier"
    body = read(message(copy=f"Results of the day:\r\n\r\n{table}\r\n\r\nClosed are:\r\n{items}\r\n")).body
    assert "| Sael    | 12 | 3 |\n| Northam |  9 | 6 |" in body
    assert body.endswith(
        "Closed are:\n- the north quay, which was built in the year of the great flood, and its cranes\n"
        "- the old pier"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(end: str, read: Read) -> None:
    assert read(message().replace("\r\n", "\n").replace("\n", end)).body == PARAGRAPHS


def test_several_messages_are_several_stories() -> None:
    first, second = message(), message(header="eca0062 4 s 58   abc 0124", head="Ferries wait =")
    stories = parse(record(f"\x16\x16{first}\x16\x16{second}"))
    assert [(story.item, story.headline) for story in stories] == [
        (0, "Harbour of Port Sael opens again after storm"),
        (1, "Ferries wait"),
    ]
    assert stories[0].part != stories[1].part


def test_a_message_without_text_is_passed_over_beside_others() -> None:
    (story,) = parse(record(f"\x01eca0060 6 v 0\r\n\x02\r\n\x03121400 GMT May 26\x04{message()}"))
    assert story.uri == "iptc7901:eca:0061:2026-05-12"


def test_a_lost_start_of_text_leaves_the_story(read: Read) -> None:
    story = read(message().replace("\x02", ""))
    assert (story.slugline, story.body) == ("Sael-shipping/storm", PARAGRAPHS)


def test_a_lost_end_of_text_leaves_the_time(read: Read) -> None:
    story = read(message().replace("\x03", ""))
    assert story.body == PARAGRAPHS
    assert story.published_at == datetime(2026, 5, 12, 14, 10, tzinfo=UTC)


def test_a_lost_header_sign_leaves_the_format(read: Read) -> None:
    assert read(message().removeprefix("\x01")).uri == "iptc7901:eca:0061:2026-05-12"


def test_a_lost_end_of_transmission_leaves_both_messages() -> None:
    stories = parse(record(message().replace("\x04", "") + message().replace("\x04", "")))
    assert [story.body for story in stories] == [PARAGRAPHS, PARAGRAPHS]


@pytest.mark.parametrize(
    ("header", "uri", "version", "provider"),
    [
        ("FRS2056 4 PIX 0349 FRA /AFP-SI85", "iptc7901:frs:2056:2026-05-12", None, "AFP"),
        ("kna0017 4 pl 120   KNA 260512-89-00065#2", "iptc7901:kna:260512-89-00065", "2", "KNA"),
        ("bdt0000 4 pl 120  dpa 0000", None, None, "dpa"),
        ("صاب0123 4 i 58  dpa 0011", "iptc7901:صاب:0123:2026-05-12", None, "dpa"),
        ("eca 0061 3", "iptc7901:eca:0061:2026-05-12", None, None),
        ("no header at all", None, None, None),
    ],
)
def test_headers_of_other_agencies(
    header: str, uri: str | None, version: str | None, provider: str | None, read: Read
) -> None:
    story = read(message(header=header))
    assert (story.uri, story.version, story.provider) == (uri, version, provider)


def test_a_category_of_the_iptc_is_a_subject(read: Read) -> None:
    assert read(message(header="eca0061 3 SPO 58")).subjects == (Subject("subj", "15000000", "Sport"),)


def test_a_flash_is_all_headline(read: Read) -> None:
    story = read(message(head="FLASH\r\nPrime minister of Sael resigns =", copy=""))
    assert (story.headline, story.body) == (
        "Prime minister of Sael resigns",
        "Prime minister of Sael resigns",
    )


def test_a_kill_note_is_the_headline_of_itself(read: Read) -> None:
    story = read(message(head="KILL KILL KILL =", copy='Please kill item abc 0122 "Harbour closed".\r\n'))
    assert (story.signals, story.headline) == (("KILL KILL KILL",), "KILL KILL KILL")


TEXTS = {
    "ar": "   الميناء - أعلن مكتب الميناء اليوم الثلاثاء استئناف العمل في أرصفة\r\n"
    "المدينة بعد عاصفة استمرت أربعة أيام.\r\n",
    "fr": "   Saël - Le port a rouvert mardi, après une tempête qui a bloqué les\r\n"
    "bateaux pendant quatre jours, à cause d'un dégât à l'entrée.\r\n",
    "de": "   Säl - Der Hafen öffnete am Dienstag wieder, nachdem ein Sturm die\r\n"
    "Fähren vier Tage lang aufgehalten hatte; größere Schäden gab es nicht.\r\n",
}


@pytest.mark.parametrize(
    ("language", "charset"),
    [
        *(
            ("ar", name)
            for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "iso8859-6")
        ),
        *(("fr", name) for name in ("utf-8", "utf-16-le", "cp1252", "latin-1")),
        *(("de", name) for name in ("utf-8", "utf-16", "cp1252", "latin-1")),
    ],
)
def test_copy_is_read_in_every_set_that_lines_carry(language: str, charset: str, read: Read) -> None:
    copy = TEXTS[language]
    head = {"ar": "استئناف العمل في الميناء =", "fr": "Le port rouvert =", "de": "Hafen wieder offen ="}[
        language
    ]
    story = read(message(head=head, copy=copy).encode(charset))
    assert story.body == " ".join(copy.split())


def test_each_message_has_a_set_of_its_own() -> None:
    arabic = message(head="استئناف العمل في الميناء =", copy=TEXTS["ar"]).encode("cp1256")
    german = message(copy=TEXTS["de"]).encode("cp1252")
    assert [story.body[:3] for story in parse(record(arabic + german))] == ["الم", "Säl"]


def test_a_wrong_declaration_is_overruled_and_a_wrong_decoding_undone(read: Read) -> None:
    copy = TEXTS["ar"]
    utf8 = message(head="استئناف العمل =", copy=copy)
    assert read(utf8.encode(), charset="iso-8859-1").body == " ".join(copy.split())
    read_wrong = utf8.encode("cp1256").decode("latin-1")
    assert read(read_wrong.encode()).body == " ".join(copy.split())


def test_lost_letters_are_mojibake(refuse: Refuse) -> None:
    copy = "   Saal - " + "?????? ??? ???????? ???? ??????? ?? ???? ??????\r\n" * 4
    assert refuse(message(head="?????? ??? ????? =", copy=copy)).reason is Reason.MOJIBAKE


@pytest.mark.parametrize(
    "data",
    [
        b"\x01" * 500_000,
        b"\x01\x02" * 200_000,
        b"\x01eca0061 3 i 58\r\n\x02" + b" " * 500_000,
        b"\x01eca0061 3 i 58\r\n\x02" + b"= \r\n" * 120_000,
        b"\x01" + b"9" * 500_000,
        b"\x01eca0061 3 i 58\r\n\x02\0\0\0\x03",
        b"\x01\xff\xfe\xff\x02\xff\x03\x04",
    ],
)
def test_a_hostile_message_is_refused(data: bytes, refuse: Refuse) -> None:
    refuse(data)
