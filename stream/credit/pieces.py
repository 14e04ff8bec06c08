"""The pieces that a dateline, by-line or credit is made of: what stands between its dashes and brackets.

    الرباط/المغرب-(د ب أ):          place / country - agency
    الرياض 20 شوال 1446 هـ واس     place, date and agency in one
    عبدالله الشهري- سبق- جدة:      name - name - place

A piece is told by what it is as a whole, so that an agency's or a place's name inside prose is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from itertools import takewhile

from stream.credit import dates
from stream.credit.agencies import Agencies, Form
from stream.credit.words import countries, words
from stream.text.arabic import fold


class Kind(Enum):
    """What a piece is."""

    AGENCY = auto()
    PLACE = auto()
    COUNTRY = auto()
    DATE = auto()
    NAME = auto()
    """A few words that are none of these: an author, a paper, a desk, a place that no table knows."""
    PROSE = auto()


_FILED = (Kind.PLACE, Kind.COUNTRY, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: its span in the text, and the separators before and after it."""

    kind: Kind
    text: str
    start: int
    end: int
    before: str
    after: str
    form: Form | None = None
    country: str | None = None

    @property
    def is_bracketed(self) -> bool:
        return self.before.rstrip().endswith(("(", "[", "/", "|")) and self.after.lstrip().startswith(
            (")", "]", "/", "|")
        )

    @property
    def is_quoted(self) -> bool:
        # Close to it, or the marks are those of what stands before and behind it.
        return self.before.endswith(_OPENING) and self.after.startswith(_CLOSING)


@dataclass(frozen=True, slots=True)
class _Part:
    kind: Kind
    start: int
    end: int
    form: Form | None = None
    country: str | None = None


# A hyphen parts unless it stands inside a Latin word (Port-au-Prince), a slash, colon or comma unless it
# stands between digits, a stretched line (tatweel) when it stands alone.
_ALWAYS = '\n\r()\\[\\]{}|،؛;«»"“”„–—―=*•·<>_\u2500'
_LETTER = r"[^\W\u0600-\u06ff]"
# One character class first: that lets the regular expression engine skip prose fast.
_PARTS = re.compile(
    rf"[{_ALWAYS}\-/:,ـ](?:(?<=[{_ALWAYS}])"
    rf"|(?<=-)(?:(?!{_LETTER})|(?<!{_LETTER}-))"
    r"|(?<=[/:,])(?:(?!\d)|(?<!\d.))"
    r"|(?<=\sـ)ـ*(?=\s))"
    rf"[\s{_ALWAYS}:/,.ـ-]*"
)
# Each language opens with what another one closes with.
_OPENING, _CLOSING = ("«", "»", '"', "“", "”", "„"), ("»", "«", '"', "”", "“")
_DASH = re.compile("[-–—―]")
# The longest name of an agency.
_SENTENCE_CHARS = 40
_DIGIT = re.compile(r"\d")
# Names of people and papers have up to five words, datelines with two calendars up to fourteen.
_NAME_WORDS = 5
_DATED_WORDS = 14
# The longest names of agencies and countries.
_UNDATED_WORDS = 8
_LONGEST = 100
# The lists of words that stand in sentences only.
_SENTENCES = ("attribution", "medium", "prose")
_PLACE_WORDS = 4
# Scripts without spaces: a longer text holds more than the place.
_UNSPACED_PLACE = 4
# Words of an agency's form that can follow a date without any separator.
_SUFFIX_WORDS = 3


