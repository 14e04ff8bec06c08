"""The weights of the topic model: one row a known bucket, quantised in the file, float in memory.

    score(class) = Σ value · weight(bucket, class) / √(Σ value² · mass(bucket)) + bias(class)

The classes are the top levels and, last, "no news". Mass is the squared rarity of a word, so that the
sum is the scalar product with an L2-normalised vector. A word that training never saw has no weight but
has mass: a text of unknown words ends at the biases, where "no news" is the largest.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import IO, Self

import numpy as np
import numpy.typing as npt

from stream.topics.features import BUCKETS, Features

Floats = npt.NDArray[np.float32]

# Stories multiplied at a time, so that their gathered rows stay in the processor's cache.
_CHUNK = 32


@dataclass(frozen=True, slots=True)
class Weights:
    """`tops` are qcodes, one a column; the last column of `weights` and `bias` is "no news". `buckets`
    are ascending, with a row of `weights` and a `mass` each; `unknown_mass` is that of any other word.
    `slope` and `offset` turn the log-odds of a top among the tops into those of "the story is about it"."""

    version: str
    tops: tuple[str, ...]
    buckets: npt.NDArray[np.int64]
    weights: Floats
    mass: Floats
    unknown_mass: float
    bias: Floats
    slope: float
    offset: float

    @classmethod
    def load(cls) -> Self:
        """The weights that ship with the package."""
        with files("stream.data").joinpath("model", "topics.npz").open("rb") as file:
            return cls.read(file)

    @classmethod
    def read(cls, file: IO[bytes] | Path) -> Self:
        """Weights as `save` wrote them."""
        with np.load(file, allow_pickle=False) as stored:
            return cls(
                version=str(stored["version"]),
                tops=tuple(map(str, stored["tops"])),
                buckets=np.cumsum(stored["gaps"].astype(np.int64)),
                weights=stored["weights"].astype(np.float32) * stored["scales"],
                mass=stored["mass"].astype(np.float32),
                unknown_mass=float(stored["unknown_mass"]),
                bias=stored["bias"],
                slope=float(stored["slope"]),
                offset=float(stored["offset"]),
            )

    def save(self, path: Path) -> None:
        """Weights in 8 bits with one scale a class, mass in 16 bits; no pickled objects."""
        scales = np.maximum(np.abs(self.weights).max(axis=0), 1e-6) / 127
        np.savez_compressed(
            path,
            version=np.array(self.version),
            tops=np.array(self.tops),
            gaps=np.diff(self.buckets, prepend=0).astype(np.uint32),
            weights=np.rint(self.weights / scales).astype(np.int8),
            scales=scales.astype(np.float32),
            mass=self.mass.astype(np.float16),
            unknown_mass=np.float32(self.unknown_mass),
            bias=self.bias.astype(np.float32),
            slope=np.float32(self.slope),
            offset=np.float32(self.offset),
        )


class Scorer:
    """Weights laid out for a look-up by bucket: row 0 is that of every unknown word."""

    def __init__(self, weights: Weights) -> None:
        self._rows = np.zeros(BUCKETS, dtype=np.int32)
        self._rows[weights.buckets] = np.arange(1, len(weights.buckets) + 1)
        self._matrix = np.vstack([np.zeros_like(weights.weights[:1]), weights.weights]).astype(np.float32)
        self._mass = np.concatenate([[weights.unknown_mass], weights.mass]).astype(np.float32)
        self._bias = weights.bias

    def scores(self, found: Features, stories: int) -> Floats:
        """Class scores by story; a story without a word has the biases."""
        sums = np.zeros((stories, self._matrix.shape[1]), dtype=np.float32)
        rows = self._rows[found.buckets]
        borders = np.searchsorted(found.owners, np.arange(0, stories + _CHUNK, _CHUNK))
        for start, end in pairwise(borders):
            if start == end:
                continue
            owners = found.owners[start:end]
            firsts = np.flatnonzero(np.diff(owners, prepend=-1))
            # Not by index: to take rows is three times as fast.
            products = self._matrix.take(rows[start:end], axis=0)
            products *= found.values[start:end, None]
            sums[owners[firsts]] = np.add.reduceat(products, firsts, axis=0)
        norms = self._norms(found, rows, stories)
        return np.asarray(sums / norms[:, None] + self._bias, dtype=np.float32)

    def contributions(self, found: Features) -> Floats:
        """What each feature of one story adds to the score of each class."""
        rows = self._rows[found.buckets]
        parts: Floats = self._matrix[rows] * found.values[:, None] / self._norms(found, rows, 1)
        return parts

    def _norms(self, found: Features, rows: npt.NDArray[np.int32], stories: int) -> Floats:
        squares = np.bincount(found.owners, found.values**2 * self._mass[rows], minlength=stories)
        norms: Floats = np.sqrt(np.maximum(squares, 1e-9).astype(np.float32))
        return norms
