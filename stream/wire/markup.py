"""Marked-up text (HTML fragments, XHTML, NITF) into paragraphs, inline markup kept as text.

Nothing is ever fetched: no DTD, no entities but HTML's own, no network; depth is capped by libxml2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from stream.errors import Reason, Rejected

# `<p>`, `<br/>`, `</div>` …: markup, and not a comparison or a quotation in angle brackets.
MARKUP = re.compile(r"</?(?:p|br|div|span|strong|em|b|i|a|ul|li|h[1-6]|table|section|article)\b[^<>]*>", re.I)
_BLOCKS = frozenset(
    """address article aside block blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6
    header hl1 hl2 hr li main nav ol p pre section table tbody td tfoot th thead tr ul""".split()  # noqa: SIM905
)
# Not text, or not the story's: pictures with their captions, controls, embedded programs.
_SKIPPED = frozenset(
    """button embed figcaption figure head iframe input math media noscript object script select style svg
    template textarea title""".split()  # noqa: SIM905
)
_GAPS = re.compile(r"[^\S\u00a0]+")


def html_tree(text: str) -> etree._Element | None:
    """The element tree of an HTML document or fragment, or None when there is nothing in it."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        # The bytes are UTF-8 now, whatever a declaration inside them says.
        return etree.fromstring(text.replace("\0", "").encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError:
        return None


def xml_tree(text: str) -> etree._Element:
    """The element tree of an XML document. Raises Rejected(MALFORMED) when it is not well-formed, or
    carries a document type with entities of its own."""
    if "<!ENTITY" in text:
        raise Rejected(Reason.MALFORMED, "the XML declares entities")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.strip().encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError as error:
        raise Rejected(Reason.MALFORMED, f"XML, line {error.lineno}: {error.msg}") from None


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace, in lower case; empty for anything but an element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def text_of(root: etree._Element) -> str:
    """The text under `root`: blocks one empty line apart, `br` as a line end, the rest run together."""
    return "".join(_pieces(root)).strip()


def html_text(text: str) -> str:
    """The text of an HTML fragment, as `text_of`."""
    root = html_tree(text)
    return "" if root is None else text_of(root)


def _pieces(root: etree._Element) -> Iterator[str]:
    depth_skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element)
        if event == "start":
            if name in _SKIPPED:
                depth_skipped += 1
            if depth_skipped:
                continue
            if name == "br":
                yield "\n"
            elif name in _BLOCKS:
                yield "\n\n"
            elif name in ("td", "th"):
                yield "\t"
            if element.text:
                yield _GAPS.sub(" ", element.text)
        else:
            if name in _SKIPPED:
                depth_skipped -= 1
            elif not depth_skipped and name in _BLOCKS:
                yield "\n\n"
            if element is not root and not depth_skipped and element.tail:
                yield _GAPS.sub(" ", element.tail)
