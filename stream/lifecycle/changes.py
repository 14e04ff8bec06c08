"""What a new version of a text says otherwise: numbers and names, as both versions write them.

The two texts are aligned at the words that stand once in each (a patience diff), so that what lies between
two anchors on one side has its counterpart on the other.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from stream.lifecycle.names import is_name
from stream.text.tokens import words

# What readers take in, and what an advisory can carry; a story that was written anew changes dozens.
_MOST = 24
# A phrase of more words was reworded, not corrected.
_PHRASE = 4
# A text of which more than this share of the words is gone was written anew: nothing of it is corrected.
_REWRITTEN = 0.6
_EDGES = re.compile(r"^\W+|\W+$")
_QUOTES = "\"'”’»)]"
_STOPS = (".", "!", "?", "؟", ":", "。")


class Word(NamedTuple):
    """A word as it is compared and as it is written, the word before it, and whether it begins a sentence."""

    key: str
    written: str
    before: str
    begins: bool


class Fact(NamedTuple):
    """A fact that was changed. `was` and `now` as written, `now` empty where the new version has nothing in
    its place; `old` and `new` are the words, as they are compared, that only the one version has: by them a
    copy is seen to carry it."""

    was: str
    now: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def changed(before: str, after: str, *, is_correction: bool) -> list[Fact]:
    """The facts that `after` has otherwise than `before`, in text order: numbers and names that stand in the
    place of others. In a correction any short phrase is a fact, and what is gone without a replacement is
    one too."""
    old, new = list(_read(before)), list(_read(after))
    old_keys, new_keys = {word.key for word in old}, {word.key for word in new}
    if len(old_keys - new_keys) > _REWRITTEN * len(old_keys):
        return []
    found: dict[Fact, None] = {}
    for was, now in _spans(old, new):
        for a, b in _pairs(was, now, is_correction=is_correction):
            fact = Fact(_written(a), _written(b), _only(a, new_keys), _only(b, old_keys))
            if fact.was and (fact.now or (is_correction and fact.old)):
                found[fact] = None
    return list(found)[:_MOST]


def _read(text: str) -> Iterator[Word]:
    before, begins = "", True
    for piece in text.split():
        keys = words(piece)
        for key in keys:
            yield Word(key, _EDGES.sub("", piece) if len(keys) == 1 else key, before, begins)
            before, begins = key, False
        if keys:
            begins = piece.rstrip(_QUOTES)[-1:] in _STOPS


def _spans(old: Sequence[Word], new: Sequence[Word]) -> Iterator[tuple[Sequence[Word], Sequence[Word]]]:
    """What differs between each two anchors, without what is equal at its ends."""
    a = b = 0
    for next_a, next_b in (*_anchors(old, new), (len(old), len(new))):
        end_a, end_b = next_a, next_b
        while a < end_a and b < end_b and old[a].key == new[b].key:
            a, b = a + 1, b + 1
        while a < end_a and b < end_b and old[end_a - 1].key == new[end_b - 1].key:
            end_a, end_b = end_a - 1, end_b - 1
        if a < end_a or b < end_b:
            yield old[a:end_a], new[b:end_b]
        a, b = next_a + 1, next_b + 1


def _anchors(old: Sequence[Word], new: Sequence[Word]) -> list[tuple[int, int]]:
    """Places of the words that stand once in each text, in the longest order that both have."""
    once = {key for key, count in Counter(word.key for word in old).items() if count == 1}
    once &= {key for key, count in Counter(word.key for word in new).items() if count == 1}
    there = {word.key: at for at, word in enumerate(new) if word.key in once}
    places = [(at, there[word.key]) for at, word in enumerate(old) if word.key in once]
    # The longest increasing run: for each length, where the run of it that ends lowest ends.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(places):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [number]
    run: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        run.append(places[at])
        at = before[at]
    return run[::-1]


def _pairs(
    was: Sequence[Word], now: Sequence[Word], *, is_correction: bool
) -> Iterator[tuple[Sequence[Word], Sequence[Word]]]:
    """What of two spans stands against each other: number by number, then name by name."""
    old_numbers, new_numbers = ([word for word in span if word.key[:1].isdigit()] for span in (was, now))
    for a, b in zip_longest(old_numbers, new_numbers):
        yield [a] if a else [], [b] if b else []
    old_words, new_words = ([word for word in span if not word.key[:1].isdigit()] for span in (was, now))
    if is_correction and 0 < len(old_words) <= _PHRASE and 0 < len(new_words) <= _PHRASE:
        yield old_words, new_words
        return
    yield from zip_longest(_names(old_words), _names(new_words), fillvalue=())


def _names(span: Sequence[Word]) -> list[tuple[Word, ...]]:
    """The runs of names in a span."""
    runs: list[tuple[Word, ...]] = []
    run: list[Word] = []
    for word in span:
        if is_name(word.written, word.key, word.before, begins=word.begins):
            run.append(word)
        elif run:
            runs.append(tuple(run))
            run = []
    return [*runs, tuple(run)] if run else runs


def _written(run: Sequence[Word]) -> str:
    return " ".join(word.written for word in run)


def _only(run: Sequence[Word], others: set[str]) -> tuple[str, ...]:
    return tuple(word.key for word in run if word.key not in others)
