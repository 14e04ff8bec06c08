from pathlib import Path

import pytest

from stream.reference import pages

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_reference_page_says_what_the_declarations_say(name: str) -> None:
    written = (DOCS / name).read_text("utf-8")
    assert written == pages()[name], "run: python -m stream.reference docs"


def test_everything_declared_has_a_sentence_of_help() -> None:
    for text in pages().values():
        rows = [line for line in text.splitlines() if line.startswith("| `")]
        assert rows
        for row in rows:
            assert len(row.rstrip("| ").rpartition(" | ")[2]) > 10, row
