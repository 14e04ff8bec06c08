"""Tokens: the one pass over a story's words that sketch, topics and regions share.

A token is a normalised word, or one character of a script that is written without spaces (Chinese,
Japanese kana, Thai, Lao, Khmer, Burmese), so that shingles over tokens are word shingles in one and
character shingles in the other. A token's identity is a 64-bit hash that is the same in every process
and on every day; bit 0 of it says whether the token holds a digit, so that the numbers of a text are one
vector operation away.

Beside its identity a token has a shape, one byte of flags that say how it was written (`stream.text.shapes`).

Words repeat: a memo from the raw, white-space separated piece to its tokens makes the pass a dictionary
look-up a piece. The memo holds hashes and shapes as bytes, which join into a numpy array without a Python
object per token.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from stream.text.arabic import fold
from stream.text.shapes import shape_of, shapes_of

Hashes = npt.NDArray[np.uint64]

# Scripts without spaces between words: kana, CJK with extensions and compatibility forms, Thai, Lao,
# Burmese, Khmer.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
_UNSPACED_ONE = re.compile(f"[{_UNSPACED}]")
# Vowel signs of Indic scripts and the like are no letters to `re`, yet they stand inside words. NFKC leaves
# few marks of other scripts apart from their letters, all of them in the Basic Multilingual Plane.
_MARKS = re.escape(
    "".join(
        chr(code)
        for code in range(0x0300, 0x10000)
        if unicodedata.category(chr(code)) in ("Mn", "Mc") and not _UNSPACED_ONE.match(chr(code))
    )
)
# A number keeps its separators between digits (1,200.5; 12:30; 3-1 stays two numbers: a score's order is
# carried by the shingle), a word is a run of letters, digits and combining marks of any script. Arabic desks
# set a decimal from right to left with the letter ra for its point: 5ر32 is 32.5.
_WORD = re.compile(rf"\d+(?:[.,:ر]\d+)*|[{_UNSPACED}]|(?:[^\W_\d{_UNSPACED}]+|[{_MARKS}]+)+", re.UNICODE)
# A comma before the last three digits, and in India's way of writing before each two above them: 1,20,000.
_GROUPED = re.compile(r",(?=(?:\d\d,)*\d{3}(?:\D|$))")

NUMBER_BIT = np.uint64(1)
# 200,000 entries take about 60 MB and hold a week of news vocabulary; past that the memo starts afresh,
# which costs one slow pass over a few thousand words.
_MEMO_ENTRIES = 200_000
LONGEST: Final = 64
TOKEN: Final = np.dtype([("hash", "<u8"), ("shape", "u1")])
_PACKED: Final = struct.Struct("<QB").pack
_SHAPE: Final = 8
"""Where the shape stands in a token's bytes."""


def words(text: str) -> list[str]:
    """The normalised words of `text`, in order. Thousands separators are dropped: 1,200 is 1200."""
    return [_number(word) if word[0].isdigit() else word for word in _WORD.findall(fold(text))]


def word_hash(word: str) -> int:
    """The hash of one normalised word; bit 0 is set when it is a number."""
    digest = int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
    return digest | 1 if word[:1].isdigit() else digest & ~1


def _number(word: str) -> str:
    decimals, ra, whole = word.partition("ر")
    if ra and whole.isdigit() and decimals.isdigit():
        return f"{whole}.{decimals}"
    return _GROUPED.sub("", word)


def is_spaced(text: str) -> bool:
    """Whether no character of `text` is a word by itself."""
    return _UNSPACED_ONE.search(text) is None


def pack(piece: str, folded: str, *, is_spaced: bool = False) -> bytes:
    """The words of a white-space separated piece, given as written and folded: an array of `TOKEN`.
    `is_spaced` says that both are known to be."""
    if is_spaced and folded.isalpha() and piece.isalpha():
        # Nothing but letters is one word, and most pieces are.
        return _PACKED(word_hash(folded), shape_of(piece))
    found = _WORD.findall(folded)
    written = found if folded == piece else _WORD.findall(piece)
    return b"".join(map(_packed, found, shapes_of(piece, written, len(found))))


def _packed(word: str, shape: int) -> bytes:
    number = word[0].isdigit()
    return _PACKED(word_hash(_number(word) if number else word), shape)


class _Memo(dict[str, bytes]):
    def __missing__(self, piece: str) -> bytes:
        if len(self) >= _MEMO_ENTRIES:
            self.clear()
        packed = pack(piece, fold(piece))
        # Pieces longer than any word (URLs, base64) would fill the memory and never come again.
        if len(piece) <= LONGEST:
            self[piece] = packed
        return packed


_memo = _Memo()


class Reading(NamedTuple):
    """The words of a text, in order: their hashes (read-only, may be empty), and one byte of shape each."""

    tokens: Hashes
    shapes: bytes


def read(text: str) -> Reading:
    """The one pass over the words of `text`."""
    packed = b"".join(map(_memo.__getitem__, text.split()))
    tokens: Hashes = np.frombuffer(packed, dtype=TOKEN)["hash"].copy()
    tokens.flags.writeable = False
    return Reading(tokens, packed[_SHAPE :: TOKEN.itemsize])


def hashes(text: str) -> Hashes:
    """The hashes of the words of `text`, in order, as a uint64 array (read-only, may be empty)."""
    return _hashes(text) if len(text) <= LONGEST else read(text).tokens


# Datelines and names of places come again, and are asked for by several.
@lru_cache(maxsize=4096)
def _hashes(text: str) -> Hashes:
    return read(text).tokens


def numbers(tokens: Hashes) -> Hashes:
    """Those of `tokens` that are numbers, in order."""
    found: Hashes = tokens[(tokens & NUMBER_BIT) == NUMBER_BIT]
    return found


def hash_words(vocabulary: Iterable[str]) -> Hashes:
    """The hashes of words that are already normalised, one each, in order."""
    return np.array([word_hash(word) for word in vocabulary], dtype=np.uint64)
