"""The memory's own containers, each against the plain Python that it replaces."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stream.dedup.index import Index
from stream.dedup.keys import KeyTable
from stream.dedup.window import StreamClock
from stream.dedup.wordset import Answer, bitmap, hashed

# Every hash of a text of so few tokens is indexed.
SHORT = 10

keys = st.integers(0, 2**64 - 1)


@given(st.lists(keys, max_size=300))
def test_a_key_table_gives_back_the_newest_row(added: list[int]) -> None:
    table, plain = KeyTable(), {}
    for row, key in enumerate(added, 1):
        table.put(key, row, 1)
        plain[key] = row
    assert {key: table.get(key, 1) for key in added} == plain


def test_a_key_table_grows_without_losing_anything() -> None:
    added = np.random.default_rng(1).integers(0, 2**63, size=20_000).tolist()
    table = KeyTable()
    for row, key in enumerate(added, 1):
        table.put(key, row, 1)
    assert all(table.get(key, 1) == row for row, key in enumerate(added, 1))


def test_a_key_table_does_not_grow_when_old_rows_leave() -> None:
    added = np.random.default_rng(2).integers(0, 2**63, size=50_000).tolist()
    table = KeyTable()
    for row, key in enumerate(added, 1):
        table.put(key, row, max(1, row - 500))
    assert table.size < 12 * 3000
    assert table.get(added[-1], len(added) - 500) == len(added)
    assert table.get(added[0], len(added) - 500) == 0


def test_keys_that_share_a_slot_are_told_apart() -> None:
    table = KeyTable()
    for row, key in enumerate(range(300), 1):
        table.put(key, row, 1)
    assert [table.get(key, 1) for key in range(300)] == list(range(1, 301))
    assert table.get(301, 1) == 0


def _random_hashes(seed: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.random.default_rng(seed).integers(0, 1 << 32, size=count, dtype=np.uint32)


def test_the_index_finds_the_texts_that_share_a_hash() -> None:
    index = Index()
    index.add(1, np.array([10, 20, 30], dtype=np.uint32), SHORT, 1)
    index.add(2, np.array([20, 40], dtype=np.uint32), SHORT, 1)
    hits = index.find(np.array([20, 30, 50], dtype=np.uint32), 1)
    assert sorted(zip(hits.which.tolist(), hits.rows.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 1)]
    assert hits.spread.tolist() == [2, 1, 0]


def test_the_index_ignores_texts_that_left_the_window() -> None:
    index = Index()
    index.add(1, np.array([10], dtype=np.uint32), SHORT, 1)
    assert len(index.find(np.array([10], dtype=np.uint32), 2).rows) == 0


def test_a_formula_holds_the_newest_sixteen_texts() -> None:
    index = Index()
    for row in range(1, 41):
        index.add(row, np.array([7], dtype=np.uint32), SHORT, 1)
    assert sorted(index.find(np.array([7], dtype=np.uint32), 1).rows.tolist()) == list(range(25, 41))


def test_the_index_grows_and_still_finds_everything() -> None:
    index = Index()
    before = index.size
    hashes = _random_hashes(3, 800_000)
    for row, part in enumerate(np.split(hashes, 8000), 1):
        index.add(row, part, SHORT, 1)
    assert index.size > before
    for row in (1, 4000, 8000):
        part = hashes[(row - 1) * 100 : row * 100]
        found = index.find(part, 1).rows
        assert np.count_nonzero(found == row) > 80


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 300), max_size=20, unique=True), max_size=60))
def test_entering_texts_together_equals_entering_them_one_by_one(texts: list[list[int]]) -> None:
    together, single = Index(), Index()
    for row, text in enumerate(texts, 1):
        sketch = np.array(text, dtype=np.uint32)
        together.add(row, sketch, SHORT, 1)
        single.find(sketch, 1)
        single.add(row, sketch, SHORT, 1)
    query = np.arange(301, dtype=np.uint32)
    ours, theirs = together.find(query, 1), single.find(query, 1)
    assert ours.rows.tolist() == theirs.rows.tolist()
    assert ours.which.tolist() == theirs.which.tolist()


def test_the_table_grows_at_the_same_text_whether_texts_wait_or_not() -> None:
    together, single = Index(), Index()
    before = single.size
    for row in range(1, 60):
        sketch = _random_hashes(row, 20_000)
        together.add(row, sketch, SHORT, row // 2 + 1)
        single.find(sketch, row // 2 + 1)
        single.add(row, sketch, SHORT, row // 2 + 1)
    query = _random_hashes(45, 20_000)
    ours, theirs = together.find(query, 1), single.find(query, 1)
    assert single.size == together.size > before
    assert np.count_nonzero(ours.rows == 45) > 0.8 * len(query)
    assert ours.rows.tolist() == theirs.rows.tolist()


def test_a_word_bitmap_never_denies_a_word_it_has() -> None:
    words = np.sort(_random_hashes(4, 200))
    assert Answer(bitmap(words), hashed(words)).found == b"\1" * 200


def test_a_word_bitmap_rarely_claims_a_word_it_lacks() -> None:
    known = bitmap(np.sort(_random_hashes(5, 200)))
    assert Answer(known, hashed(_random_hashes(6, 2000))).found.count(1) < 400


def test_word_shares_are_corrected_for_chance() -> None:
    mine, other = _random_hashes(7, 300), _random_hashes(8, 300)
    answer = Answer(bitmap(mine), hashed(np.concatenate((mine[:150], other))))
    assert abs(answer.forth(200) - 0.75) < 0.06
    assert abs(answer.back(200) - 0.5) < 0.06


def test_a_set_without_words_shares_nothing() -> None:
    answer = Answer(bitmap(_random_hashes(9, 3)), hashed(_random_hashes(9, 0)))
    assert (answer.forth(0), answer.back(0)) == (0.0, 0.0)


def test_the_stream_clock_is_not_moved_by_one_wrong_clock() -> None:
    clock = StreamClock()
    for time in range(100):
        clock.tick(time)
    assert clock.tick(10**15) < 100


def test_the_stream_clock_follows_the_stream() -> None:
    clock = StreamClock()
    assert [clock.tick(time) for time in range(1000)][-1] == 1000 - 1 - 127
