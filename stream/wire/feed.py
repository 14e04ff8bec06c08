"""Feeds: RSS 2.0 and its elders, RSS 1.0 (RDF), Atom. A document yields its items as stories.

An item's identity is its `guid` or `id`, else its link; a changed text under the same identity is a new
version of it, and since feeds number none, `version` stays empty: what orders versions is the time of the
change (`updated`, `modified`), where one is given. An item of a title only is no story, one of a teaser is.
Items that cannot be read are passed over as long as one can: they come again, and the rest is other people's.
Dates are the publication's; `updated` moves with every trifle and stands in only where it is alone.

Read with the reader of all XML here rather than with feedparser: that bounds neither bytes nor tags, parses
what is no XML with a sloppy reader of its own, and hands out HTML that had to be cleaned again (forty full
texts took it 32 ms, this with all its cleaning 23).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from stream.errors import Reason, Rejected
from stream.model import Story
from stream.wire import boilerplate, feed_dates, feed_text, markup, page_title, xml
from stream.wire.document import Document, Format
from stream.wire.markup import local_name
from stream.wire.plain import require_words
from stream.wire.xml import Element

# Elements of these, or of none, are the feed's own; `media:title` is a picture's.
_OWN = re.compile(
    r"^$|purl\.org/rss/|backend\.userland\.com|my\.netscape\.com|/Atom$|purl\.org/atom/|blogs\.law\.harvard\.edu"
)
_CONTENT = re.compile(r"purl\.org/rss/1\.0/modules/content|w3\.org/1999/xhtml")
_DUBLIN = re.compile(r"purl\.org/dc/")
_ATOM = re.compile(r"/Atom$|purl\.org/atom/")
# Some name the author by address (`desk@example.org (Layla Haddad)`), as RSS 2.0 asks.
_ADDRESS = re.compile(r"\S+@\S+\s*\((?P<name>[^)]+)\)|\S+@\S+\.\w+")
_LONGEST_NAME = 120
_LONGEST_TITLE = 4000
_LONGEST_IDENTITY = 2000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_NO_SECTION = re.compile(r"https?://|^\d+$")


@dataclass(frozen=True, slots=True)
class _Channel:
    """What the feed says of itself, for its items."""

    title: str | None
    language: str | None
    author: str | None
    repeated: frozenset[str]
    """Identities that several items bear, so that they are none."""


def parse(document: Document) -> list[Story]:
    """The stories of a feed in document order. Raises Rejected."""
    root = xml.read(document, is_lenient=True)
    channel, items = _items(root)
    items = items[: document.limits.items]
    counted = Counter(one for item in items for one in {_identity(item), _link(item)} if one)
    about = _Channel(
        title=_name(_text(channel, "title")),
        language=_language(
            _text(channel, "language") or _text(channel, "language", _DUBLIN) or xml.language(channel) or ""
        ),
        author=_person(channel, "author"),
        repeated=frozenset(identity for identity, count in counted.items() if count > 1),
    )
    stories: list[Story] = []
    refused: Rejected | None = None
    for item in items:
        try:
            story = _story(item, about, document, len(stories))
        except Rejected as rejected:
            refused = refused or rejected
        else:
            stories.append(story)
    if not stories:
        raise refused or Rejected(Reason.NO_STORY, "a feed without items")
    return stories


def _items(root: Element) -> tuple[Element, list[Element]]:
    """The element that describes the feed, and its items."""
    kind = local_name(root)
    if kind == "feed":
        return root, list(xml.children(root, "entry"))
    if kind in ("rss", "rdf"):
        channel = xml.find(root, "channel")
        inside = list(xml.children(channel, "item")) if channel is not None else []
        return root if channel is None else channel, inside or list(xml.children(root, "item"))
    raise Rejected(Reason.UNKNOWN_FORMAT, f"XML of a kind that is no feed: {kind}")


def _story(item: Element, about: _Channel, document: Document, number: int) -> Story:
    source = xml.find(item, "source")
    outlet = _name(_text(source, "title") or _inner(source)) if source is not None else None
    sites = {boilerplate.key(name) for name in (about.title, outlet) if name}
    written = (_text(item, "title") or "")[:_LONGEST_TITLE]
    title = feed_text.line(written)
    headline = page_title.without_site(title, sites) if title else None
    raw = _raw(item)
    body = feed_text.paragraphs(raw, headline)
    if not body:
        raise Rejected(Reason.NO_STORY, f"an item of nothing but a title: {(title or '')[:60]!r}")
    require_words(body)
    limits = document.limits
    if "\ufffd" in body and "\ufffd".encode() not in document.data:
        raise Rejected(Reason.CHARSET, f"damaged UTF-8 inside an item: {(title or '')[:60]!r}")
    if len(body) > limits.story_chars:
        raise Rejected(Reason.TOO_LARGE, f"{len(body):,} characters of text")
    uri = next((one for one in (_identity(item), _link(item)) if one not in about.repeated), None)
    published = (feed_dates.read(text, document.received, limits) for text in _dates(item))
    revised = (feed_dates.read(text, document.received, limits) for text in _changes(item))
    return Story(
        format="feed",
        body=body,
        headline=headline[: limits.headline_chars] if headline else None,
        item=number,
        part=f"{written}\0{raw}".encode("utf-8", "replace"),
        uri=uri,
        provider=outlet or about.title,
        language=_language(_text(item, "language", _DUBLIN) or item.get(xml.LANG) or "") or about.language,
        published_at=next(filter(None, published), None),
        byline=_byline(item) or about.author,
        sections=_sections(item, limits.entries),
        revised_at=next(filter(None, revised), None),
    )


def _of(element: Element, name: str, space: re.Pattern[str] = _OWN) -> Iterator[Element]:
    """The children of that name in a name space, in document order."""
    for child in xml.children(element, name):
        if space.search(_namespace(child)):
            yield child


def _namespace(element: Element) -> str:
    tag = str(element.tag)
    return tag[1 : tag.index("}")] if tag.startswith("{") else ""


def _text(element: Element, name: str, space: re.Pattern[str] = _OWN) -> str | None:
    return next(filter(None, map(_inner, _of(element, name, space))), None)


def _inner(element: Element) -> str | None:
    """The text of an element: as it stands, or out of markup that the document did not escape."""
    if not len(element):
        return (element.text or "").strip() or None
    if local_name(element) == "title":
        return xml.line(element)
    return markup.text_of(element) or None


def _raw(item: Element) -> str:
    """The fullest text that an item carries: its content, else its teaser."""
    contents = (
        *_of(item, "encoded", _CONTENT),
        *_of(item, "content"),
        *_of(item, "body", _CONTENT),
        *_of(item, "fulltext"),
        *_of(item, "description"),
        *_of(item, "summary"),
        *_of(item, "abstract"),
        *_of(item, "description", re.compile(r"search\.yahoo\.com/mrss|itunes")),
    )
    return next(filter(None, map(_inner, contents)), "")


def _identity(item: Element) -> str | None:
    identity = _text(item, "guid") or _text(item, "id") or xml.attribute(item, "about") or _link(item)
    return identity[:_LONGEST_IDENTITY] if identity else None


def _link(item: Element) -> str | None:
    """The address of the item's page: RSS has it as text, Atom as an attribute."""
    links = (link for link in _of(item, "link") if link.get("rel", "alternate") == "alternate")
    address = next(filter(None, (xml.attribute(link, "href") or _inner(link) for link in links)), None)
    return address[:_LONGEST_IDENTITY] if address else None


