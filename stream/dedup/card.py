"""The card of a story: everything that deduplication will ever need to know of it.

*annotate* makes it, because it costs a pass over the text and annotate scales out; it travels beside the
story as a record header, so that *dedup* never parses the story itself.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from stream.dedup.sketch import CHARACTER_SHINGLE, WORD_SHINGLE, Sketch, Words, firsts, is_in, sketches
from stream.dedup.text import Text
from stream.dedup.wordset import bitmap
from stream.lifecycle.identity import item_identity
from stream.text.tokens import NUMBER_BIT, Hashes, word_hash, words

# A clock that runs ahead by more than this is wrong: agencies stamp minutes ahead at most.
_AHEAD = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Facts beyond these say nothing new about which story it is; tables of results have hundreds of numbers.
MOST_NUMBERS = 32
_HEADLINE = 16
# A body of fewer words is a caption and bears out nothing.
_CAPTION = 8
# 8,000 words of Arabic have some 4,000 forms. A set that is cut off denies words to the text that it stands
# for; this bounds what is remembered of it to ten kilobytes.
_WORDS = 8192
# A random sample of the repeated words, since hashes are random: half of those of a usual story.
_SUBJECTS = 32

_FORMAT = 3
_HEAD = struct.Struct("<BBqQQQ16sIH")
_OWN, _CANCELED = 1, 2
# Between a separator and the next digit stand marks of direction in some desks' copy.
_NUMBER = re.compile(r"\d+(?:[.,:/٫٬ر][\u200e\u200f\u061c]?\d+)*")
# By code point; the last place stands for all that are larger, which the pattern decides.
_MAY_BE_DIGIT = np.array([chr(code).isdecimal() for code in range(0x10000)] + [True])
_SEPARATORS = re.compile(r"\D")
# One desk writes 30,000 and the other 30 thousand.
_THOUSANDS = re.compile(r"(?<=\d)(?:000)+$")
# Three digits behind a point are as often thousands.
_GROUP = 3
_EDGES = re.compile(r"^\W+|\W+$")
_UPPER = np.uint64(32)
_EDGE = np.zeros(1, dtype=np.uint64)
# A word beside a number is known by sixteen bits.
_SLOT = np.uint64(48)
# Words of headlines and numbers come again; these take some two megabytes each.
_MEMO_ENTRIES = 16_384
_FIELD, _ITEM = "\x1e", "\x1f"
_NOWHERE: Mapping[str, bool] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Card:
    """One story as deduplication sees it. Cards compare by identity; `to_bytes` compares by value."""

    id: str
    """The story id: 32 hexadecimal digits."""
    time: int
    """Event time in milliseconds since 1970, never later than an hour after the story was received."""
    own: bool
    """The agency's own copy, not a reprint of it."""
    canceled: bool
    """The supplier takes the story back (`pubstatus` canceled)."""
    uri: int
    """64-bit hash of the item's identity, 0 when it has none."""
    content: int
    """64-bit hash of the body's tokens in order: equal for equal texts."""
    version: int
    """The item's version as a number that orders versions, 0 when it has none."""
    text: Text
    """The body, for comparison. Its parts: the sketch; the distinct words of body and headline as a bitmap;
    those of them that come more than once, which is what the story is about, among other things; hashes of
    the headline's words that the body uses too, which is what the desk thought the story is about, less its
    turns of phrase (all of them when the body is a caption); hashes of the body's numbers, digits only, in
    text order; the words on either side of each, sixteen bits of hash for one and sixteen for the other; the
    countries that the text names, as numbers of which the lowest bit says that the story is about it."""
    words: Words
    """The distinct words themselves, ascending."""
    headline_words: tuple[str, ...]
    """The headline words of `text` as written."""
    number_words: tuple[str, ...]
    """The numbers of `text` as written."""

    @property
    def length(self) -> int:
        """Tokens in the body."""
        return self.text.length

    def to_bytes(self) -> bytes:
        """The card as it travels; `from_bytes` gives it back."""
        head = _HEAD.pack(
            _FORMAT,
            (_OWN if self.own else 0) | (_CANCELED if self.canceled else 0),
            self.time,
            self.uri,
            self.content,
            self.version,
            bytes.fromhex(self.id),
            self.length,
            len(self.words),
        )
        spelled = _FIELD.join(map(_ITEM.join, (self.headline_words, self.number_words)))
        words = self.words.astype("<u4", copy=False).tobytes()
        return b"".join((head, self.text.data, words, spelled.encode()))

    @classmethod
    def from_bytes(cls, data: bytes) -> Card:
        """Read a card. Raises ValueError when `data` is no card of a known format."""
        if not data or data[0] != _FORMAT:
            raise ValueError(f"not a card of format {_FORMAT}: {data[:1]!r}")
        try:
            _, flags, time, uri, content, version, identity, length, worded = _HEAD.unpack_from(data)
            text = Text.read(length, data, _HEAD.size)
            start = _HEAD.size + len(text.data)
            end = start + 4 * worded
            words = np.frombuffer(data[start:end], "<u4", worded)
            headline, numbers = data[end:].decode().split(_FIELD)
        except (struct.error, ValueError) as error:
            raise ValueError(f"a card of {len(data)} bytes breaks off or is damaged: {error}") from error
        return cls(
            id=identity.hex(),
            time=time,
            own=bool(flags & _OWN),
            canceled=bool(flags & _CANCELED),
            uri=uri,
            content=content,
            version=version,
            text=text,
            words=words,
            headline_words=_items(headline, len(text.headline)),
            number_words=_items(numbers, len(text.numbers)),
        )


