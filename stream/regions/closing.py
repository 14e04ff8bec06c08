"""The closing note of a story, which names its desk and reporters: `(Reporting by … in Cairo; editing by …)`.

Where the copy was written and edited says nothing of where the story happens.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from stream.text.tokens import hashes, words

_WORDS: Final = Path(__file__).parents[1] / "data" / "gazetteer" / "closing_notes.txt"
# A note is a line or two; a longer bracket is a part of the story.
_LONGEST = 400
# The word that makes it a note stands near its head (`(Additional reporting by …`).
_HEAD = 4
# Reporters' and translators' notes may follow each other.
_MOST_NOTES = 3
_OPENING, _CLOSING = "([（", ")]）"


class ClosingNotes:
    """Finds closing notes by the words that begin them."""

    def __init__(self, path: Path = _WORDS) -> None:
        lines = path.read_text("utf-8").splitlines()
        self._words = frozenset(w for line in lines if line[:1] != "#" for w in words(line))

    def size(self, body: str) -> int:
        """How many tokens at the end of `body` are closing notes."""
        end, start = len(body), len(body)
        for _ in range(_MOST_NOTES):
            note = self._note(body[max(0, end - _LONGEST) : end])
            if not note:
                break
            start = end - note
            end = len(body[:start].rstrip())
        return len(hashes(body[start:])) if start < len(body) else 0

    def _note(self, tail: str) -> int:
        """The characters of the note that ends `tail`, with the space after it; 0 when none does."""
        text = tail.rstrip().rstrip(".")
        if not text or text[-1] not in _CLOSING:
            return 0
        at, depth = len(text) - 1, 1
        while depth and at:
            at -= 1
            depth += (text[at] in _CLOSING) - (text[at] in _OPENING)
        # A note is a paragraph or sentence of its own, and begins a piece of the tokeniser's.
        before = text[:at].rstrip(" \t")
        if depth or (before and before[-1] not in '.!?؟…:"»”)]\n'):
            return 0
        if at and not text[at - 1].isspace():
            return 0
        return len(tail) - at if not self._words.isdisjoint(words(text[at:])[:_HEAD]) else 0
