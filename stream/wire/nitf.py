"""NITF: the News Industry Text Format, by itself or inside NewsML (and ninjs).

Versions 2.5 to 3.6, in either of its namespaces or none. `docdata` says what the item is, `body.head` what
stands above the text, `body.content` is the text. Standard: https://iptc.org/standards/nitf/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from stream.errors import Reason, Rejected
from stream.model import Place, PubStatus, Story, Subject
from stream.wire import codes, dates, markup, pubstatus, running_text, xml
from stream.wire.document import Document, Format
from stream.wire.xml import Element

_IPTC_CODE = re.compile(r"\d{8}")
# NTB sends fifteen.
_MOST_METAS = 200
_SLUG_METAS = ("slugline", "slug", "anpa-keyword")
_SECTION_METAS = ("section", "category-name", "anpa-category-name")
# What only machines read: EFE prints the norm of its story.date as text.
_MACHINE_DATE = re.compile(r"[\dTZ:.+\-/ ]+")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the text: `body.head`, with the document's title for want of a headline. Each is None
    when it is missing."""

    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    located: str | None = None
    distributor: str | None = None


def parse(document: Document) -> list[Story]:
    """The one story of a NITF document. Raises Rejected."""
    root = xml.read(document)
    if markup.local_name(root) != "nitf":
        raise Rejected(Reason.UNKNOWN_FORMAT, f"XML, but no NITF: {root.tag!r}"[:120])
    docdata = xml.find(root, "head", "docdata")
    above = head(root)
    status, embargo = _status(docdata, document)
    headline = above.headline
    body = running_text.finish(text(root), document.limits, headline=headline, byline=above.byline)
    body = body or (headline or "")
    uri = _uri(root, docdata)
    if not body and status != "canceled":
        raise Rejected(Reason.NO_STORY, f"{uri or 'NITF'}: neither a text nor a headline")
    entries = document.limits.entries
    return [
        Story(
            format="nitf",
            body=body,
            headline=headline[: document.limits.headline_chars] if headline else None,
            uri=uri,
            version=xml.attribute(xml.find(docdata, "du-key"), "version", "generation"),
            pubstatus=status,
            provider=above.distributor or _provider(docdata),
            language=xml.attribute(root, "baselang", "lang") or xml.language(xml.find(root, "body")),
            published_at=_published(root, docdata, document),
            byline=above.byline,
            credit_line=above.distributor,
            dateline=above.dateline,
            located=above.located,
            sections=tuple(dict.fromkeys(_sections(root, docdata)))[:entries],
            subjects=tuple(dict.fromkeys(_subjects(root)))[:entries],
            places=tuple(dict.fromkeys(_places(docdata)))[:entries],
            slugline=_meta(root, *_SLUG_METAS),
            ednote=_ednote(root, docdata),
            urgency=urgency(_urgency(root, docdata)),
            signals=("sig:correction",) if xml.find(docdata, "correction") is not None else (),
            embargoed_until=embargo,
            rights=_rights(docdata),
        )
    ]


def head(root: Element) -> Head:
    """The head of a `nitf` element's body. What is not there is None."""
    above = xml.find(root, "body", "body.head")
    dateline = xml.find(above, "dateline")
    location = xml.find(dateline, "location")
    written = [_joined(location), *map(xml.line, xml.find_all(dateline, "story.date"))]
    spoken = [part for part in written if part and not _MACHINE_DATE.fullmatch(part)]
    plain = xml.line(dateline) if location is None and dateline is not None and not spoken else None
    if plain is not None and _MACHINE_DATE.fullmatch(plain):
        plain = None
    return Head(
        headline=_headline(above) or xml.line(xml.find(root, "head", "title")),
        byline=_spaced(xml.find(above, "byline")),
        dateline=", ".join(spoken) or plain,
        located=xml.line(xml.find(location, "city")) or _joined(location),
        distributor=xml.line(xml.find(above, "distributor")),
    )


def text(root: Element) -> str:
    """The text of a `nitf` element without the notes for editors in it, else its abstract; empty for none."""
    content = xml.find(root, "body", "body.content")
    if content is None:
        content = next(
            (element for element in root.iter() if markup.local_name(element) == "body.content"), None
        )
    if content is not None:
        for note in list(content.iter()):
            if markup.local_name(note) == "note" and _is_for_editors(note):
                note.clear(keep_tail=True)  # type: ignore[call-arg]  # newer than its type stubs
        found = markup.text_of(content)
        if found:
            return running_text.of_text(found)
    abstract = xml.find(root, "body", "body.head", "abstract")
    return markup.text_of(abstract) if abstract is not None else ""


def urgency(written: str | None) -> int | None:
    """An urgency of 1 to 9, None for anything else."""
    return int(written) if written is not None and re.fullmatch("[1-9]", written) else None


def _is_for_editors(note: Element) -> bool:
    return xml.attribute(note, "type") == "npa" or xml.attribute(note, "noteclass") == "editorsnote"


def _headline(above: Element | None) -> str | None:
    # AP writes `headline` for `hedline`.
    for name in ("hedline", "headline"):
        element = xml.find(above, name)
        found = xml.first_line(xml.find_all(element, "hl1")) or xml.line(element)
        if found:
            return found
    return None


def _spaced(element: Element | None) -> str | None:
    """The text of an element with a space between the elements in it: `By Jo Hill` `Staff Reporter`."""
    return None if element is None else xml.clean(" ".join(map(str, element.itertext())))


def _joined(location: Element | None) -> str | None:
    """`Ottawa, Ontario, Canada`, from the parts of a location or as it is written."""
    if location is None:
        return None
    if location.text and location.text.strip():
        return xml.line(location)
    return ", ".join(filter(None, map(xml.line, xml.children(location)))) or None


