"""What a page says of itself: JSON-LD, OpenGraph, meta elements, microdata.

Sources are read in the order of how much sites care for them: JSON-LD and OpenGraph feed search engines
and social networks, so they are kept right; the rest is older or set by templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from stream.wire import boilerplate, json_ld, mojibake, tidy

_ARTICLE = re.compile(r"Article$|^BlogPosting$|^LiveBlogPosting$|^Report$")
_OUTLET = re.compile(r"Organization$|^WebSite$")
_TRAIL = re.compile(r"^BreadcrumbList$")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
# Longer "names" are sentences in the wrong field.
_LONGEST_NAME = 120
_LONGEST_SECTION = 60
_LONGEST_ADDRESS = 2000
_MOST_AUTHORS = 5

# Names of meta elements, best first: schema.org's microdata, OpenGraph, Dublin Core, then vendors'.
_DATES = tuple(
    """article:published_time datepublished article:published og:published_time parsely-pub-date sailthru.date
    pubdate publishdate publish-date publication_date dc.date.issued dcterms.issued dcterms.created dc.date
    date article.published""".split()  # noqa: SIM905
)
_CHANGES = (
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "dcterms.modified",
    "dc.date.modified",
)
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author")
_SECTIONS = ("article:section", "articlesection", "section", "parsely-section", "category")
_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher", "publisher")
_TITLES = ("twitter:title", "dc.title", "parsely-title", "sailthru.title")
_LANGUAGES = ("content-language", "og:locale", "language", "dc.language")

Metas = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Meta:
    """The page's own words, best first; `dates` and `changes` (when it was modified) as written, `sites`
    every name that the site goes by."""

    titles: tuple[str, ...]
    sites: tuple[str, ...]
    dates: tuple[str, ...]
    changes: tuple[str, ...]
    sections: tuple[str, ...]
    byline: str | None
    language: str | None
    uri: str | None
    provider: str | None
    text: str | None
    """The whole text, where the structured data carries it."""


def read(tree: etree._Element) -> Meta:
    """The metadata of a page's tree, which is not changed."""
    metas = _metas(tree)
    nodes = list(json_ld.nodes(tree))
    articles = [node for node in nodes if json_ld.is_a(node, _ARTICLE)]
    uri = _uri(tree, metas, articles)
    publishers = _names(articles, "publisher")
    outlets = _names([node for node in nodes if json_ld.is_a(node, _OUTLET)], "name")
    sites = _unique([*publishers, *_values(metas, _SITES), *outlets, *_host(uri)])
    document_titles = [tidy.line(title.text or "") for title in tree.iter("title")][:1]
    titles = _unique(
        [
            *_values(metas, ["og:title"]),
            *_names(articles, "headline", "name"),
            *_values(metas, _TITLES),
            *document_titles,
        ]
    )
    return Meta(
        titles=titles,
        sites=sites,
        dates=_dates(tree, metas, articles),
        changes=_unique(
            [
                *(text for node in articles for text in json_ld.strings(node.get("dateModified"))),
                *_values(metas, _CHANGES),
            ]
        ),
        sections=_sections(metas, nodes, articles, titles),
        byline=_byline(tree, metas, articles, sites),
        language=_language(tree, metas, articles),
        uri=uri,
        provider=next(iter([*publishers, *_values(metas, _SITES[:2])]), None),
        text=next((text for node in articles if isinstance(text := node.get("articleBody"), str)), None),
    )


def _metas(tree: etree._Element) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content") or ""
        name = next(filter(None, map(element.get, ("property", "name", "itemprop", "http-equiv"))), "")
        if 0 < len(content) <= json_ld.LONGEST and name and (text := tidy.line(content)):
            metas.setdefault(name.strip().lower(), []).append(text)
    return metas


def _values(metas: Metas, names: Iterable[str]) -> list[str]:
    return [text for name in names for text in metas.get(name, ())]


