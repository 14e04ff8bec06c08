"""A feed document taken apart: each item as a document of its own, and what tells whether it is new.

One item is one record: a whole document would bring every other item along again each time that one is new,
and be dead or replayed as a whole. A record holds the item under as much of the feed's head as belongs to a
story (title, language, rights) and none of what changes by itself (build dates, the number of comments), so
that the same item is the same bytes whenever it is fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from copy import deepcopy
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
        channel, found = None, list(xml.children(root, "entry"))
    elif kind in ("rss", "rdf") and (channel := xml.find(root, "channel")) is not None:
        # RSS 2.0 has the items in the channel, RSS 1.0 beside it.
        found = [*xml.children(channel, "item"), *xml.children(root, "item")]
    else:
        raise Rejected(Reason.UNKNOWN_FORMAT, f"no RSS or Atom feed: the document is <{kind}>")
    borne = Counter(identity.text for item in found for identity in xml.children(item, *_IDENTITY))
    shared = frozenset(text for text, count in borne.items() if count > 1)
    return [_alone(root, channel, item, shared) for item in reversed(found)]


def _alone(root: Element, channel: Element | None, item: Element, shared: Collection[str | None]) -> FeedItem:
    document = place = _bare(root)
    if channel is None:
        _copy_head(root, document)
    else:
        head = _bare(channel)
        document.append(head)
        _copy_head(channel, head)
        if item.getparent() is channel:
            place = head
    item = deepcopy(item)
    item.tail = None
    _drop_counters(item)
    for identity in list(xml.children(item, *_IDENTITY)):
        # What several items of a document bear is no identity of any; alone, it could not be seen.
        if identity.text in shared:
            item.remove(identity)
    place.append(item)
    return FeedItem(
        etree.tostring(document, encoding="utf-8", xml_declaration=True),
        ATOM if channel is None else RSS,
        blake2b(etree.tostring(item, encoding="utf-8"), digest_size=16).digest(),
    )


def _bare(element: Element) -> Element:
    """The element without what is in it."""
    # The stubs do not know the default namespace, whose prefix is None.
    bare = etree.Element(element.tag, nsmap=cast("dict[str, str]", element.nsmap))
    for name, value in element.items():
        bare.set(name, value)
    return bare


def _copy_head(source: Element, target: Element) -> None:
    for child in xml.children(source, *_HEAD):
        # Of Atom's links only the site's own says anything of a story.
        if child.get("rel", "alternate") == "alternate":
            copied = deepcopy(child)
            copied.tail = None
            target.append(copied)


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