def _uri(root: Element, docdata: Element | None) -> str | None:
    identity = xml.find(docdata, "doc-id")
    number = xml.attribute(identity, "id-string")
    if number is None:
        return xml.attribute(xml.find(root, "head", "pubdata"), "id")
    source = xml.attribute(identity, "regsrc")
    return f"{source}:{number}" if source and not number.startswith(source) else number


def _status(docdata: Element | None, document: Document) -> tuple[PubStatus, datetime | None]:
    written = xml.attribute(docdata, "management-status")
    status = pubstatus.read(written)
    if written is None or written.lower() != "embargoed":
        return status, None
    release = xml.attribute(xml.find(docdata, "date.release"), "norm")
    if release is None:
        return status, None
    # A release date makes it a story that is usable from then on.
    return "usable", dates.require(release, "date.release", document.received, document.limits)


def _published(root: Element, docdata: Element | None, document: Document) -> datetime | None:
    above = xml.find(root, "body", "body.head", "dateline")
    written = (
        xml.attribute(xml.find(docdata, "date.issue"), "norm"),
        xml.attribute(xml.find(root, "head", "pubdata"), "date.publication"),
        xml.attribute(xml.find(above, "story.date"), "norm"),
    )
    return dates.first_possible(filter(None, written), document.received, document.limits)


def _provider(docdata: Element | None) -> str | None:
    return (
        xml.attribute(xml.find(docdata, "doc-id"), "regsrc")
        or xml.attribute(xml.find(docdata, "del-list", "from-src"), "src-name")
        or xml.attribute(xml.find(docdata, "doc.copyright"), "holder")
        or xml.attribute(xml.find(docdata, "doc.rights"), "owner")
    )


def _rights(docdata: Element | None) -> str | None:
    rights, copyright_ = xml.find(docdata, "doc.rights"), xml.find(docdata, "doc.copyright")
    terms = [xml.attribute(rights, "type"), xml.attribute(rights, "limitations")]
    holder = xml.attribute(copyright_, "holder") or xml.attribute(rights, "owner")
    if holder:
        terms.insert(0, " ".join(filter(None, ("©", xml.attribute(copyright_, "year"), holder))))
    return "; ".join(filter(None, terms)) or None


def _ednote(root: Element, docdata: Element | None) -> str | None:
    notes = [
        xml.attribute(element, "info") or xml.line(element) for element in xml.find_all(docdata, "ed-msg")
    ]
    notes += [xml.attribute(element, "info") for element in xml.find_all(docdata, "correction")]
    notes += [xml.attribute(element, "comment") for element in xml.find_all(root, "head", "revision-history")]
    return "; ".join(dict.fromkeys(filter(None, notes))) or None


def _urgency(root: Element, docdata: Element | None) -> str | None:
    # The Canadian Press puts it beside docdata.
    found = xml.find(docdata, "urgency")
    return xml.attribute(found if found is not None else xml.find(root, "head", "urgency"), "ed-urg")


def _meta(root: Element, *names: str) -> str | None:
    """The first of these fields of the head, by their names in lower case."""
    metas = list(islice(xml.find_all(root, "head", "meta"), _MOST_METAS))
    for name in names:
        for meta in metas:
            content = xml.attribute(meta, "content")
            if content is not None and (xml.attribute(meta, "name") or "").lower() == name:
                return content
    return None


def _sections(root: Element, docdata: Element | None) -> Iterator[str]:
    section = _meta(root, *_SECTION_METAS) or xml.attribute(
        xml.find(root, "head", "pubdata"), "position.section"
    )
    if section:
        yield section
    for scope in xml.find_all(docdata, "doc-scope"):
        yield from filter(None, (xml.attribute(scope, "scope"),))
    for keyword in xml.find_all(docdata, "key-list", "keyword"):
        yield from filter(None, (xml.attribute(keyword, "key") or xml.line(keyword),))


def _subjects(root: Element) -> Iterator[Subject]:
    for subject in xml.find_all(root, "head", "tobject", "tobject.subject"):
        code = xml.attribute(subject, "tobject.subject.refnum", "tobject.subject.code")
        name = xml.attribute(
            subject, "tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type"
        )
        scheme = xml.attribute(subject, "tobject.subject.ipr") or "IPTC"
        if code is not None:
            is_iptc = scheme.upper() == "IPTC" and _IPTC_CODE.fullmatch(code)
            yield Subject("subj" if is_iptc else scheme, code, name)
        elif name is not None:
            yield Subject("", name, name)
    for classifier in xml.find_all(root, "head", "docdata", "identified-content", "classifier"):
        value = xml.attribute(classifier, "value") or xml.line(classifier)
        if value is not None:
            yield Subject(xml.attribute(classifier, "type") or "", value, xml.line(classifier))


def _places(docdata: Element | None) -> Iterator[Place]:
    for event in xml.find_all(docdata, "evloc"):
        name = xml.attribute(event, "city", "state-prov", "county-dist") or xml.line(event)
        country = codes.country(xml.attribute(event, "iso-cc"))
        if name or country:
            yield Place(name, country)
    for location in xml.find_all(docdata, "identified-content", "location"):
        name = _joined(location)
        if name:
            yield Place(name, codes.country(xml.attribute(xml.find(location, "country"), "iso-cc")))


FORMAT = Format(
    name="nitf",
    media_types=frozenset(("application/nitf+xml", "text/vnd.iptc.nitf", "application/vnd.iptc.nitf+xml")),
    recognises=lambda head_bytes: xml.root_name(head_bytes) == "nitf",
    parse=parse,
)
