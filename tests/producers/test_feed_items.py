from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.errors import Reason, Rejected
from stream.producers.feed_items import ATOM, RSS, FeedItem, take_apart
from stream.wire.document import Document
from stream.wire.limits import Limits

NOW = datetime(2026, 3, 1, tzinfo=UTC)

RSS_2 = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>الميناء</title><link>https://port.example/</link><language>ar</language>
<lastBuildDate>{built}</lastBuildDate><atom:link rel="self" href="https://port.example/rss?{built}"/>
<item><title>وصول السفينة الثانية</title><guid>2</guid><slash:comments>{comments}</slash:comments></item>
<item><title>وصول السفينة الأولى</title><guid>1</guid></item>
{more}</channel></rss>"""

ATOM_1 = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"
 xml:lang="fr"><title>Le port</title><updated>{built}</updated><id>urn:port</id>
<entry><id>2</id><title>Deuxième</title><link rel="replies" href="/2" thr:count="{comments}"/></entry>
<entry><id>1</id><title>Premier</title><content type="xhtml"
><div xmlns="http://www.w3.org/1999/xhtml"><p>Un <b>navire</b>.</p></div></content></entry>{more}</feed>"""

RSS_1 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://port.example/"><title>Port</title><items><rdf:Seq/></items></channel>
<item rdf:about="2"><title>Second{comments}</title></item><item rdf:about="1"><title>First</title></item>
{more}<!-- {built} --></rdf:RDF>"""


def apart(text: str, *, built: str = "monday", comments: str = "", more: str = "") -> list[FeedItem]:
    data = text.format(built=built, comments=comments, more=more).encode()
    return take_apart(Document(data, NOW, Limits()))


@pytest.mark.parametrize(("text", "content_type"), [(RSS_2, RSS), (ATOM_1, ATOM), (RSS_1, RSS)])
def test_each_item_is_a_feed_of_its_own_oldest_first(text: str, content_type: bytes) -> None:
    items = apart(text)
    assert [item.content_type for item in items] == [content_type] * 2
    for number, item in enumerate(items):
        [alone] = take_apart(Document(item.value, NOW, Limits()))
        assert alone.digest == item.digest
        assert ("1" if number == 0 else "2") in item.value.decode()
    assert len({item.digest for item in items}) == 2


@pytest.mark.parametrize("text", [RSS_2, ATOM_1, RSS_1])
def test_an_item_stays_the_same_bytes_when_others_come(text: str) -> None:
    item = "entry" if text is ATOM_1 else "item"
    before = apart(text)
    after = apart(text, built="tuesday", more=f"<{item}><title>zero</title></{item}>")
    assert after[1:] == before


@pytest.mark.parametrize("text", [RSS_2, ATOM_1])
def test_the_number_of_comments_changes_no_item(text: str) -> None:
    assert apart(text, comments="3") == apart(text, comments="4")


def test_a_changed_item_is_another() -> None:
    before, after = apart(RSS_1), apart(RSS_1, comments=" edition")
    assert before[0] == after[0]
    assert before[1].digest != after[1].digest


def test_the_head_that_belongs_to_a_story_stays() -> None:
    value = apart(RSS_2)[0].value.decode()
    assert "<title>الميناء</title>" in value
    assert "<language>ar</language>" in value
    assert "monday" not in value
    assert 'xml:lang="fr"' in apart(ATOM_1)[0].value.decode()


def test_a_changed_head_makes_no_new_items() -> None:
    renamed = RSS_2.replace("الميناء", "ميناء المدينة")
    assert [item.digest for item in apart(renamed)] == [item.digest for item in apart(RSS_2)]


def test_markup_in_an_item_stays() -> None:
    assert "<p>Un <b>navire</b>.</p>" in apart(ATOM_1)[0].value.decode()


def test_an_identity_that_several_items_bear_is_none() -> None:
    first, second = apart(RSS_2.replace("<guid>2</guid>", "<guid>1</guid>"))
    assert b"<guid>" not in first.value + second.value


def test_a_bare_ampersand_is_read_over() -> None:
    assert b"Ships &amp; docks" in apart(RSS_2, more="<item><title>Ships & docks</title></item>")[0].value


def test_another_character_set_becomes_utf8() -> None:
    data = RSS_2.replace("utf-8", "windows-1256").format(built="", comments="", more="").encode("cp1256")
    [first, _] = take_apart(Document(data, NOW, Limits()))
    assert "وصول السفينة الأولى" in first.value.decode("utf-8")


def test_a_feed_without_items_has_none() -> None:
    assert take_apart(Document(b"<rss><channel><title>a</title></channel></rss>", NOW, Limits())) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html><body><p>Down for maintenance</p></body></html>", Reason.UNKNOWN_FORMAT),
        (b"<rss><channel><item><title>cut o", Reason.MALFORMED),
        (b"{}", Reason.MALFORMED),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>', Reason.MALFORMED),
        (b"<rss>" + b"<a>" * 60_000, Reason.TOO_LARGE),
    ],
)
def test_what_is_no_feed_is_rejected(data: bytes, reason: Reason) -> None:
    with pytest.raises(Rejected) as caught:
        take_apart(Document(data, NOW, Limits()))
    assert caught.value.reason is reason


@given(
    document=st.sampled_from([RSS_2, ATOM_1, RSS_1]),
    start=st.integers(0, 900),
    length=st.integers(0, 40),
    inserted=st.one_of(st.binary(max_size=20), st.sampled_from([b"<", b"&", b"]]>", b"<item>", b'"', b"\0"])),
)
def test_damaged_documents_are_taken_apart_or_rejected(
    document: str, start: int, length: int, inserted: bytes
) -> None:
    data = document.format(built="", comments="", more="").encode()
    damaged = data[:start] + inserted + data[start + length :]
    with suppress(Rejected):
        for item in take_apart(Document(damaged, NOW, Limits())):
            assert len(take_apart(Document(item.value, NOW, Limits()))) == 1
