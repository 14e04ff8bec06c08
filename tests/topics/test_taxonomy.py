from __future__ import annotations

import pytest

from stream.model import Subject
from stream.topics.taxonomy import Taxonomy


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


def test_there_are_seventeen_tops_in_order(taxonomy: Taxonomy) -> None:
    assert taxonomy.tops == tuple(f"medtop:{number:02d}000000" for number in range(1, 18))


def test_a_concept_is_named_in_the_language_asked_for(taxonomy: Taxonomy) -> None:
    assert taxonomy.name("medtop:15000000", "ar") == "رياضة"
    assert taxonomy.name("medtop:15000000") == "sport"


def test_a_language_without_a_label_falls_back_to_english(taxonomy: Taxonomy) -> None:
    assert taxonomy.name("medtop:15000000", "fi") == "sport"


def test_a_regional_variant_falls_back_to_its_language(taxonomy: Taxonomy) -> None:
    assert taxonomy.name("medtop:07000000", "ar-SA") == taxonomy.name("medtop:07000000", "ar")


def test_every_concept_leads_to_a_top(taxonomy: Taxonomy) -> None:
    assert {taxonomy.top(qcode) for qcode in taxonomy} == set(taxonomy.tops)


def test_a_path_runs_from_the_top_to_the_concept(taxonomy: Taxonomy) -> None:
    path = taxonomy.path("medtop:20001065")
    assert path[0] == "medtop:15000000"
    assert path[-1] == "medtop:20001065"


def test_a_retired_concept_resolves_to_an_active_one(taxonomy: Taxonomy) -> None:
    assert "medtop:20000064" not in taxonomy
    replacement = taxonomy.resolve("medtop:20000064")
    assert replacement is not None
    assert taxonomy.name(replacement) == "war crime"


def test_a_subject_code_resolves_to_its_concept(taxonomy: Taxonomy) -> None:
    assert taxonomy.resolve("subj:15054000") == "medtop:20001065"


def test_a_subject_code_that_was_not_taken_over_resolves_to_a_broader_one(taxonomy: Taxonomy) -> None:
    assert taxonomy.resolve("subj:15999999") == "medtop:15000000"


@pytest.mark.parametrize("code", ["", "medtop:", "medtop:99000000", "subj:99000000", "medtop:1500", "sport"])
def test_an_unknown_code_resolves_to_nothing(taxonomy: Taxonomy, code: str) -> None:
    assert taxonomy.resolve(code) is None


@pytest.mark.parametrize(
    "subject",
    [
        Subject("medtop", "15000000"),
        Subject("medtop", "medtop:15000000"),
        Subject("http://cv.iptc.org/newscodes/mediatopic/", "15000000"),
        Subject("http://cv.iptc.org/newscodes/subjectcode", "15000000"),
        Subject("subj", "subj:15000000"),
    ],
)
def test_a_supplied_subject_resolves_however_its_scheme_is_written(
    taxonomy: Taxonomy, subject: Subject
) -> None:
    assert taxonomy.resolve_subject(subject) == "medtop:15000000"


def test_a_code_of_a_private_scheme_resolves_to_nothing(taxonomy: Taxonomy) -> None:
    assert taxonomy.resolve_subject(Subject("N2", "15000000")) is None
