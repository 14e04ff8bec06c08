"""The names in a story with the meanings that the way they are written allows.

A name is found by its words alone; this module throws out what the writing contradicts: `turkey` without
its capital, `us` in the midst of a sentence, `Michael Jordan` and `محمد المصري`, a state's short form that
follows no comma.
"""

from __future__ import annotations

from typing import Final

from stream.regions.contexts import Contexts
from stream.regions.gazetteer import Found
from stream.regions.persons import Persons
from stream.regions.table import AFTER_COMMA, AMBIGUOUS, CERTAIN, FAMILY, HAND_MADE_WEIGHT, Kind
from stream.text.shapes import CAPITAL, STOP, shouted
from stream.text.tokens import Hashes

# Log-odds in steps of a place against a word: below the first a name is none, below the second it counts
# beside other evidence only; from the third a name that does so anyway counts alone.
_REFUTED, _DOUBTED, _PROVEN = -8, 0, 12

# Languages written without capitals; in others a place has one.
_NO_CAPITALS: Final = frozenset(
    ("ar", "fa", "ur", "ps", "ku", "ug", "sd", "he", "yi", "hi", "bn", "th", "my", "zh", "ja", "ko", "ka")
)


# An enumeration's attribute costs more than the rest of the line that compares with it.
_GIVEN_NAME, _FAMILY_NAME, _CITY = Kind.GIVEN_NAME, Kind.FAMILY_NAME, Kind.CITY
_PERSONS: Final = (_GIVEN_NAME, _FAMILY_NAME)
_FOLLOWING: Final = Persons()
# What families are called after, too.
_BORNE: Final = (_CITY, Kind.COUNTRY, Kind.REGION)


def has_capitals(language: str) -> bool:
    """Whether the way a word is written says something in a language of two letters."""
    return language not in _NO_CAPITALS


def written_names(
    found: list[Found],
    shapes: bytes | None,
    tokens: Hashes,
    split: int,
    language: str,
    contexts: Contexts,
) -> list[Found]:
    """Those of `found` that the writing of the story bears out, with the meanings that it allows.

    Positions count over `tokens`: the headline's `split` words, one empty place, and the body's. `shapes`
    are theirs, or None where they say nothing. `language` is two letters, or empty when it is not known:
    only names that count in every language then do.
    """
    if shapes is None:
        return _without_capitals(found, tokens, language, contexts)
    return _with_capitals(found, shapes, tokens, split, language)


def _without_capitals(found: list[Found], tokens: Hashes, language: str, contexts: Contexts) -> list[Found]:
    """Given names still make family names of what follows them, and what is a word as well is a place where
    places stand."""
    kept: list[Found] = []
    given_until = -1
    for name in found:
        start, end, meanings = name
        country, kind, _, spoken, _, flags, trust = meanings[0]
        if len(meanings) == 1:
            if not country:
                if kind is _GIVEN_NAME:
                    given_until = end
                continue
            if (spoken and spoken != language) or flags & AFTER_COMMA:
                continue
        else:
            if meanings[-1].kind is _GIVEN_NAME:
                given_until = end
                continue
            meanings = tuple(
                m
                for m in meanings
                if m.country and not m.flags & AFTER_COMMA and (not m.language or m.language == language)
            )
            if not meanings:
                continue
            _, kind, _, _, _, flags, trust = meanings[0]
            name = (start, end, meanings)
        if start == given_until and (kind is _CITY or flags & FAMILY):
            continue
        if trust < CERTAIN:
            odds = contexts.odds(tokens, start, trust, flags)
            if odds < _REFUTED:
                continue
            if odds < _DOUBTED and not flags & AMBIGUOUS:
                name = (start, end, tuple([m._replace(flags=m.flags | AMBIGUOUS) for m in meanings]))
            elif odds >= _PROVEN and flags & AMBIGUOUS:
                name = (start, end, tuple([m._replace(flags=m.flags & ~AMBIGUOUS) for m in meanings]))
        kept.append(name)
    return kept


def _with_capitals(
    found: list[Found], written: bytes, tokens: Hashes, split: int, language: str
) -> list[Found]:
    """In a headline or body that is all capitals they say nothing, so towns that are not among the famous
    do not count there."""
    kept: list[Found] = []
    given_until = -1
    shouted_headline, shouted_body = shouted(written[:split]), shouted(written[split + 1 :])
    for start, end, meanings in found:
        shape = written[start]
        loud = shouted_headline if start < split else shouted_body
        if not loud and not shape & CAPITAL and all(m.need for m in meanings):
            continue
        stopped = written[end - 1] & STOP
        given_before = given_until
        last = kept[-1] if kept else None
        beside_last = last is not None and last[1] == start
        doubted = False
        person = meanings[-1].kind
        if not loud and person in _PERSONS:
            touching = beside_last and last is not None and not written[start - 1] & STOP
            if person is _FAMILY_NAME:
                if touching and last and last[1] - last[0] == 1 and last[2][0].kind in _BORNE:
                    kept.pop()
                    continue
            else:
                followed = end < len(written) and written[end] & CAPITAL and not stopped
                if meanings[0].kind is _GIVEN_NAME or followed:
                    given_until = end
                doubted = bool(followed)
        if not meanings[0].country:
            continue
        after_comma = beside_last and written[start - 1] & STOP != 0
        first, keep = meanings[0], meanings
        if (
            loud
            or len(meanings) > 1
            or first.language
            or first.flags & AFTER_COMMA
            or (first.need and not shape & first.need)
        ):
            keep = tuple(
                [
                    m
                    for m in meanings
                    if m.country
                    and (not m.language or m.language == language)
                    and (not m.need or shape & m.need)
                    and (not m.flags & AFTER_COMMA or after_comma)
                    and (not loud or m.weight >= HAND_MADE_WEIGHT)
                ]
            )
            if not keep:
                continue
        if start == given_before and end - start == 1 and not loud and keep[0].kind in _BORNE:
            continue
        if not doubted and not loud and end - start == 1 and keep[0].kind in _BORNE:
            doubted = _FOLLOWING.follows(tokens, written, start, end, person is _GIVEN_NAME)
        if doubted:
            # `Jordan Smith`, `Jordan Valley`: the country only beside other evidence for it.
            keep = tuple([m._replace(flags=m.flags | AMBIGUOUS) for m in keep])
        kept.append((start, end, keep))
    return kept
