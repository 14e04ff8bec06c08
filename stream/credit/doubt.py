"""Whether a credit form that is also a word, a place or a person's name is meant as a credit."""

from __future__ import annotations

from collections.abc import Sequence

from stream.credit.pieces import Kind, Piece, PieceReader


def settle(pieces: Sequence[Piece], reader: PieceReader) -> list[Piece]:
    """The pieces with every doubtful agency either certain by what stands beside it, or read as a place or
    name. Certain are: another agency without doubt beside it, for a word
    that is no place; a place of the agency's own country; brackets
    or slashes after a place or date, unless the form is itself a place of that country."""
    if all(piece.form is None or piece.form.doubt == "none" for piece in pieces):
        return list(pieces)
    joint = any(piece.form is not None and piece.form.doubt == "none" for piece in pieces)
    return [
        piece
        if piece.form is None or piece.form.doubt == "none" or _is_certain(piece, pieces, reader, joint=joint)
        else reader.as_no_agency(piece)
        for piece in pieces
    ]


def _is_certain(piece: Piece, pieces: Sequence[Piece], reader: PieceReader, *, joint: bool) -> bool:
    if piece.form is None:
        return False
    if joint and piece.form.doubt == "word" and reader.place(piece.text) is None:
        return True
    home = piece.form.wire.country
    others = [other for other in pieces if other is not piece]
    countries = {other.country for other in others if other.country}
    is_dated = any(other.kind is Kind.DATE for other in others)
    if home is not None and home in countries:
        return True
    if is_dated and countries and (piece.is_bracketed or reader.place(piece.text) not in countries):
        return True
    index = pieces.index(piece)
    beside = pieces[index - 1] if index else None
    return (
        piece.is_bracketed
        and beside is not None
        and beside.kind in (Kind.PLACE, Kind.COUNTRY, Kind.DATE)
        and reader.place(piece.text) not in countries
    )
