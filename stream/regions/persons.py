"""Whether a name at the head of a sentence is rather a person's, by what follows it:
`Georgia, 12, won`, `Chad told his mother`, `Jordan scored 40 points`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from stream.regions.phrases import SOURCES, rows
from stream.text.shapes import SMALL_NUMBER, STOP
from stream.text.tokens import Hashes, hash_words, words

_AFTER: Final = SOURCES / "after_persons.tsv"
# `said he`, `told her`, `and his`; two words more after a comma (`, the couple's second daughter`) or a given
# name (`told the court that she`).
_NEAR, _APPOSED = 3, 5


class Persons:
    """Reads what follows a name."""

    def __init__(self, path: Path = _AFTER) -> None:
        listed = {kind: frozenset(hash_words(words(line)).tolist()) for kind, line in rows(path)}
        self._pronouns, self._kin = listed["pronoun"], listed["kin"]
        self._scores, self._counts = listed["score"], listed["count"]
        self._acts = listed["act"]

    def follows(self, tokens: Hashes, written: bytes, start: int, end: int, given: bool) -> bool:
        """Whether the words after the name `start` to `end` speak of a man or woman. `given` says that the
        name is a known given name. Only the head of a sentence is read so: `said in Jordan he would`."""
        if end >= len(written) or (start and not written[start - 1] & STOP and tokens[start - 1]):
            return False
        apposed = written[end - 1] & STOP
        if apposed and written[end] & SMALL_NUMBER and written[end] & STOP:
            return True
        after = tokens[end : end + _APPOSED].tolist()
        if not apposed and given and after[0] in self._scores and len(after) > 1:
            return bool(written[end + 1] & SMALL_NUMBER) or after[1] in self._counts
        if not apposed and given and after[0] in self._acts:
            return True
        those = self._kin if apposed else self._pronouns
        for at, word in enumerate(after if apposed or given else after[:_NEAR]):
            if word in those:
                return True
            if written[end + at] & STOP:
                return False
        return False
