"""Stack traces that quote no story: the way to the line that failed, without what exceptions say.

The message of an exception may be made of what it met (`invalid literal for int(): 'Two ministers …'`), and
what is in a log is read by more people than what is in a topic. Shown are the messages of those kinds that
speak of brokers, files and settings.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator

from stream.errors import UserError
from stream.faults import FaultLimitError

_SPEAKING = (OSError, UserError, FaultLimitError)
# Told by the name of the module: to import the clients would cost every command a third of a second.
_CLIENTS = ("aiokafka", "kafka")


def trace(error: BaseException) -> str:
    """In Python's own order, the cause first."""
    return "\n".join(part for each in _chain(error) for part in (_frames(each), _name(each)) if part)


def _chain(error: BaseException) -> Iterator[BaseException]:
    chain: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in chain:
        chain.append(found)
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return reversed(chain)


def _frames(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__)).rstrip()


def _name(error: BaseException) -> str:
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    speaks = isinstance(error, _SPEAKING) or kind.__module__.partition(".")[0] in _CLIENTS
    return f"{module}{kind.__qualname__}" + (f": {error}" if speaks and str(error) else "")
