"""A feed document taken apart: each item as a document of its own, and what tells whether it is new.

One item is one record: a whole document would bring every other item along again each time that one is new,
and be dead or replayed as a whole. A record holds the item under as much of the feed's head as belongs to a
story (title, language, rights) and none of what changes by itself (build dates, the number of comments), so
that the same item is the same bytes whenever it is fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b
from typing import cast

from lxml import etree

from stream.errors import Reason, Rejected
from stream.wire import xml
from stream.wire.document import Document
from stream.wire.markup import local_name
from stream.wire.xml import Element

RSS = b"application/rss+xml"
ATOM = b"application/atom+xml"

_HEAD = ("title", "link", "language", "id", "author", "creator", "publisher", "copyright", "rights")
# Of Atom's links only the site's own says anything of a story.
_SITE = "alternate"
_IDENTITY = ("guid", "id")
# Extensions that count readers' comments: they change with every reader, and the story does not.
_COUNTERS = ("{http://purl.org/rss/1.0/modules/slash/}", "{http://purl.org/syndication/thread/1.0}")


@dataclass(frozen=True, slots=True)
class FeedItem:
    """`value` is a feed document in UTF-8 with this one item; `digest` is of the item alone, whatever the
    head says."""

    value: bytes
    content_type: bytes
    digest: bytes


def take_apart(document: Document) -> list[FeedItem]:
    """The items of an RSS 2.0, RSS 1.0 or Atom document, oldest first, as far as their order tells: feeds
    have the newest on top. Raises Rejected when it is none.
    """
    root = xml.read(document, is_lenient=True)
    kind = local_name(root)
    if kind == "feed":
        head, content_type = root, ATOM
        found = list(xml.children(root, "entry"))
    elif kind in ("rss", "rdf") and (channel := xml.find(root, "channel")) is not None:
        head, content_type = channel, RSS
        # RSS 2.0 has the items in the channel, RSS 1.0 beside it.
        found = [*xml.children(channel, "item"), *xml.children(root, "item")]
    else:
        raise Rejected(Reason.UNKNOWN_FORMAT, f"no RSS or Atom feed: the document is <{kind}>")
    borne = Counter(identity.text for item in found for identity in xml.children(item, *_IDENTITY))
    places = [cast(Element, item.getparent()) for item in found]
    if head is not root:
        _empty(root, keep=[head])
    _empty(head, keep=[child for child in xml.children(head, *_HEAD) if child.get("rel", _SITE) == _SITE])
    items = []
    for item, place in zip(reversed(found), reversed(places), strict=True):
        _drop_counters(item)
        for identity in list(xml.children(item, *_IDENTITY)):
            # What several items of a document bear is no identity of any; alone, it could not be seen.
            if borne[identity.text] > 1:
                item.remove(identity)
        item.tail = None
        place.append(item)
        value = etree.tostring(root, encoding="utf-8", xml_declaration=True)
        digest = blake2b(etree.tostring(item, encoding="utf-8"), digest_size=16).digest()
        items.append(FeedItem(value, content_type, digest))
        place.remove(item)
    return items


def _empty(element: Element, keep: Collection[Element]) -> None:
    """Takes out of the element all but these children, the white space between them included."""
    element.text = None
    for child in list(element):
        child.tail = None
        if child not in keep:
            element.remove(child)


def _drop_counters(item: Element) -> None:
    for element in list(item.iter("*")):
        parent = element.getparent()
        if parent is not None and str(element.tag).startswith(_COUNTERS):
            # Text behind it would go with it; in a feed there is none.
            parent.remove(element)
            continue
        for name in element.attrib:
            if str(name).startswith(_COUNTERS):
                del element.attrib[name]
