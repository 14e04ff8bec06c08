"""What speaks for and against two texts being one copy, measured on a card and a remembered text."""

from __future__ import annotations

from functools import cached_property
from math import ceil
from typing import NamedTuple

import numpy as np

from stream.dedup import wordset
from stream.dedup.card import Card
from stream.dedup.sketch import SPACE, WORD_SHINGLE, Sketch, Words, below, is_in, threshold
from stream.dedup.text import Text

# A text half as long again as another holds more than the other's story.
LONGER = 1.5
# The opening of a text: its first two fifths, and two sentences at least.
_OPENING = 0.4
_OPENING_LEAST = 40
# A run of so many words is a sentence taken over untouched.
_SENTENCE = 20
# Fewer words than this say nothing; the share that is even between copies and others stands in for them.
_FEW = 3
_NEUTRAL_HEADLINES = 0.7
_NEUTRAL_SUBJECTS = 0.9


class Numbers(NamedTuple):
    """How many of one text's numbers the other lacks, of how many distinct ones."""

    missing: int
    total: int


class Evidence(NamedTuple):
    """How a story (`a`) and a remembered text (`b`) agree. Shares are 0…1."""

    a_in_b: float
    b_in_a: float
    jaccard: float
    shorter: float
    """Share of the shorter text that stands in the longer: one of the two containments."""
    lead: float
    """Share of the longer text's opening that stands in the shorter."""
    openings: float
    """Share of an opening that stands in the other text: the higher one of both."""
    verbatim: float
    """Share of the shorter text that stands in the longer in runs of a sentence and more."""
    words: float
    """Share of the shorter text's words that the longer uses."""
    subjects: float
    """Share of the shorter text's repeated words that the longer uses; of texts of about one length the
    lower share of both, since either may name what the other does not."""
    headlines: float
    """Share of a headline's words (those that its own story bears out) found anywhere in the other story:
    the lower share of both."""
    a_numbers: Numbers
    b_numbers: Numbers
    conflicts: int
    """Numbers of the story that stand beside the same word as another number of the text."""
    aligned: int
    """Those of them that stand between the same two words: one number in the place of another."""
    one_feed: bool
    """Whether both come from one feed."""
    elsewhere: bool
    """Whether each is about a country that the other does not name."""
    longer: float
    """Length of the longer text over that of the shorter."""
    short_length: int
    headline: bytes
    """A byte for each headline word of the story, 1 where the text uses it."""