def make_card(
    *,
    id: str,  # noqa: A002 - the field's own name
    event_time: datetime,
    received_at: datetime,
    headline: str,
    body: str,
    tokens: Hashes,
    headline_tokens: Hashes,
    feed: str = "",
    own: bool = False,
    scope: str | None = None,
    uri: str | None = None,
    version: str | None = None,
    pubstatus: str = "usable",
    countries: Mapping[str, bool] = _NOWHERE,
    sketch: Sketch | None = None,
) -> Card:
    """The card of one story.

    `tokens` are the hashes of the body between credit line and tail credit, `headline_tokens` those of the
    headline; `scope` is the agency whose own feed delivers it, where the identities of its items hold,
    `countries` are the codes (ISO 3166, two letters) of those that it names, true where it is about one,
    `sketch` is that of the body, where it was made with others. Times are aware. An event time more than an
    hour after `received_at` counts as `received_at`.
    """
    moment = received_at if event_time > received_at + _AHEAD else event_time
    content = blake2b(np.ascontiguousarray(tokens, dtype="<u8").tobytes(), digest_size=8)
    ordered = _upper(np.concatenate((tokens, headline_tokens)))
    ordered.sort()
    fresh = firsts(ordered)
    repeated = ordered[~fresh]
    numbers, slots, written = _numbers(tokens, body)
    spelled = _spelled(headline)
    kept = _borne_out(headline_tokens[: len(spelled)], tokens)
    used = ordered[fresh][:_WORDS]
    parts = (
        sketch if sketch is not None else make_sketches(((tokens, body),))[0],
        bitmap(used),
        repeated[firsts(repeated)][:_SUBJECTS],
        _upper(headline_tokens[kept]),
        numbers,
        slots,
        np.array([_country(*one) for one in countries.items()], dtype=np.uint32),
    )
    return Card(
        id=id,
        time=(moment - _EPOCH) // timedelta(milliseconds=1),
        own=own,
        canceled=pubstatus == "canceled",
        uri=_hash64(item_identity(uri, scope or feed)) if uri else 0,
        content=int.from_bytes(content.digest(), "little"),
        version=_version(version),
        text=Text.of(len(tokens), _hash32(feed), parts),
        words=used,
        headline_words=tuple(spelled[at] for at in kept.tolist()),
        number_words=written,
    )


def make_sketches(bodies: Sequence[tuple[Hashes, str]]) -> list[Sketch]:
    """The sketches of bodies, each given as its tokens and its text."""
    widths = [_shingle_width(tokens, body) for tokens, body in bodies]
    return sketches([tokens for tokens, _ in bodies], widths)


def _shingle_width(tokens: Hashes, body: str) -> int:
    # In scripts without spaces nearly every character is a token; spaced words are five letters and a space.
    return CHARACTER_SHINGLE if len(tokens) * 2 > len(body) else WORD_SHINGLE


