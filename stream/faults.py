"""Faults: records over which this program itself raises. Named, isolated one by one, and bounded. Pure.

One story that meets a mistake of ours must not hold up all others, restart after restart: it goes to the
dead-letter topic as `internal-fault`, with the stack trace, and is sent back once the program is mended. A
program that raises over one record after the other is broken as a whole, and must not drain its input there:
so many in a row on a partition stop the worker, before the last of them is sent.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable

from stream.errors import Reason, Rejected
from stream.model import Origin

# The last calls are those that tell; a recursion has a thousand before them.
_TRACE_CHARACTERS = 8_000

_log = logging.getLogger(__name__)


class FaultLimitError(Exception):
    """The program raised over too many records in a row, of which `where` names the last. The message holds
    nothing of theirs."""

    def __init__(self, run: int, where: str) -> None:
        super().__init__(
            f"{run} records in a row made this program fail (limit: rejections.faults), the last was {where}."
            " The program is broken: go back to the version before"
        )


NOT_OF_THE_RECORD = (MemoryError, OSError, FaultLimitError)
"""What the machine lacks, or a program that is broken as a whole, no record is to blame for: the next one
would fail as well."""


class Fault(Rejected):
    """The verdict on a record over which the program raised: `kind` is the exception's class with its module,
    `said` its message, `trace` the end of its stack trace. Both may quote the input."""

    def __init__(self, kind: str, said: str, trace: str) -> None:
        super().__init__(Reason.INTERNAL_FAULT, f"{kind.rpartition('.')[2]}: {said}")
        self.kind = kind
        self.said = said
        self.trace = trace

    @classmethod
    def of(cls, error: Exception) -> Fault:
        """The fault that `error` is; its `__cause__`, for the log."""
        trace = "".join(traceback.format_exception(error))[-_TRACE_CHARACTERS:]
        fault = cls(f"{type(error).__module__}.{type(error).__qualname__}", str(error), trace)
        fault.__cause__ = error
        return fault

    def __reduce__(self) -> tuple[type[Fault], tuple[str, str, str]]:
        return Fault, (self.kind, self.said, self.trace)


def tell(stage: str, place: Origin, feed: str, fault: Fault) -> None:
    """Names the record in the log, with the way to the line that failed."""
    _log.error(
        "%s failed at %s (feed %r), and at this record alone: it goes to the dead letters as %s",
        stage,
        place.in_words,
        feed,
        fault.reason,
        exc_info=fault.__cause__,
    )


class FaultRuns:
    """Counts, for each partition, the records in a row over which the program raised."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # By partition and the offset that would continue it. A record of another offset begins anew: a
        # partition may come back after another worker has had it.
        self._runs: dict[tuple[str, int, int], int] = {}

    def resume(self, letters: Iterable[Origin]) -> None:
        """Takes up the faults of an earlier run: the places of those that are in the dead letters."""
        for place in sorted(
            set(letters), key=lambda place: (place.topic_name, place.partition, place.offset)
        ):
            self._count(place)

    def note(self, place: Origin, fault: Fault | None) -> None:
        """One more record of a partition, in order. Raises `FaultLimitError` for the one that reaches the
        limit."""
        if fault is None:
            self._runs.pop((place.topic_name, place.partition, place.offset), None)
        elif (run := self._count(place)) >= self._limit:
            raise FaultLimitError(run, place.in_words) from fault.__cause__

    def _count(self, place: Origin) -> int:
        run = self._runs.pop((place.topic_name, place.partition, place.offset), 0) + 1
        self._runs[place.topic_name, place.partition, place.offset + 1] = run
        return run
