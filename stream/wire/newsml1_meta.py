"""What NewsML 1.x says of an item and of the components that a text stands in.

A field may stand at the item or at any component down to the text, and the inmost says it best. Every one is
read once, however many texts stand below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from stream.model import Place, Subject
from stream.wire import codes, dates, nitf, xml
from stream.wire.document import Document
from stream.wire.xml import Element

# `urn:newsml:PROVIDER:DATE:ITEM:REVISION`, with the update's letter after the revision.
_PUBLIC = re.compile(r"(urn:newsml:[^:]+:[^:]+:.+):(\d+)[NAUnau]?")
_IPTC_CODE = re.compile(r"\d{8}")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NOTE_TYPES = re.compile(r"advis|note|instruct|editor", re.IGNORECASE)
_KEYWORDS = re.compile(r"\s*[;,]\s*")
# How a place relates to the text, where it was filed and where it happened.
_FILED = frozenset(("origin", "dateline"))


@dataclass(frozen=True, slots=True)
class Management:
    """What holds for all texts of an item; what it does not say is None or empty. `label` is a short name."""

    uri: str | None
    version: str | None
    provider: str | None
    label: str | None
    status: str | None
    urgency: int | None
    signals: tuple[str, ...]
    published_at: datetime | None
    embargoed_until: datetime | None


@dataclass(frozen=True, slots=True)
class Own:
    """What an item or component says of the texts below it; what it does not say is None or empty. `topics`
    names codes."""

    guid: str | None
    headline: str | None
    byline: str | None
    dateline: str | None
    credit_line: str | None
    slugline: str | None
    ednote: str | None
    provider: str | None
    source: str | None
    language: str | None
    located: str | None
    rights: str | None
    sections: tuple[str, ...]
    subjects: tuple[Subject, ...]
    topics: Mapping[str, str]
    places: tuple[Place, ...]
    has_equivalents: bool


def formal(element: Element | None) -> str | None:
    """A `FormalName`, or the text that stands for it."""
    return xml.attribute(element, "formalname") or xml.line(element)


def management(item: Element, sent: str | None, document: Document) -> Management:
    """What the item says of itself. `sent` is the time of the envelope. Raises Rejected(DATE | MOJIBAKE)."""
    said = xml.find(item, "newsmanagement")
    identifier = xml.find(item, "identification", "newsidentifier")
    revision = xml.find(identifier, "revisionid")
    uri, version = _identity(identifier)
    signals = [formal(element) for element in xml.find_all(said, "instruction")]
    if (xml.attribute(revision, "previousrevision") or "0").strip("0"):
        # What NewsML-G2 calls so: this revision takes the place of an earlier one.
        signals.append("sig:update")
    written = (
        xml.line(xml.find(said, "thisrevisioncreated")),
        xml.line(xml.find(said, "firstcreated")),
        sent,
    )
    return Management(
        uri=uri,
        version=xml.line(revision) or version,
        provider=xml.line(xml.find(identifier, "providerid")),
        label=xml.line(xml.find(item, "identification", "namelabel")),
        status=formal(xml.find(said, "status")),
        urgency=nitf.urgency(formal(xml.find(said, "urgency"))),
        signals=tuple(filter(None, signals)),
        published_at=dates.first_possible(filter(None, written), document.received, document.limits),
        embargoed_until=_embargo(said, document),
    )


def _identity(identifier: Element | None) -> tuple[str | None, str | None]:
    """The item's identity through all its revisions, and the revision that the public identifier ends in."""
    public = xml.line(xml.find(identifier, "publicidentifier"))
    found = _PUBLIC.fullmatch(public) if public else None
    if found:
        return found[1], found[2]
    parts = [xml.line(xml.find(identifier, name)) for name in ("providerid", "dateid", "newsitemid")]
    if all(parts):
        return ":".join(("urn:newsml", *filter(None, parts))), None
    return (public if parts[2] else None), None


def _embargo(said: Element | None, document: Document) -> datetime | None:
    for change in xml.find_all(said, "statuswillchange"):
        written = xml.line(xml.find(change, "dateandtime"))
        if written and (formal(xml.find(change, "futurestatus")) or "usable").lower() == "usable":
            return dates.require(written, "StatusWillChange", document.received, document.limits)
    return None


