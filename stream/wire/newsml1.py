"""NewsML 1.x: the IPTC's first news exchange format, as AFP, EFE, Kyodo, TASS and many others send it.

A `NewsItem` is a tree of components. A component with a headline of its own is a story (a translation, say);
the parts below it say by their roles which is headline, lead, text or caption. What item and components say
of themselves is read by `newsml1_meta`. Standard: https://iptc.org/std/NewsML/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stream.errors import Reason, Rejected
from stream.model import PubStatus, Story, Subject
from stream.wire import inline, items, markup, pubstatus, running_text, xml
from stream.wire import newsml1_meta as meta
from stream.wire.document import Document, Format
from stream.wire.xml import Element

_TEXT_ROLES = frozenset(
    ("", "main", "body", "text", "maintext", "article", "story", "content", "short", "long")
)
_LEAD_ROLES = frozenset(("lead", "lede", "intro", "introduction"))
_HEADLINE_ROLES = frozenset(("headline", "title"))
# Parts and media that are no story even where they bring text.
_OTHERS = frozenset(
    """animation audio caption clip contact graphic image logo moving photo picture sound still stylesheet
    thumbnail video""".split()  # noqa: SIM905
)
_DETAIL_CHARS = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an item: a text, or what it is else by name (`other`). `path` is what the components that it
    stands in say, inmost first, and last the item; `owner` is the inmost of these that has a headline."""

    path: tuple[meta.Own, ...]
    owner: meta.Own
    role: str
    content: inline.Content
    other: str | None = None


def parse(document: Document) -> list[Story]:
    """The text stories of every item. Raises Rejected."""
    root = xml.read(document)
    name = markup.local_name(root)
    if name not in ("newsml", "newsitem"):
        raise Rejected(Reason.UNKNOWN_FORMAT, f"XML, but no NewsML: {root.tag!r}"[:120])
    sent = xml.line(xml.find(root, "newsenvelope", "dateandtime"))
    return items.stories(_items(root), lambda item: _stories(item, sent, document))


