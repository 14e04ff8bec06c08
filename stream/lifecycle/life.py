"""What a story says of its own life, as it travels beside its card and as the ledger keeps it.

Most stories say nothing that matters before another message refers to them. So what every decision asks
stands in front, to be read without the rest, and of most stories there is no rest.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import orjson

from stream.codec import timestamp_ms
from stream.credit import parts
from stream.credit.referred import Referred, number
from stream.lifecycle.identity import scoped
from stream.lifecycle.wording import Wording
from stream.model import Lifecycle, Part, PartKind, Story

KILL: Final = 1
"""It takes a story back: by its status or by its markers."""
CORRECTION: Final = 2
PART: Final = 4
"""It says which part of a running story it is."""
NUMBERED: Final = 8
EMBARGOED: Final = 16
"""It is under an embargo, or withheld."""

_FLAGS: Final = {"kill": KILL, "correction": CORRECTION}
# Flags, running story, length of the account.
_HEAD: Final = struct.Struct("<BQI")
# The text of an agency's copy is kept as far as a long report goes, of other stories with an identity what an
# editor changes most: the beginning. Compressed, 1,000 characters take 500 bytes.
_OWN_CHARS = 20_000
_CHARS = 1_000
# No note quotes more of a headline.
_TITLE = 300


@dataclass(frozen=True, slots=True)
class Life:
    """The item's identity as written, and the signals and times that its life goes by.

    `running` is the hash of what the messages of a running story share, 0 where there is nothing; where the
    story says which of them it is, `part` is the kind and `take` the number of it. `numbers` are its numbers
    on the line. `embargoed` where it is under an embargo or withheld; `embargo` is the end of that in
    milliseconds since 1970, None where it is not known. `refers_number` and `refers_title` name the item that
    a kill is about where it is not the item itself; `title` is a kill's own headline without markers, `wire`
    the agency whose own feed delivered a numbered item or a kill. `wording` is the text, or its beginning,
    where later versions will be compared with it.
    """

    uri: str | None = None
    version: str | None = None
    signals: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    part: PartKind | None = None
    take: int | None = None
    embargoed: bool = False
    embargo: int | None = None
    refers_number: str | None = None
    refers_title: str | None = None
    title: str | None = None
    wire: str | None = None
    running: int = 0
    wording: Wording | None = None

    @classmethod
    def of(
        cls,
        story: Story,
        lifecycle: Lifecycle,
        referred: Referred | None,
        headline: str,
        *,
        copy: tuple[int, int],
        feed: str,
        wire: str | None,
        own: bool,
    ) -> Life:
        """What `story` says, with the signals that were read off it and the item that it refers to.
        `headline` is without markers, `copy` where in the body the copy begins and ends, `wire` the agency
        whose own feed `feed` is, as far as that is known, `own` whether the copy is the agency's own."""
        running, part = parts.running(story, headline), lifecycle.part
        is_kill = "kill" in lifecycle.signal
        is_compared = story.uri or own or "correction" in lifecycle.signal
        return cls(
            uri=story.uri,
            version=story.version,
            signals=lifecycle.signal,
            numbers=story.numbers,
            part=part.kind if part else None,
            take=part.number if part else None,
            embargoed="embargo" in lifecycle.signal or story.pubstatus == "withheld",
            embargo=None if lifecycle.embargo is None else timestamp_ms(lifecycle.embargo),
            refers_number=referred.number if referred else None,
            refers_title=referred.title if referred else None,
            title=headline[:_TITLE] or None if is_kill else None,
            wire=wire if is_kill or story.numbers else None,
            running=key(running, wire or feed) if running else 0,
            wording=_wording(story.body, *copy, part, own=own) if is_compared and not is_kill else None,
        )

    def to_bytes(self) -> bytes:
        """Empty for a story that says nothing."""
        account = (
            self.uri,
            self.version,
            self.signals,
            self.numbers,
            self.part,
            self.take,
            self.embargoed,
            self.embargo,
            self.refers_number,
            self.refers_title,
            self.title,
            self.wire,
        )
        told = orjson.dumps(account) if any(account) else b""
        if not (told or self.running or self.wording):
            return b""
        flags = (
            (PART if self.part else 0)
            | (NUMBERED if self.numbers else 0)
            | (EMBARGOED if self.embargoed else 0)
        )
        for signal in self.signals:
            flags |= _FLAGS.get(signal, 0)
        text = self.wording.to_bytes() if self.wording else b""
        return b"".join((_HEAD.pack(flags, self.running, len(told)), told, text))

    @classmethod
    def from_bytes(cls, data: bytes) -> Life:
        """The reverse of `to_bytes`. Raises ValueError."""
        if not data:
            return _SILENT
        try:
            _, running, length = _HEAD.unpack_from(data)
            end = _HEAD.size + length
            text = Wording.from_bytes(data[end:]) if len(data) > end else None
            if not length:
                return cls(running=running, wording=text)
            uri, version, signals, numbers, *rest = orjson.loads(data[_HEAD.size : end])
            values = (uri, version, tuple(signals), tuple(numbers), *rest, running, text)
            return cls(*values)
        except (TypeError, ValueError, struct.error) as error:
            raise ValueError(f"no account of a story's life: {data[:80]!r}") from error


_SILENT = Life()


def flags(data: bytes) -> int:
    """The flags of an encoded life."""
    return data[0] if data else 0


def running(data: bytes) -> int:
    """The running story of an encoded life, 0 where there is none."""
    return int.from_bytes(data[1:9], "little")


def wording(data: bytes) -> bytes:
    """The wording of an encoded life, encoded; empty where there is none."""
    return data[_HEAD.size + int.from_bytes(data[9:13], "little") :] if data else b""


def _wording(body: str, start: int, end: int, part: Part | None, *, own: bool) -> Wording:
    place = 0
    if part is not None and part.kind == "take":
        place = (part.number or 0) - 1
    elif part is not None and part.kind == "add":
        place = part.number or -1
    most = _OWN_CHARS if own else _CHARS
    return Wording(body[:start], ((place, body[start : min(end, start + most)]),), body[end:])


def key(identity: str, scope: str) -> int:
    """The key of a running story, or of a number on the line."""
    digest = blake2b(scoped(identity, scope).encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def number_keys(numbers: tuple[str, ...], scope: str) -> list[int]:
    """The keys of the numbers that others may refer to a story by: with their sign and without it."""
    spelled = dict.fromkeys(word for one in numbers for word in (one, one.rpartition(" ")[2]))
    return [key(f"#{word}", scope) for word in spelled]


def referred_key(written: str, scope: str) -> int | None:
    """The key of the number that a note names, None where it is none."""
    spelled = number(written)
    return key(f"#{spelled}", scope) if spelled else None
