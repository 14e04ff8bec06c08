"""The two families of failure.

`Rejected` is the input's fault: the record goes to the dead-letter topic and the stream goes on.
`UserError` is a missing file or an unreachable broker: the command ends with exit code 1 and one clear
sentence; its kind `SettingsError` is a wrong setting, with exit code 2. Any other exception is a fault of
this program: a worker that meets one stops before it commits an offset (see `stream.agents`).
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a record was rejected. The list is closed: it is a metric label and a dead-letter header."""

    EMPTY = "empty"
    """No value, or nothing but white space."""
    TOO_LARGE = "too-large"
    """Larger than `limits.story_bytes`, or than the parsers read in any case (`stream.wire.limits`)."""
    CHARSET = "charset"
    """The bytes are text in no character set that was declared, configured or recognised."""
    MOJIBAKE = "mojibake"
    """Text that went through a wrong decoding which cannot be undone."""
    MALFORMED = "malformed"
    """The format was recognised and the document breaks its grammar (truncated JSON, say)."""
    UNKNOWN_FORMAT = "unknown-format"
    """Well-formed, but of no shape that a story is read from (JSON without `uri`, another XML, PDF)."""
    NO_STORY = "no-story"
    """The document was read and holds no text that could be a story."""
    NOT_TEXT = "not-text"
    """An item or file of another kind: picture, video, event, planning, package without text."""
    DATE = "date"
    """A date that no story can have: unreadable, before 1900 or far in the future."""
    INTERNAL_FAULT = "internal-fault"
    """Not the input's fault: this program raised over the record, and over it alone (`stream.faults`)."""


class Rejected(Exception):  # noqa: N818 - a verdict on the input, not an error of ours
    """This input cannot become a story. `reason` is for machines, `detail` says to people what and where."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[Rejected], tuple[str, ...]]:
        """Verdicts cross process borders; an exception's own way is to make it of its message alone."""
        return Rejected, (self.reason, self.detail)


class UserError(Exception):
    """Something that the person who called can mend; the message names the input and the remedy."""


class SettingsError(UserError):
    """A setting that is unknown, malformed or contradicts another; the message names it and its origin."""
