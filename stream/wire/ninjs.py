"""ninjs: the IPTC's news in JSON, versions 1.x, 2.x and 3.x, and Superdesk's flavour, in one reading.

The versions differ in spelling (`versionCreated`, `versioncreated`) and in number (`subject`,
`subjects`; `body_text`, `bodies`), so names are compared in lower case and both numbers are read.
Superdesk adds `guid`, `service`, `source` and HTML in any text. Standard: https://iptc.org/std/ninjs/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson

from stream.errors import Reason, Rejected
from stream.model import Place, Story, Subject
from stream.wire import dates, markup, mojibake, nitf, pubstatus, running_text, tidy, xml
from stream.wire.codes import places, subjects
from stream.wire.document import Document, Format
from stream.wire.limits import Limits

Fields = Mapping[str, Any]

_TEXT_TYPES = frozenset(("text", "composite", "component", "preformatted", "highlight"))
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
# Half of a character beyond the Basic Multilingual Plane, as programs write it that count in UTF-16 and cut a
# headline or a teaser inside an emoji. A group holds what stays: other escapes, and both halves together.
_HALVES = re.compile(
    r"(\\(?:[^u]|u(?![dD][89a-fA-F])|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))"
    r"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
# From this length on, a plain body without a single line end has lost its paragraphs, and the marked-up
# body of the same item is the better one.
_ONE_PARAGRAPH = 600
# IPTC's scale of urgency: 1 is a flash, 2 a bulletin or urgent.
_URGENT = 2
_DATES = ("versioncreated", "firstcreated", "contentcreated")


def parse(document: Document) -> list[Story]:
    """The one story of a ninjs object. Raises Rejected."""
    document.require_size(document.limits.document_bytes)
    item = _load(document)
    if isinstance(item, list):
        raise Rejected(Reason.UNKNOWN_FORMAT, "a JSON list; send each object in it as a record of its own")
    if not isinstance(item, dict):
        kind = type(item).__name__
        raise Rejected(Reason.UNKNOWN_FORMAT, f"JSON, but no object with a story's `uri`: {kind}")
    fields: dict[str, Any] = {name.lower(): value for name, value in item.items()}
    uri = _text(fields.get("uri")) or _text(fields.get("guid"))
    if uri is None:
        raise Rejected(Reason.UNKNOWN_FORMAT, "a JSON object without `uri` or `guid`")
    _require_text_item(fields)
    published = _published(fields, document)
    embargo = _embargo(fields, document)
    status = pubstatus.read(_text(fields.get("pubstatus")))
    headline = _headline(fields)
    byline = _byline(fields)
    text = _with_lead(fields, _body(fields, document.limits))
    body = running_text.finish(text, document.limits, headline=headline, byline=byline)
    if not body and headline and _is_flash(fields):
        body = running_text.finish(headline, document.limits, headline=None, byline=None)
    if not body and status != "canceled":
        raise Rejected(Reason.NO_STORY, f"{uri}: neither a body nor a description")
    limits = document.limits
    return [
        Story(
            format="ninjs",
            body=body,
            headline=headline[: limits.headline_chars] if headline else None,
            uri=uri,
            version=_version(fields.get("version")),
            pubstatus=status,
            provider=_provider(fields),
            language=_language(fields.get("language")),
            published_at=published,
            byline=byline,
            credit_line=_text(fields.get("creditline")),
            dateline=_text(fields.get("dateline")),
            located=_text(fields.get("located")),
            sections=_names(fields.get("service")),
            subjects=_subjects(fields, limits.entries),
            places=_places(fields, limits.entries),
            slugline=_text(fields.get("slugline")),
            ednote=_text(fields.get("ednote")),
            urgency=_urgency(fields.get("urgency")),
            embargoed_until=embargo,
            revised_at=_revised(fields, document),
        )
    ]


def _is_flash(fields: Fields) -> bool:
    """Whether an item without a body may be all headline: it says that it is a text, or that it is urgent.
    Where neither is said, what has a headline alone is a gallery, a cartoon or a video of a site."""
    urgency = _urgency(fields.get("urgency"))
    return (_text(fields.get("type")) or "").lower() == "text" or (urgency is not None and urgency <= _URGENT)


def _load(document: Document) -> object:
    try:
        # JSON is UTF-8 by its standard, and nearly always in fact.
        return orjson.loads(document.data)
    except orjson.JSONDecodeError:
        text = document.text().strip("\ufeff\0 \t\r\n")
    try:
        return orjson.loads(_HALVES.sub(lambda found: found[1] or "", text).encode("utf-8", "replace"))
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Rejected(Reason.MALFORMED, f"JSON, {where}: {error.msg}") from None


def _require_text_item(fields: Fields) -> None:
    kind = fields.get("type")
    if kind is None:
        if "eventdetails" in fields or "plannedcoverage" in fields:
            raise Rejected(Reason.NOT_TEXT, "an event or planning item")
    elif not isinstance(kind, str) or kind.lower() not in _TEXT_TYPES:
        raise Rejected(Reason.NOT_TEXT, f"an item of type {repr(kind)[:40]}")


def _text(value: object) -> str | None:
    """A text field as one clean line, None when it is empty or no text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        return None
    value = markup.unescaped(value)
    if "<" in value and markup.MARKUP.search(value):
        value = markup.html_text(value)
    return tidy.line(value if value.isascii() else mojibake.repair(value)) or None


def _objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list, or the one object that stands for it."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return [entry for entry in value if isinstance(entry, dict)]
    return []


