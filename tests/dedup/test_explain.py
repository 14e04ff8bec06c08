from __future__ import annotations

from stream.dedup.cluster import Deduplicator
from stream.dedup.explain import explain
from stream.dedup.settings import DedupSettings
from stream.model import Cluster, Inside
from tests.dedup.stories import card_of, prose

COPY = Cluster(
    id="a" * 32,
    role="copy",
    original="a" * 32,
    matched="a" * 32,
    relation="shortened",
    containment=0.96,
    contained=0.5,
    jaccard=0.48,
    differs=("٤١",),
    inside=(Inside("b" * 32, 0.8),),
    rule="1",
)


def test_changed_words_are_marked_on_both_sides() -> None:
    page = explain("the toll rose to 41 on Monday", "the toll rose to 38 on Monday", COPY)
    assert "[-41-]" in page
    assert "{+38+}" in page
    assert "[-Monday-]" not in page


def test_spelling_variants_are_not_changes() -> None:
    assert "[-" not in explain("قالَ إنّ المباحثات", "قال ان المباحثات", COPY)


def test_the_summary_says_what_matched_how_much_and_what_differs() -> None:
    page = explain("", "", COPY)
    assert "96% of this story stands in that one, 50% of that one in this" in page
    assert "٤١" in page
    assert "rule 1" in page
    assert "linked, not merged: " + "b" * 32 in page


def test_long_agreement_is_left_out() -> None:
    text = prose(1, 300)
    assert "…(276)…" in explain(text, text, COPY)


def test_every_cell_is_isolated_so_that_right_to_left_text_stays_in_its_column() -> None:
    lines = explain(
        "أعلن الوزير أمس نتائج الجولة الثانية", "أعلن الوزير نتائج الجولة الثالثة", COPY
    ).splitlines()
    rows = [line for line in lines if "│" in line]
    assert rows
    assert all(line.count("\u2068") == line.count("\u2069") == 2 for line in rows)


def test_no_line_is_wider_than_the_page() -> None:
    page = explain("x" * 300 + " " + prose(2, 50), prose(3, 50), COPY, width=60)
    table = page.split("\n\n", 1)[1]
    assert max(len(line.replace("\u2068", "").replace("\u2069", "")) for line in table.splitlines()) <= 60


def test_a_new_original_is_explained_in_one_line() -> None:
    card = card_of(prose(4, 60))
    cluster = Deduplicator(DedupSettings()).decide(card)
    assert explain(prose(4, 60), "", cluster).splitlines() == [
        f"original in cluster {card.id} (rule {cluster.rule})"
    ]
