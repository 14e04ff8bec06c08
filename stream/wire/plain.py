"""Plain text: an agency's take, or a page that somebody copied with all that stands around the story."""

from __future__ import annotations

import re

from stream.errors import Reason, Rejected
from stream.model import Story
from stream.wire import boilerplate, head, mojibake, tidy
from stream.wire.document import Document, Format

# A story has words. One word, or a token that no language has (base64, a hash), is none; scripts without
# spaces make up for it with letters. What is not ASCII may be a vowel sign, which Python holds for no
# part of a word.
_WORD = re.compile(r"(?<!\w)[^\W\d_][^\x00-@\[-`{-\x7f\s]{1,40}(?!\w)")
_LEAST_WORDS = 3
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LEAST_UNSPACED = 6
_WORDS_SHARE = 0.4
_SAMPLE = 400


def parse(document: Document) -> list[Story]:
    """The one story of a text. Raises Rejected."""
    document.require_size(document.limits.document_bytes)
    text = tidy.characters(mojibake.repair(document.text()))
    require_words(text)
    lines, is_page = boilerplate.strip([line.strip() for line in text.split("\n")])
    found = head.read(lines, is_page=is_page, limits=document.limits)
    rest = lines[found.end :]
    body = tidy.paragraphs(head.without_dates(rest) if is_page else rest)
    if not body:
        raise Rejected(Reason.NO_STORY, "nothing but what stands around a story")
    if len(body) > document.limits.story_chars:
        raise Rejected(Reason.TOO_LARGE, f"{len(body):,} characters of text")
    return [Story(format="plain", body=body, headline=found.headline, sections=found.sections)]


def require_words(text: str) -> None:
    """Raises Rejected(NO_STORY) when `text` is not made of words."""
    sample = text[:_SAMPLE]
    words = _WORD.findall(sample)
    visible = len(sample) - sample.count(" ") - sample.count("\n")
    if len(words) >= _LEAST_WORDS and sum(map(len, words)) >= _WORDS_SHARE * visible:
        return
    if len(_UNSPACED.findall(sample)) < _LEAST_UNSPACED:
        raise Rejected(Reason.NO_STORY, f"text without words: {text.strip()[:40]!r}")


def _recognises(head: bytes) -> bool:  # noqa: ARG001 - whatever no other format is
    return True


FORMAT = Format(name="plain", media_types=frozenset(("text/plain",)), recognises=_recognises, parse=parse)
