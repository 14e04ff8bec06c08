"""Whether an Arabic name that is a word as well is the place, by the words beside it.

`stream.regions.learn_contexts` says where the numbers come from.
"""

from __future__ import annotations

from collections.abc import Sequence

from stream.regions.table import EDGE_KEY, PREFIXED, RARE_KEY
from stream.text.tokens import Hashes


class Contexts:
    """What words say of the place that follows them or that they follow, in steps of log-odds."""

    def __init__(self, keys: Sequence[int], before: Sequence[int], after: Sequence[int]) -> None:
        self._beside = dict(zip(keys, zip(before, after, strict=True), strict=True))
        self._rare = self._beside[RARE_KEY]

    def odds(self, tokens: Hashes, at: int, trust: int, flags: int) -> int:
        """The log-odds in steps that the one-word name at `at` is a place: the `trust` that it has
        anyway, and what its neighbours add."""
        beside, rare = self._beside, self._rare
        odds = trust + beside.get(tokens.item(at + 1) if at + 1 < len(tokens) else EDGE_KEY, rare)[1]
        if not flags & PREFIXED:
            odds += beside.get(tokens.item(at - 1) if at else EDGE_KEY, rare)[0]
        return odds