class Story:
    """A story made ready, bit by bit, to be compared with one remembered text after the other."""

    def __init__(self, card: Card) -> None:
        self.card = card

    @cached_property
    def shingles(self) -> Sketch:
        """Its sketch, ascending."""
        return np.sort(self.card.text.sketch)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Its distinct numbers."""
        return frozenset(self.card.text.numbers.tolist())

    @cached_property
    def countries(self) -> list[int]:
        """The countries that it names (see `stream.dedup.card`)."""
        found: list[int] = self.card.text.countries.tolist()
        return found

    @cached_property
    def words(self) -> wordset.Hashed:
        """Its words, then those that it repeats, then those of its headline."""
        return wordset.hashed(np.concatenate((self.card.words, self.card.text.names)))


def gather(story: Story, text: Text, least: float = 0.0) -> Evidence | None:
    """Compare a story with a remembered text; None when less than `least` of the shorter stands in the
    longer, which is most of the time and costs a quarter."""
    own = story.card.text
    ours, theirs = threshold(own.length), threshold(text.length)
    bound = min(ours, theirs)
    a = own.sketch if ours == bound else below(own.sketch, bound)
    b = text.sketch if theirs == bound else below(text.sketch, bound)
    # A byte for each shingle, 1 where the other text has it: bytes are counted faster than small arrays.
    in_a = is_in(b, story.shingles).tobytes()
    shared = in_a.count(1)
    a_in_b = shared / len(a) if len(a) else 0.0
    b_in_a = shared / len(b) if len(b) else 0.0
    a_longer = own.length > text.length
    long, short = max(own.length, text.length, 1), max(min(own.length, text.length), 1)
    shorter = b_in_a if a_longer else a_in_b
    if shorter < least:
        return None
    in_b = is_in(a, np.sort(b)).tobytes()
    there = wordset.Answer(text.words, story.words)
    here = is_in(text.names, story.card.words).tobytes()
    words, repeated, b_repeated = len(story.card.words), len(own.subjects), len(text.subjects)
    headline = there.found[words + repeated :]
    about_one_length = long <= LONGER * short
    subjects = 1.0
    if a_longer or about_one_length:
        subjects = _part(here[:b_repeated], _NEUTRAL_SUBJECTS)
    if not a_longer or about_one_length:
        subjects = min(subjects, _part(there.found[words : words + repeated], _NEUTRAL_SUBJECTS))
    a_numbers, b_numbers = story.numbers, frozenset(text.numbers.tolist())
    a_missing, b_missing = a_numbers - b_numbers, b_numbers - a_numbers
    conflicts, aligned = _conflicts(own, text, a_missing, b_missing) if a_missing and b_missing else (0, 0)
    return Evidence(
        a_in_b=a_in_b,
        b_in_a=b_in_a,
        jaccard=shared / (len(a) + len(b) - shared) if shared else 0.0,
        shorter=shorter,
        lead=_share(in_b if a_longer else in_a, max(min(short, _OPENING * long), _OPENING_LEAST) / long),
        openings=max(_share(in_b, _opening(own.length)), _share(in_a, _opening(text.length))),
        verbatim=_verbatim(in_a if a_longer else in_b, bound),
        words=there.back(words) if a_longer else there.forth(words),
        subjects=subjects,
        headlines=min(
            _part(headline, _NEUTRAL_HEADLINES, 1),
            _part(here[b_repeated:], _NEUTRAL_HEADLINES, 1),
        ),
        a_numbers=Numbers(len(a_missing), len(a_numbers)),
        b_numbers=Numbers(len(b_missing), len(b_numbers)),
        conflicts=conflicts,
        aligned=aligned,
        one_feed=own.feed == text.feed,
        elsewhere=_elsewhere(story.countries, text.countries.tolist()),
        longer=long / short,
        short_length=short,
        headline=headline,
    )


def _elsewhere(ours: list[int], theirs: list[int]) -> bool:
    return _is_about_another(ours, theirs) and _is_about_another(theirs, ours)


def _is_about_another(countries: list[int], others: list[int]) -> bool:
    named = {country >> 1 for country in others}
    return any(country & 1 and country >> 1 not in named for country in countries)


def _opening(length: int) -> float:
    return max(_OPENING * length, _OPENING_LEAST) / max(length, 1)


def _share(found: bytes, opening: float) -> float:
    count = min(len(found), max(1, round(len(found) * opening)))
    return found.count(1, 0, count) / count if count else 0.0


def _verbatim(found: bytes, bound: int) -> float:
    # Sampled shingles lie SPACE / bound words apart on average.
    least = 1 + max(1, ceil((_SENTENCE - WORD_SHINGLE) * bound / SPACE))
    runs = [len(run) for run in found.split(b"\0")]
    return sum([run for run in runs if run >= least]) / len(found) if found else 0.0


def _part(found: bytes, neutral: float, few: int = _FEW) -> float:
    return found.count(1) / len(found) if len(found) >= few else neutral


def _conflicts(own: Text, text: Text, ours: frozenset[int], theirs: frozenset[int]) -> tuple[int, int]:
    """Numbers beside the same word as another number, where neither number occurs in the other text; and
    how many of them stand between the same two words."""
    slots = _slots(own.numbers, own.slots, ours)
    other = _slots(text.numbers, text.slots, theirs)
    before = {slot >> 16 for slot in other}
    after = {slot & 0xFFFF for slot in other}
    beside = sum(slot >> 16 in before or slot & 0xFFFF in after for slot in slots)
    return beside, sum(slot in other for slot in slots)


def _slots(numbers: Words, slots: Words, wanted: frozenset[int]) -> list[int]:
    pairs = zip(numbers.tolist(), slots.tolist(), strict=True)
    return [slot for number, slot in pairs if number in wanted]