def _items(root: Element) -> Iterator[Element]:
    """The items, in document order; a component may hold further ones."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if markup.local_name(element) == "newsitem":
            yield element
        waiting.extend(reversed(list(xml.children(element, "newsitem", "newscomponent"))))


def _stories(item: Element, sent: str | None, document: Document) -> list[Story]:
    entries = document.limits.entries
    owned: dict[int, list[Part]] = {}
    own = meta.read(item, entries)
    for part in _parts(item, (own,), own, "", entries):
        owned.setdefault(id(part.owner), []).append(part)
    management = meta.management(item, sent, document)
    status = pubstatus.read(management.status, other="usable")
    if management.embargoed_until is not None and (management.status or "").lower() == "embargoed":
        # The date at which its status changes makes it a story that is usable from then on.
        status = "usable"
    texts = [(parts, text) for parts in owned.values() if (text := _text(parts)) is not None]
    if not texts and status == "canceled":
        texts = [(next(iter(owned.values()), [Part((own,), own, "", inline.EMPTY)]), "")]
    if not texts:
        others = dict.fromkeys(part.other for parts in owned.values() for part in parts if part.other)
        reason = Reason.NOT_TEXT if others else Reason.NO_STORY
        kinds = ", ".join(others) or "without a text"
        raise Rejected(reason, f"{management.uri or 'an item'}: {kinds}"[:_DETAIL_CHARS])
    found = [_story(parts, text, management, status, document) for parts, text in texts]
    if len(found) > 1:
        # Stories of one item share its identity, which must tell them apart.
        return [
            replace(story, uri=story.uri and f"{story.uri}#{number}") for number, story in enumerate(found, 1)
        ]
    return found


def _parts(
    element: Element,
    path: tuple[meta.Own, ...],
    owner: meta.Own,
    role: str,
    entries: int,
) -> Iterator[Part]:
    """The parts below `element`, in document order."""
    for item in xml.children(element, "contentitem"):
        kind = meta.formal(xml.find(item, "mimetype")) or meta.formal(xml.find(item, "format"))
        medium = (meta.formal(xml.find(item, "mediatype")) or "").lower()
        data = xml.find(item, "datacontent")
        other = next((name for name in (role, medium) if name in _OTHERS), None)
        if other is not None or data is None:
            yield Part(path, owner, role, inline.EMPTY, other or kind or "content elsewhere")
            continue
        content = inline.read(data, kind)
        if isinstance(content, str):
            yield Part(path, owner, role, inline.EMPTY, content)
        else:
            yield Part(path, owner, role, content)
    for component in xml.children(element, "newscomponent"):
        own = meta.read(component, entries)
        inner = (meta.formal(xml.find(component, "role")) or role).lower()
        yield from _parts(component, (own, *path), own if own.headline else owner, inner, entries)


def _text(parts: list[Part]) -> str | None:
    """The text that the parts make up: lead and body, or a part of unknown role, or a headline alone, which
    is what a flash often is, but also what names a picture; None where they hold none of these."""
    body = [part.content.text for part in parts if part.role in _TEXT_ROLES and part.content.text]
    if not body:
        known = _TEXT_ROLES | _LEAD_ROLES | _HEADLINE_ROLES
        unknown = [part.content.text for part in parts if part.role not in known and part.content.text]
        body = [max(unknown, key=len)] if unknown else []
    elif len(body) > 1 and any(own.has_equivalents for own in parts[0].path):
        body = [max(body, key=len)]
    # A lead may be sent by itself and again at the beginning of the text.
    whole = "\n\n".join(body)
    lead = [part.content.text for part in parts if part.role in _LEAD_ROLES]
    text = "\n\n".join([*(piece for piece in lead if piece and piece not in whole), whole]).strip()
    if text:
        return text
    if any(part.other for part in parts):
        return None
    headlines = (part.content.text for part in parts if part.role in _HEADLINE_ROLES)
    own = (own.headline for own in parts[0].path if any(part.role in _TEXT_ROLES for part in parts))
    return next(filter(None, (*headlines, *own)), None)


def _story(
    parts: list[Part], text: str, management: meta.Management, status: PubStatus, document: Document
) -> Story:
    limits = document.limits
    main = max(parts, key=lambda part: (part.role in _TEXT_ROLES, len(part.content.text)))
    path, head = main.path, main.content.head

    def inmost(name: str) -> str | None:
        return next(filter(None, (getattr(own, name) for own in path)), None)

    titles = (xml.clean(part.content.text) for part in parts if part.role in _HEADLINE_ROLES)
    headline = inmost("headline") or head.headline or next(filter(None, titles), None) or management.label
    byline = inmost("byline") or head.byline
    body = running_text.finish(text, limits, headline=headline, byline=byline)
    if not body and status != "canceled":
        raise Rejected(Reason.NO_STORY, f"{management.uri or 'an item'}: without a text")
    names = {code: name for own in reversed(path) for code, name in own.topics.items()}
    subjects = [Subject(s.scheme, s.code, names.get(s.code)) for own in path for s in own.subjects]
    return Story(
        format="newsml-1",
        body=body,
        headline=headline[: limits.headline_chars] if headline else None,
        uri=management.uri or inmost("guid"),
        version=management.version,
        pubstatus=status,
        provider=inmost("provider") or management.provider,
        language=inmost("language"),
        published_at=management.published_at,
        byline=byline,
        credit_line=inmost("credit_line") or inmost("source") or head.distributor,
        dateline=inmost("dateline") or head.dateline,
        located=inmost("located") or head.located,
        sections=tuple(dict.fromkeys(name for own in path for name in own.sections))[: limits.entries],
        subjects=tuple(dict.fromkeys(subjects))[: limits.entries],
        places=tuple(dict.fromkeys(place for own in path for place in own.places))[: limits.entries],
        slugline=inmost("slugline") or management.label,
        ednote=inmost("ednote"),
        urgency=management.urgency,
        signals=management.signals,
        embargoed_until=management.embargoed_until,
        rights=inmost("rights"),
    )


def _recognises(head: bytes) -> bool:
    name = xml.root_name(head)
    # NewsML-G2 writes its items with a small letter.
    return name is not None and (name.lower() == "newsml" or name == "NewsItem")


FORMAT = Format(
    name="newsml-1",
    media_types=frozenset(("text/vnd.iptc.newsml", "application/vnd.iptc.newsml+xml")),
    recognises=_recognises,
    parse=parse,
)
