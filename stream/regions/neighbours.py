"""What the words beside a name say of it where names have capitals: `in Nice` is the town, `Jerusalem Post`
is a newspaper, `Marburg virus` an illness.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from stream.regions.phrases import SOURCES, rows
from stream.text.shapes import CAPITAL, STOP
from stream.text.tokens import Hashes, hash_words, words

_WORDS: Final = SOURCES / "beside_names.tsv"


class Neighbours:
    """Reads the word before and the word after a name."""

    def __init__(self, path: Path = _WORDS) -> None:
        listed: dict[str, set[int]] = {"announcer": set(), "paper": set(), "thing": set()}
        for kind, line in rows(path):
            listed[kind].update(hash_words(words(line)).tolist())
        self._announcers, self._papers, self._things = (
            frozenset(listed[kind]) for kind in ("announcer", "paper", "thing")
        )

    def announce(self, tokens: Hashes, written: bytes, start: int) -> bool:
        """Whether the word before says that a place follows."""
        return start > 0 and not written[start - 1] & STOP and tokens.item(start - 1) in self._announcers

    def are_called(self, tokens: Hashes, written: bytes, end: int) -> bool:
        """Whether the word after is of a thing or, with a capital, of a newspaper that is called after the
        name."""
        if end >= len(written) or written[end - 1] & STOP:
            return False
        return tokens.item(end) in (self._papers if written[end] & CAPITAL else self._things)
