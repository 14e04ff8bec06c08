"""The verdict on two texts: one copy, one inside the other, or two stories.

Overlap alone cannot tell a copy from a template story, which is mostly formula, or from a round-up, which
swallows short texts whole. So a verdict weighs where the texts agree, not only how much, and what differs.
"""

from __future__ import annotations

from enum import Enum
from math import log
from typing import NamedTuple

from stream.dedup.evidence import LONGER, Evidence

RULE = "6"
"""Version of this rule; it stands in every event, so that a replay with another can be told apart."""

# The weights are a logistic regression over 317 pairs of Arabic stories labelled by reading, rounded: each is
# the log odds that a full share adds. The prior is set where streamed clusters, not pairs, agree best with
# the readers. Fitted anew on half of twice as many pairs, they do worse on the other half than these.
_LEAD = 1.8
_WORDS = 16.0
_HEADLINES = 4.25
_SUBJECTS = 3.0
_CONFLICT = -2.6
_COMMON = -0.5
_DAY = -0.6
_EXTENDED = -0.9
_PRIOR = -16.6
# Past three days, later is not less likely: what is left are weeklies.
_DAYS = 4.0

# A round-up opens with something else and takes its stories over in blocks; a desk that wrote an opening of
# its own edits what follows too. Below the first share of its opening, a longer text of which a block of this
# share of the shorter stands is a round-up; below the second it is one unless the rest speaks for a copy.
_OPENS_OTHERWISE = 0.2
_BLOCK = 0.3
_OPENS_OTHERWISE_PERHAPS = 0.35

# Two stories of one course of events share their background, and two pages of one site the boxes between
# their paragraphs: whole sentences, under openings of which neither stands in the other text. A reprint under
# an opening of its desk's own still has the agency's.
_OWN_OPENING = 0.4
_BACKGROUND = 0.65

# What a story names again and again, its reprint names too: whatever else speaks for a copy, texts of about
# one length that share less of it are one formula about two subjects.
_SAME_SUBJECTS = 0.6
# A text that stands in the other untouched names nothing that the other does not.
_WHOLE = 0.95

# Market reports, results and fixtures are one formula with other numbers. In a text of under sixty tokens
# (a flash, a dividend) any number changed for another is another story. Up to 200, a feed that sends the text
# again with another number beside the same word sends the next of a series. Another outlet rounds and
# mistypes, so it takes a number in the very place of another up to 160 (unless that is one of five and more),
# or in shorter copy two beside the same words. Beyond, most of the numbers: long copy is reprinted with
# corrected and reformatted ones.
_FLASH = 60
_SHORT = 125
_MEDIUM = 160
_SERIES = 200
_MISTYPED = 0.25
_NUMBERS = 0.7
# Seven words and fewer are a picture caption or "details follow": the headline is the story.
_CAPTION = 8
_SAME_HEADLINE = 0.75


class Verdict(Enum):
    """What a story is to a remembered text."""

    COPY = "copy"
    INSIDE = "inside"
    OTHER = "other"


class Weighed(NamedTuple):
    """A verdict, and the log odds of a copy that it rests on."""

    verdict: Verdict
    score: float


def weigh(evidence: Evidence, days: float, common: float) -> Weighed:
    """Judge a story against a remembered text.

    `days` lie between their event times: a formula comes back tomorrow, a reprint comes today. `common` is
    the share of their shared shingles that at least two other clusters of the window have too.
    """
    lead = min(evidence.lead, evidence.shorter) if evidence.longer > LONGER else evidence.shorter
    score = (
        _PRIOR
        + _LEAD * lead
        + _WORDS * evidence.words
        + _HEADLINES * evidence.headlines
        + _SUBJECTS * evidence.subjects
        + _CONFLICT * min(_conflict(evidence), 1.0)
        + _COMMON * common
        + _DAY * min(days, _DAYS)
        + _EXTENDED * log(evidence.longer)
    )
    if evidence.longer > LONGER and (
        (evidence.lead < _OPENS_OTHERWISE and evidence.verbatim >= _BLOCK)
        or (evidence.lead < _OPENS_OTHERWISE_PERHAPS and score <= 0)
    ):
        return Weighed(Verdict.INSIDE, score)
    if (
        score <= 0
        # A reprint is cut and edited, but not of where it happens: of 326 pairs of copies that were read none
        # is about another country each, of the others that are no round-ups every sixth.
        or evidence.elsewhere
        or other_openings(evidence)
        or other_subjects(evidence)
        or other_numbers(evidence)
        or _captions(evidence)
    ):
        return Weighed(Verdict.OTHER, score)
    return Weighed(Verdict.COPY, score)


def other_openings(evidence: Evidence) -> bool:
    """Whether the texts tell different news before a background that they share."""
    return evidence.longer <= LONGER and evidence.openings < _OWN_OPENING and evidence.verbatim >= _BACKGROUND


def other_subjects(evidence: Evidence) -> bool:
    """Whether the texts name different people, places and things."""
    return evidence.longer <= LONGER and evidence.subjects < _SAME_SUBJECTS and evidence.verbatim < _WHOLE


def other_numbers(evidence: Evidence) -> bool:
    """Whether the texts tell of different numbers: the mark of a template story."""
    if evidence.short_length < _FLASH:
        return evidence.a_numbers.missing > 0 and evidence.b_numbers.missing > 0
    if evidence.one_feed and evidence.short_length < _SERIES and evidence.conflicts > 0:
        return True
    if evidence.short_length < _MEDIUM and evidence.aligned > 0 and _conflict(evidence) >= _MISTYPED:
        return True
    if evidence.short_length < _SHORT:
        return evidence.conflicts > 1
    return _conflict(evidence) >= _NUMBERS


def _captions(evidence: Evidence) -> bool:
    """Whether only the headlines could tell these texts apart, and they do."""
    return evidence.short_length < _CAPTION and evidence.headlines < _SAME_HEADLINE


def _conflict(evidence: Evidence) -> float:
    return evidence.conflicts / max(3, min(evidence.a_numbers.total, evidence.b_numbers.total))
