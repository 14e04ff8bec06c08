"""The one reader of XML: wire formats and feeds get their element trees from here.

Nothing outside the document is ever read: no DTD, no entities but XML's and HTML's own, no network. What is
read is bounded in bytes, in tags and, by libxml2, in depth (256). Comments and processing instructions are
no part of the tree. Names are compared without namespace and in lower case: suppliers spell both freely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from html.entities import html5

from lxml import etree

from stream.errors import Reason, Rejected
from stream.wire import mojibake, tidy
from stream.wire.document import Document
from stream.wire.limits import Limits
from stream.wire.markup import local_name

Element = etree._Element

# In UTF-16 the declaration is found by charset.decode's own means.
_DECLARED = re.compile(rb"\s*<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']\s*([\w.:-]{1,40})")
_DECLARATION = re.compile(r"<\?xml\s[^>]*+>\s*")
# What may stand before a document type; possessive, so that a long prolog is read once.
_PROLOG = re.compile(r"(?:\s++|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>)*+", re.DOTALL)
_DOCTYPE = re.compile(r"""<!DOCTYPE\b(?:[^\[<>"']|"[^"]*+"|'[^']*+')*+(?P<end>[\[>])""", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*+>")
_ROOT = re.compile(
    rb"(?:\s++|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>"
    rb"|<!DOCTYPE\b[^\[<>]*+(?:\[(?:(?!\]\s*+>).)*+\]\s*+)?+>)*+<(?:[A-Za-z_][\w.-]*+:)?+([A-Za-z_][\w.-]*+)[\s/>]",
    re.DOTALL | re.IGNORECASE,
)
# Parameter entities only build the DTD, which is not read.
_DECLARES = re.compile(r"<!ENTITY\s++(?!%)", re.IGNORECASE)
# XML forbids these; line formats leave some around and in what they carry. NUL is no slip: it stays, and
# libxml2 refuses it.
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
# HTML's named characters, which suppliers use undeclared, and references to the same controls.
_REFERENCE = re.compile(
    r"&(?:(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31})"
    r"|#0*+(?:[1-8]|1[124-9]|2\d|3[01])|#[xX]0*+(?:[1-8BbCcEeFf]|1[0-9A-Fa-f]));"
)
# An ampersand that begins no reference; one in a CDATA section is no fault. A section without an end runs to
# the document's, so that it is looked for once.
_BARE = re.compile(
    r"(<!\[CDATA\[(?:.*?\]\]>|.*))|&(?!(?:[A-Za-z][A-Za-z0-9]*|#\d+|#[xX][0-9A-Fa-f]+);)", re.DOTALL
)
_NUMBERED = re.compile(r"&#(?:[xX]0*+([0-9A-Fa-f]{1,8})|0*+(\d{1,8}));")
# What may stand after the root element: comments of caches, scripts of trackers.
_AFTER_ROOT = 10_000
# lxml takes time with the square of an element's attributes to list them; the richest of any format has 20.
_MOST_ATTRIBUTES = 200
_HAS_MANY_ATTRIBUTES = etree.XPath(f"boolean(//*[@*[{_MOST_ATTRIBUTES + 1}]])")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(document: Document, *, is_lenient: bool = False) -> Element:
    """The root element of a document. `is_lenient` is for feeds, which templates write: as `parse` and
    `charset.decode` have it. Raises Rejected(TOO_LARGE | CHARSET | MALFORMED)."""
    document.require_size(document.limits.xml_bytes)
    found = _DECLARED.match(document.data)
    declared = found[1].decode("ascii") if found else None
    return parse(document.text(declared, is_lenient=is_lenient), document.limits, is_lenient=is_lenient)


def parse(text: str, limits: Limits, *, is_lenient: bool = False) -> Element:
    """The root element of a document that was decoded already. `is_lenient` reads over bare ampersands,
    prefixes that nothing declares and tags that do not match, but not over a missing end.

    Raises Rejected(TOO_LARGE | MALFORMED).
    """
    tags = text.count("<")
    if tags > limits.xml_tags:
        raise Rejected(Reason.TOO_LARGE, f"{tags:,} tags, at most {limits.xml_tags:,} are read")
    if not text.isprintable():
        text = _CONTROLS.sub("", text)
    # The text is Unicode now, whatever a declaration in it says.
    text = text.strip("\ufeff\0 \t\r\n")
    declaration = _DECLARATION.match(text)
    text = _without_doctype(text[declaration.end() :] if declaration else text)
    if "&" in text:
        text = _REFERENCE.sub(_resolved, text)
    text = text.strip()
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), _parser())
    except etree.XMLSyntaxError as error:
        if not is_lenient:
            raise Rejected(Reason.MALFORMED, f"XML, line {error.lineno}: {error.msg}") from None
        root = _recovered(text)
    if root.getroottree().docinfo.internalDTD is not None:
        raise Rejected(Reason.MALFORMED, "the XML has a document type in a place of its own")
    if _HAS_MANY_ATTRIBUTES(root):
        raise Rejected(Reason.TOO_LARGE, f"an element of more than {_MOST_ATTRIBUTES} attributes")
    return root


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _recovered(text: str) -> Element:
    """The root element of a document that is not well-formed. Raises Rejected(MALFORMED) when it was cut."""
    mended = _BARE.sub(lambda found: found[1] or "&amp;", text.replace("\0", ""))
    # What is no character would come through the parser, and out of it as no text.
    mended = _NUMBERED.sub(lambda found: found[0] if _is_character(found) else "", mended)
    try:
        root = etree.fromstring(mended.encode("utf-8", "ignore"), _parser(recover=True))
    except etree.XMLSyntaxError as error:
        raise Rejected(Reason.MALFORMED, f"XML, line {error.lineno}: {error.msg}") from None
    if root is None or not _is_ended(text, local_name(root)):
        raise Rejected(Reason.MALFORMED, "the XML ends before its root element does")
    return root


def _is_character(reference: re.Match[str]) -> bool:
    """Whether a reference by number is to a character of XML."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return (
        code in (0x09, 0x0A, 0x0D)
        or 0x20 <= code < 0xD800
        or 0xE000 <= code < 0xFFFE
        or 0x10000 <= code < 0x110000
    )


def root_name(head: bytes) -> str | None:
    """The name of the root element at the head of a document, without its prefix and in its own case; None
    when it does not begin as XML does, or not within these bytes."""
    found = _ROOT.match(head)
    return found[1].decode("ascii") if found else None


def _is_ended(text: str, name: str) -> bool:
    """Whether the root element's end tag stands at the end of a document."""
    tail = text[-_AFTER_ROOT:].lower()
    return re.search(rf"</(?:[\w.-]+:)?{re.escape(name)}\s*>", tail) is not None


def _without_doctype(text: str) -> str:
    """`text` without its document type, which would only name a DTD. Raises Rejected(MALFORMED) when it
    declares entities."""
    prolog = _PROLOG.match(text)
    doctype = _DOCTYPE.match(text, prolog.end() if prolog else 0)
    if doctype is None:
        return text
    if doctype["end"] == ">":
        return text[doctype.end() :]
    end = _SUBSET_END.search(text, doctype.end())
    if end is None or _DECLARES.search(text, doctype.end(), end.start()):
        raise Rejected(Reason.MALFORMED, "the document type declares entities, or does not end")
    return text[end.end() :]


def _resolved(reference: re.Match[str]) -> str:
    """An HTML name as its character, a reference to a forbidden control as nothing."""
    name = reference[1]
    if name is None:
        return ""
    char = html5.get(f"{name};")
    return reference[0] if char is None else escape(char)


def children(element: Element, *names: str) -> Iterator[Element]:
    """The child elements of those names (lower case), in document order; all when none is named."""
    for child in element:
        if not names or local_name(child) in names:
            yield child


def find(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of names (lower case), None where there is none."""
    return next(find_all(element, *path), None)


def find_all(element: Element | None, *path: str) -> Iterator[Element]:
    """The elements down a path of names (lower case), in document order."""
    if element is None:
        return
    first, *rest = path
    for child in element:
        if local_name(child) == first:
            if rest:
                yield from find_all(child, *rest)
            else:
                yield child


def attribute(element: Element | None, *names: str) -> str | None:
    """The first attribute of those names that has a value (lower case, no namespace), as one line."""
    if element is None or not element.attrib:
        return None
    bare = {str(key).rpartition("}")[2].lower(): str(value) for key, value in element.items()}
    for name in names:
        if name in bare and (cleaned := clean(bare[name])) is not None:
            return cleaned
    return None


def line(element: Element | None) -> str | None:
    """The text of an element and of what is in it, as one clean line; None when there is none."""
    return None if element is None else clean("".join(map(str, element.itertext())))


def first_line(elements: Iterable[Element]) -> str | None:
    """The first `line` of the elements."""
    return next(filter(None, map(line, elements)), None)


def lines(elements: Iterable[Element]) -> list[str]:
    """The `line` of each of the elements that has one, each text once."""
    return list(dict.fromkeys(filter(None, map(line, elements))))


def clean(text: str) -> str | None:
    """`text` as one line, a wrong decoding undone; None when it is empty. Raises Rejected(MOJIBAKE)."""
    return tidy.line(text if text.isascii() else mojibake.repair(text)) or None


def language(element: Element | None) -> str | None:
    """The `xml:lang` that holds for the element, as written."""
    while element is not None:
        value = element.get(LANG)
        if value:
            return value.strip()
        element = element.getparent()
    return None