class PieceReader:
    """Reads pieces by the agencies table and a gazetteer. Keeps a bounded memo; otherwise stateless."""

    def __init__(self, agencies: Agencies, country_of: Callable[[str], str | None]) -> None:
        self._agencies = agencies
        self.country_of = lru_cache(maxsize=32_768)(country_of)
        self._parts = lru_cache(maxsize=32_768)(self._read_parts)

    def read(self, text: str, start: int, stop: int, *, through_prose: bool = False) -> list[Piece]:
        """The pieces of `text[start:stop]` in order, up to the first that is prose or cut off by `stop`
        (all of them, when told to go through)."""
        found: list[Piece] = []
        at, before = start, ""
        while at < stop:
            separator = _PARTS.search(text, at, min(stop, at + _LONGEST))
            if separator is None:
                if through_prose or (stop - at < _LONGEST and stop == len(text)):
                    self._add(found, text, at, stop, before, "", through_prose)
                break
            if separator.start() > at and not self._add(
                found, text, at, separator.start(), before, separator.group(), through_prose
            ):
                break
            at, before = separator.end(), separator.group()
        return found

    def with_sentence(self, text: str, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """The pieces of a head. An agency without doubt that follows its dash as a sentence of its own stands
        for what was read there: `МОСКВА, 5 мая - РИА Новости. Текст`."""
        filed = list(takewhile(lambda piece: piece.kind in _FILED, pieces))
        if not filed or not _DASH.search(filed[-1].after):
            return pieces
        start = filed[-1].end + len(filed[-1].after)
        end = text.find(". ", start, start + _SENTENCE_CHARS)
        form = self._agencies.form(text[start:end]) if end > start else None
        if form is None or form.doubt != "none":
            return pieces
        return [*filed, Piece(Kind.AGENCY, text[start:end], start, end, filed[-1].after, ". ", form)]

    def as_no_agency(self, piece: Piece) -> Piece:
        """The piece read again without its agency: a place, or a name."""
        country = self.place(piece.text)
        return replace(piece, kind=Kind.PLACE if country else Kind.NAME, form=None, country=country)

    def place(self, text: str) -> str | None:
        """The country of a place whose name is all of `text`; None when other words stand beside it."""
        names = text.split()
        if not names or len(names) > _PLACE_WORDS or len(text) < 2 or _DIGIT.search(text):
            return None
        if text[0] >= "\u3000" and len(text) > _UNSPACED_PLACE:
            return None
        country = self.country_of(text)
        if country is None or any(fold(text) in words(kind) for kind in ("paper", "nowhere")):
            return None
        if len(names) == 1:
            return country
        # A place among other words gives the whole its country; a name of several words has its own.
        beside = [fold(name) for name in names if self.country_of(name) != country]
        if len(beside) < len(names) and not words("modifier").issuperset(beside):
            return None
        return country

    def _add(
        self, found: list[Piece], text: str, start: int, end: int, before: str, after: str, through: bool
    ) -> bool:
        while start < end and text[start].isspace():
            start += 1
        stop = end
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            return True
        # So that a piece with what is after it reaches to the next.
        after = text[end:stop] + after
        raw = text[start:end]
        parts = (_Part(Kind.PROSE, 0, len(raw)),) if _is_long(raw) else self._parts(raw)
        if parts[0].kind is Kind.PROSE and not through:
            return False
        if parts[0].kind is Kind.NAME and _is_month_again(raw, found, before):
            parts = (replace(parts[0], kind=Kind.DATE),)
        last = len(parts) - 1
        for index, part in enumerate(parts):
            piece = Piece(
                part.kind,
                raw[part.start : part.end],
                start + part.start,
                start + part.end,
                before if index == 0 else " ",
                after if index == last else " ",
                part.form,
                part.country,
            )
            # A place in quotation marks is a paper called after it: لندن: «الشرق الأوسط».
            is_paper = piece.is_quoted and part.kind in (Kind.PLACE, Kind.COUNTRY)
            found.append(replace(piece, kind=Kind.NAME, country=None) if is_paper else piece)
        return True

    def _read_parts(self, raw: str) -> tuple[_Part, ...]:
        count = raw.count(" ") + 1
        if form := self._agencies.form(raw):
            return (_Part(Kind.AGENCY, 0, len(raw), form),)
        folded = fold(raw)
        if folded in countries():
            return (_Part(Kind.COUNTRY, 0, len(raw), None, self.country_of(raw)),)
        is_dated = _DIGIT.search(raw) is not None
        if is_dated and dates.is_date(raw):
            return (_Part(Kind.DATE, 0, len(raw)),)
        if country := self.place(raw):
            first, _, rest = raw.partition(" ")
            at = len(raw) - len(rest.lstrip()) if rest and fold(first) in words("from") else 0
            return (_Part(Kind.PLACE, at, len(raw), None, country),)
        mixed = self._mixed(raw) if is_dated or (count > 1 and self._agencies.may_name(raw)) else ()
        return mixed or (_Part(self._plain(folded, count), 0, len(raw)),)

    def _plain(self, folded: str, count: int) -> Kind:
        spelled = folded.split()
        if count > _NAME_WORDS or any(not words(kind).isdisjoint(spelled) for kind in _SENTENCES):
            return Kind.PROSE
        return Kind.NAME

    def _mixed(self, raw: str) -> tuple[_Part, ...]:
        """Place, date and agency without separators between them, or nothing when it is not that."""
        tail: tuple[_Part, ...] = ()
        rest = raw
        starts = [match.start() for match in re.finditer(r"\S+", raw)]
        for start in starts[1:][-_SUFFIX_WORDS:]:
            if form := self._agencies.form(raw[start:]):
                tail = (_Part(Kind.AGENCY, start, len(raw), form),)
                rest = raw[:start].rstrip()
                break
        named, dated = dates.split(rest)
        if not dated and not tail:
            return ()
        if dated:
            tail = (_Part(Kind.DATE, len(rest) - len(dated), len(rest)), *tail)
        if not named or (named.isascii() and tail[-1].form is not None and not raw.isascii()):
            # Nothing, or a page's controls in another script, before the credit.
            return tail
        if fold(named) in countries():
            return (_Part(Kind.COUNTRY, 0, len(named), None, self.country_of(named)), *tail)
        if country := self.place(named):
            return (_Part(Kind.PLACE, 0, len(named), None, country), *tail)
        return ()


def _is_month_again(raw: str, found: Sequence[Piece], before: str) -> bool:
    """Whether a text is the second name of the month before it: `5 أيار/مايو`."""
    return before.strip() == "/" and bool(found) and found[-1].kind is Kind.DATE and dates.is_date(raw)


def _is_long(raw: str) -> bool:
    """Whether a text is prose by its length alone: most first sentences are, and need no look-up."""
    count = raw.count(" ") + 1
    if count <= _UNDATED_WORDS:
        return len(raw) > _LONGEST
    return count > _DATED_WORDS or len(raw) > _LONGEST or _DIGIT.search(raw) is None


def as_place(piece: Piece, reader: PieceReader) -> Piece:
    """A name as the place that its position says it is; its country where the gazetteer knows one."""
    return replace(piece, kind=Kind.PLACE, country=reader.country_of(piece.text))
