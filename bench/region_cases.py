"""Labelled stories for the gate of the regions, each with the countries that it is about."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import orjson

from stream.model import Agency, Dateline
from stream.regions.gazetteer import Gazetteer
from stream.text.tokens import hashes

LABELS = Path(__file__).parent / "labels"
FILES = (
    "gold_topics_regions.jsonl",
    "saudinews/july.jsonl.gz",
    "topics/ant_v21_skynews_bbc_cnn.jsonl.gz",
    "regions/reuters21578_train.jsonl.gz",
    "regions/lgl.xml",
    "regions/GWN.xml",
)


class Case(NamedTuple):
    """A story with the countries that it is about, most important first."""

    headline: str
    body: str
    countries: list[str]
    language: str
    dateline: Dateline | None = None
    feed_country: str | None = None
    agency: Agency | None = None
    group: int = 0


class Material:
    """The labelled collections; the gazetteer says the country of a dateline's place."""

    def __init__(self, data: Path, gazetteer: Gazetteer) -> None:
        self.data = data
        self.gazetteer = gazetteer

    def gold(self) -> Iterator[Case]:
        labels = {row["id"]: row for row in lines(self.data / FILES[0])}
        for name in FILES[1:3]:
            for row in lines(self.data / name):
                if row["id"] not in labels:
                    continue
                agency = None
                dateline = self.author_dateline(row.get("author") or "")
                broadcast = re.match(r"\s*([^()]{3,50})\(CNN\)", row["text"])
                if broadcast:
                    place = broadcast.group(1).strip()
                    dateline = Dateline(place, place, self.gazetteer.country_of(place))
                    agency = Agency("cnn", "CNN", "CNN")
                yield Case(
                    row["title"],
                    row["text"],
                    labels[row["id"]]["countries"],
                    "ar",
                    dateline,
                    "SA" if name == FILES[1] else None,
                    agency,
                    half(row["id"]),
                )

    def author_dateline(self, author: str) -> Dateline | None:
        """The place in an author line such as `واس - الرياض`: the first short piece that is one."""
        for piece in re.split(r"[-–:()،,؛«»/]|\bمن\b", author):
            name = piece.strip()
            size = len(hashes(name))
            found = self.gazetteer.find(hashes(name))
            if 0 < size <= 3 and (size == 1 or (found and found[0][:2] == (0, size))):
                country = self.gazetteer.country_of(name)
                if country:
                    return Dateline(name, name, country)
        return None

    def reuters(self, every: int = 1) -> Iterator[Case]:
        codes = dict(rows(LABELS / "regions_reuters_places.tsv"))
        for number, row in enumerate(lines(self.data / FILES[3])):
            if number % every or not 1 <= len(row["places"]) <= 2:
                continue
            dateline = None
            if row["dateline"]:
                month = r",? (?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec)\w*\.? \d"
                place = re.split(month, row["dateline"].strip(), flags=re.IGNORECASE)[0]
                dateline = Dateline(row["dateline"], place, self.gazetteer.country_of(place))
            yield Case(
                (row["title"] or "").replace("&lt;", "<"),
                row["text"].replace("&lt;", "<"),
                [codes[place] for place in row["places"]],
                "en",
                dateline,
            )

    def geoparsing(self, corpus: str) -> Iterator[Case]:
        """Documents of LGL (whose text begins with the title) or GeoWebNews."""
        codes = {
            document: found
            for name, document, found in rows(LABELS / "regions_geoparsing.tsv")
            if name == corpus
        }
        for article in ElementTree.parse(self.data / FILES[4 if corpus == "lgl" else 5]).getroot():
            document = article.get("docid") or article.get("file") or ""
            headline = "" if corpus == "lgl" else article.findtext("title") or ""
            yield Case(headline, article.findtext("text") or "", codes[document].split(), "en")


def half(text: str) -> int:
    """0 or 1 by a hash of the text: rules are made on the first half and judged on the other."""
    return hashlib.sha256(text.encode()).digest()[0] & 1


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file, gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file as text:
        for line in text:
            yield orjson.loads(line)


def rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text("utf-8").splitlines():
        if line and line[0] != "#":
            yield line.split("\t")
