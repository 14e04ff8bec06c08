from __future__ import annotations

from typing import Any

from stream.topics.build import compact, labels


def concept(code: str, name: str, broader: str | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "qcode": f"medtop:{code}",
        "level": 2 if broader else 1,
        "broader": broader and f"medtop:{broader}",
        "top": f"medtop:{broader or code}",
        "retired": None,
        "name": {"en-GB": name},
        "subjectcode": None,
        "wikidata": None,
    } | fields


def test_a_variant_that_says_the_same_is_not_stored() -> None:
    assert labels(
        concept("01000000", "arts") | {"name": {"en-GB": "arts", "en-US": "arts", "dk": "kunst"}}
    ) == {
        "en-GB": "arts",
        "da": "kunst",
    }


def test_a_retired_concept_stands_for_the_active_one_of_its_name() -> None:
    table = compact(
        [
            concept("01000000", "arts"),
            concept("20000001", "Music", "01000000"),
            concept("20000002", "music", "01000000", retired="2020-01-01"),
        ]
    )
    assert table["retired"] == {"20000002": "20000001"}


def test_a_retired_concept_without_a_namesake_stands_for_its_nearest_active_ancestor() -> None:
    table = compact([concept("01000000", "arts"), concept("20000002", "opera", "01000000", retired="2020")])
    assert table["retired"] == {"20000002": "01000000"}


def test_a_subject_code_leads_to_an_active_concept() -> None:
    table = compact(
        [
            concept("01000000", "arts"),
            concept(
                "20000002", "opera", "01000000", retired="2020", subjectcode="http://x/subjectcode/01010000"
            ),
        ]
    )
    assert table["subjectcodes"] == {"01010000": "01000000"}
