"""Whether a text bears a headline as somebody quotes it."""

from __future__ import annotations

import numpy as np

from stream.dedup import wordset
from stream.dedup.sketch import Words, is_in
from stream.dedup.text import Text
from stream.text.tokens import hashes

# Two words may begin any headline.
_LEAST = 3
# The share of a headline's words that a quotation of it has: desks cut headlines, and quote them by heart.
_QUOTED = 0.6
_UPPER = np.uint64(32)


def title_words(title: str) -> Words:
    """The words of a quoted headline as texts keep them: hashes of 32 bits, ascending, each once."""
    return np.unique((hashes(title) >> _UPPER).astype(np.uint32))


def has_title(text: Text, quoted: Words) -> bool:
    """Whether a text bears the headline: it uses all words of the quotation, and those have most of its
    headline."""
    headline = text.headline
    found = int(np.count_nonzero(is_in(headline, quoted)))
    if len(quoted) < _LEAST or found < 2 or found < _QUOTED * len(headline):
        return False
    return 0 not in _found(text, quoted)


def may_have_title(text: Text, quoted: Words) -> bool:
    """Whether a text that is known by its number may bear the headline too: it uses most words of it."""
    found = _found(text, quoted)
    return found.count(1) >= _QUOTED * len(found)


def _found(text: Text, asked: Words) -> bytes:
    return wordset.Answer(text.words, wordset.hashed(asked)).found
