"""Text inside an envelope: the content of NewsML's `inlineXML`, `inlineData` and `DataContent`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stream.wire import markup, nitf, running_text
from stream.wire.xml import Element

# Elements of XHTML and of what resembles it; XML without any is another vocabulary (events, results).
_PROSE = frozenset(("html", "body", "p", "div", "section", "article", "pre", "table", "ul"))
_TEXT_KIND = re.compile(r"text|html|xml|nitf|plain", re.IGNORECASE)
_OTHER_KIND = re.compile(
    r"css|javascript|jpe?g|gif|png|pdf|mpe?g|mp[34]|wav|image|video|audio", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Content:
    """A text and how much of its structure is marked: `rank` 0 for XHTML, 1 for NITF, 2 for plain. `head` is
    what NITF says above the text."""

    rank: int
    text: str
    head: nitf.Head


EMPTY = Content(2, "", nitf.Head())


def read(element: Element, kind: str | None) -> Content | str:
    """The text in `element` (empty for none), or the name of what it holds instead. `kind` is the content
    type or format as it is written."""
    if kind and _OTHER_KIND.search(kind):
        return kind
    inner = next(iter(element), None)
    if inner is None:
        if kind and "/" in kind and not _TEXT_KIND.search(kind):
            return kind
        return Content(2, running_text.of_text(element.text or ""), nitf.Head())
    if markup.local_name(inner) == "nitf":
        return Content(1, nitf.text(inner), nitf.head(inner))
    is_mixed = element.text is not None and element.text.strip()
    if is_mixed or any(markup.local_name(inside) in _PROSE for inside in element.iter()):
        return Content(0, running_text.of_text(markup.text_of(element)), nitf.Head())
    return markup.local_name(inner)
