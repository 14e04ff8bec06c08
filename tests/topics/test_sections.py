"""Section words as evidence of a topic."""

from __future__ import annotations

import pytest

from stream.topics.sections import Sections

_SECTIONS = Sections({"رياضه": 1, "business": 2}, 3)


@pytest.mark.parametrize(
    ("sections", "top"),
    [
        (("رياضة",), 1),
        (("News of the day", "Business", "رياضة"), 2),
        (("News of the day",), None),
        ((), None),
    ],
)
def test_the_first_section_that_is_known_speaks_for_one_top_and_an_unknown_one_for_none(
    sections: tuple[str, ...], top: int | None
) -> None:
    evidence = _SECTIONS.evidence(sections).tolist()
    assert [column for column, odds in enumerate(evidence) if odds] == ([] if top is None else [top])
