"""How words are written: capitals and what follows them, one byte of flags a token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

CAPITAL: Final = 1
ALL_CAPITALS: Final = 2
STOP: Final = 4
"""The word is the last of its piece and punctuation follows."""

SMALL_NUMBER: Final = 8
"""The word is a number of at most two digits, as an age is."""


def shapes_of(raw: str, written: Sequence[str], count: int) -> bytes:
    """The flags of the `count` tokens of a white-space separated piece, from its words as `written`."""
    if len(written) != count:
        # A compatibility character that is several: nothing is known of its capitals.
        return bytes(count)
    out = bytearray(map(shape_of, written))
    if out and not raw[-1].isalnum():
        out[-1] |= STOP
    return bytes(out)


def shape_of(word: str) -> int:
    """The flags of a word as it is written, whatever follows it."""
    if word[0].isupper():
        return CAPITAL | ALL_CAPITALS if word.isupper() else CAPITAL
    return SMALL_NUMBER if len(word) <= 2 and word[0].isdigit() else 0


def shouted(flags: bytes) -> bool:
    """Whether most words are all capitals, so that capitals say nothing."""
    capitals = flags.count(CAPITAL | ALL_CAPITALS) + flags.count(CAPITAL | ALL_CAPITALS | STOP)
    return 2 * capitals > len(flags)
