from __future__ import annotations

from pathlib import Path

import numpy as np

from stream.topics.taxonomy import Taxonomy
from stream.topics.weights import Weights


def test_weights_come_back_from_a_file_within_their_quantisation(tmp_path: Path) -> None:
    weights = Weights(
        version="test",
        tops=("medtop:11000000",),
        buckets=np.array([3, 9, 400_000]),
        weights=np.array([[1.0, -2.0], [0.5, 0.25], [-1.0, 0.0]], dtype=np.float32),
        mass=np.array([1.0, 4.0, 64.0], dtype=np.float32),
        unknown_mass=64.0,
        bias=np.array([0.0, 1.0], dtype=np.float32),
        slope=0.75,
        offset=-0.5,
    )
    weights.save(tmp_path / "weights.npz")
    read = Weights.read(tmp_path / "weights.npz")
    assert read.tops == weights.tops
    assert (read.slope, read.offset) == (0.75, -0.5)
    assert read.buckets.tolist() == [3, 9, 400_000]
    assert np.allclose(read.weights, weights.weights, atol=2.0 / 127)
    assert np.allclose(read.mass, weights.mass)


def test_the_shipped_weights_know_the_tops_of_the_taxonomy() -> None:
    assert Weights.load().tops == Taxonomy.load().tops
