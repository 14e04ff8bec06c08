"""The names in a story with the meanings that the way they are written allows.

A name is found by its words alone; this module throws out what the writing contradicts: `turkey` without
its capital, `us` in the midst of a sentence, `Michael Jordan` and `محمد المصري`, a state's short form that
follows no comma.
"""

from __future__ import annotations

from typing import Final

from stream.regions.contexts import Contexts
from stream.regions.meanings import Found, certain, doubted
from stream.regions.neighbours import Neighbours
from stream.regions.persons import Persons
from stream.regions.table import AFTER_COMMA, HAND_MADE_WEIGHT, Kind
from stream.regions.uncapitalised import without_capitals
from stream.text.shapes import CAPITAL, STOP, shouted
from stream.text.tokens import Hashes

# Languages written without capitals; in others a place has one.
_NO_CAPITALS: Final = frozenset(
    ("ar", "fa", "ur", "ps", "ku", "ug", "sd", "he", "yi", "hi", "bn", "th", "my", "zh", "ja", "ko", "ka")
)


# An enumeration's attribute costs more than the rest of the line that compares with it.
_GIVEN_NAME, _FAMILY_NAME, _CITY, _DEMONYM = Kind.GIVEN_NAME, Kind.FAMILY_NAME, Kind.CITY, Kind.DEMONYM
_PERSONS: Final = (_GIVEN_NAME, _FAMILY_NAME)
_FOLLOWING: Final = Persons()
_BESIDE: Final = Neighbours()
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
    common: frozenset[int],
) -> list[Found]:
    """Those of `found` that the writing of the story bears out, with the meanings that it allows.

    Positions count over `tokens`: the headline's `split` words, one empty place, and the body's. `shapes`
    are theirs, or None where they say nothing. `language` is two letters, or empty when it is not known:
    only names that count in every language then do.
    """
    if shapes is None:
        return without_capitals(found, tokens, language, contexts)
    return _with_capitals(found, shapes, tokens, split, language, common)


def _with_capitals(
    found: list[Found], written: bytes, tokens: Hashes, split: int, language: str, common: frozenset[int]
) -> list[Found]:
    """In a headline or body that is all capitals they say nothing, so towns that are not among the famous
    do not count there."""
    kept: list[Found] = []
    given_until = -1
    persons: set[int] = set()
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
        doubtful = False
        person = meanings[-1].kind
        if not loud and person in _PERSONS:
            touching = beside_last and last is not None and not written[start - 1] & STOP
            if person is _FAMILY_NAME:
                if touching and last and last[1] - last[0] == 1 and last[2][0].kind in _BORNE:
                    persons.add(tokens.item(last[0]))
                    kept.pop()
                    continue
            else:
                followed = end < len(written) and written[end] & CAPITAL and not stopped
                if meanings[0].kind is _GIVEN_NAME or followed:
                    given_until = end
                doubtful = bool(followed) and tokens.item(end) not in common
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
        if start == given_before and not loud and keep[0].kind is _DEMONYM:
            doubtful = True
        if end - start == 1 and not loud and keep[0].kind in _BORNE:
            if start == given_before:
                persons.add(tokens.item(start))
                continue
            if _BESIDE.are_called(tokens, written, end):
                continue
            if _BESIDE.announce(tokens, written, start):
                keep = certain(keep)
            elif not doubtful:
                doubtful = tokens.item(start) in persons or _FOLLOWING.follows(
                    tokens, written, start, end, person is _GIVEN_NAME
                )
        if doubtful:
            # `Jordan Smith`, `Jordan Valley`: the country only beside other evidence for it.
            keep = doubted(keep)
        kept.append((start, end, keep))
    return kept
