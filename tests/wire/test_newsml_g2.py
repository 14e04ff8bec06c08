from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stream.credit import markers
from stream.errors import Reason, Rejected
from stream.model import Place, Story, Subject
from stream.wire.detect import parse
from tests.wire.conftest import record

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

NAR = "http://iptc.org/std/nar/2006-10-01/"
BODY = "<p>The council voted on Tuesday to rebuild the dyke.</p>"


def item(
    content: str = f"<inlineXML>{BODY}</inlineXML>",
    management: str = "",
    described: str = "",
    name: str = "newsItem",
) -> str:
    return (
        f'<{name} xmlns="{NAR}" guid="urn:x:1" version="2" xml:lang="en"><itemMeta>{management}</itemMeta>'
        f"<contentMeta>{described}</contentMeta><contentSet>{content}</contentSet></{name}>"
    )


def test_a_message_yields_its_text_items_with_all_they_say() -> None:
    sample = (Path(__file__).parent / "samples" / "newsml-g2" / "message.xml").read_bytes()
    first, second = parse(record(sample))
    assert first == Story(
        format="newsml-g2",
        item=0,
        uri="urn:newsml:wnl.example:20260513:t1",
        version="1132689232",
        headline="إعادة بناء السد بعد العاصفة",
        body="قرر المجلس إعادة بناء السد الذي انهار في ثلاثة مواضع خلال العاصفة.\n\n"
        "الموضع\tالطول\nالشرقي\t٤٠ مترا\n\nوقال المهندس إن العمل يبدأ الأحد.",
        provider="WNL",
        language="ar",
        published_at=datetime(2026, 5, 13, 7, 0, tzinfo=UTC),
        byline="ليلى حداد",
        credit_line="WNL",
        dateline="مدينة السد (WNL) -",
        located="مدينة السد",
        sections=("سياسة", "سدود"),
        subjects=(
            Subject("medtop", "06000000", "بيئة"),
            Subject("N2", "FLD"),
            Subject("wnlgeo", "7", "الأردن"),
        ),
        places=(Place("الأردن", "JO"),),
        slugline="سد-ترميم",
        ednote="تحديث يضيف تصريح المهندس",
        urgency=3,
        signals=("sig:update", "edStat:U"),
        embargoed_until=datetime(2026, 5, 13, 9, 0, tzinfo=UTC),
        rights="للنشر لا للحفظ",
    )
    assert (second.item, second.pubstatus, second.version, second.body) == (1, "canceled", "2", "")


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><body><p>One.</p><p>Two.</p></body></html>"
         "</inlineXML>", "One.\n\nTwo."),
        ("<inlineXML><x:nitf xmlns:x='http://iptc.org/std/NITF/2006-10-18/'><x:body><x:body.content><x:p>One "
         "<x:org>two</x:org>.</x:p></x:body.content></x:body></x:nitf></inlineXML>", "One two."),
        ("<inlineData contenttype='text/plain'>One.\n\nTwo.</inlineData>", "One.\n\nTwo."),
        ("<inlineData><![CDATA[<p>One.</p><p>Two &amp; three.</p>]]></inlineData>", "One.\n\nTwo & three."),
        ("<inlineXML>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</inlineXML>", "One.\n\nTwo."),
        ("<inlineXML><p>\nFirst line of the copy that is\nbroken by the printer.\n   Second one\nbroken.</p>"
         "</inlineXML>", "First line of the copy that is broken by the printer.\n\nSecond one broken."),
        ("<inlineXML><p>Short.</p></inlineXML><inlineXML><p>The whole text, much longer.</p></inlineXML>",
         "The whole text, much longer."),
        ("<inlineXML><p>One.</p><p>51 77 CRO01 1113 GEST03 LOC03</p></inlineXML>", "One."),
    ],
)  # fmt: skip
def test_the_text_is_found_in_every_kind_of_content(content: str, body: str, read: Read) -> None:
    assert read(item(content)).body == body


