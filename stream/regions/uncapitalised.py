"""The names in a story whose script has no capitals, Arabic first: what stands beside a name says whether it
is the place, another word, a person or what is called after the place.
"""

from __future__ import annotations

from typing import Final

from stream.regions.contexts import Contexts
from stream.regions.meanings import Found, certain, doubted
from stream.regions.table import (
    AFTER_COMMA,
    AMBIGUOUS,
    BARE,
    CERTAIN,
    CLUB,
    FAMILY,
    HAND_MADE_WEIGHT,
    PREFIXED,
    Kind,
)
from stream.text.tokens import Hashes

# Log-odds in steps of a place against a word: below the first a name is none, below the second it counts
# beside other evidence only; from the third a name that does so anyway counts alone.
_REFUTED, _DOUBTED, _PROVEN = -8, 0, 12
# After a preposition of place, so much proves it; what one is in (`في`) is no club.
_PREPOSITION, _PROVEN_AFTER, _INSIDE = 8, 8, 12
# Log-odds in steps of a person against a place that make a person of a town's name that people bear, of a
# country's, and of any;
# and those that make a place of a name that people bear.
_BORNE_BY_MANY, _BORNE_BY_SOME, _BORNE, _NOT_BORNE = 4, 12, 30, -12
# Where the word before says less for a person, the one after cannot make up for it.
_BORNE_LEAST = -8
# What a nationality hardly ever describes: a verb, a preposition, a given name.
_NO_HOST = -10

_CITY, _DEMONYM = Kind.CITY, Kind.DEMONYM
_GIVEN_NAME, _ORGANISATION = Kind.GIVEN_NAME, Kind.ORGANISATION
# What makes even a certain name be asked what stands beside it; so does being borne by people.
_ASKED: Final = FAMILY | CLUB


def without_capitals(found: list[Found], tokens: Hashes, language: str, contexts: Contexts) -> list[Found]:
    """Those of `found` that are no person's and no word of the language, with the meanings that count in
    `language`."""
    kept: list[Found] = []
    persons: set[int] = set()
    given_until = -1
    beside, rare, edge = contexts.beside.get, contexts.rare, contexts.edge
    token, last = tokens.item, len(tokens) - 1
    for number, name in enumerate(found):
        start, end, meanings = name
        first = meanings[0]
        kind = first.kind
        borne = False
        if len(meanings) == 1:
            if not first.country:
                if kind is _GIVEN_NAME:
                    given_until = end
                continue
            if (first.language and first.language != language) or first.flags & AFTER_COMMA:
                continue
        else:
            borne = meanings[-1].kind is _GIVEN_NAME
            if borne and first.weight < HAND_MADE_WEIGHT:
                given_until = end
                continue
            meanings = tuple(
                [
                    m
                    for m in meanings
                    if m.country and not m.flags & AFTER_COMMA and (not m.language or m.language == language)
                ]
            )
            if not meanings:
                continue
            first = meanings[0]
            kind = first.kind
            name = (start, end, meanings)
        flags, trust = first.flags, first.trust
        if start == given_until and (kind is _CITY or flags & FAMILY):
            persons.add(token(start))
            continue
        if end - start > 1 or (kind is _ORGANISATION and not borne):
            kept.append(name)
            continue
        if not (flags & _ASKED or borne or trust < CERTAIN):
            kept.append(name)
            continue
        before, _, person_before, _, host = beside(token(start - 1), rare) if start else edge
        doubtful = False
        if kind is _DEMONYM:
            if not flags & BARE and host <= _NO_HOST and not _is_given(found, number + 1, end):
                if token(start) in persons:
                    continue
                doubtful = True
        else:
            if flags & CLUB and before < _INSIDE:
                doubtful = contexts.is_sport(tokens, start)
            if trust < CERTAIN or borne or (flags & BARE and person_before >= _BORNE_LEAST):
                _, after, _, person_after, _ = beside(token(end), rare) if start < last else edge
                # A name with its article is a person's only by what follows (`الخليل بن أحمد`).
                odds = person_after + (person_before if flags & BARE else 0)
                if odds >= (_BORNE if not borne else _BORNE_BY_MANY if kind is _CITY else _BORNE_BY_SOME):
                    persons.add(token(start))
                    if borne:
                        given_until = end
                    continue
                if borne and odds <= _NOT_BORNE:
                    kept.append((start, end, certain(meanings)))
                    continue
                if persons and before <= 0 and token(start) in persons:
                    doubtful = True
            if trust < CERTAIN:
                odds = trust + after + (0 if flags & PREFIXED else before)
                if odds < _REFUTED:
                    continue
                if odds < _DOUBTED:
                    doubtful = True
                elif flags & AMBIGUOUS and not doubtful and odds >= _proof(before):
                    name = (start, end, certain(meanings))
        if doubtful and not flags & AMBIGUOUS:
            name = (start, end, doubted(meanings))
        kept.append(name)
    return kept


def _proof(before: int) -> int:
    """The log-odds in steps that make a place count alone, by what the word before it says."""
    return _PROVEN_AFTER if before >= _PREPOSITION else _PROVEN


def _is_given(found: list[Found], number: int, at: int) -> bool:
    """Whether the next of `found` is a given name at `at` (`السويسري روجر`)."""
    return number < len(found) and found[number][0] == at and found[number][2][-1].kind is _GIVEN_NAME
