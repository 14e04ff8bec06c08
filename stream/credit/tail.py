"""The end of the body: `(بترا)`, `ي.أ/ ع.غ (د ب أ)`, `المصدر: وكالات`, `(Reporting by …)`, `// انتهى //`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from stream.credit.agencies import Agencies, Form
from stream.credit.pieces import Kind, PieceReader
from stream.credit.words import words
from stream.text.arabic import fold

TAIL_CHARS = 220
# End marks, initials and marked credits are shorter.
_MARK_CHARS = 48
_CREDIT_CHARS = 60
_LINE_CHARS = 50
_SOURCE_CHARS = 90
_MOST_NAMES = 2
# How far before a bracket a sentence names its source: "said (X)", "the official news agency of … (X)".
_SAID_WORDS, _MEDIUM_WORDS = 3, 6
# A credit in brackets; in quotation marks, between dashes or slashes it needs a full stop before.
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{2,200})[)\]][\s.]*$")
_MARKED = re.compile(
    r"(?<=[\s.!?؟…])(?:[«\"“]\s*([^«»\"“”\n]{2,40}?)\s*[»\"”]|[-–—/]+\s*([^-–—/\n]{2,40}?)\s*[-–—/]+)[\s.]*$"
)
_SENTENCE_END = re.compile(r"[.!?؟…。][\"'»”’)\]]*$")
# Desk initials on a last line: xx/yy/zz, ي.أ/ ع.غ
_INITIALS = re.compile(
    r"(?:\n|(?<=[.!?؟…])\s)[\s(]*(?:[^\W\d_]{1,3}\.?\s?){1,3}(?:[/.-]\s*(?:[^\W\d_]{1,3}\.?\s?){1,3}){1,4}\)?\s*$"
)
_CLOSERS = frozenset(')]»"”-–—/')
_SPLIT = re.compile(r"\s*[،,/+&–—|]\s*|\s+-\s*|\s*-\s+|\s+و(?=\s)\s*")


@dataclass(frozen=True, slots=True)
class Tail:
    """The credited forms with the credit as written, and where in the body the copy ends before them."""

    forms: tuple[Form, ...]
    credit: str
    end: int


def read(body: str, reader: PieceReader, agencies: Agencies) -> Tail:
    """The tail of `body`; without a credit or end mark its `end` is where the text ends."""
    base = max(0, len(body) - TAIL_CHARS)
    text = _without(_ending(), body[base:].rstrip())
    last = text.rstrip(" .")[-1:]
    found: _Found | None = None
    if last in _CLOSERS:
        found = _signed(text, agencies) or _bracketed(text, agencies)
    found = found or _sourced(text, agencies) or _last_line(text, reader)
    forms, credit, cut = found or ((), "", len(text))
    kept = text[:cut].rstrip()
    if "/" in kept[-_MARK_CHARS:] or "." in kept[-_MARK_CHARS:-1]:
        kept = _without(_INITIALS, kept)
    return Tail(forms, credit, base + len(kept))


_Found = tuple[tuple[Form, ...], str, int]


def _without(mark: re.Pattern[str], text: str) -> str:
    match = mark.search(text, max(0, len(text) - _MARK_CHARS))
    return text[: match.start()].rstrip() if match else text


@cache
def _ending() -> re.Pattern[str]:
    """End marks: set off by slashes, brackets or signs, or alone on a line."""
    marks = "|".join(sorted(map(re.escape, words("ending")), key=len, reverse=True))
    # Marks are matched in the text as written: the letters that folding changes may be either.
    marks = marks.replace("ا", "[اأإآ]").replace("ه", "[هة]").replace("ي", "[يى]")
    signs = r"[/(\[#=*ـ_–—|-]"
    return re.compile(
        rf"(?:\s*{signs}+\s*(?:{marks})\b[^\n]{{0,25}}|\n\s*(?:{marks})[\s.]*|\s*(?:#{{2,}}|={{3,}}|ـ{{3,}})[^\n]{{0,12}})$",
        re.IGNORECASE,
    )


def _signed(text: str, agencies: Agencies) -> _Found | None:
    match = _closed(text)
    if match is None:
        return None
    inside = fold(match.group(1))
    for mark, wire in agencies.signatures:
        if mark in inside:
            return (Form(wire, "none", False),), match.group(1).strip(), match.start()
    return None


def _closed(text: str) -> re.Match[str] | None:
    """The brackets that the text ends with."""
    opening = max(text.rfind("("), text.rfind("["))
    return _BRACKETS.match(text, opening) if opening >= 0 else None


def _bracketed(text: str, agencies: Agencies) -> _Found | None:
    match = _closed(text)
    is_round = match is not None
    if match is None:
        match = _MARKED.search(text, max(0, len(text) - _MARK_CHARS))
    if match is None:
        return None
    credit = next(group for group in match.groups() if group).strip()
    forms = _forms(credit, agencies)
    if not forms:
        return None
    before = text[: match.start()].rstrip()
    if before and len(before) == match.start() and not _SENTENCE_END.search(before):
        # Glued to a word: لـ(رويترز)
        return None
    own = not before or "\n" in text[len(before) : match.start() + 1] or bool(_SENTENCE_END.search(before))
    if not own and not _is_label(before) and (not is_round or not _may_follow_prose(before, forms)):
        return None
    return forms, credit, _before_label(text, match.start())


def _sourced(text: str, agencies: Agencies) -> _Found | None:
    # A label is followed by a colon or dash; without one near the end there is nothing to look for.
    start = max(0, len(text) - _SOURCE_CHARS)
    if not any(text.find(sign, start) >= 0 for sign in ":-–/"):
        return None
    match = _source().search(text, start)
    if match is None:
        return None
    credit = match.group("credit").strip(" .\"'«»“”()[]")
    forms = _forms(credit, agencies)
    return (forms, credit, match.start("label")) if forms else None


def _last_line(text: str, reader: PieceReader) -> _Found | None:
    at = text.rfind("\n")
    line = text[at + 1 :].strip()
    if at < 0 or not line or len(line) > _LINE_CHARS or line.endswith((".", "!", "?", "؟")):
        return None
    quoting = next(filter(fold(line).startswith, words("quoting")), "")
    # The label is folded: what is left of the line begins behind as many words.
    start = len(text) - len(line.split(None, quoting.count(" ") + 1)[-1]) if quoting else at + 1
    pieces = reader.read(text, start, len(text), through_prose=True)
    forms = tuple(piece.form for piece in pieces if piece.form is not None)
    names = sum(piece.kind is Kind.NAME for piece in pieces)
    sure = any(form.doubt == "none" for form in forms) or (
        len(pieces) == 1 and pieces[0].before.strip() != ""
    )
    if not forms or not sure or names > _MOST_NAMES or any(piece.kind is Kind.PROSE for piece in pieces):
        return None
    named = [piece for piece in pieces if piece.form]
    return forms, text[named[0].start : named[-1].end], at


@cache
def _source() -> re.Pattern[str]:
    labels = "|".join(sorted(map(re.escape, words("source")), key=len, reverse=True))
    return re.compile(
        rf"(?:^|[\n(.!?؟»\"”])\s*(?P<label>{labels})\s*[:：/–-]\s*(?P<credit>[^\n]{{2,{_CREDIT_CHARS}}})$",
        re.IGNORECASE,
    )


def _is_label(before: str) -> bool:
    return fold(before.rsplit(None, 1)[-1].rstrip(":")) in words("source") if before else False


def _before_label(text: str, cut: int) -> int:
    before = text[:cut].rstrip(" \t:")
    return len(before) - len(before.rsplit(None, 1)[-1]) if _is_label(before) else cut


def _may_follow_prose(before: str, forms: tuple[Form, ...]) -> bool:
    """Without a full stop before it, a sure form in brackets is a credit if the sentence names no source."""
    last = [word.strip("\"'«»“”،,:") for word in fold(before).split()[-_MEDIUM_WORDS:]]
    return (
        all(form.doubt == "none" for form in forms)
        and words("medium").isdisjoint(last)
        and words("attribution").isdisjoint(last[-_SAID_WORDS:])
    )


def _forms(credit: str, agencies: Agencies) -> tuple[Form, ...]:
    """The agencies of a credit when it names little else: `أ ف ب، رويترز`, `الصحيفة - وكالات`."""
    whole = agencies.form(credit)
    if whole is not None:
        return (whole,)
    parts = [part for part in _SPLIT.split(credit) if part]
    forms = [form for part in parts if (form := agencies.form(part)) is not None]
    # Papers name themselves beside the agency, in a few words.
    others = [part for part in parts if agencies.form(part) is None]
    if not forms or len(others) > _MOST_NAMES or any(len(part.split()) > _MOST_NAMES + 1 for part in others):
        return ()
    return tuple(forms) if any(form.doubt == "none" for form in forms) else ()
