"""Messages as agencies and outlets send them, in the formats that they use.

Every builder takes what the message says and returns a `Message`; times are minutes of the cycle, or `LIFT`,
the moment at which its embargo ends, with `AFTER` a little later.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

import orjson

from tests.lifecycle.texts import Text

WIRE, OUTLET, OTHER = "wire", "outlet", "other"
"""The agency's own feed, and two outlets that run its copy."""


@dataclass(frozen=True, slots=True)
class Times:
    """When a cycle happens, and in which world: its identities are nobody else's."""

    start: datetime
    lift: datetime
    world: str = "here"

    def at(self, minutes: float) -> datetime:
        if minutes >= LIFT:
            return self.lift + timedelta(minutes=minutes - LIFT)
        return self.start + timedelta(minutes=minutes)


LIFT = 1_000_000.0
AFTER = LIFT + 0.02


@dataclass(frozen=True, slots=True)
class Message:
    """`name` is how the expectation of a cycle calls it; `build` makes the bytes once the times are known."""

    name: str
    feed: str
    minutes: float
    build: Callable[[Times], bytes]
    content_type: str


def ninjs(
    name: str,
    text: Text,
    minutes: float,
    *,
    feed: str = WIRE,
    uri: str | None = None,
    version: str | None = None,
    status: str = "usable",
    embargo: float | None = None,
    **fields: object,
) -> Message:
    def build(times: Times) -> bytes:
        item = {
            "uri": f"{uri or f'urn:{feed}:{name}'}:{times.world}",
            "version": version,
            "type": "text",
            "pubstatus": status,
            "versioncreated": _rfc3339(times.at(minutes)),
            "language": text.language,
            "headline": text.headline,
            "body_text": text.body,
            "embargoed": None if embargo is None else _rfc3339(times.at(embargo)),
            **fields,
        }
        return orjson.dumps({key: value for key, value in item.items() if value is not None})

    return Message(name, feed, minutes, build, "application/json")


def g2(
    name: str,
    text: Text,
    minutes: float,
    *,
    guid: str,
    version: int,
    feed: str = WIRE,
    status: str = "stat:usable",
    signal: str | None = None,
    ednote: str | None = None,
    embargo: float | None = None,
) -> Message:
    def build(times: Times) -> bytes:
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.body.split("\n\n"))
        lifted = "" if embargo is None else f"<embargoed>{_rfc3339(times.at(embargo))}</embargoed>"
        return (
            '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" standard="NewsML-G2" '
            f'guid="{guid}:{times.world}" version="{version}" xml:lang="{text.language}"><itemMeta>'
            f'<itemClass qcode="ninat:text"/><provider literal="Wire"/>'
            f"<versionCreated>{_rfc3339(times.at(minutes))}</versionCreated>{lifted}"
            f'<pubStatus qcode="{status}"/>'
            + (f'<signal qcode="{signal}"/>' if signal else "")
            + (f"<edNote>{escape(ednote)}</edNote>" if ednote else "")
            + f"</itemMeta><contentMeta><headline>{escape(text.headline)}</headline></contentMeta>"
            '<contentSet><inlineXML contenttype="application/xhtml+xml">'
            f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{paragraphs}</body></html>'
            "</inlineXML></contentSet></newsItem>"
        ).encode()

    return Message(name, feed, minutes, build, "application/xml")


def newsml1(
    name: str,
    text: Text,
    minutes: float,
    *,
    item: str,
    revision: int,
    previous: int = 0,
    status: str = "Usable",
    usable_from: float | None = None,
    feed: str = WIRE,
) -> Message:
    def build(times: Times) -> bytes:
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.body.split("\n\n"))
        created = f"{times.at(minutes):%Y%m%dT%H%M%SZ}"
        change = ""
        if usable_from is not None:
            change = (
                '<StatusWillChange><FutureStatus FormalName="Usable"/>'
                f"<DateAndTime>{times.at(usable_from):%Y%m%dT%H%M%SZ}</DateAndTime></StatusWillChange>"
            )
        update = "U" if previous else "N"
        return (
            '<?xml version="1.0" encoding="utf-8"?><NewsML><NewsItem><Identification><NewsIdentifier>'
            "<ProviderId>wire.example</ProviderId><DateId>20260101</DateId>"
            f"<NewsItemId>{item}.{times.world}</NewsItemId>"
            f'<RevisionId PreviousRevision="{previous}" Update="{update}">{revision}</RevisionId>'
            f"<PublicIdentifier>urn:newsml:wire.example:20260101:{item}.{times.world}:{revision}</PublicIdentifier>"
            "</NewsIdentifier></Identification><NewsManagement>"
            f'<NewsItemType FormalName="News"/><ThisRevisionCreated>{created}</ThisRevisionCreated>'
            f'<Status FormalName="{status}"/>{change}</NewsManagement><NewsComponent>'
            f"<NewsLines><HeadLine>{escape(text.headline)}</HeadLine></NewsLines>"
            f'<DescriptiveMetadata><Language FormalName="{text.language}"/></DescriptiveMetadata>'
            f"<ContentItem><DataContent>{paragraphs}</DataContent></ContentItem>"
            "</NewsComponent></NewsItem></NewsML>"
        ).encode()

    return Message(name, feed, minutes, build, "application/xml")


