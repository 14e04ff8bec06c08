"""What a story says of its own life, as it travels beside its card and as the ledger keeps it.

Most stories say nothing: theirs is empty, takes no bytes, and is read by nobody.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import blake2b

import orjson

from stream.codec import timestamp_ms
from stream.credit import parts
from stream.credit.referred import Referred
from stream.model import Lifecycle, PartKind, Story


@dataclass(frozen=True, slots=True)
class Life:
    """The item's identity as written, and the signals and times that its life goes by.

    `numbers` are its numbers on the line. `running` is what the messages of a running story share within
    their feed, hashed; where the story says which of them it is, `part` is the kind and `take` the number of
    it. `embargoed` where it is under an embargo or withheld, `embargo` is the end of that in milliseconds
    since 1970, None where it is not known. `refers_number` and `refers_title` name the item that a kill or a
    correction is about where it is not the item itself.
    """

    uri: str | None = None
    version: str | None = None
    signals: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    running: str | None = None
    part: PartKind | None = None
    take: int | None = None
    embargoed: bool = False
    embargo: int | None = None
    refers_number: str | None = None
    refers_title: str | None = None

    @classmethod
    def of(cls, story: Story, lifecycle: Lifecycle, referred: Referred | None, headline: str) -> Life:
        """What `story` says, with the signals that were read off it and the item that it refers to.
        `headline` is without markers."""
        running, part = parts.running(story, headline), lifecycle.part
        return cls(
            story.uri,
            story.version,
            lifecycle.signal,
            story.numbers,
            blake2b(running.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if running else None,
            part.kind if part else None,
            part.number if part else None,
            "embargo" in lifecycle.signal or story.pubstatus == "withheld",
            _milliseconds(lifecycle.embargo),
            referred.number if referred else None,
            referred.title if referred else None,
        )

    def to_bytes(self) -> bytes:
        """Empty for a story that says nothing."""
        return b"" if self == _SILENT else orjson.dumps(astuple(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> Life:
        """The reverse of `to_bytes`. Raises ValueError."""
        if not data:
            return _SILENT
        values = orjson.loads(data)
        try:
            uri, version, signals, numbers, *rest = values
            return cls(uri, version, tuple(signals), tuple(numbers), *rest)
        except (TypeError, ValueError) as error:
            raise ValueError(f"no account of a story's life: {data[:80]!r}") from error


_SILENT = Life()


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else timestamp_ms(moment)