def _dates(item: Element) -> Iterator[str | None]:
    for name in ("pubdate", "published", "issued", "created"):
        yield _text(item, name)
    yield _text(item, "date", _DUBLIN)
    yield from _changes(item)


def _changes(item: Element) -> Iterator[str | None]:
    for name in ("updated", "modified"):
        yield _text(item, name)
    # What RSS has of its own tells no change; these come with Atom's or Dublin Core's names.
    yield _text(item, "updated", _ATOM)
    yield _text(item, "modified", _DUBLIN)


def _byline(item: Element) -> str | None:
    creators = (_name(_inner(creator)) for creator in _of(item, "creator", _DUBLIN))
    return ", ".join(filter(None, creators)) or _person(item, "author")


def _name(written: str | None) -> str | None:
    """The name of a feed, an outlet, a person or a section; None for what is longer than names are."""
    named = feed_text.line(written[:_LONGEST_TITLE]) if written else None
    return named if named is None or len(named) <= _LONGEST_NAME else None


def _person(element: Element, kind: str) -> str | None:
    people: dict[str, None] = {}
    for person in _of(element, kind):
        named = _name(_text(person, "name") or (None if len(person) else _inner(person)))
        if named and (address := _ADDRESS.fullmatch(named)):
            named = address["name"]
        if named:
            people[named.strip()] = None
    return ", ".join(people) or None


def _sections(item: Element, entries: int) -> tuple[str, ...]:
    named = [
        _name(category.get("label") or _inner(category) or category.get("term"))
        for category in _of(item, "category")
    ]
    named += [_name(_inner(subject)) for subject in _of(item, "subject", _DUBLIN)]
    return tuple(dict.fromkeys(name for name in named[:entries] if name and not _NO_SECTION.search(name)))


def _language(tag: str) -> str | None:
    tag = tag.strip()
    return tag.replace("_", "-") if _LANGUAGE.fullmatch(tag) else None


_RECOGNISED = re.compile(
    rb"(?:<\?(?:(?!\?>).)*+\?>\s*+|<!--(?:(?!-->).)*+-->\s*+|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*+)?+>\s*+)*+"
    rb"<(?:[\w.-]+:)?(?:rss[\s>]|feed[\s>][^>]*[Aa]tom|rdf\b[^>]*(?:purl\.org/rss/|my\.netscape\.com))",
    re.IGNORECASE | re.DOTALL,
)


def _recognises(head: bytes) -> bool:
    return _RECOGNISED.match(head) is not None


FORMAT = Format(
    name="feed",
    media_types=frozenset(("application/rss+xml", "application/atom+xml", "application/rdf+xml")),
    recognises=_recognises,
    parse=parse,
)