def _upper(tokens: Hashes) -> Words:
    return (tokens >> _UPPER).astype(np.uint32)


def _borne_out(headline: Hashes, body: Hashes) -> npt.NDArray[np.intp]:
    """Where in the headline the words stand that the body uses."""
    if len(body) >= _CAPTION:
        return np.flatnonzero(is_in(_upper(headline), np.sort(_upper(body))))[:_HEADLINE]
    return np.arange(min(len(headline), _HEADLINE))


def _spelled(headline: str) -> list[str]:
    """The words of the headline, as many as it has tokens, in their own spelling."""
    return list(chain.from_iterable(map(_spelling, headline.split())))


@lru_cache(maxsize=_MEMO_ENTRIES)
def _spelling(piece: str) -> tuple[str, ...]:
    normal = words(piece)
    # A piece of several words (a hyphen, a script without spaces) has no spelling for each.
    return (_EDGES.sub("", piece),) if len(normal) == 1 else tuple(normal)


def _numbers(tokens: Hashes, body: str) -> tuple[Words, Words, tuple[str, ...]]:
    """The first numbers of the text: their digits, what stands around them, and how they were written."""
    at = np.flatnonzero(tokens & NUMBER_BIT)[:MOST_NUMBERS]
    if not len(at):
        return np.empty(0, np.uint32), np.empty(0, np.uint32), ()
    # Desks disagree on separators (9:30, 9.30; 375,526 and 375.526), so only the digits count.
    wanted = dict.fromkeys(tokens[at].tolist(), (0, ""))
    missing = len(wanted)
    for written in _written_numbers(body):
        for token, digits in _figures(written):
            if wanted.get(token) == (0, ""):
                wanted[token] = digits, written
                missing -= 1
        if not missing:
            break
    found = [wanted[token] for token in tokens[at].tolist()]
    around = np.concatenate((_EDGE, tokens, _EDGE))
    before, after = around[at] >> _SLOT, around[at + 2] >> _SLOT
    return (
        np.array([digits for digits, _ in found], dtype=np.uint32),
        (before << np.uint64(16) | after).astype(np.uint32),
        tuple(written for _, written in found),
    )


def _written_numbers(body: str) -> Iterator[str]:
    """The numbers of the text in order, as they are written."""
    # An array tells where digits are in a quarter of the time that the pattern takes for the letters between.
    codes = np.frombuffer(body.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    end = 0
    for at in np.flatnonzero(_MAY_BE_DIGIT.take(codes, mode="clip")).tolist():
        if at >= end and (found := _NUMBER.match(body, at)):
            end = found.end()
            yield found[0]


@lru_cache(maxsize=_MEMO_ENTRIES)
def _figures(written: str) -> tuple[tuple[int, int], ...]:
    """The tokens of a number as written, each with the hash of its digits."""
    return tuple((word_hash(word), number_hash(word)) for word in words(written))


def number_hash(number: str) -> int:
    """The hash by which a number is compared, of its normalised word."""
    return _hash32(_digits(number))


def _digits(number: str) -> str:
    """A number as it is compared: 9:30 is 9.30, 375,526 is 375.526, and 1.4 is not 14."""
    whole, *parts = _SEPARATORS.split(number)
    if len(parts) == 1 and len(whole) < _GROUP and len(parts[0]) < _GROUP:
        # Set from right to left, 2.5 comes out as 5.2 in some desks' copy: either counts as the other.
        return ".".join(sorted((whole, parts[0])))
    if len(parts) == 1 and len(parts[0]) < _GROUP:
        # An index at 9,381.01 closes at 9,381 in the next paper.
        parts = []
    return _THOUSANDS.sub("", "".join((whole, *parts)).lstrip("0"))


def _country(code: str, is_subject: bool) -> int:
    return int.from_bytes(code.encode(), "big") << 1 | is_subject


def _version(version: str | None) -> int:
    digits = _SEPARATORS.sub("", version or "")
    # Version numbers, or times written as digits down to the millisecond.
    return int(digits[:18]) if digits else 0


def _items(joined: str, count: int) -> tuple[str, ...]:
    # One item that is empty joins to the same as none.
    return tuple(joined.split(_ITEM)) if count else ()


def _hash64(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _hash32(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little")
