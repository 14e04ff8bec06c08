"""Who wrote the copy, and where it was filed, by its own word.

The head of the body speaks first, then the format's own fields (dateline, credit line, by-line), then the
end of the body; last, a feed that is an agency's own. An agency named in running text is quoted there: it is
no credit.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from stream.credit import byline, dateline, head, tail
from stream.credit.agencies import UNNAMED, Agencies, Form
from stream.credit.pieces import Piece, PieceReader
from stream.model import Agency, Dateline, Story


@dataclass(frozen=True, slots=True)
class Credit:
    """Agency and dateline, and the span of `story.body` between head and tail: what is compared."""

    agency: Agency | None
    dateline: Dateline | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Named:
    """The agencies that one slot credits, first first, and the credit as written."""

    forms: tuple[Form, ...]
    credit: str


class CreditFinder:
    """Reads credits off stories. `country_of` names the country (ISO 3166 alpha-2) of a place as written."""

    def __init__(self, agencies: Agencies, country_of: Callable[[str], str | None]) -> None:
        self._agencies = agencies
        reader = self._reader = PieceReader(agencies, country_of)
        # The same authors and desks come again.
        self._field = lru_cache(maxsize=16_384)(lambda raw, field: byline.read(raw, field, reader, agencies))

    def find(self, story: Story, *, feed_agency: str | None = None) -> Credit:
        """The credit of `story`. `feed_agency` is the id of the agency whose own feed the story came by:
        its copy is credited to it where no credit is written. Never raises for any text."""
        published = story.published_at.date() if story.published_at else None
        top = head.read(story.body, self._reader)
        bottom = tail.read(story.body, self._reader, self._agencies)
        slots = self._slots(story)
        named = [_named(top.pieces, story.body)] if top else []
        named.extend(_named(slot.pieces, slot.text) for slot in slots)
        named.append(_Named(bottom.forms, bottom.credit))
        start = top.start if top else 0
        return Credit(
            agency=self._agency([one for one in named if one is not None], story, feed_agency),
            dateline=self._dateline(top, slots, story, published),
            start=min(start, bottom.end),
            end=bottom.end,
        )

    def _slots(self, story: Story) -> list[byline.Slot]:
        fields: tuple[tuple[str | None, byline.Field], ...] = (
            (story.dateline, "dateline"),
            (story.credit_line, "credit"),
            (story.byline, "byline"),
        )
        read = (self._field(raw, field) for raw, field in fields if raw)
        return [slot for slot in read if slot is not None]

    def _agency(self, named: Sequence[_Named], story: Story, feed_agency: str | None) -> Agency | None:
        credited = [one for one in named if one.forms]
        # A name says more than "agencies", wherever it stands.
        credited.sort(key=lambda one: all(form.wire.id == UNNAMED for form in one.forms))
        if credited:
            return _credit(credited[0])
        own = self._agencies.of_feed(feed_agency) or self._agencies.of_feed(story.provider)
        return Agency(own.id, own.name, own.name) if own else None

    def _dateline(
        self,
        top: head.Head | None,
        slots: Sequence[byline.Slot],
        story: Story,
        published: datetime.date | None,
    ) -> Dateline | None:
        found = list(self._datelines(top, slots, story, published))
        if not found:
            return None
        best = next((one for one in found if one.city), found[0])
        date = best.date or next((one.date for one in found if one.date), None)
        return best if date == best.date else replace(best, date=date)

    def _datelines(
        self,
        top: head.Head | None,
        slots: Sequence[byline.Slot],
        story: Story,
        published: datetime.date | None,
    ) -> Iterator[Dateline]:
        sources = [(story.body, top.pieces)] if top else []
        sources.extend((slot.text, slot.pieces) for slot in slots)
        for text, pieces in sources:
            found = dateline.read(text, pieces, self._reader, published)
            if found is not None:
                yield found
        if story.located and (slot := self._field(story.located, "dateline")):
            found = dateline.read(slot.text, slot.pieces, self._reader, published)
            if found is not None:
                yield found


def _named(pieces: Sequence[Piece], text: str) -> _Named | None:
    credited = [piece for piece in pieces if piece.form is not None]
    if not credited:
        return None
    forms = tuple(piece.form for piece in credited if piece.form is not None)
    return _Named(forms, text[credited[0].start : credited[-1].end])


def _credit(named: _Named) -> Agency:
    ids = list(dict.fromkeys(form.wire.id for form in named.forms))
    if len(ids) > 1 and ids[0] == UNNAMED:
        ids = [*ids[1:], UNNAMED]
    wire = next(form.wire for form in named.forms if form.wire.id == ids[0])
    return Agency(wire.id, wire.name, named.credit, tuple(ids[1:]))
