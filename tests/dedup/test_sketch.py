from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stream.dedup.sketch import SPACE, below, firsts, is_in, shingle_hashes, sketch, sketches, threshold
from stream.text.tokens import hashes
from tests.dedup.stories import prose


def test_a_flash_keeps_every_shingle() -> None:
    tokens = hashes(prose(1, 20))
    assert sketch(tokens).tolist() == shingle_hashes(tokens).tolist()


def test_a_text_shorter_than_a_shingle_has_one() -> None:
    assert len(sketch(hashes("strike over"))) == 1


def test_an_empty_text_has_an_empty_sketch() -> None:
    assert len(sketch(hashes(""))) == 0


def test_a_long_document_is_capped() -> None:
    assert 400 < len(sketch(hashes(prose(2, 8000)))) < 640


def test_a_sketch_stands_in_text_order() -> None:
    tokens = hashes(prose(3, 2000))
    where = {value: at for at, value in reversed(list(enumerate(shingle_hashes(tokens).tolist())))}
    positions = [where[value] for value in sketch(tokens).tolist()]
    assert positions == sorted(positions)


def test_containment_of_the_top_half_is_whole() -> None:
    whole, half = hashes(prose(4, 600)), hashes(prose(4, 600))[:300]
    bound = min(threshold(600), threshold(300))
    assert is_in(below(sketch(half), bound), np.sort(below(sketch(whole), bound))).all()


def test_containment_is_estimated_without_bias() -> None:
    estimates = []
    for seed in range(60):
        shared, own = hashes(prose(seed, 400)), hashes(prose(1000 + seed, 400))
        mixed = np.concatenate((shared[:240], own[:160]))
        a, b = sketch(mixed), sketch(shared)
        estimates.append(is_in(a, np.sort(b)).mean())
    assert abs(float(np.mean(estimates)) - 0.6) < 0.02


def test_a_repeated_shingle_counts_once() -> None:
    tokens = hashes("the talks go on " * 5)
    assert len(sketch(tokens)) == 4


@given(st.integers(0, 20_000))
def test_thresholds_fall_as_texts_grow(length: int) -> None:
    assert SPACE >= threshold(length) >= threshold(length + 1) - SPACE // 64
    assert threshold(length) > 0


@given(st.lists(st.tuples(st.lists(st.integers(0, 9), max_size=400), st.sampled_from((3, 5)))))
def test_texts_are_sketched_together_as_each_by_itself(texts: list[tuple[list[int], int]]) -> None:
    # Few words, so that shingles repeat.
    tokens = [np.array(words, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) for words, _ in texts]
    widths = [width for _, width in texts]
    for text, width, found in zip(tokens, widths, sketches(tokens, widths), strict=True):
        hashes = below(shingle_hashes(text, width), threshold(len(text)))
        assert found.tolist() == list(dict.fromkeys(hashes.tolist()))


@given(st.lists(st.integers(0, 50)))
def test_the_first_of_each_of_ascending_values_is_told(values: list[int]) -> None:
    ordered = np.array(sorted(values), dtype=np.uint32)
    assert ordered[firsts(ordered)].tolist() == sorted(set(values))


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_membership_is_that_of_sets(values: list[int], known: list[int]) -> None:
    found = is_in(np.array(values, dtype=np.uint32), np.array(sorted(known), dtype=np.uint32))
    assert found.tolist() == [value in known for value in values]
