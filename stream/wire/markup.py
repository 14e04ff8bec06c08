"""Marked-up text (HTML fragments, XHTML, NITF) into paragraphs, inline markup kept as text.

Nothing is ever fetched: no DTD, no entities but HTML's own, no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from html.entities import html5

from lxml import etree

from stream.errors import Reason, Rejected
from stream.wire import laid_out

# `<p>`, `<br/>`, `</div>` …: markup, and not a comparison or a quotation in angle brackets.
MARKUP = re.compile(r"</?(?:p|br|div|span|strong|em|b|i|a|ul|li|h[1-6]|table|section|article)\b[^<>]*>", re.I)
_REFERENCE = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]{1,31};)|#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};)")
_BLOCKS = frozenset(
    """address article aside block blockquote body bq center div dl fieldset form h1 h2 h3 h4 h5 h6 hl1 hl2
    hl3 hl4 hl5 hr lead main nitf-table note ol p pre section table ul""".split()  # noqa: SIM905
)
# A line of a list or table each.
_LINES = frozenset(("dd", "dt", "li", "tr"))
# Not text, or not the story's: pictures with their captions, controls, embedded programs, and what stands
# around the text of an HTML 5 document.
_SKIPPED = frozenset(
    """button embed figcaption figure footer head header iframe input math media nav noscript object script
    select style svg template textarea title""".split()  # noqa: SIM905
)
# Stand for the ends of such lines and the gaps between cells until the white space of the mark-up around
# them is known to be none of the text.
_LINE, _CELL = "\x1e", "\x1f"
_LINE_ENDS = re.compile(f" *(?:{_LINE}[ {_LINE}{_CELL}]*)+")
_CELL_ENDS = re.compile(f" *{_CELL} *")
_BLANK_LINE = re.compile(r"(?<=\S)[^\S\n]*\n[^\S\n]*\n\s*(?=\S)")
_GAPS = re.compile(r"[^\S\u00a0]+")


def html_tree(text: str) -> etree._Element | None:
    """The element tree of an HTML document or fragment, or None when there is nothing in it. Raises
    Rejected(TOO_LARGE) as `require_whole`."""
    # Fonts that are never closed nest, one in another: libxml2's usual bound on depth (256) is too low. The
    # next is 2,048; what else `huge_tree` lifts are bounds on sizes, and `Limits` has its own.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        # The bytes are UTF-8 now, whatever a declaration inside them says.
        root = etree.fromstring(text.replace("\0", "").encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError:
        root = None
    require_whole(parser)
    return root


def require_whole(parser: etree.HTMLParser) -> None:
    """Raises Rejected(TOO_LARGE) when the parser gave up at the depth of the mark-up: what stands below and
    behind it would be lost unseen."""
    error = parser.error_log.last_error
    if error is not None and error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        raise Rejected(Reason.TOO_LARGE, f"mark-up that nests too deep, in line {error.line}")


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace, in lower case; empty for anything but an element."""
    tag = element.tag
    return _bare(tag) if isinstance(tag, str) else ""


# Formats have a few hundred names, and every field is looked for by them.
@lru_cache(maxsize=4096)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def text_of(root: etree._Element) -> str:
    """The text under `root`: blocks one empty line apart, lines of lists and tables and `br` as line ends,
    cells a tab apart, the rest run together."""
    text = "".join(_pieces(root))
    if _LINE in text:
        text = _CELL_ENDS.sub("\t", _LINE_ENDS.sub("\n", text))
    return text.strip()


def html_text(text: str) -> str:
    """The text of an HTML fragment, as `text_of`. Raises Rejected(TOO_LARGE) as `require_whole`."""
    root = html_tree(text)
    return "" if root is None else text_of(root)


def unescaped(text: str) -> str:
    """`text` with its references to characters resolved, those that end in a semicolon: HTML knows some names
    without it too, and addresses are full of those (`?id=1&section=2` has `&sect`)."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    # An unknown name stays; the standard library would resolve what it begins with.
    return reference[0] if reference[1] and reference[1] not in html5 else unescape(reference[0])


def _pieces(root: etree._Element) -> Iterator[str]:
    depth_skipped = depth_preformatted = 0
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
                depth_preformatted += name == "pre"
            elif name in _LINES:
                yield _LINE
            elif name in ("td", "th"):
                yield _CELL
            if element.text:
                yield _run(element.text, depth_preformatted > 0)
        else:
            if name in _SKIPPED:
                depth_skipped -= 1
            elif not depth_skipped and name in _BLOCKS:
                yield "\n\n"
                depth_preformatted -= name == "pre"
            elif not depth_skipped and name in _LINES:
                yield _LINE
            if element is not root and not depth_skipped and element.tail:
                yield _run(element.tail, depth_preformatted > 0)


def _run(text: str, is_preformatted: bool) -> str:
    if "  " not in text and text.isprintable():
        # The space is the only white space that is printable.
        return text
    if "\n" not in text:
        return _GAPS.sub(" ", text)
    if is_preformatted or laid_out.is_laid_out(text):
        return laid_out.paragraphs(text)
    # An empty line inside a text, and not between the marks around it, ends a paragraph.
    return "\n\n".join(_GAPS.sub(" ", part) for part in _BLANK_LINE.split(text))