def _roles(value: object) -> list[tuple[str, str, str]]:
    """`(role, content type, text)` of a 2.x or 3.x list such as `bodies`, keys in any case."""
    found = []
    for entry in _objects(value):
        lowered = {name.lower(): part for name, part in entry.items()}
        text = lowered.get("value")
        if isinstance(text, str) and text.strip():
            found.append((str(lowered.get("role") or ""), str(lowered.get("contenttype") or ""), text))
    return found


def _headline(fields: Fields) -> str | None:
    roles = _roles(fields.get("headlines"))
    main = [text for role, _, text in roles if role.lower() == "main"] or [text for _, _, text in roles]
    return _first_text((*main, fields.get("headline"))) or _first_text(
        (*_prefixed(fields, "headline_"), fields.get("title"), fields.get("name"))
    )


def _first_text(candidates: Iterable[object]) -> str | None:
    return next(filter(None, map(_text, candidates)), None)


def _prefixed(fields: Fields, prefix: str) -> list[Any]:
    """The fields of an open family of names (`headline_…`), in the order of their names."""
    return [fields[name] for name in sorted(fields) if name.startswith(prefix)]


def _body(fields: Fields, limits: Limits) -> str:
    plain, marked, nitf_document = _representations(fields, "body", "bodies")
    if not plain and not marked and not nitf_document:
        plain, marked, nitf_document = _representations(fields, "description", "descriptions")
    if plain and not (marked and len(plain) > _ONE_PARAGRAPH and "\n" not in plain.strip()):
        return _unmarked(plain)
    if marked:
        return markup.html_text(marked)
    return _nitf_text(nitf_document, limits) if nitf_document else ""


def _with_lead(fields: Fields, body: str) -> str:
    """`body` below the lead that stands apart from it, as it is printed."""
    for role, _, text in _roles(fields.get("descriptions")):
        lead = _unmarked(text).strip()
        if role.lower() == "lead" and lead not in body:
            return f"{lead}\n\n{body}"
    return body


def _unmarked(text: str) -> str:
    if "<" in text and markup.MARKUP.search(text):
        return markup.html_text(text)
    return markup.unescaped(text)


def _representations(fields: Fields, singular: str, plural: str) -> tuple[str, str, str]:
    """The item's text as plain, as marked-up and as NITF: the first of each, empty where it has none."""
    plain = marked = nitf_document = ""
    found = _roles(fields.get(plural))
    prefix = singular + "_"
    for name in sorted(fields):
        if name.startswith(prefix) or name == singular:
            text = fields[name]
            if isinstance(text, str) and text.strip():
                found.append((name[len(prefix) :], "", text))
    for role, content_type, text in found:
        kind = (content_type or role).lower()
        if "nitf" in kind:
            nitf_document = nitf_document or text
        elif "html" in kind:
            marked = marked or text
        elif not plain or role == "text":
            plain = text
    return plain, marked, nitf_document


def _nitf_text(text: str, limits: Limits) -> str:
    root = xml.parse(text, limits)
    return nitf.text(root) or markup.text_of(root)


def _published(fields: Fields, document: Document) -> datetime | None:
    published = None
    for name in _DATES:
        if fields.get(name) is not None:
            moment = dates.require(fields[name], name, document.received, document.limits)
            published = published or moment
    return published


def _revised(fields: Fields, document: Document) -> datetime | None:
    written = fields.get("versioncreated")
    return (
        None
        if written is None
        else dates.require(written, "versioncreated", document.received, document.limits)
    )


def _embargo(fields: Fields, document: Document) -> datetime | None:
    for name in ("embargoeduntil", "embargoed"):
        if fields.get(name):
            return dates.require(fields[name], name, document.received, document.limits)
    return None


def _version(value: object) -> str | None:
    return None if isinstance(value, bool) else _text(value)


def _provider(fields: Fields) -> str | None:
    named = _first_text((fields.get("source"), *_names(fields.get("provider")), fields.get("provider")))
    if named is not None:
        return named
    sources = (*_names(fields.get("infosources")), *_names(fields.get("infosource")))
    return _first_text((*sources, fields.get("copyrightholder")))


def _byline(fields: Fields) -> str | None:
    return (
        _first_text((fields.get("byline"), fields.get("by")))
        or _first_text(_prefixed(fields, "byline_") + _prefixed(fields, "by_"))
        or ", ".join(_names(fields.get("authors")))
        or None
    )


def _names(value: object) -> tuple[str, ...]:
    names = (_text(entry.get("name")) for entry in _objects(value))
    return tuple(name for name in names if name)


def _language(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    tag = value.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def _urgency(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if 1 <= number <= 9 else None


def _subjects(fields: Fields, entries: int) -> tuple[Subject, ...]:
    listed = _objects(fields.get("subjects")) + _objects(fields.get("subject"))
    return subjects(listed[:entries], _objects(fields.get("service")), _text)


def _places(fields: Fields, entries: int) -> tuple[Place, ...]:
    return places((_objects(fields.get("places")) + _objects(fields.get("place")))[:entries], _text)


# An object, or an array as JSON writes it: `[1] A note` and `[URGENT]` are text.
_JSON = re.compile(rb"\{\s*(?:[\"}]|$)|\[\s*(?:[\[{\"\]]|-?\d+(?:\.\d+)?\s*,|(?:true|false|null)\s*[,\]])")


def _recognises(head: bytes) -> bool:
    return _JSON.match(head) is not None


FORMAT = Format(
    name="ninjs",
    media_types=frozenset(
        ("application/json", "text/json", "application/ninjs", "application/vnd.iptc.ninjs")
    ),
    recognises=_recognises,
    parse=parse,
)
