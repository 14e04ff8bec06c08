from pathlib import Path

import pytest

from bench.report import Report, Table


def table() -> Table:
    made = Table(("", "stories/s"))
    made.add("ours", "1,000")
    made.add("a peer with a longer name", 9)
    return made


def test_columns_line_up_numbers_to_the_right() -> None:
    assert table().text().splitlines() == [
        "                           stories/s",
        "ours                           1,000",
        "a peer with a longer name          9",
    ]


def test_a_page_gets_the_tables_of_its_benchmark_and_keeps_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(
        "before\n<!-- speed -->\nold\n<!-- /speed -->\nafter\n<!-- other -->kept<!-- /other -->\n"
    )
    report = Report("speed")
    report.add(table())
    report.finish(page)
    text = page.read_text("utf-8")
    assert "| ours | 1,000 |" in text
    assert "old" not in text
    assert text.startswith("before\n<!-- speed -->\n")
    assert text.endswith("<!-- /speed -->\nafter\n<!-- other -->kept<!-- /other -->\n")


def test_a_page_without_the_place_is_told_and_not_changed(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("nothing here\n")
    with pytest.raises(ValueError, match="0 places"):
        Report("speed").finish(page)
    assert page.read_text() == "nothing here\n"


@pytest.mark.parametrize("name", ["peers", "growth", "latency"])
def test_the_documentation_has_a_place_for_every_benchmark_that_writes_one(name: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / "performance.md").read_text("utf-8")
    assert text.count(f"<!-- {name} -->") == text.count(f"<!-- /{name} -->") == 1
