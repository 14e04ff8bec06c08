from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from stream.codec import story_id
from stream.errors import Reason, Rejected
from stream.model import Story
from stream.wire.detect import parse
from stream.wire.limits import Limits
from tests.wire.conftest import record

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

TEXT = "افتتح الوزير الميناء الجديد اليوم الأربعاء بحضور عدد من المسؤولين والضيوف."
MORE = "وقال إن الطاقة الاستيعابية للميناء تبلغ مليون حاوية سنويا بعد التوسعة الأخيرة."
NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
)
GUID = "<guid isPermaLink='false'>port-1</guid>"


def rss(*items: str, channel: str = "<title>جريدة الميناء</title><language>ar-SA</language>") -> str:
    listed = "".join(f"<item>{item}</item>" for item in items)
    head = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMES}>'
    return f"{head}<channel>{channel}{listed}</channel></rss>"


def item(body: str = f"<description>{TEXT}</description>", *more: str, title: str = "افتتاح ميناء") -> str:
    return f"<title>{title}</title>{GUID}{body}{''.join(more)}"


def test_every_field_of_an_item_is_read(read: Read) -> None:
    story = read(
        rss(
            f"<title>افتتاح ميناء جديد - جريدة الميناء</title>{GUID}<link>https://port.example/1</link>"
            "<media:title>صورة</media:title><dc:creator><![CDATA[ليلى حداد]]></dc:creator>"
            "<category>اقتصاد</category><category>اقتصاد</category><category>https://port.example/t</category>"
            "<pubDate>Wed, 06 May 2026 14:30:00 +0300</pubDate>"
            f"<description>{TEXT[:30]} […]</description>"
            f"<content:encoded><![CDATA[<p>{TEXT}</p><figure><figcaption>صورة</figcaption></figure><p>{MORE}</p>]]>"
            "</content:encoded>"
        )
    )
    assert (story.format, story.headline, story.body) == ("feed", "افتتاح ميناء جديد", f"{TEXT}\n\n{MORE}")
    assert (story.uri, story.version, story.provider) == ("port-1", None, "جريدة الميناء")
    assert (story.language, story.byline, story.sections) == ("ar-SA", "ليلى حداد", ("اقتصاد",))
    assert story.published_at == datetime(2026, 5, 6, 11, 30, tzinfo=UTC)


def test_an_atom_entry_is_a_story(read: Read) -> None:
    story = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">'
        "<title>Le Courrier du port</title><id>urn:f</id>"
        "<author><name>La rédaction</name></author><entry><id>urn:e:1</id>"
        '<title type="html">La grue &lt;b&gt;tombe&lt;/b&gt;</title><link rel="self" href="x"/>'
        '<link href="https://port.example/1"/><published>2026-05-06T08:00:00Z</published>'
        '<updated>2026-05-07T08:00:00Z</updated><category term="port" label="Le port"/>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        "<p>Une grue du port <b>est tombée</b> "
        "mardi matin.</p><p>Le trafic a repris dans l'après-midi.</p></div></content></entry></feed>"
    )
    assert (story.uri, story.headline, story.language) == ("urn:e:1", "La grue tombe", "fr")
    assert story.body == "Une grue du port est tombée mardi matin.\n\nLe trafic a repris dans l'après-midi."
    assert (story.byline, story.sections) == ("La rédaction", ("Le port",))
    assert story.published_at == datetime(2026, 5, 6, 8, 0, tzinfo=UTC)


def test_an_item_of_rss_1_is_a_story(read: Read) -> None:
    story = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Harbour News</title>'
        "<dc:language>en</dc:language></channel>"
        '<item rdf:about="https://port.example/1"><title>Bridge opens</title>'
        "<description>The bridge opened on Monday after two years.</description><dc:date>2026-05-06</dc:date>"
        "<dc:subject>Local</dc:subject></item></rdf:RDF>"
    )
    assert (story.uri, story.language, story.sections) == ("https://port.example/1", "en", ("Local",))
    assert story.published_at == datetime(2026, 5, 6, tzinfo=UTC)


def test_items_are_numbered_and_those_without_text_passed_over() -> None:
    stories = parse(
        record(rss(item(), "<title>Only a title</title><guid>2</guid>", item().replace("port-1", "port-3")))
    )
    assert [(story.item, story.uri) for story in stories] == [(0, "port-1"), (1, "port-3")]


def test_a_feed_without_a_story_is_none(refuse: Refuse) -> None:
    assert refuse(rss()).reason is Reason.NO_STORY
    assert refuse(rss("<title>Only a title</title>")).reason is Reason.NO_STORY


