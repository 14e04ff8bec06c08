"""What a NewsML-G2 item says of itself: its management, its description, its rights.

Codes stay as they are written (`medtop:20000344`, `N2:CIV`); catalogs are never fetched, so a code's scheme
is known by its usual alias or by the address that stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from stream.model import Place, Subject
from stream.wire import codes, dates, xml
from stream.wire.document import Document
from stream.wire.nitf import urgency
from stream.wire.xml import Element

Concept = dict[str, str | None]

# The types of concepts that are places: the IPTC's, and Reuters' own number for it.
_PLACE_TYPES = ("geoarea", "cpttype:5")
_CATEGORY_TYPES = ("category",)
_SUB_HEADLINE = re.compile(r"sub|alt|short|kicker|over", re.IGNORECASE)
_SUMMARY_ROLES = re.compile(r"summary|abstract|lead", re.IGNORECASE)
_SOURCE_ROLES = re.compile(r"(?:^|:)(?:source|origprov|originalprovider)$", re.IGNORECASE)
# A dateline that is a time stamp, as some of Reuters' systems write it.
_TIME_STAMP = re.compile(r"[\d\s:.,/+TZ-]*(?:GMT|UTC)?[\d\s:.,/+TZ-]*")
_CODE_ATTRIBUTES = ("qcode", "uri", "literal")
# dpa sends up to twenty; each is looked for in all others.
_MOST_NOTES = 50
_LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class Described:
    """An item's own description; what it does not say is None or empty. `title`, `creator` and `summary`
    stand in for a headline, by-line and text where those are missing; `item_class` is its last part."""

    uri: str | None
    version: str | None
    item_class: str
    status: str | None
    provider: str | None
    language: str | None
    published_at: datetime | None
    embargoed_until: datetime | None
    title: str | None
    headline: str | None
    slugline: str | None
    byline: str | None
    creator: str | None
    dateline: str | None
    located: str | None
    credit_line: str | None
    summary: str | None
    ednote: str | None
    urgency: int | None
    signals: tuple[str, ...]
    sections: tuple[str, ...]
    subjects: tuple[Subject, ...]
    places: tuple[Place, ...]
    rights: str | None


def read(item: Element, sent: str | None, document: Document) -> Described:
    """What the item says of itself. `sent` is the time of the message that it came in.

    Raises Rejected(DATE | MOJIBAKE).
    """
    management, content = xml.find(item, "itemmeta"), xml.find(item, "contentmeta")
    entries = document.limits.entries
    language = xml.attribute(xml.find(content, "language"), "tag") or xml.attribute(item, "lang")
    concepts = list(_subjects(item, content, language))[:entries]
    creator = xml.find(content, "creator")
    return Described(
        uri=xml.attribute(item, "guid"),
        version=xml.attribute(item, "version"),
        item_class=_tail(_code(xml.find(management, "itemclass"))).lower(),
        status=_code(xml.find(management, "pubstatus")),
        provider=_provider(xml.find(management, "provider"), language),
        language=language,
        published_at=_published(management, content, sent, document),
        embargoed_until=_embargo(management, document),
        title=xml.line(xml.find(management, "title")),
        headline=_headline(content),
        slugline=xml.line(xml.find(content, "slugline")),
        byline=xml.first_line(xml.find_all(content, "by")),
        creator=_full_name(creator, language),
        dateline=_dateline(content),
        located=_located(management, content, language),
        credit_line=xml.first_line(xml.find_all(content, "creditline")) or _source(content, language),
        summary=_summary(content),
        ednote=_ednote(management),
        urgency=urgency(xml.line(xml.find(content, "urgency"))),
        signals=tuple(_signals(management))[:entries],
        sections=tuple(dict.fromkeys(_sections(management, content, language)))[:entries],
        subjects=codes.subjects(concepts, (), _clean),
        places=_places(concepts),
        rights=_rights(item),
    )


def _clean(value: object) -> str | None:
    return xml.clean(value) if isinstance(value, str) else None


def _code(element: Element | None) -> str | None:
    return xml.attribute(element, *_CODE_ATTRIBUTES)


def _tail(code: str | None) -> str:
    return re.split(r"[:/#]", code)[-1] if code else ""


def _name(concept: Element | None, language: str | None) -> str | None:
    """A concept's name: the one for display, in the item's language, else the first."""
    best: tuple[int, str] | None = None
    for name in xml.find_all(concept, "name"):
        written = xml.line(name)
        if written is None:
            continue
        role = (xml.attribute(name, "role") or "").lower()
        score = 2 * (_primary(xml.attribute(name, "lang")) == _primary(language)) + ("display" in role)
        score -= 4 * ("mnemonic" in role or "short" in role)
        if best is None or score > best[0]:
            best = (score, written)
    return best[1] if best else None


def _primary(tag: str | None) -> str:
    return tag.partition("-")[0].lower() if tag else ""


def _provider(provider: Element | None, language: str | None) -> str | None:
    code = xml.attribute(provider, "qcode")
    if code is not None and code.lower().startswith("nprov:"):
        return _tail(code)
    named = xml.attribute(provider, "literal") or _name(provider, language)
    return named or xml.attribute(provider, "uri") or _tail(code) or None


def _published(
    management: Element | None, content: Element | None, sent: str | None, document: Document
) -> datetime | None:
    written = [xml.line(xml.find(management, name)) for name in ("versioncreated", "firstcreated")]
    written += [xml.line(xml.find(content, name)) for name in ("contentmodified", "contentcreated")]
    return dates.first_possible(filter(None, (*written, sent)), document.received, document.limits)


def _embargo(management: Element | None, document: Document) -> datetime | None:
    written = xml.line(xml.find(management, "embargoed"))
    # Not tolerant: a story under an embargo that cannot be read must not get out.
    return dates.require(written, "embargoed", document.received, document.limits) if written else None


def _signals(management: Element | None) -> Iterator[str]:
    embargoed = xml.find(management, "embargoed")
    if embargoed is not None and xml.line(embargoed) is None:
        # An item without an embargo has no such property; an empty one does not say until when.
        yield "embargoed"
    yield from filter(None, map(_code, xml.find_all(management, "signal")))


def _headline(content: Element | None) -> str | None:
    headlines = list(xml.find_all(content, "headline"))
    main = [line for line in headlines if not _SUB_HEADLINE.search(_tail(xml.attribute(line, "role")))]
    main.sort(key=lambda line: "main" not in (xml.attribute(line, "role") or "").lower())
    return xml.first_line(main) or xml.first_line(headlines)


def _full_name(creator: Element | None, language: str | None) -> str | None:
    """The creator as a by-line: a name in words, not a log-in or initials."""
    name = _name(creator, language)
    return name if name and " " in name else None


def _dateline(content: Element | None) -> str | None:
    written = xml.line(xml.find(content, "dateline"))
    return None if written is None or _TIME_STAMP.fullmatch(written) else written


def _located(management: Element | None, content: Element | None, language: str | None) -> str | None:
    for located in (*xml.find_all(content, "located"), *xml.find_all(management, "located")):
        written = _name(located, language) or xml.attribute(located, "literal")
        if written:
            return written
    return None


def _source(content: Element | None, language: str | None) -> str | None:
    """The agency behind the item, by name."""
    for source in xml.find_all(content, "infosource"):
        role = xml.attribute(source, "role")
        if role is None or _SOURCE_ROLES.search(role):
            written = _name(source, language) or xml.attribute(source, "literal")
            if written:
                return written
    return None


def _summary(content: Element | None) -> str | None:
    descriptions = list(xml.find_all(content, "description"))
    return xml.first_line(
        line for line in descriptions if _SUMMARY_ROLES.search(xml.attribute(line, "role") or "summary")
    )


def _ednote(management: Element | None) -> str | None:
    notes = xml.lines(islice(xml.find_all(management, "ednote"), _MOST_NOTES))
    # dpa sends its notes twice, one by one and as a notepad that holds them all.
    single = [note for note in notes if not any(other != note and other in note for other in notes)]
    return "; ".join(single)[:_LONGEST_NOTE] or None


def _sections(management: Element | None, content: Element | None, language: str | None) -> Iterator[str]:
    for member in xml.find_all(management, "memberof"):
        yield from filter(None, (_name(member, language) or xml.attribute(member, "literal"),))
    for subject in xml.find_all(content, "subject"):
        if _tail(xml.attribute(subject, "type")).lower() in _CATEGORY_TYPES:
            yield from filter(None, (_name(subject, language),))
    yield from filter(None, map(xml.line, xml.find_all(content, "keyword")))


def _subjects(
    item: Element, content: Element | None, language: str | None
) -> Iterator[dict[str, str | None]]:
    """The subjects as `codes` takes them, with their types and the codes that mean the same."""
    named = {_code(known): _name(known, language) for known in xml.find_all(item, "assert")}
    for subject in xml.find_all(content, "subject"):
        code = xml.attribute(subject, "qcode") or xml.attribute(subject, "literal")
        yield {
            "name": _name(subject, language) or named.get(code),
            "code": code,
            "uri": xml.attribute(subject, "uri"),
            "type": xml.attribute(subject, "type"),
            "same": " ".join(filter(None, map(_code, xml.find_all(subject, "sameas")))),
        }


def _places(concepts: Iterable[Concept]) -> tuple[Place, ...]:
    """The subjects that are places and have a name or a country's code."""
    found: list[Place] = []
    for concept in concepts:
        kind = (concept["type"] or "").lower()
        if any(kind.endswith(place) for place in _PLACE_TYPES):
            same = (concept["same"] or "").split()
            found += codes.places(
                [{**concept, "uri": next(filter(_is_country, same), concept["uri"])}], _clean
            )
    return tuple(dict.fromkeys(found))


def _is_country(code: str) -> bool:
    return bool(codes.places([{"code": code}], _clean))


def _rights(item: Element) -> str | None:
    terms = xml.lines(xml.find_all(item, "rightsinfo", "usageterms"))
    notice = xml.first_line(xml.find_all(item, "rightsinfo", "copyrightnotice"))
    holder = xml.find(item, "rightsinfo", "copyrightholder")
    return "; ".join(terms) or notice or _name(holder, None) or xml.attribute(holder, "literal")
