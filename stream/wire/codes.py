"""Supplied codes: subjects and places, in the spellings that formats and suppliers use.

A concept of ninjs is `{name, scheme, code}` in 1.x, `{name, uri, literal}` in 2.x and 3.x, `{name, code,
scheme}` with bare IPTC codes in Superdesk's flavour; the XML formats bring theirs into the same shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from stream.model import Place, Subject

Text = Callable[[object], str | None]

_IPTC_CODE = re.compile(r"\d{8}")
_QCODE = re.compile(r"([A-Za-z][\w.-]*):(\S+)")
# The last part of a vocabulary's URI, by which IPTC and its members name their two subject vocabularies.
_SCHEMES = {
    "mediatopic": "medtop",
    "mediatopics": "medtop",
    "medtop": "medtop",
    "subjectcode": "subj",
    "subjectcodes": "subj",
    "subref": "subj",
    "subj": "subj",
}
# Media Topics below the tops are numbered from here on; other eight-digit codes are the older Subject Codes.
_MEDIA_TOPICS_FROM = "2000"
_COUNTRY_SCHEME = re.compile(
    r"iso-?3166(?:-1)?(?:-?a(?:lpha)?-?[23])?(?:$|[/:#])|(?:^|[/:])country(?:_?code)?$", re.I
)


def subjects(
    listed: Iterable[Mapping[str, Any]], services: Iterable[Mapping[str, Any]], text: Text
) -> tuple[Subject, ...]:
    """The subjects in their order, without repeats; a service (Superdesk) has its own scheme."""
    found = [_subject(entry, text) for entry in listed]
    found += [_service(entry, text) for entry in services]
    return tuple(dict.fromkeys(subject for subject in found if subject is not None))


def _subject(entry: Mapping[str, Any], text: Text) -> Subject | None:
    name = text(entry.get("name"))
    code = text(entry.get("code")) or text(entry.get("literal")) or text(entry.get("qcode"))
    scheme = text(entry.get("scheme")) or ""
    uri = text(entry.get("uri"))
    if uri is not None:
        base, _, last = uri.rstrip("/").replace("#", "/").rpartition("/")
        if base:
            scheme, code = scheme or base, last
        else:
            code = uri
    if code is None:
        return Subject("", name, name) if name else None
    if (qcode := _QCODE.fullmatch(code)) is not None and "/" not in code:
        return Subject(_scheme(qcode[1]), qcode[2], name)
    if (known := _scheme(scheme)) in ("medtop", "subj") or not _IPTC_CODE.fullmatch(code):
        return Subject(known, code, name)
    if scheme:
        return Subject(known, code, name)
    return Subject("medtop" if code.startswith(_MEDIA_TOPICS_FROM) else "subj", code, name)


def _scheme(written: str) -> str:
    """`medtop` and `subj` for IPTC's vocabularies, in whichever way they are named; others as written."""
    for part in reversed(written.lower().rstrip("/").split("/")):
        if part in _SCHEMES:
            return _SCHEMES[part]
    return written


def _service(entry: Mapping[str, Any], text: Text) -> Subject | None:
    code, name = text(entry.get("code")), text(entry.get("name"))
    return Subject("service", code or name or "", name) if code or name else None


def places(listed: Iterable[Mapping[str, Any]], text: Text) -> tuple[Place, ...]:
    """The places in their order, without repeats; a country code only where the entry says that it is one."""
    found = []
    for entry in listed:
        name, country = text(entry.get("name")), _country(entry, text)
        if name or country:
            found.append(Place(name, country))
    return tuple(dict.fromkeys(found))


def _country(entry: Mapping[str, Any], text: Text) -> str | None:
    for key in ("country_code", "countrycode", "countryCode"):
        code = country(text(entry.get(key)))
        if code:
            return code
    scheme = text(entry.get("scheme")) or ""
    code = text(entry.get("code")) or text(entry.get("literal")) or ""
    if _COUNTRY_SCHEME.search(scheme) and (found := country(code)):
        return found
    for written in (text(entry.get("uri")) or "", code):
        base, _, last = written.replace(":", "/").rpartition("/")
        if base and _COUNTRY_SCHEME.search(base) and (found := country(last)):
            return found
    return None


def country(code: str | None) -> str | None:
    """An ISO 3166 country code of two or three letters as alpha-2, None for anything else."""
    if code is None or not code.isascii() or not code.isalpha():
        return None
    return code.upper() if len(code) == 2 else _alpha3().get(code.upper())


@cache
def _alpha3() -> Mapping[str, str]:
    text = (files("stream") / "data" / "gazetteer" / "alpha3.tsv").read_text("utf-8")
    return dict(line.split("\t") for line in text.splitlines()[2:])
