from __future__ import annotations

import contextlib
import time
import tracemalloc
from datetime import UTC, datetime

import pytest

from stream.errors import Reason, Rejected
from stream.wire import xml
from stream.wire.document import Document
from stream.wire.limits import Limits

RECEIVED = datetime(2026, 5, 13, 18, 0, tzinfo=UTC)
ARABIC = "عقد المجلس اجتماعا اليوم في العاصمة لبحث إصلاح السد"
FRENCH = "Le conseil a voté mardi la reconstruction de la digue"


def document(data: bytes, **options: str) -> Document:
    return Document(data, RECEIVED, Limits(), **options)


def declared(text: str, charset: str) -> bytes:
    return f'<?xml version="1.0" encoding="{charset}"?>\n<a>{text}</a>'.encode(charset)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (declared(ARABIC, "utf-8"), ARABIC),
        (declared(ARABIC, "windows-1256"), ARABIC),
        (declared(ARABIC, "iso-8859-6"), ARABIC),
        (declared(FRENCH, "iso-8859-1"), FRENCH),
        (declared(ARABIC, "utf-16"), ARABIC),
        (declared(ARABIC, "utf-16")[2:], ARABIC),
        (b"\xfe\xff" + declared(ARABIC, "utf-16-be"), ARABIC),
        (b"\xef\xbb\xbf" + declared(ARABIC, "utf-8"), ARABIC),
        # What many programs declare, and what their bytes are.
        (declared(ARABIC, "utf-8").replace(b"utf-8", b"iso-8859-1"), ARABIC),
        (declared(ARABIC, "utf-8").replace(b"utf-8", b"utf-16"), ARABIC),
        (f"<a>{ARABIC}</a>".encode("windows-1256"), ARABIC),
    ],
)
def test_the_character_set_is_declared_or_sniffed(data: bytes, text: str) -> None:
    assert xml.line(xml.read(document(data))) == text


def test_transport_overrules_the_declaration() -> None:
    data = declared(ARABIC, "windows-1256").replace(b"windows-1256", b"windows-1252")
    assert xml.line(xml.read(document(data, charset="windows-1256"))) == ARABIC


@pytest.mark.parametrize(
    "data",
    [
        b"\n \r\n<?xml version='1.0'?><!-- a > b --><?xml-stylesheet href='x'?><a>t</a>",
        b'<!DOCTYPE nitf SYSTEM "http://example.org/nitf.dtd"><a>t</a>',
        b'<?xml version="1.1"?><!DOCTYPE a PUBLIC "x>y" "z" [<!ELEMENT a ANY><!-- it\'s ] -->]><a>t</a>',
        b'<!DOCTYPE a SYSTEM "a.dtd" [<!ENTITY % n SYSTEM "http://example.org/n.dtd"> %n; ]><a>t</a>',
        b"\x16\x02<a>t\x07</a>\x03\x1a\0\0",
        b"<a>t&#11;</a>",
    ],
)
def test_what_stands_around_the_text_is_passed_over(data: bytes) -> None:
    assert xml.line(xml.read(document(data))) == "t"


def test_named_characters_of_html_are_read_without_their_declaration() -> None:
    root = xml.read(document(b"<a>caf&eacute;&nbsp;&amp; &lt;b&gt; <![CDATA[&lt;]]></a>"))
    assert root.text == "café\xa0& <b> &lt;"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<a><b></a>", Reason.MALFORMED),
        (b"<a>text", Reason.MALFORMED),
        (b"<a>a\0b</a>", Reason.MALFORMED),
        (b"<a>&unknown;</a>", Reason.MALFORMED),
        (b"<a>&#xD800;</a>", Reason.MALFORMED),
        (b"<a>\xed\xa0\x80</a>", Reason.CHARSET),
        (b"<a/><!DOCTYPE a><b/>", Reason.MALFORMED),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a/>', Reason.MALFORMED),
        (b"<!DOCTYPE a [<!ENTITY x 'it\"s'>]><a>&x;</a>", Reason.MALFORMED),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', Reason.MALFORMED),
        (b"<!DOCTYPE a [", Reason.MALFORMED),
        (b"<a>" * 100_000, Reason.TOO_LARGE),
        (b"<a>" * 40_000, Reason.MALFORMED),
        (b"<a>" + b"x" * 3_000_000 + b"</a>", Reason.TOO_LARGE),
        (b"<a " + b" ".join(b'a%d="1"' % n for n in range(300)) + b"/>", Reason.TOO_LARGE),
        (b"no mark-up", Reason.MALFORMED),
        (b"", Reason.MALFORMED),
    ],
)
def test_what_is_not_sound_is_refused(data: bytes, reason: Reason) -> None:
    with pytest.raises(Rejected) as caught:
        xml.read(document(data))
    assert caught.value.reason is reason


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l9;">&l9;</a>'.encode(),
    "quadratic entity": f'<!DOCTYPE a [<!ENTITY x "{"x" * 90_000}">]><a>{"&x;" * 90_000}</a>'.encode(),
    "attributes": b"<a " + b" ".join(b'a%d="1"' % n for n in range(150_000)) + b"/>",
    "same attributes": b"<a " + b'b="1" ' * 300_000 + b"/>",
    "namespaces": b"<a " + b" ".join(b'xmlns:n%d="u"' % n for n in range(90_000)) + b"/>",
    "long attribute": b'<a b="' + b"x" * 1_900_000 + b'"/>',
    "comments": b"<!-- x -->" * 49_000 + b"<a/>",
    "open comments": b"<!-- x " * 49_000,
    "instructions": b"<?x " * 49_000,
    "open document type": b"<!DOCTYPE a [" + b"<!-- ' " * 40_000,
    "quotes in a document type": b"<!DOCTYPE a [" + b"'\"" * 900_000,
    "references": b"<a>" + b"&#65;" * 350_000 + b"</a>",
    "open references": b"<a>" + b"&a" * 900_000 + b"</a>",
    "elements": b"<a>" + b"<b/>" * 49_000 + b"</a>",
    "controls": b"<a>" + b"\x01x" * 900_000 + b"</a>",
    "cdata": b"<a>" + b"<![CDATA[x]]>" * 49_000 + b"</a>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_little_time(name: str) -> None:
    started = time.process_time()
    with contextlib.suppress(Rejected):
        xml.read(document(HOSTILE[name]))
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_little_memory(name: str) -> None:
    tracemalloc.start()
    try:
        with contextlib.suppress(Rejected):
            xml.read(document(HOSTILE[name]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Python's own part: the text in several states, and the bytes that libxml2 gets.
    assert peak < 40 * 1024 * 1024


def test_names_are_found_without_namespace_and_case() -> None:
    root = xml.read(
        document(
            b'<x:a xmlns:x="urn:x" xml:lang="ar"><x:B k="1" x:Ref=" r "> one <i>two</i> </x:B>'
            b"<c><b/><b>three</b></c></x:a>"
        )
    )
    first = xml.find(root, "b")
    assert xml.line(first) == "one two"
    assert (xml.attribute(first, "none", "k"), xml.attribute(first, "ref")) == ("1", "r")
    assert xml.first_line(xml.find_all(root, "c", "b")) == "three"
    assert xml.language(xml.find(root, "c", "b")) == "ar"
    assert xml.find(root, "c", "d") is None
    assert [len(list(xml.children(root, "b", "c"))), len(list(xml.children(root)))] == [2, 2]
