"""HTML pages: the story of a news page, without the page.

The running text is found by `page_text`, what the page says of itself by `page_meta`. Both work on one
tree, parsed without network, DTD or entities, and nothing that a page refers to is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import lxml.html
from lxml import etree

from stream.errors import Reason, Rejected
from stream.model import Story
from stream.wire import boilerplate, dates, markup, mojibake, page_meta, page_text, page_title, tidy
from stream.wire.document import Document, Format
from stream.wire.limits import Limits

# Possessive throughout: a head of nothing but comments must not be tried in every split.
_HTML = re.compile(
    rb"(?:<\?xml[^>]*+>\s*+)?+(?:<!--(?:(?!-->).)*+-->\s*+)*+"
    rb"<(?:!doctype\s+html|(?:html|head|body|meta|title|article|section|div|p|h[1-6]|main|script|link)\b)",
    re.IGNORECASE | re.DOTALL,
)
_REPLACED = "\ufffd".encode()
# Tags of a page that may nest 2,048 deep, as fonts that are never closed do; 256 with more. The extraction
# takes time with tags times depth: for so many of both, half a second.
_MOST_DEEP_TAGS = 2_000
# Shorter texts that stand in a title too are names of sites and sections.
_LEAST_HEADING = 15
# The HTML standard looks for the character set in the first 1,024 bytes; sites put scripts before it.
_META_BYTES = 8192
_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)|<\?xml[^>]{0,100}?encoding=[\"']([\w.-]+)",
    re.IGNORECASE,
)


def parse(document: Document) -> list[Story]:
    """The one story of a page. Raises Rejected."""
    document.require_size(document.limits.page_bytes)
    decoded = document.text(_declared_charset(document.data), is_lenient=True)
    text = tidy.characters(mojibake.undo(decoded, len(decoded)))
    tree = _tree(text, document.limits)
    meta = page_meta.read(tree)
    headline = page_title.choose(meta, [*_headings(tree), *_standing(tree, meta.titles)])
    published = dates.first_possible(meta.dates, document.received, document.limits)
    body = page_text.extract(tree, (meta.byline, headline, *meta.sites, *meta.sections), meta.text)
    if "\ufffd" in body and _REPLACED not in document.data:
        raise Rejected(
            Reason.CHARSET, f"damaged UTF-8 inside the story, at character {body.index(chr(0xFFFD)):,}"
        )
    if len(body) > document.limits.story_chars:
        raise Rejected(Reason.TOO_LARGE, f"{len(body):,} characters of text")
    if headline is not None:
        headline = mojibake.repair(headline)[: document.limits.headline_chars]
    return [
        Story(
            format="page",
            body=body,
            headline=headline,
            uri=meta.uri,
            provider=meta.provider,
            language=meta.language,
            published_at=published,
            byline=meta.byline,
            sections=meta.sections,
            revised_at=_revised(meta.changes, document),
        )
    ]


def _revised(texts: Iterable[str], document: Document) -> datetime | None:
    """When the page says that it was changed last; None for nonsense, which is no fault of the story."""
    for text in texts:
        try:
            moment = dates.read(text)
        except ValueError:
            continue
        if dates.is_possible(moment, document.received, document.limits):
            return moment
    return None


def _declared_charset(data: bytes) -> str | None:
    found = _META.search(data[:_META_BYTES])
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def _tree(text: str, limits: Limits) -> lxml.html.HtmlElement:
    elements = text.count("<")
    if elements > limits.page_tags:
        raise Rejected(Reason.TOO_LARGE, f"{elements:,} tags, at most {limits.page_tags:,} are read")
    parser = lxml.html.HTMLParser(
        encoding="utf-8",
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=elements <= _MOST_DEEP_TAGS,
    )
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8"), parser=parser)
    except etree.LxmlError as error:
        raise Rejected(Reason.NO_STORY, f"a page without elements: {error}") from None
    markup.require_whole(parser)
    if not isinstance(tree, lxml.html.HtmlElement):
        raise Rejected(Reason.NO_STORY, "a page without elements")
    return tree


def _headings(tree: lxml.html.HtmlElement) -> list[str]:
    return [tidy.line(heading.text_content()) for heading in tree.iter("h1")]


def _standing(tree: lxml.html.HtmlElement, titles: Sequence[str]) -> list[str]:
    """The longest text of an element that is a part of a title: what old pages have for a heading."""
    texts = {
        element.text.strip()
        for element in tree.iter("b", "strong", "font", "span", "div", "td", "p", "h2", "h3")
        if element.text is not None and _LEAST_HEADING <= len(element.text) <= boilerplate.LONGEST_LINE
    }
    parts = [text for text in texts if any(text in title for title in titles)]
    return sorted((part for part in parts if part.count(" ") >= 2), key=lambda part: (-len(part), part))[:1]


def _recognises(head_bytes: bytes) -> bool:
    return _HTML.match(head_bytes) is not None


FORMAT = Format(
    name="page",
    media_types=frozenset(("text/html", "application/xhtml+xml")),
    recognises=_recognises,
    parse=parse,
)