def read(element: Element, entries: int) -> Own:
    """What an item or component says of the texts below it. `entries` bounds its lists."""
    lines, described = xml.find(element, "newslines"), xml.find(element, "descriptivemetadata")
    if described is None:
        # TASS's spelling.
        described = xml.find(element, "descriptivemetada")
    administered = xml.find(element, "administrativemetadata")
    dateline = xml.line(xml.find(lines, "dateline"))
    locations = list(islice(_locations(described), entries))
    terms = xml.lines(xml.find_all(element, "rightsmetadata", "usagerights", "usagetype"))
    return Own(
        # The identity that TASS gives, where the standard's is missing.
        guid=xml.line(xml.find(described, "guid")),
        headline=xml.first_line(xml.find_all(lines, "headline")),
        byline=xml.first_line(xml.find_all(lines, "byline")),
        # More than a number: some send the date again.
        dateline=dateline if dateline and _LETTERS.search(dateline) else None,
        credit_line=xml.first_line(xml.find_all(lines, "creditline")),
        slugline=xml.first_line(xml.find_all(lines, "slugline")),
        ednote=_ednote(lines),
        provider=_party(administered, "provider"),
        source=_party(administered, "source"),
        language=formal(xml.find(described, "language")) or xml.attribute(element, "lang"),
        located=next((city for is_filed, city, _ in locations if is_filed and city), None),
        rights="; ".join(terms) or xml.first_line(xml.find_all(lines, "copyrightline")),
        sections=tuple(islice(_sections(lines, described), entries)),
        subjects=tuple(islice(_subjects(described), entries)),
        topics=dict(islice(_topics(element), entries)),
        places=tuple(islice(_places(locations), entries)),
        has_equivalents=xml.attribute(element, "equivalentslist") == "yes",
    )


def _ednote(lines: Element | None) -> str | None:
    notes = (
        xml.line(xml.find(line, "newslinetext"))
        for line in xml.find_all(lines, "newsline")
        if _NOTE_TYPES.search(formal(xml.find(line, "newslinetype")) or "")
    )
    return "; ".join(dict.fromkeys(filter(None, notes))) or None


def _party(administered: Element | None, role: str) -> str | None:
    return next(filter(None, map(formal, xml.find_all(administered, role, "party"))), None)


def _properties(described: Element | None, *names: str) -> Iterator[str]:
    for element in xml.find_all(described, "property"):
        if (xml.attribute(element, "formalname") or "").lower() in names:
            yield from filter(None, (xml.attribute(element, "value"),))


def _sections(lines: Element | None, described: Element | None) -> Iterator[str]:
    written = (*xml.lines(xml.find_all(lines, "keywordline")), *_properties(described, "keyword", "section"))
    for words in written:
        yield from filter(None, _KEYWORDS.split(words))


def _subjects(described: Element | None) -> Iterator[Subject]:
    for group in xml.find_all(described, "subjectcode"):
        for subject in group:
            code = xml.attribute(subject, "formalname")
            if code is not None:
                scheme = xml.attribute(subject, "vocabulary", "scheme")
                is_iptc = _IPTC_CODE.fullmatch(code) and (scheme is None or "iptc" in scheme.lower())
                yield Subject("subj" if is_iptc else scheme or "", code)


def _topics(element: Element) -> Iterator[tuple[str, str]]:
    """Codes with their names, as a topic set gives them."""
    for topic in xml.find_all(element, "topicset", "topic"):
        code = xml.line(xml.find(topic, "formalname"))
        names = (
            name
            for name in xml.find_all(topic, "description")
            if (xml.attribute(name, "variant") or "name").lower() == "name"
        )
        name = xml.first_line(names)
        if code and name:
            yield code, name


def _locations(described: Element | None) -> Iterator[tuple[bool, str | None, str | None]]:
    """The locations: whether the text was filed from there, the city, the country as written."""
    for location in xml.find_all(described, "location"):
        values = {
            (xml.attribute(part, "formalname") or "").lower(): xml.attribute(part, "value")
            for part in xml.children(location, "property")
        }
        how = (xml.attribute(location, "howpresent") or "").lower()
        city, country = values.get("city"), values.get("country")
        # Without a word on it, a city is where the text comes from, as a dateline is.
        yield how in _FILED or (not how and city is not None), city, country
    yield True, next(_properties(described, "city"), None), next(_properties(described, "country"), None)


def _places(locations: Iterable[tuple[bool, str | None, str | None]]) -> Iterator[Place]:
    for is_filed, city, written in locations:
        country = codes.country(written)
        name = city or (written if country is None else None)
        if not is_filed and (name or country):
            yield Place(name, country)
