"""By-lines, credit lines and dateline fields: the whole text is the slot."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import Literal

from stream.credit.agencies import UNNAMED, Agencies
from stream.credit.doubt import settle
from stream.credit.pieces import Kind, Piece, PieceReader, as_place
from stream.credit.words import countries, words
from stream.text.arabic import fold

Field = Literal["byline", "credit", "dateline"]
# A by-line that is longer is a biography.
_FIELD_CHARS = 160
_TOWN_WORDS = 3
_FORM_WORDS = 4
_TOKEN = re.compile(r"[^\s,،;|/()]+")
_PEOPLE = (Kind.NAME, Kind.PROSE)


@dataclass(frozen=True, slots=True)
class Slot:
    """The text of a field as it was read, with its pieces."""

    text: str
    pieces: tuple[Piece, ...]


def read(raw: str | None, field: Field, reader: PieceReader, agencies: Agencies) -> Slot | None:
    """The pieces of a field, doubts settled, or None for an empty one."""
    if not raw or not (text := _clean(raw)):
        return None
    pieces = reader.read(text, 0, len(text), through_prose=True)
    if not pieces:
        return None
    whole = pieces[0] if len(pieces) == 1 else None
    # A field for nothing but the credit, or a by-line that is nothing but an ordinary word.
    if whole is None or whole.form is None or (field == "byline" and whole.form.doubt == "person"):
        pieces = [_capitals(piece) for piece in pieces] if field != "dateline" else pieces
        pieces = settle(pieces, reader)
    if not any(piece.form for piece in pieces):
        pieces = [part for piece in pieces for part in _within(piece, agencies)]
    if field == "dateline" and pieces[0].kind is Kind.NAME:
        # The first name of a dateline is its city, whether a table knows it or not.
        pieces = [as_place(pieces[0], reader), *pieces[1:]]
    elif not any(piece.kind in (Kind.PLACE, Kind.COUNTRY) for piece in pieces):
        pieces = _with_place(text, pieces, field, reader)
    return Slot(text, tuple(pieces))


def _clean(raw: str) -> str:
    return html.unescape(raw[:_FIELD_CHARS]).replace("\u200f", "").strip(" \t\r\n\xa0")


def _capitals(piece: Piece) -> Piece:
    """Capitals between separators in a by-line (`Jane Doe, AP`) are no word of the text."""
    form = piece.form
    if form is None or form.doubt == "none" or not form.is_capitals:
        return piece
    return replace(piece, form=replace(form, doubt="none"))


def _within(piece: Piece, agencies: Agencies) -> list[Piece]:
    """An agency's unmistakable name among other words: `Reuters Staff`, `By Jane Doe for Reuters`."""
    if piece.kind not in _PEOPLE or not agencies.may_name(piece.text):
        return [piece]
    tokens = list(_TOKEN.finditer(piece.text))
    for size in range(min(_FORM_WORDS, len(tokens)), 0, -1):
        for index in range(len(tokens) - size + 1):
            start, end = tokens[index].start(), tokens[index + size - 1].end()
            form = agencies.form(piece.text[start:end])
            # "agencies" among other words may be agencies of any kind.
            if form is not None and form.doubt == "none" and form.wire.id != UNNAMED:
                found = replace(
                    piece,
                    kind=Kind.AGENCY,
                    text=piece.text[start:end],
                    start=piece.start + start,
                    end=piece.start + end,
                    form=form,
                )
                return [found]
    return [piece]


def _with_place(text: str, pieces: list[Piece], field: Field, reader: PieceReader) -> list[Piece]:
    """The pieces with the place that only position tells: `X من المكان`, `Name (المكان)`, `المكان: Name`."""
    for index, piece in enumerate(pieces):
        if piece.kind in _PEOPLE and (place := _after_from(piece, reader)) is not None:
            return [*pieces[:index], place, *pieces[index + 1 :]]
    first, last = pieces[0], pieces[-1]
    if field != "byline" or len(pieces) < 2:
        return pieces
    if last.kind is Kind.NAME and last.is_bracketed and text.endswith((")", "]")) and _may_be_town(last):
        return [*pieces[:-1], as_place(last, reader)]
    if first.kind is Kind.NAME and _may_be_town(first) and pieces[1].form and pieces[1].is_bracketed:
        return [as_place(first, reader), *pieces[1:]]
    if first.kind is Kind.NAME and first.after.strip() == ":" and _may_be_town(first):
        return [as_place(first, reader), *pieces[1:]]
    return pieces


def _after_from(piece: Piece, reader: PieceReader) -> Piece | None:
    tokens = list(_TOKEN.finditer(piece.text))
    for token in reversed(tokens[:-1]):
        if fold(token.group()) in words("from"):
            start = token.end() + 1
            named = piece.text[start:].strip()
            country = reader.place(named)
            if country is None:
                return None
            return replace(
                piece,
                kind=Kind.COUNTRY if fold(named) in countries() else Kind.PLACE,
                text=named,
                start=piece.start + piece.text.index(named, start),
                country=country,
            )
    return None


def _may_be_town(piece: Piece) -> bool:
    folded = fold(piece.text)
    names = folded.split()
    return (
        len(names) <= _TOWN_WORDS
        and not any(character.isdigit() or character == "." for character in folded)
        and all(folded not in words(kind) for kind in ("role", "outlet", "paper", "nowhere"))
        and words("role").isdisjoint(names)
    )
