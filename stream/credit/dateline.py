"""From pieces to a dateline: where the copy was filed, in which country, on what day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from stream.credit import dates
from stream.credit.pieces import Kind, Piece, PieceReader
from stream.credit.words import words
from stream.model import Dateline
from stream.text.arabic import fold

_OPEN_CLOSE = (("(", ")"), ("[", "]"))


def read(
    text: str, pieces: Sequence[Piece], reader: PieceReader, published: datetime.date | None
) -> Dateline | None:
    """The dateline that the `pieces` of `text` hold, or None where no place stands among them.

    In a joint dateline (`لندن - زيوريخ`) the first city counts and the text holds both. A country by itself
    gives no city. Of a paper's name that is also a place (`المدينة - جدة`) and a place, the place counts.
    """
    places = [piece for piece in pieces if piece.kind in (Kind.PLACE, Kind.COUNTRY)]
    if len(places) > 1:
        places = [piece for piece in places if not _is_paper(piece)] or places[:1]
    if not places:
        return None
    run = _run(pieces, places[0])
    start, end = run[0].start, run[-1].end
    written = text[start:end]
    for opening, closing in _OPEN_CLOSE:
        if written.count(opening) > written.count(closing) and text[end : end + 1] == closing:
            written += closing
    cities = [piece for piece in run if piece.kind is Kind.PLACE]
    settled = next((piece.country for piece in run if piece.kind is Kind.COUNTRY and piece.country), None)
    country = settled or (_together(cities, reader) if cities else places[0].country)
    dated = [piece for piece in pieces if piece.kind is Kind.DATE]
    date = (
        dates.read(text[dated[0].start : dated[-1].end] + " " + places[0].text, published) if dated else None
    )
    return Dateline(written, cities[0].text if cities else None, country, date)


def _run(pieces: Sequence[Piece], first: Piece) -> list[Piece]:
    """The places and dates around `first`, without interruption."""
    run = [first]
    for piece in pieces[pieces.index(first) + 1 :]:
        if piece.kind not in (Kind.PLACE, Kind.COUNTRY, Kind.DATE) or _is_paper(piece):
            break
        run.append(piece)
    return run


def _together(cities: Sequence[Piece], reader: PieceReader) -> str | None:
    """The country of the first city; a second place beside it (`Paris, Texas`) helps to tell which."""
    first = cities[0]
    if len(cities) > 1 and first.after.strip() in {",", "،"}:
        return reader.country_of(f"{first.text}, {cities[1].text}") or first.country
    return first.country


def _is_paper(piece: Piece) -> bool:
    return fold(piece.text) in words("outlet")
