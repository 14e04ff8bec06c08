"""The running text of a page: what trafilatura finds, without what it takes along.

Its fast mode measured best on public collections of news pages, and better still with the lines removed
here: phrases that sites print around stories, repeats of headline and names, and links at the edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import lxml.html
from trafilatura import bare_extraction

from stream.errors import Reason, Rejected
from stream.wire import boilerplate, head, markup, mojibake, tidy
from stream.wire.plain import require_words


def extract(tree: lxml.html.HtmlElement, labels: Iterable[str | None], structured: str | None) -> str:
    """The paragraphs of the story. `labels` are the page's names and headline, which are no part of it;
    `structured` is the text that the structured data carries, for pages that are drawn by scripts.

    Consumes `tree`. Raises Rejected(NO_STORY | MOJIBAKE).
    """
    links = _links(tree)
    repeated = {boilerplate.key(label) for label in labels if label}
    extracted = _extracted(tree)
    if extracted and structured and extracted.split() == structured.split():
        # The extraction fell back on the same text and lost its paragraphs.
        extracted = structured
    for found in (extracted, structured):
        lines = _story_lines(found, links, repeated) if found else []
        if any(map(boilerplate.is_prose, lines)):
            body = tidy.paragraphs(lines)
            require_words(body)
            return body
    raise Rejected(Reason.NO_STORY, "a page without running text")


def _links(tree: lxml.html.HtmlElement) -> set[str]:
    """The texts of the page's links, as lines are compared."""
    texts = (link.text_content() for link in tree.iter("a"))
    return {boilerplate.key(text) for text in texts if len(text) <= boilerplate.LONGEST_LINE}


def _extracted(tree: lxml.html.HtmlElement) -> str | None:
    # Its own metadata would guess dates from anywhere on the page, at several times the cost.
    extracted = bare_extraction(
        tree, fast=True, include_comments=False, include_tables=False, with_metadata=False
    )
    text = getattr(extracted, "text", None)
    return text if isinstance(text, str) else None


def _story_lines(found: str, links: set[str], repeated: set[str]) -> list[str]:
    if markup.MARKUP.search(found):
        found = markup.html_text(found)
    text = tidy.characters(mojibake.repair(found))
    lines, _ = boilerplate.strip([line.strip() for line in text.split("\n")], is_page=True)
    return _without_edges([line for line in lines if not _is_one_of(line, repeated)], links)


def _is_one_of(line: str, keys: set[str]) -> bool:
    return len(line) <= boilerplate.LONGEST_LINE and boilerplate.key(line) in keys


def _without_edges(lines: Sequence[str], links: set[str]) -> list[str]:
    """`lines` without the dates, and the lines that are nothing but a link or punctuation, before the first
    and after the last running text: menus, trails and tools that the extraction took along."""
    prose = [index for index, line in enumerate(lines) if boilerplate.is_prose(line)]
    if not prose:
        return list(lines)
    first, last = prose[0], prose[-1]
    edge = links | {""}
    return [
        line
        for index, line in enumerate(lines)
        if first <= index <= last
        or not line
        or not (_is_one_of(line, edge) or (index < first and head.is_date(line)))
    ]
