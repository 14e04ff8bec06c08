"""Section words of pages and feeds (`رياضة`, "Business") as evidence of a topic, never as truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Self

import numpy as np
import orjson

from stream.text.tokens import words
from stream.topics.weights import Floats

# In log-odds before calibration: settles a story that the words leave open, and cannot overrule clear words.
_EVIDENCE = 1.0


class Sections:
    """Names of sections, normalised, with the column of the top that they speak for."""

    def __init__(self, columns: Mapping[str, int], tops: int) -> None:
        self._columns = columns
        self._tops = tops
        self.evidence = lru_cache(maxsize=4096)(self._evidence)

    @classmethod
    def load(cls, tops: Sequence[str]) -> Self:
        """The names that ship with the package; `tops` are the qcodes of the columns."""
        table = orjson.loads(files("stream.data").joinpath("taxonomy", "sections.json").read_bytes())
        columns = {
            " ".join(words(name)): tops.index(qcode) for qcode, names in table.items() for name in names
        }
        return cls(columns, len(tops))

    def _evidence(self, sections: tuple[str, ...]) -> Floats:
        """What to add to the log-odds of each top; the first section that is known speaks."""
        odds = np.zeros(self._tops, dtype=np.float32)
        for section in sections:
            column = self._columns.get(" ".join(words(section)))
            if column is not None:
                odds[column] = _EVIDENCE
                break
        return odds
