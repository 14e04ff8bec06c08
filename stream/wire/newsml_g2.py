"""NewsML-G2: the IPTC's news exchange format, items alone or in a message, in any version of it.

A message yields its text items. What an item says of itself is read by `newsml_g2_meta`; this module finds
the items, and in each the representation of its text that is worth most. Standard:
https://iptc.org/std/NewsML-G2/.
"""

from __future__ import annotations

from collections.abc import Iterator

from stream.errors import Reason, Rejected
from stream.model import Story
from stream.wire import inline, items, markup, pubstatus, running_text, xml
from stream.wire import newsml_g2_meta as meta
from stream.wire.document import Document, Format
from stream.wire.xml import Element

_ENVELOPE = "newsmessage"
_ITEMS = frozenset(
    ("newsitem", "packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem", "hopitem")
)
_ROOTS = _ITEMS | {_ENVELOPE}
_TEXT_CLASSES = frozenset(("text", "composite", ""))
# A plain or shorter representation is the better one only where the marked-up one lacks this much of it.
_WHOLE = 0.8


def parse(document: Document) -> list[Story]:
    """The text items of a message, or the one of a bare item. Raises Rejected."""
    root = xml.read(document)
    name = markup.local_name(root)
    if name not in _ROOTS:
        raise Rejected(Reason.UNKNOWN_FORMAT, f"XML, but no NewsML-G2: {root.tag!r}"[:120])
    sent = xml.line(xml.find(root, "header", "sent"))
    return items.stories(_items(root), lambda item: [_story(item, sent, document)])


def _items(root: Element) -> Iterator[Element]:
    """The items, in document order: an item may stand inside another (a package's), never inside content."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        name = markup.local_name(element)
        if name in _ITEMS:
            yield element
        if name not in ("contentset", "contentmeta", "itemmeta"):
            waiting.extend(reversed(element))


def _story(item: Element, sent: str | None, document: Document) -> Story:
    limits = document.limits
    described = meta.read(item, sent, document)
    uri = described.uri
    _require_text(item, described.item_class, uri)
    status = pubstatus.read(described.status)
    content = _content(item)
    headline = described.headline or content.head.headline or described.title
    byline = described.byline or content.head.byline or described.creator
    body = running_text.finish(content.text, limits, headline=headline, byline=byline)
    if not body and xml.find(item, "contentset") is not None:
        # A flash is often nothing but its headline.
        body = running_text.finish(described.summary or headline or "", limits, headline=None, byline=None)
    if not body and status != "canceled":
        raise Rejected(Reason.NO_STORY, f"{uri or 'an item'}: {markup.local_name(item)} without a text")
    return Story(
        format="newsml-g2",
        body=body,
        headline=headline[: limits.headline_chars] if headline else None,
        uri=uri,
        version=described.version,
        pubstatus=status,
        provider=described.provider,
        language=described.language,
        published_at=described.published_at,
        byline=byline,
        credit_line=described.credit_line or content.head.distributor,
        dateline=described.dateline or content.head.dateline,
        located=described.located or content.head.located,
        sections=described.sections,
        subjects=described.subjects,
        places=described.places,
        slugline=described.slugline,
        ednote=described.ednote,
        urgency=described.urgency,
        signals=described.signals,
        embargoed_until=described.embargoed_until,
        rights=described.rights,
    )


def _require_text(item: Element, item_class: str, uri: str | None) -> None:
    """Raises Rejected(NOT_TEXT) for an item of another kind, naming it."""
    name = markup.local_name(item)
    kind = f"{item_class} " if item_class else ""
    if name not in ("newsitem", "packageitem") or item_class not in _TEXT_CLASSES:
        raise Rejected(Reason.NOT_TEXT, f"{uri or 'an item'}: {kind}{name}")
    if name == "packageitem" and xml.find(item, "contentset") is None:
        raise Rejected(Reason.NOT_TEXT, f"{uri or 'an item'}: {kind}packageitem without a text of its own")


def _content(item: Element) -> inline.Content:
    """The richest representation that has the whole text; an empty one where the item holds none.

    Raises Rejected(NOT_TEXT) when all that it holds is XML of another vocabulary.
    """
    found: list[inline.Content] = []
    others: dict[str, None] = {}
    for contents in xml.children(item, "contentset"):
        for element in xml.children(contents, "inlinexml", "inlinedata"):
            content = inline.read(element, xml.attribute(element, "contenttype"))
            if isinstance(content, str):
                others[content] = None
            elif content.text:
                found.append(content)
    if not found:
        if others:
            raise Rejected(Reason.NOT_TEXT, f"content of another kind: {', '.join(others)}"[:120])
        return inline.EMPTY
    longest = max(len(content.text) for content in found)
    whole = (content for content in found if len(content.text) >= _WHOLE * longest)
    return min(whole, key=lambda content: content.rank)


def _recognises(head: bytes) -> bool:
    name = xml.root_name(head)
    # NewsML 1 writes its items with a capital.
    return name is not None and name.lower() in _ROOTS and name != "NewsItem"


FORMAT = Format(
    name="newsml-g2",
    media_types=frozenset(f"application/vnd.iptc.g2.{root}+xml" for root in _ROOTS),
    recognises=_recognises,
    parse=parse,
)