def test_an_item_that_cannot_be_read_takes_no_other_with_it() -> None:
    lost = "<description>" + "?????? ??? ???????? ???? ??????? ?? " * 4 + "</description>"
    (story,) = parse(record(rss(item(lost), item())))
    assert (story.item, story.body) == (0, TEXT)


def test_the_first_fault_is_told_where_no_item_can_be_read(refuse: Refuse) -> None:
    lost = "<description>" + "?????? ??? ???????? ???? ??????? ?? " * 4 + "</description>"
    assert refuse(rss(item(lost))).reason is Reason.MOJIBAKE


@pytest.mark.parametrize(
    ("escaped", "shown"),
    [
        ("The council &amp; the mayor agreed on a bridge.", "The council & the mayor agreed on a bridge."),
        ("The council &amp;amp; the mayor agreed on it.", "The council & the mayor agreed on it."),
        ("The council &#8217;s mayor agreed on a bridge.", "The council ’s mayor agreed on a bridge."),
        ("&lt;p&gt;The council &amp;amp; mayor agreed.&lt;/p&gt;", "The council & mayor agreed."),
        ("&amp;lt;p&amp;gt;The council and mayor agreed.&amp;lt;/p&amp;gt;", "The council and mayor agreed."),
        ("<![CDATA[<p>The council &amp; mayor agreed.</p>]]>", "The council & mayor agreed."),
        ("<p>The council and</p><p>the mayor agreed.</p>", "The council and\n\nthe mayor agreed."),
    ],
)
def test_text_is_read_through_every_number_of_escapings(escaped: str, shown: str, read: Read) -> None:
    assert read(rss(item(f"<description>{escaped}</description>"))).body == shown


def test_what_a_site_prints_under_its_items_is_no_text(read: Read) -> None:
    footer = '<p>The post <a href="x">Port</a> appeared first on <a href="y">Harbour News</a>.</p>'
    body = f"<content:encoded><![CDATA[<p>{TEXT}</p>{footer}]]></content:encoded>"
    assert read(rss(item(body))).body == TEXT


def test_a_first_paragraph_that_repeats_the_headline_is_no_text(read: Read) -> None:
    body = f"<content:encoded><![CDATA[<p>افتتاح ميناء</p><p>{TEXT}</p>]]></content:encoded>"
    assert read(rss(item(body))).body == TEXT


def test_the_outlet_of_an_item_is_its_provider(read: Read) -> None:
    story = read(
        rss(
            item(
                f"<description>{TEXT}</description>",
                '<source url="x">Harbour News</source>',
                title="Port opens - Harbour News",
            )
        )
    )
    assert (story.provider, story.headline) == ("Harbour News", "Port opens")


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("<author>desk@port.example (Layla Haddad)</author>", "Layla Haddad"),
        ("<author>desk@port.example</author>", None),
        (
            "<dc:creator>Layla Haddad</dc:creator><dc:creator>Omar Said</dc:creator>",
            "Layla Haddad, Omar Said",
        ),
        ("<author><name>Layla Haddad</name></author>", "Layla Haddad"),
    ],
)
def test_authors_are_named_not_addressed(author: str, byline: str | None, read: Read) -> None:
    assert read(rss(item(f"<description>{TEXT}</description>", author))).byline == byline


def test_an_identity_that_several_items_bear_is_none() -> None:
    items = [item() + f"<link>https://port.example/{number}</link>" for number in (1, 2)]
    assert [story.uri for story in parse(record(rss(*items)))] == [
        "https://port.example/1",
        "https://port.example/2",
    ]


def test_items_without_an_identity_of_their_own_have_none() -> None:
    same = item() + "<link>https://port.example/</link>"
    assert [story.uri for story in parse(record(rss(same, same)))] == [None, None]


def test_an_item_keeps_its_id_whatever_stands_beside_it() -> None:
    other = item().replace("port-1", "port-2")
    before, after = rss(item()), rss(other, item())
    ids = [story_id("f", parse(record(text))[-1], text.encode()) for text in (before, after)]
    assert ids[0] == ids[1]
    changed = rss(item(f"<description>{MORE}</description>"))
    assert story_id("f", parse(record(changed))[0], changed.encode()) != ids[0]


def test_more_items_than_the_limit_are_cut() -> None:
    items = [item().replace("port-1", f"port-{number}") for number in range(5)]
    assert len(parse(record(rss(*items)), limits=Limits(items=3))) == 3