@pytest.mark.parametrize(
    ("document", "word"),
    [
        (item(management='<itemClass qcode="ninat:picture"/>'), "picture"),
        (item(management='<itemClass uri="http://cv.iptc.org/newscodes/ninature/video"/>'), "video"),
        (f'<packageItem xmlns="{NAR}" guid="urn:x:1"><groupSet/></packageItem>', "packageitem"),
        (f'<planningItem xmlns="{NAR}" guid="urn:x:1"/>', "planningitem"),
        (f'<conceptItem xmlns="{NAR}" guid="urn:x:1"/>', "conceptitem"),
        (item("<inlineXML><events><event><name>Meeting</name></event></events></inlineXML>"), "events"),
        (item("<inlineData contenttype='image/jpeg'>aGVsbG8=</inlineData>"), "image/jpeg"),
    ],
)
def test_items_of_other_kinds_are_refused_by_name(document: str, word: str, refuse: Refuse) -> None:
    verdict = refuse(document)
    assert verdict.reason is Reason.NOT_TEXT
    assert word in verdict.detail


def test_the_text_of_a_package_is_its_own(read: Read) -> None:
    assert read(item(name="packageItem")).uri == "urn:x:1"


def test_a_flash_is_its_headline(read: Read, refuse: Refuse) -> None:
    headline = "<headline>Dyke broken</headline>"
    assert read(item("<inlineXML><p/></inlineXML>", described=headline)).body == "Dyke broken"
    assert refuse(item("<inlineXML><p/></inlineXML>")).reason is Reason.NO_STORY


@pytest.mark.parametrize(
    ("management", "status"),
    [
        ("", "usable"),
        ('<pubStatus qcode=" STAT:USABLE "/>', "usable"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled"),
        ('<pubStatus qcode="stat:withdrawn"/>', "canceled"),
        ('<PubStatus qcode="stat:withheld"/>', "withheld"),
    ],
)
def test_statuses_are_read_as_suppliers_write_them(management: str, status: str, read: Read) -> None:
    assert read(item(management=management)).pubstatus == status


def test_a_broken_embargo_is_no_permission(refuse: Refuse) -> None:
    assert refuse(item(management="<embargoed>noon</embargoed>")).reason is Reason.DATE


@pytest.mark.parametrize("empty", ["<embargoed/>", "<embargoed> </embargoed>"])
def test_an_embargo_that_does_not_say_until_when_is_one(empty: str, read: Read) -> None:
    story = read(item(management=f'{empty}<signal qcode="sig:update"/>'))
    lifecycle, _ = markers.read(story)
    assert (story.embargoed_until, lifecycle.signal) == (None, ("embargo", "update"))


def test_a_fault_in_one_item_loses_no_other_unseen(refuse: Refuse) -> None:
    broken = item(management="<embargoed>noon</embargoed>")
    assert refuse(f"<newsMessage><itemSet>{item()}{broken}</itemSet></newsMessage>").reason is Reason.DATE


def test_dates_may_be_missing_or_unreadable(read: Read) -> None:
    assert read(item(management="<versionCreated>yesterday</versionCreated>")).published_at is None


def test_the_headline_is_the_main_one_and_not_repeated_in_the_text(read: Read) -> None:
    story = read(
        item(
            f"<inlineXML><h1>Dyke to be rebuilt</h1><p>By Jo Hill</p>{BODY}</inlineXML>",
            described='<headline role="hld:subHeadline">Sub</headline><headline role="hld:main">'
            "Dyke to be rebuilt</headline><by>Jo Hill</by><dateline>2026-05-13 10:00:00 GMT+00:00</dateline>",
        )
    )
    assert story.headline == "Dyke to be rebuilt"
    assert story.body == "The council voted on Tuesday to rebuild the dyke."
    assert story.dateline is None


def test_any_namespace_and_character_set_is_read(read: Read) -> None:
    text = item(described="<headline>Un été</headline>").replace("xmlns=", "xmlns:q=")
    for tag in ("newsItem", "itemMeta", "contentMeta", "contentSet", "inlineXML", "headline"):
        text = text.replace(f"<{tag}", f"<q:{tag}").replace(f"</{tag}", f"</q:{tag}")
    assert read(f'<?xml version="1.0" encoding="ISO-8859-1"?>{text}'.encode("latin-1")).headline == "Un été"
    assert read(text.encode("utf-16")).headline == "Un été"
    assert read(text, "application/vnd.iptc.g2.newsitem+xml").headline == "Un été"
    assert read(f"<!-- c --><?x y?>{text}", "text/xml").headline == "Un été"


def test_xml_of_another_kind_is_refused_under_its_content_type(refuse: Refuse) -> None:
    verdict = refuse("<rss><channel/></rss>", "application/vnd.iptc.g2.newsmessage+xml")
    assert verdict.reason is Reason.UNKNOWN_FORMAT
