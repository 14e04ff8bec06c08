"""What the words beside an Arabic name say of it: whether it is the place, another word, or a person.

`stream.regions.learn_contexts` and `stream.regions.learn_persons` say where the numbers come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stream.regions.table import EDGE_KEY, RARE_KEY
from stream.text.tokens import Hashes, hash_words, words

_SPORTS: Final = Path(__file__).parents[1] / "data" / "gazetteer" / "sports_words.txt"
# Two words of sport so near make a match of it.
_NEAR, _ENOUGH = 7, 2

Beside = tuple[int, int, int, int, int]
"""What a word says of a name that stands beside it, in steps of log-odds: that the name after it, and the one
before it, is a place rather than a word; that the one after it, and the one before it, is a person rather
than a place; that the nationality after it describes it. A plain tuple, because a dozen are read in each
story."""


class Contexts:
    """The words of Arabic text with what they say, by their hash: `beside`; and what the edge of a text says
    and any word too `rare` to be known."""

    def __init__(self, beside: dict[int, Beside]) -> None:
        self.beside = beside
        self.rare, self.edge = beside[RARE_KEY], beside[EDGE_KEY]
        lines = _SPORTS.read_text("utf-8").splitlines()
        listed = {word for line in lines if line[:1] != "#" for word in words(line)}
        self._sports = frozenset(hash_words(listed).tolist())

    @classmethod
    def of(cls, keys: Sequence[int], *columns: Sequence[int]) -> Contexts:
        """The columns are those of `Beside`, one number a key. Equal numbers and rows are one object each, so
        that a processor's cache holds those that are read."""
        numbers = {number: number for column in columns for number in column}
        shared = [[numbers[number] for number in column] for column in columns]
        lines: dict[Beside, Beside] = {}
        said = [lines.setdefault(line, line) for line in zip(*shared, strict=True)]
        return cls(dict(zip(keys, said, strict=True)))

    def is_sport(self, tokens: Hashes, at: int) -> bool:
        """Whether the name at `at` stands among words of a match report."""
        near = tokens[max(0, at - _NEAR) : at + _NEAR + 1].tolist()
        return len(self._sports.intersection(near)) >= _ENOUGH
