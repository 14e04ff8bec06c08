"""The head of the body: `City [date] (CREDIT) -`, `City في <date> / CREDIT /`, `City - CREDIT:`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stream.credit.agencies import UNNAMED
from stream.credit.doubt import settle
from stream.credit.pieces import Kind, Piece, PieceReader, as_place
from stream.credit.words import words
from stream.text.arabic import fold

# The slots of heads lie within this; longer datelines were not seen.
HEAD_CHARS = 200
# Two authors with their papers.
_AUTHOR_CHARS = 100
_LEAD = re.compile(r"[\s*•·\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*")
# What ends a head: a dash, colon, underscore or line end; a slash or full stop ends one only after a credit.
_STRONG = re.compile(r"[-–—―:_=\n]|ـ")
_QUOTES = re.compile(r"[«»\"“”„]")
_MOST_NAMES = 2
_AUTHOR_WORDS = 4
_PLACES = (Kind.PLACE, Kind.COUNTRY)


@dataclass(frozen=True, slots=True)
class Head:
    """The pieces of the head, and where in the body the copy begins after it."""

    pieces: tuple[Piece, ...]
    start: int


def read(body: str, reader: PieceReader) -> Head | None:
    """The head of `body`, or None where it begins with the story itself. A line with the author may stand
    above it, which belongs to it then."""
    begin = _skip(body)
    head = _read(body, begin, reader)
    if head is None and (below := _below_author(body, begin)):
        head = _read(body, below, reader)
    return head


def _read(body: str, begin: int, reader: PieceReader) -> Head | None:
    pieces = reader.read(body, begin, min(len(body), begin + HEAD_CHARS))
    if not pieces:
        return None
    pieces = settle(reader.with_sentence(body, pieces), reader)
    head = _credited(body, pieces, reader) or _filed(body, _named_town(pieces, reader))
    if head is None and any(piece.form for piece in pieces):
        head = _filed(body, [reader.as_no_agency(p) if p.form else p for p in pieces])
    return head


def _below_author(body: str, begin: int) -> int:
    """Where the copy goes on below a first line that names its author, 0 where there is none."""
    end = body.find("\n", begin, begin + _AUTHOR_CHARS)
    line = body[begin:end] if end >= 0 else ""
    return _skip(body, end) if fold(line.partition(" ")[0]) in words("byline") else 0


def _credited(body: str, pieces: Sequence[Piece], reader: PieceReader) -> Head | None:
    """A head with an agency in it."""
    agency = next((index for index, piece in enumerate(pieces) if piece.form), None)
    if agency is None:
        return None
    last = agency
    while last + 1 < len(pieces) and pieces[last + 1].kind not in (Kind.NAME, Kind.PROSE):
        last += 1
    while last > agency and not _ends(pieces[last]):
        last -= 1
    run = list(pieces[: last + 1])
    before = run[:agency]
    if sum(piece.kind is Kind.NAME for piece in before) > _MOST_NAMES:
        return None
    credit, end = pieces[agency], run[-1]
    is_filed = bool(before) and before[-1].kind is not Kind.NAME
    if not _ends(end) and not (end.form and end.is_bracketed and (is_filed or not before)):
        return None
    if len(run) == 1 and not credit.is_bracketed and not _stands_alone(credit):
        return None
    if _is_town(before, credit):
        run[0] = as_place(run[0], reader)
    return Head(tuple(run), _skip(body, end.end + len(end.after)))


def _named_town(pieces: Sequence[Piece], reader: PieceReader) -> Sequence[Piece]:
    """The pieces with a town that no table knows, before its state: `OAK BROOK, Ill., March 3 -`."""
    is_town = (
        len(pieces) > 1
        and pieces[0].kind is Kind.NAME
        and pieces[0].text.isupper()
        and pieces[0].after.strip() == ","
        and pieces[1].kind in (*_PLACES, Kind.DATE)
        and _may_be_town(pieces[0])
    )
    return [as_place(pieces[0], reader), *pieces[1:]] if is_town else pieces


def _filed(body: str, pieces: Sequence[Piece]) -> Head | None:
    """A head with a place and no agency: `WASHINGTON — `, `جدة - محمد العتيبي: `, `محمد العتيبي – جدة` on a
    line of its own."""
    places = [index for index, piece in enumerate(pieces) if piece.kind in _PLACES]
    if not places or any(piece.form for piece in pieces[: places[0] + 1]):
        return None
    last = places[0]
    while last + 1 < len(pieces) and pieces[last + 1].kind in (*_PLACES, Kind.DATE):
        last += 1
    names = [piece for piece in pieces[: places[0]] if piece.kind is Kind.NAME]
    follows = pieces[last + 1] if last + 1 < len(pieces) else None
    if len(names) > _MOST_NAMES or not _ends(pieces[last]):
        return None
    end = last
    if not names:
        if follows is not None and follows.kind is Kind.NAME and _is_author(follows):
            end = last + 1
        elif not _is_plain_dateline(pieces[: last + 1]):
            return None
    return Head(tuple(pieces[: end + 1]), _skip(body, pieces[end].end + len(pieces[end].after)))


def _is_plain_dateline(run: Sequence[Piece]) -> bool:
    """One city, its country or date, and then a dash: with two cities it may be a fixture."""
    cities = [piece for piece in run if piece.kind is Kind.PLACE]
    dashed = re.search(r"[-–—―_]", run[-1].after) is not None
    apart = all(piece.after.strip() in {"", ",", "،", "(", "/"} for piece in run[:-1])
    # BIRMINGHAM, Mich.: capitals are for the city.
    is_one = len(cities) == 1 or (
        len(cities) == 2 and (cities[0].country == cities[1].country or cities[0].text.isupper())
    )
    return dashed and apart and is_one


def _is_author(piece: Piece) -> bool:
    return ":" in piece.after or "\n" in piece.after


def _is_town(before: Sequence[Piece], credit: Piece) -> bool:
    """Whether a name that no table knows stands where only a town can: before a bracketed credit, alone or
    with its country or date."""
    return (
        bool(before)
        and before[0].kind is Kind.NAME
        and all(piece.kind in (*_PLACES, Kind.DATE) for piece in before[1:])
        and credit.is_bracketed
        and credit.form is not None
        and credit.form.doubt == "none"
        and _may_be_town(before[0])
    )


def _may_be_town(piece: Piece) -> bool:
    lists = ("outlet", "paper", "role", "nowhere")
    is_short = len(piece.text.split()) < _AUTHOR_WORDS
    return is_short and all(fold(piece.text) not in words(kind) for kind in lists)


def _stands_alone(credit: Piece) -> bool:
    """Whether a credit with nothing beside it is a credit line: `شفق نيوز/`, `رويترز -`, or its own line.
    Before a mere colon or in quotation marks it may be the subject of a sentence."""
    if credit.form is None or credit.form.doubt != "none" or _QUOTES.search(credit.before + credit.after):
        return False
    if credit.form.wire.id == UNNAMED:
        return "\n" in credit.after
    return "\n" in credit.after or re.search(r"[-–—―/_]", credit.after) is not None


def _ends(piece: Piece) -> bool:
    # A sentence of nothing but the agency is read as a piece after a dash only.
    return _STRONG.search(piece.after) is not None or (
        piece.form is not None and ("/" in piece.after or piece.after == ". ")
    )


def _skip(body: str, at: int = 0) -> int:
    match = _LEAD.match(body, at)
    return match.end() if match else at
