"""What a format's parser receives, and how a format makes itself known to the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from stream.errors import Reason, Rejected
from stream.model import Story
from stream.wire import charset
from stream.wire.limits import Limits


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of one record with what its transport said of them.

    `charset` is the content-type's own, `feed_charset` the one that the feed's settings name;
    `received` is when the record arrived (aware UTC), against which dates are checked.
    """

    data: bytes
    received: datetime
    limits: Limits
    charset: str | None = None
    feed_charset: str | None = None

    def text(self, declared: str | None = None, *, is_lenient: bool = False) -> str:
        """The document decoded, as `charset.decode` has it; `declared` is what the document itself says of
        its character set. Raises Rejected(CHARSET).
        """
        return charset.decode(self.data, self.charset or declared, self.feed_charset, is_lenient=is_lenient)

    def require_size(self, limit: int) -> None:
        """Raises Rejected(TOO_LARGE) when the document is larger than `limit` bytes."""
        if len(self.data) > limit:
            raise Rejected(Reason.TOO_LARGE, f"{len(self.data):,} bytes, at most {limit:,} are read")


@dataclass(frozen=True, slots=True)
class Format:
    """One format of the registry.

    `media_types` are the content types that name it without doubt. `recognises` gets the first bytes of a
    document (no byte order mark, no leading white space, NULs of UTF-16 dropped) and says whether they are
    this format's. `parse` yields the document's stories in order, at least one, and raises nothing but
    `Rejected`.
    """

    name: str
    media_types: frozenset[str]
    recognises: Callable[[bytes], bool]
    parse: Callable[[Document], list[Story]]
