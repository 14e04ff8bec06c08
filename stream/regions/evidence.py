"""What a story holds for each country: the names in it, weighed by what they are and where they stand.

Names with several meanings go to the country that the rest of the story speaks for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from stream.model import Dateline
from stream.regions.gazetteer import Gazetteer
from stream.regions.meanings import Found, Meaning
from stream.regions.names import written_names
from stream.regions.table import AMBIGUOUS, HAND_MADE_WEIGHT, HOME, Kind
from stream.text.tokens import Hashes, hashes

# Beside a country's own name: a nationality, a part of the country, one of its bodies.
_PART_WEIGHT = 0.9
# An enumeration's attribute costs more than the rest of the line that compares with it.
_COUNTRY, _CITY = Kind.COUNTRY, Kind.CITY
_GAP: Final = np.zeros(1, dtype=np.uint64)
# The lead: what an editor leaves when he cuts from the bottom.
_LEAD = 40
# A headline or lead says its country once or twice; the caps keep a list of clubs or a repeated name from
# outweighing the rest of the story, whose weight grows by the logarithm. All weights were searched on one
# half of the labelled Arabic stories and a sample of Reuters' (see bench.gate_regions).
_HEADLINE_WEIGHT, _HEADLINE_CAP = 2.0, 1.6
_LEAD_WEIGHT, _LEAD_CAP = 1.0, 1.5
_BODY_WEIGHT = 1.3


@dataclass(slots=True)
class Evidence:
    """What a story holds for one country: weights by zone, the names that they come from (counted over
    the headline, one empty place, and the body), and whether one of these means no other country, whoever
    prints it."""

    headline: float = 0.0
    lead: float = 0.0
    body: float = 0.0
    home: float = 0.0
    is_plain: bool = False
    names: list[Found] = field(default_factory=list)

    def score(self) -> float:
        return (
            _HEADLINE_WEIGHT * min(self.headline, _HEADLINE_CAP)
            + _LEAD_WEIGHT * min(self.lead, _LEAD_CAP)
            + _BODY_WEIGHT * math.log1p(self.body)
        )


def gather(
    gazetteer: Gazetteer,
    headline_tokens: Hashes,
    body_tokens: Hashes,
    dateline: Dateline | None,
    filed: str | None,
    feed_country: str | None,
    language: str,
    shapes: bytes | None,
    closing: int = 0,
    readings: frozenset[str] = frozenset(),
) -> tuple[dict[str, Evidence], str | None]:
    """The evidence by country (or M49 code of a wider region), and the country that the story was filed
    in. `filed` is that of the dateline as far as it says something of the story; where the dateline's place
    has several `readings`, the one that the names in the text speak for most. The body's last `closing`
    words are the desk's, not the story's."""
    split = len(headline_tokens)
    tokens = np.concatenate((headline_tokens, _GAP, body_tokens))
    listed = written_names(
        gazetteer.find(tokens),
        shapes,
        tokens,
        split,
        language,
        gazetteer.contexts,
        gazetteer.common,
    )
    if closing:
        listed = [name for name in listed if name[1] <= len(tokens) - closing]
    body_start = split + 1 + _dateline_words(dateline, body_tokens)
    lead_end = body_start + _LEAD
    support: dict[str, float] | None = None
    if filed in readings and len(readings) > 1:
        support = spoken_for = _support(listed, feed_country)
        filed = max(sorted(readings), key=lambda country: (spoken_for.get(country, 0.0), country == filed))
        support[filed] = support.get(filed, 0.0) + 1.0
    home = feed_country or filed
    evidence: dict[str, Evidence] = {}
    for at, name in enumerate(listed):
        start, end, meanings = name
        chosen = meanings[0]
        is_plain = len(meanings) == 1 and not chosen.flags & AMBIGUOUS
        if not is_plain:
            if support is None:
                support = _support(listed, feed_country)
                if filed:
                    support[filed] = support.get(filed, 0.0) + 1.0
            following = listed[at + 1] if at + 1 < len(listed) else None
            best = _choose(meanings, end, following, support)
            if best is None:
                continue
            chosen = best
        country = chosen.country
        unnamed = country == HOME
        if unnamed:
            if not home:
                continue
            country = home
        one = evidence.get(country)
        if one is None:
            one = evidence[country] = Evidence()
        weight = 1.0 if chosen.kind is _COUNTRY else _PART_WEIGHT
        size = chosen.weight
        if size < HAND_MADE_WEIGHT:
            weight *= 0.2 + 0.8 * size / HAND_MADE_WEIGHT
            if unnamed:
                one.home += weight
                one.names.append(name)
                continue
        if start < split:
            one.headline += weight
        elif start < body_start:
            continue
        elif start < lead_end:
            one.lead += weight
        else:
            one.body += weight
        one.is_plain |= is_plain and not unnamed
        one.names.append(name)
    return {country: one for country, one in evidence.items() if one.names}, filed


def _support(listed: list[Found], feed_country: str | None) -> dict[str, float]:
    """What the names of one meaning, and the feed, say for each country."""
    support = {feed_country: 1.0} if feed_country else {}
    for _, _, meanings in listed:
        if len(meanings) == 1:
            only = meanings[0]
            if not only.flags & AMBIGUOUS:
                support[only.country] = support.get(only.country, 0.0) + only.weight / HAND_MADE_WEIGHT
    return support


def _dateline_words(dateline: Dateline | None, body_tokens: Hashes) -> int:
    """How many words at the head of the body are the dateline: they say where, not what about."""
    if dateline is None:
        return 0
    text = hashes(dateline.text)
    size = len(text)
    return size if size and size <= len(body_tokens) and bool((body_tokens[:size] == text).all()) else 0


def _choose(
    meanings: tuple[Meaning, ...], end: int, following: Found | None, support: dict[str, float]
) -> Meaning | None:
    """The meaning that the rest of the story speaks for, else the biggest; None when that is too little.
    A province or country right after a town settles it (`Paris, Texas`)."""
    next_to = None
    if following is not None and following[0] - end <= 1:
        beside = following[2][0]
        if beside.kind is not _CITY and not beside.flags & AMBIGUOUS:
            next_to = beside.country
    best, best_score = None, 0.0
    for meaning in meanings:
        backing = support.get(meaning.country, 0.0)
        if meaning.country == next_to:
            backing += 3.0
        if meaning.flags & AMBIGUOUS and backing <= 0.0:
            continue
        score = 1.0 + meaning.weight / 40 + 2.0 * min(backing, 3.0)
        if score > best_score:
            best, best_score = meaning, score
    return best
