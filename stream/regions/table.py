"""The gazetteer's table as it lies on disk: arrays over phrase keys, with the meaning of each column.

A phrase of normalised words w1…wn has the key h(w1) for one word, and fold(…fold(h(w1), h(w2))…, h(wn))
for more; `extend` is that fold. Every proper beginning of a longer phrase is a key too (with no
candidates, unless it is a name itself), so a reader walks forward word by word and knows when to stop.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from stream.text.tokens import word_hash, words

_MASK: Final = (1 << 64) - 1
_MULTIPLIER: Final = 0x9E3779B97F4A7C15
MULTIPLIER: Final = np.uint64(_MULTIPLIER)
"""`extend` for arrays: `(keys * MULTIPLIER) ^ hashes`, which wraps as it must."""


class Kind(IntEnum):
    """What a name is. The order is that of trust where two kinds share a name."""

    TRAP = 0
    COUNTRY = 1
    DEMONYM = 2
    REGION = 3
    CITY = 4
    ORGANISATION = 5
    GIVEN_NAME = 6
    STATE = 7
    FAMILY_NAME = 8


class Calls(IntEnum):
    """What a noun does to the name of a place after it."""

    THING = 1
    """It is called after the place, and need not be there (`شارع السودان`, `صحيفة الرياض`)."""
    CLUB = 2
    """It is of a club that is called after its town, or of a country's team (`مهاجم ليفربول`)."""
    SORT = 4
    """A nationality after it says of what sort it is (`القهوة التركية`)."""
    PLACE = 3
    """It says that the name is a place (`محافظة الزرقاء`)."""


class Need(IntEnum):
    """What a name demands of the way it is written, in scripts that have capitals: a bit of
    `stream.text.shapes`, or nothing."""

    NOTHING = 0
    CAPITAL = 1
    ALL_CAPITALS = 2


AMBIGUOUS: Final = 1
"""Flag: counts only beside other evidence for the same country."""
DATELINE_ONLY: Final = 2
"""Flag: a word of the language as well; a place only where a place is expected."""


AFTER_COMMA: Final = 4
"""Flag: a province's short form, which counts after a comma only (`Athens, Ga.`)."""

FAMILY: Final = 8
"""Flag: a family's name too, when it follows a given name (`محمد المصري`)."""

CONTESTED: Final = 16
"""Flag: a famous town whose name other towns bear, which the rest of the story may speak for."""

PREFIXED: Final = 32
"""Flag: written onto a preposition (`بقطر`), so what stands before it is not what stands before a place."""

BARE: Final = 64
"""Flag: one Arabic word without article or particle, as a person's name is (`باريس`, not `الأردن`)."""

CLUB: Final = 128
"""Flag: a club's name too, which it is beside words of sport."""

CERTAIN: Final = 127
"""The trust in a name that no context could refute. Below it: the log-odds that the word is a place before
anything is known of its context, in `LOG_ODDS` steps to one."""
ASKED: Final = 0
"""The trust in a name that is a word too, until its forms are looked up among the words of real text."""
LOG_ODDS: Final = 8.0
EDGE_KEY, RARE_KEY = 0, 1
"""In place of a word's key: the edge of a text, and a word too rare to be counted."""

CONTEXT_COLUMNS: Final = tuple(
    f"context_{column}" for column in ("before", "after", "person_before", "person_after", "host")
)
"""What the words of Arabic text say of a name beside them: the fields of `stream.regions.contexts.Beside`."""

HAND_MADE_WEIGHT: Final = 200
"""The weight of names in the hand-made tables; a city's weight from the cities' table is its size, 0…180."""

HOME: Final = "@"
"""In place of a country: the one that the feed, or else the dateline, stands for."""


def extend(key: int, word_hash: int) -> int:
    """The key of the phrase `key` with one more word."""
    return ((key * _MULTIPLIER) ^ word_hash) & _MASK


def pack(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Keys in order, as a file keeps them: the lowest bytes of all steps from key to key, then the second
    lowest and so on. Hashes do not compress, but the upper bytes of the steps between many are zero."""
    steps = np.diff(keys, prepend=np.uint64(0)).astype("<u8")
    return np.ascontiguousarray(steps.view(np.uint8).reshape(-1, steps.itemsize).T)


def unpack(packed: npt.NDArray[np.generic]) -> npt.NDArray[np.uint64]:
    """The keys of `pack`."""
    return np.cumsum(np.ascontiguousarray(packed.T).view("<u8").ravel(), dtype=np.uint64)


def tokens_fingerprint() -> int:
    """Changes with the way words are cut, normalised or hashed: a table built otherwise finds nothing."""
    return word_hash(" ".join(words("إِلى آسيا Côte d'Ivoire, 1,200.5 U.S. नेपाल 日本")))
