"""What time it is in the stream, by the stories' own times.

The median of the last 255 event times: a late story does not move it back, and neither one story nor a
feed whose clock stands in the year 2999 moves it forward, as long as most stories tell the time right.
A replay of an archive carries it along, so that a replay decides as the live run did.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque

# Odd, so that the median is one of them; a few minutes of one language's news.
_RECENT = 255


class StreamClock:
    """Follows the event times, in milliseconds, in order of arrival."""

    def __init__(self) -> None:
        self._arrivals: deque[int] = deque()
        self._sorted: list[int] = []

    def tick(self, time: int) -> int:
        """Note one story's event time and return what time it is now."""
        if len(self._arrivals) == _RECENT:
            del self._sorted[bisect_left(self._sorted, self._arrivals.popleft())]
        self._arrivals.append(time)
        insort(self._sorted, time)
        return self._sorted[len(self._sorted) // 2]