def _names(nodes: Iterable[json_ld.Node], *keys: str) -> list[str]:
    return [name for node in nodes for key in keys for name in json_ld.names(node.get(key))]


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts without repeats and with wrong decodings undone, which is where names suffer them too."""
    return tuple(dict.fromkeys(mojibake.undo(text) for text in texts if text))


def _find(tree: etree._Element, path: str) -> list[Any]:
    found = tree.xpath(path)
    return found if isinstance(found, list) else []


def _uri(tree: etree._Element, metas: Metas, articles: Iterable[json_ld.Node]) -> str | None:
    canonical = [link.get("href") or "" for link in tree.iter("link") if link.get("rel") == "canonical"]
    own = [text for node in articles for key in ("url", "@id") for text in json_ld.strings(node.get(key))]
    for text in (*canonical, *metas.get("og:url", ()), *own):
        address = tidy.line(text)
        if address.startswith(("http://", "https://")) and len(address) <= _LONGEST_ADDRESS:
            return address
    return None


def _host(uri: str | None) -> list[str]:
    """The names that a host stands for: `www.example.co.uk` gives `example.co.uk` and `example`."""
    if uri is None:
        return []
    try:
        host = urlsplit(uri).hostname or ""
    except ValueError:
        return []
    labels = host.removeprefix("www.").split(".")
    return [".".join(labels), max(labels, key=len)] if len(labels) > 1 else []


def _dates(tree: etree._Element, metas: Metas, articles: Iterable[json_ld.Node]) -> tuple[str, ...]:
    return _unique(
        [
            *(text for node in articles for text in json_ld.strings(node.get("datePublished"))),
            *_values(metas, _DATES),
            *map(str, _find(tree, "//*[@itemprop='datePublished']/@datetime")),
            *map(str, _find(tree, "//time[@pubdate]/@datetime")),
            *map(str, _find(tree, "//article//time/@datetime")[:1]),
        ]
    )


def _sections(
    metas: Metas, nodes: Iterable[json_ld.Node], articles: Iterable[json_ld.Node], titles: Iterable[str]
) -> tuple[str, ...]:
    found = [text for node in articles for text in json_ld.strings(node.get("articleSection"))]
    found += _values(metas, _SECTIONS)
    for node in nodes:
        if json_ld.is_a(node, _TRAIL):
            found += _crumbs(node, titles)
    return tuple(
        text for text in _unique(found) if len(text) <= _LONGEST_SECTION and not text.startswith("http")
    )


def _crumbs(node: json_ld.Node, titles: Iterable[str]) -> list[str]:
    """The names of a breadcrumb trail, without its home page and the story itself."""
    items = node.get("itemListElement")
    names: list[str] = []
    for entry in items if isinstance(items, list) else []:
        if isinstance(entry, dict):
            names += json_ld.names(entry.get("name")) or json_ld.names(entry.get("item"))
    known = [boilerplate.key(title) for title in titles]
    return [
        name
        for name in names
        if boilerplate.match(name) is None and not any(boilerplate.key(name) in title for title in known)
    ]


def _byline(
    tree: etree._Element, metas: Metas, articles: Iterable[json_ld.Node], sites: Iterable[str]
) -> str | None:
    authors = [*_names(articles, "author", "creator"), *_values(metas, _AUTHORS)]
    if not authors:
        marked = _find(tree, "//*[@itemprop='author' or @rel='author' or contains(@class, 'byline')]")
        authors = [tidy.line("".join(element.itertext())) for element in marked[:3]]
    known = {boilerplate.key(site) for site in sites}
    names = [
        name
        for name in _unique(authors)
        if len(name) <= _LONGEST_NAME
        and not name.startswith(("http", "@", "www."))
        and boilerplate.key(name) not in known
    ]
    return ", ".join(names[:_MOST_AUTHORS]) or None


def _language(tree: etree._Element, metas: Metas, articles: Iterable[json_ld.Node]) -> str | None:
    own = [text for node in articles for text in json_ld.strings(node.get("inLanguage"))]
    root = [tree.get("lang") or "", tree.get("xml:lang") or ""]
    for text in (*own, *root, *_values(metas, _LANGUAGES)):
        tag = text.strip().replace("_", "-")
        if _LANGUAGE.fullmatch(tag):
            return tag
    return None