@pytest.mark.parametrize(
    "broken",
    [
        rss(item()).replace("ميناء", "ميناء & مرفأ", 1),
        rss(item() + "<link>https://port.example/?a=1&b=2</link>"),
        rss(item() + "<media:x/><foo:bar>x</foo:bar>"),
        rss(item() + "<comments>one<br>two</comments>"),
        rss(item()).replace("جريدة", "جريدة&nbsp;"),
        "\n\n" + rss(item()),
        "<!-- x -->" + rss(item()).split("?>", 1)[1],
    ],
)
def test_what_templates_get_wrong_is_read_over(broken: str, read: Read) -> None:
    assert read(broken).body == TEXT


@pytest.mark.parametrize("fault", ["&#xD800;", "&#55296;", "&#x110000;", "&#xFFFE;", "&#0;", "\0", "\ud800"])
def test_what_is_no_character_is_left_out_of_a_broken_feed(fault: str, read: Read) -> None:
    data = rss(item(f"<description>{TEXT}{fault}</description>") + "<a:b/>").encode("utf-8", "surrogatepass")
    if fault == "\ud800":
        with pytest.raises(Rejected):
            parse(record(data))
    else:
        assert read(data).body == TEXT


def test_a_feed_that_was_cut_is_malformed(refuse: Refuse) -> None:
    assert refuse(rss(item(), item())[:-30]).reason is Reason.MALFORMED


def test_a_feed_sent_as_a_page_is_a_feed(read: Read) -> None:
    assert read(rss(item()), "text/html; charset=utf-8").format == "feed"
    assert read(rss(item()), "text/xml").format == "feed"


# A declaration that fits the bytes is believed, so a wrong one of two sets for Arabic is no case.
@pytest.mark.parametrize(
    ("charset", "declared"),
    [
        *(
            (charset, declared)
            for charset in ("utf-8", "utf-8-sig", "utf-16")
            for declared in ("UTF-8", "windows-1256", "ISO-8859-1", "no-such-set")
        ),
        ("cp1256", "windows-1256"),
        ("cp1256", "UTF-8"),
        ("iso8859-6", "ISO-8859-6"),
        ("iso8859-6", "UTF-8"),
    ],
)
def test_arabic_is_read_in_every_set_whatever_is_declared(charset: str, declared: str, read: Read) -> None:
    text = rss(item()).replace('encoding="UTF-8"', f'encoding="{declared}"')
    assert read(text.encode(charset)).body == TEXT


def test_windows_1256_read_as_latin_1_is_undone(read: Read) -> None:
    broken = TEXT.encode("cp1256").decode("latin-1")
    assert read(rss(item(f"<description>{broken}</description>"))).body == TEXT


def test_damage_inside_one_item_leaves_the_others() -> None:
    data = rss(item(), item(f"<description>{MORE * 40}</description>").replace("port-1", "port-2")).encode()
    at = data.index("سنويا".encode())
    (story,) = parse(record(data[: at + 1] + b"\xff" + data[at + 1 :]))
    assert story.body == TEXT


@pytest.mark.parametrize(
    "data",
    [
        b"<rss><channel><item><title>" + b"<![CDATA[" * 49_000,
        b"<rss><channel><item><description>" + b"<a>" * 49_000,
        b"<rss><channel><item><title>" + b"<a &" * 49_000,
        b"<rss>" + b"&" * 1_000_000,
        b"<rss>" + b"<" * 1_000_000,
        b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel><item><title>&b;'
        b"</title></item></channel></rss>",
        b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss><channel/></rss>',
        b"<rss><channel>" + b"<item/>" * 20_000 + b"</channel></rss>",
    ],
)
def test_a_hostile_feed_is_refused(data: bytes, refuse: Refuse) -> None:
    refuse(data)


@pytest.mark.parametrize(
    "change",
    [
        "<atom:updated>2026-05-06T15:00:00Z</atom:updated>",
        "<dc:modified>2026-05-06T15:00:00Z</dc:modified>",
        "<updated>2026-05-06T15:00:00Z</updated>",
    ],
)
def test_when_an_item_was_changed_is_kept_beside_its_publication(change: str, read: Read) -> None:
    story = read(
        rss(item(f"<description>{TEXT}</description><pubDate>2026-05-06T11:30:00Z</pubDate>", change))
    )
    assert story.published_at == datetime(2026, 5, 6, 11, 30, tzinfo=UTC)
    assert (story.version, story.revised_at) == (None, datetime(2026, 5, 6, 15, 0, tzinfo=UTC))
    assert read(rss(item())).revised_at is None
