"""The development data as training reads it: stories with what their own site says of their topic.

Only training and the gates import this; nothing of the texts stays in what they write.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
from lxml import etree

# Sections that are one top; the others (Middle East, local, world, diverse) say where, not what.
SECTION_TOPS = {"sport": "15", "economy": "04", "technology": "13", "culture": "01", "politic": "11"}
# MasakhaNEWS' seven labels.
MASAKHA_TOPS = {
    "business": "04",
    "entertainment": "01",
    "health": "07",
    "politics": "11",
    "religion": "12",
    "sports": "15",
    "technology": "13",
}

VOCABULARY = "iptc"
"""The source of the vocabulary's own labels and definitions."""


@dataclass(frozen=True, slots=True)
class Example:
    """One story. `label` are the two digits of the top that its section stands for, or None."""

    id: str
    source: str
    language: str
    headline: str
    body: str
    label: str | None = None


def july(data: Path) -> Iterator[Example]:
    """Saudi outlets, no labels."""
    for row in _lines(data / "saudinews" / "july.jsonl.gz"):
        yield Example(row["id"], row["source"], "ar", row["title"], row["text"])


def ant(data: Path) -> Iterator[Example]:
    """Three pan-Arab outlets and one Tunisian, labelled by section."""
    for name in ("ant_v21_skynews_bbc_cnn", "ant_v11"):
        for row in _lines(data / "topics" / f"{name}.jsonl.gz"):
            label = SECTION_TOPS.get(row["category"])
            yield Example(row["id"], row["source"], "ar", row["title"], row["text"], label)


def masakha(data: Path, split: str) -> Iterator[Example]:
    """English and French news of Africa; `split` is `dev` or `test`."""
    csv.field_size_limit(sys.maxsize)
    for language, folder in (("en", "masakhanews_eng"), ("fr", "masakhanews_fra")):
        with (data / "topics" / folder / f"{split}.tsv").open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file, delimiter="\t")):
                yield Example(
                    id=f"masakha-{language}-{split}-{number}",
                    source="masakha",
                    language=language,
                    headline=row["headline"] or "",
                    body=row["text"] or "",
                    label=MASAKHA_TOPS[row["category"]],
                )


def reuters(data: Path) -> Iterator[Example]:
    """Wire stories of 1987 in English, no labels that are used."""
    for row in _lines(data / "regions" / "reuters21578_train.jsonl.gz"):
        yield Example(row["id"], "reuters", "en", row["title"] or "", row["text"] or "")


def local_news(data: Path) -> Iterator[Example]:
    """English news of small and of large papers, no labels."""
    for name in ("lgl", "GWN"):
        tree = etree.parse(data / "regions" / f"{name}.xml", etree.XMLParser(recover=True))
        for number, article in enumerate(tree.iter("article")):
            title, text = article.findtext("title") or "", article.findtext("text") or ""
            yield Example(f"{name}-{number}", name, "en", title, text)


def gold(data: Path) -> dict[str, tuple[str, ...]]:
    """The labelled tops of the gold stories by id, first first. For measuring only."""
    rows = map(orjson.loads, (data / "gold_topics_regions.jsonl").read_bytes().splitlines())
    return {row["id"]: tuple(row["topics"]) for row in rows}


def vocabulary(data: Path) -> Iterator[Example]:
    """Labels and definitions of the active concepts of IPTC Media Topics, one example a language."""
    for concept in orjson.loads((data / "vocab" / "mediatopics.json").read_bytes()):
        if concept["retired"]:
            continue
        top = concept["top"].removeprefix("medtop:")[:2]
        for key, name in concept["name"].items():
            definition = concept["definition"].get(key, "")
            yield Example(f"{concept['qcode']}-{key}", VOCABULARY, key[:2], name, definition, top)


def labels(path: Path) -> dict[str, tuple[str, ...]]:
    """Tops by story id from a table of `id` and comma-separated `tops`, first first."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return {identity: tuple(tops.split(",")) for identity, tops in (line.split("\t") for line in lines)}


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path) as file:
        for line in file:
            yield orjson.loads(line)
