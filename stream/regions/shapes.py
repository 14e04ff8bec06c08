"""How words are written: capitals and what follows them, aligned with `stream.text.tokens.hashes`."""

from __future__ import annotations

import re
from typing import Final

from stream.regions.latin_forms import bare
from stream.text.tokens import words

CAPITAL: Final = 1
ALL_CAPITALS: Final = 2
STOP: Final = 4
"""The word is the last of its piece and punctuation follows."""

SMALL_NUMBER: Final = 8
"""The word is a number of at most two digits, as an age is."""

_MEMO_ENTRIES: Final = 100_000
_RAW_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W_\d]+")


class _Memo(dict[str, bytes]):
    def __missing__(self, raw: str) -> bytes:
        if len(self) >= _MEMO_ENTRIES:
            self.clear()
        packed = _shapes(raw)
        if len(raw) <= 64:
            self[raw] = packed
        return packed


def _shapes(raw: str) -> bytes:
    count = len(words(raw))
    found = _RAW_WORD.findall(raw if raw.isascii() else bare(raw))
    if len(found) != count:
        # A compatibility character or a script without spaces: nothing is known of its capitals.
        return bytes(count)
    out = bytearray()
    for word in found:
        flags = CAPITAL if word[0].isupper() else 0
        if flags and word.isupper():
            flags |= ALL_CAPITALS
        if len(word) <= 2 and word[0].isdigit():
            flags |= SMALL_NUMBER
        out.append(flags)
    if out and not raw[-1].isalnum():
        out[-1] |= STOP
    return bytes(out)


_memo = _Memo()


def shapes(text: str) -> bytes:
    """One byte of flags a token of `text`, in order."""
    return b"".join(map(_memo.__getitem__, text.split()))


def shouted(flags: bytes) -> bool:
    """Whether most words are all capitals, so that capitals say nothing."""
    capitals = flags.count(CAPITAL | ALL_CAPITALS) + flags.count(CAPITAL | ALL_CAPITALS | STOP)
    return 2 * capitals > len(flags)
