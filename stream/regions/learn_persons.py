"""What tells persons from places in Arabic text, learned from names that are nothing else.

Given names are the words that often follow a noun for a person (`الممثل`, `المغنية الأميركية`). What
stands beside them, and not beside places, makes a name that both bear a person's (`المغنية باريس جاكسون`).
And nouns that a nationality describes (`الرئيس المصري`) are told from what a surname follows (`قال المصري`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

import numpy as np
import numpy.typing as npt

from stream.regions.arabic_forms import ARTICLE, is_arabic
from stream.regions.learn_contexts import Corpus, odds
from stream.regions.phrases import SOURCES, rows, word_set
from stream.text.tokens import words

# A word that follows a person's noun once in so many times, and more than by accident, is a given name.
_LEAST_NAMED, _LEAST_SHARE = 4, 0.04
# A nationality that given names hardly ever precede is no family's name.
_SURNAME_SHARE = 0.005
_PARTICLES = "وبل"


def given_names(texts: Iterable[Sequence[str]], seen: Mapping[str, int]) -> set[str]:
    """The given names of the texts. `seen` says how often each word stands there."""
    nouns = word_set(SOURCES / "person_nouns.txt")
    peoples = {form for people in nationalities() for form in (people, people + "ه")}
    named: Counter[str] = Counter()
    for text in texts:
        called = False
        for word in text:
            if called and word not in peoples:
                named[word] += 1
                called = False
            called = called or word in nouns
    return {
        word
        for word, times in named.items()
        if times >= _LEAST_NAMED and times >= _LEAST_SHARE * seen[word] and _is_bare(word, seen)
    }


def learn_persons(corpus: Corpus, given: Set[str]) -> dict[str, tuple[float, float, float]]:
    """Of each word: the log-odds that a given name follows it, that it follows one, and that the nationality
    after it describes it."""
    ids, left, _, right = corpus
    # What was learned after titles would teach titles only of what stands before names.
    listed, every = corpus.among(listed_names()), corpus.among(given | set(listed_names()))
    before, after = odds(left, listed, len(ids)), odds(right, every, len(ids))
    sure = [word for word in nationalities() if word in ids and not _is_surname(corpus, word, every)]
    host = odds(left, corpus.among(sure), len(ids))
    return {
        word: (round(float(before[i]), 2), round(float(after[i]), 2), round(float(host[i]), 2))
        for word, i in ids.items()
    }


def listed_names() -> Iterator[str]:
    """The Arabic given names of one word in the hand-made list."""
    for line in (SOURCES / "first_names.txt").read_text("utf-8").splitlines():
        for name in line.split() if line[:1] != "#" else ():
            if is_arabic(name) and "~" not in name:
                yield from words(name)


def nationalities() -> Iterator[str]:
    """The definite masculine of every nationality."""
    for _, cell, *_ in rows(SOURCES / "demonyms.tsv"):
        for form in cell.split("|"):
            if form and form[0] != "=":
                yield from words(ARTICLE + form)


def _is_surname(corpus: Corpus, nationality: str, given: npt.NDArray[np.bool_]) -> bool:
    stands = corpus.middle[1:] == corpus.ids[nationality]
    return bool((stands & given[:-1]).sum() >= max(1.0, _SURNAME_SHARE * stands.sum()))


def _is_bare(word: str, seen: Mapping[str, int]) -> bool:
    """Whether a word is no other word with a particle or the article (`للدفاع`, `والنظر`)."""
    if word.startswith(ARTICLE) or (word.startswith("لل") and seen[ARTICLE + word[2:]] > seen[word]):
        return False
    return word[0] not in _PARTICLES or seen[word[1:]] <= seen[word]