def iptc7901(
    name: str,
    text: Text,
    minutes: float,
    *,
    number: int,
    slug: str,
    tags: str = "",
    feed: str = WIRE,
) -> Message:
    """A message of a line: `tags` stand above the headline, `{lift}` in them is the time at which the embargo
    ends; the agency's sign is `wir`."""

    def build(times: Times) -> bytes:
        lift = f"{times.lift:%H%M} GMT {_MONTHS[times.lift.month - 1]} {times.lift:%d %Y}"
        head = "\r\n".join(filter(None, (tags.format(lift=lift), *textwrap.wrap(text.headline, 60))))
        copy = "\r\n\r\n".join(
            "\r\n".join(textwrap.wrap(part, 69, initial_indent="   ", break_on_hyphens=False))
            for part in text.body.split("\n\n")
        )
        moment = times.at(minutes)
        return (
            f"\x01abc{number + 4000:04} 3 i {len(text.body.split())}   wir {number:04}\r\n\n{slug}/\r\n"
            f"\x02{head} =\r\n\r\n{copy}\r\n\x03{moment:%d%H%M} GMT {_MONTHS[moment.month - 1]} {moment:%y}"
            "\r\n\x7f\x04\r\n"
        ).encode()

    return Message(name, feed, minutes, build, "text/vnd.iptc.7901")


def anpa(
    name: str,
    text: Text,
    minutes: float,
    *,
    number: int,
    slug: str,
    version: str = "",
    feed: str = WIRE,
) -> Message:
    """A message in the format of American services; `version` is `1st Ld-Writethru` and the like."""

    def build(times: Times) -> bytes:
        moment = times.at(minutes)
        keyword, short = slug.replace(" ", ""), version.replace(" ", "")
        title = ", ".join(filter(None, (slug, version)))
        copy = "\r\n".join(f"\t   {part}" for part in text.body.split("\n\n"))
        words = len(text.body.split())
        return (
            f"\x16\x16\x01w{number:04}\x1fabcd-\r\n"
            f"u i\x13\x11 {keyword} {short}   {moment:%m-%d} {words:04}\r\n"
            f"\x02^{title},{words}<\r\n^{text.headline}<\r\n{copy}\r\n"
            f"\t   \x03AP-WF-{moment:%m-%d-%y %H%M}GMT<\r\n\r\n\x04"
        ).encode()

    return Message(name, feed, minutes, build, "text/vnd.iptc.anpa")


def rss(
    name: str, text: Text, minutes: float, *, guid: str, updated: float | None = None, feed: str = OUTLET
) -> Message:
    def build(times: Times) -> bytes:
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.body.split("\n\n"))
        changed = "" if updated is None else f"<atom:updated>{_rfc3339(times.at(updated))}</atom:updated>"
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
            'xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
            f"<title>The paper</title><language>{text.language}</language><item>"
            f"<title>{escape(text.headline)}</title><guid isPermaLink='false'>{guid}.{times.world}</guid>"
            f"<pubDate>{_rfc3339(times.at(minutes))}</pubDate>{changed}"
            f"<description>{escape(paragraphs)}</description></item></channel></rss>"
        ).encode()

    return Message(name, feed, minutes, build, "application/rss+xml")


def page(
    name: str, text: Text, minutes: float, *, address: str, changed: float | None = None, feed: str = OUTLET
) -> Message:
    """A page of an outlet with its menu and its footer."""

    def build(times: Times) -> bytes:
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.body.split("\n\n"))
        written = _rfc3339(times.at(minutes))
        meta = f'<meta property="article:published_time" content="{written}">'
        if changed is not None:
            meta += f'<meta property="article:modified_time" content="{_rfc3339(times.at(changed))}">'
        return (
            f'<!doctype html><html lang="{text.language}"><head><meta charset="utf-8">'
            f'<title>{escape(text.headline)}</title><link rel="canonical" href="{address}/{times.world}">'
            f"{meta}</head><body><nav><a href=/>Home</a> <a href=/sport>Sport</a></nav><article>"
            f"<h1>{escape(text.headline)}</h1>{paragraphs}</article>"
            "<footer>All rights reserved</footer></body></html>"
        ).encode()

    return Message(name, feed, minutes, build, "text/html")


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
