"""What reading a document costs, by format, and what it costs to read credit and dateline off a story.

    python -m bench.parse [--stories 400] [--rounds 5] [--seed 1]

Every format carries the same generated Arabic stories (log-normal lengths, median 1,600 characters,
paragraphs of about forty words), one a document; feeds carry twenty, pages a menu and a comment form.
Printed is the best of the rounds in processor time: microseconds a story, stories a second and megabytes a
second of what comes in, parsing alone. Credit and dateline are timed on the same stories, of which every
second begins as wires do.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import Any

import numpy as np
import orjson

from stream.credit.agencies import Agencies
from stream.credit.find import CreditFinder
from stream.model import Origin, Record, Story
from stream.regions.gazetteer import Gazetteer
from stream.wire.detect import parse

_RECEIVED = datetime(2026, 1, 2, tzinfo=UTC)
_ITEMS_OF_A_FEED = 20
# Letters by their share of Arabic text, so that what guesses by frequency has something to guess by.
_LETTERS = "اااااالللليييممممنننووورررتتتبهعدسفقحكجشصطخ"
_VOCABULARY = 4_000
_HEADS = (
    "الرياض (واس) -",
    "القاهرة (أ ش أ) -",
    "بيروت - رويترز:",
    "أبوظبي في 2 يناير / وام /",
    "رام الله 2-1-2026 وفا-",
)
# The bar that the project set itself.
_CREDIT_BAR = 30.0


class _Texts:
    """Stories that are the same for the same seed: a headline and paragraphs each."""

    def __init__(self, count: int, seed: int) -> None:
        random = np.random.default_rng(seed)
        lengths = random.integers(2, 8, size=_VOCABULARY)
        letters = np.array(list(_LETTERS))
        vocabulary = np.array(["".join(random.choice(letters, size=length)) for length in lengths])
        self.stories: list[tuple[str, list[str]]] = []
        for number in range(count):
            words = int(np.clip(random.lognormal(np.log(280), 0.6), 40, 3000))
            ranks = np.minimum(random.zipf(1.3, size=words + 9), _VOCABULARY) - 1
            text = vocabulary[ranks]
            body = [" ".join(text[at : at + 40]) + "." for at in range(9, len(text), 40)]
            if number % 2:
                body[0] = f"{_HEADS[number % len(_HEADS)]} {body[0]}"
            self.stories.append((" ".join(text[:9]), body))


def _ninjs(headline: str, body: Sequence[str], number: int) -> bytes:
    item: dict[str, Any] = {
        "uri": f"urn:port:{number}",
        "type": "text",
        "versioncreated": "2026-01-01T10:00:00Z",
        "headline": headline,
        "body_html": _marked(body),
    }
    return orjson.dumps(item)


def _newsml_g2(headline: str, body: Sequence[str], number: int) -> bytes:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:port:{number}" version="1">'
        '<itemMeta><itemClass qcode="ninat:text"/><provider literal="port"/>'
        "<versionCreated>2026-01-01T10:00:00Z</versionCreated></itemMeta>"
        f"<contentMeta><urgency>4</urgency><headline>{headline}</headline></contentMeta>"
        '<contentSet><inlineXML contenttype="application/xhtml+xml">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{_marked(body)}</body></html>'
        "</inlineXML></contentSet></newsItem>"
    ).encode()


def _newsml1(headline: str, body: Sequence[str], number: int) -> bytes:
    return (
        '<NewsML Version="1.2"><NewsItem><Identification><NewsIdentifier>'
        f"<ProviderId>port.example</ProviderId><DateId>20260101</DateId><NewsItemId>{number}</NewsItemId><RevisionId>1</RevisionId>"
        f"<PublicIdentifier>urn:newsml:port.example:20260101:{number}:1</PublicIdentifier>"
        "</NewsIdentifier></Identification><NewsManagement>"
        "<ThisRevisionCreated>20260101T100000Z</ThisRevisionCreated><Status FormalName='Usable'/>"
        f"</NewsManagement><NewsComponent><NewsLines><HeadLine>{headline}</HeadLine></NewsLines>"
        f"<ContentItem><DataContent>{_marked(body)}</DataContent></ContentItem></NewsComponent>"
        "</NewsItem></NewsML>"
    ).encode()


def _nitf(headline: str, body: Sequence[str], number: int) -> bytes:
    return (
        f'<nitf><head><docdata><doc-id id-string="port-{number}"/><date.issue norm="20260101T100000Z"/>'
        f"</docdata></head><body><body.head><hedline><hl1>{headline}</hl1></hedline></body.head>"
        f"<body.content>{_marked(body)}</body.content></body></nitf>"
    ).encode()


def _marked(body: Sequence[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in body)


def _iptc7901(headline: str, body: Sequence[str], number: int) -> bytes:
    copy = "\r\n\r\n".join("\r\n".join(textwrap.wrap(f"   {paragraph}", 69)) for paragraph in body)
    return (
        f"\x01abc{number % 10_000:04} 4 i 280   abc {number % 1_000:03}\r\n\r\n"
        f"port/\r\n\x02{headline[:69]} =\r\n\r\n{copy}\r\n\r\n\x03011000 GMT Jan 26\r\n\x7f\r\n\x7f\x04"
    ).encode("cp1256")


def _anpa(headline: str, body: Sequence[str], number: int) -> bytes:
    copy = "".join(f"\t   {paragraph}\r\n \r\n" for paragraph in body)
    return (
        f"\x16\x16\x01w{number % 10_000:04}\x1fabcd-\r\nr i\x13\x11 BC-XX--Port 01-01 0280\r\n"
        f"\x02^BC-XX--Port,280<\r\n^{headline}<\r\n{copy}\r\n\t   \x03AP-WF-01-01-26 1000GMT<\r\n\x0c\r\n\x04"
    ).encode()


def _page(headline: str, body: Sequence[str], number: int) -> bytes:
    menu = "".join(f'<li><a href="/{section}">قسم {section}</a></li>' for section in range(30))
    return (
        f'<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{headline} | الميناء</title>'
        f'<meta property="og:site_name" content="الميناء"><link rel="canonical" href="https://port.example/{number}">'
        f"</head><body><nav><ul>{menu}</ul></nav><article><h1>{headline}</h1>{_marked(body)}</article>"
        "<footer><p>اترك تعليقا</p><ul>" + menu + "</ul></footer></body></html>"
    ).encode()


def _plain(headline: str, body: Sequence[str], number: int) -> bytes:  # noqa: ARG001 - as the others
    return "\n\n".join((headline, *body)).encode()


def _feeds(stories: Sequence[tuple[str, list[str]]]) -> Iterator[bytes]:
    for start in range(0, len(stories), _ITEMS_OF_A_FEED):
        items = "".join(
            f"<item><title>{headline}</title><guid>{start}-{number}</guid>"
            "<pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate><description>"
            + escape(_marked(body))
            + "</description></item>"
            for number, (headline, body) in enumerate(stories[start : start + _ITEMS_OF_A_FEED])
        )
        yield f'<rss version="2.0"><channel><title>الميناء</title>{items}</channel></rss>'.encode()


_FORMATS: dict[str, Callable[[str, Sequence[str], int], bytes]] = {
    "ninjs": _ninjs,
    "newsml-g2": _newsml_g2,
    "newsml-1": _newsml1,
    "nitf": _nitf,
    "iptc7901": _iptc7901,
    "anpa": _anpa,
    "page": _page,
    "plain": _plain,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(
        prog="wirestream bench parse", description=(__doc__ or "").partition("\n\n")[0]
    )
    parser.add_argument("--stories", type=int, default=400, help="stories of each format")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the best counts")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)

    stories = _Texts(options.stories, options.seed).stories
    documents = {
        name: [write(*story, number) for number, story in enumerate(stories)]
        for name, write in _FORMATS.items()
    }
    documents["feed"] = list(_feeds(stories))
    print(f"{'format':12} {'µs/story':>9} {'stories/s':>10} {'MB/s':>7} {'bytes/story':>12}", flush=True)
    for name, listed in documents.items():
        records = [Record(data, _RECEIVED, Origin("wire.stories", 0, 0)) for data in listed]
        read = [story for record in records for story in parse(record)]
        if len(read) != len(stories) or any(story.format != name for story in read):
            raise SystemExit(f"{name}: the documents are not read as they were written")
        seconds = _best(options.rounds, partial(_parse_all, records))
        size = sum(map(len, listed))
        print(
            f"{name:12} {seconds / len(read) * 1e6:>9.0f} {len(read) / seconds:>10,.0f} "
            f"{size / seconds / 1e6:>7.1f} {size / len(read):>12,.0f}",
            flush=True,
        )
    each = _credit(stories, options.rounds)
    print(f"\ncredit and dateline of an Arabic story: {each:.1f} µs (bar {_CREDIT_BAR:.0f})")
    return 0


def _parse_all(records: Sequence[Record]) -> None:
    for record in records:
        parse(record)


def _credit(stories: Sequence[tuple[str, list[str]]], rounds: int) -> float:
    finder = CreditFinder(Agencies.load(), Gazetteer.load().country_of)
    read = [
        Story(format="plain", body="\n\n".join(body), headline=headline, published_at=_RECEIVED)
        for headline, body in stories
    ]
    found = [finder.find(story) for story in read]
    if not all(credit.agency for credit in found[1::2]):
        raise SystemExit("credit: not every head is read as it was written")
    return _best(rounds, lambda: [finder.find(story) for story in read]) / len(read) * 1e6


def _best(rounds: int, work: Callable[[], object]) -> float:
    """Processor seconds of the fastest of so many rounds: other programs on the machine do not count."""
    seconds = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


if __name__ == "__main__":
    sys.exit(main())
