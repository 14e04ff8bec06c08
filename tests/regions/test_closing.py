from __future__ import annotations

import pytest

from stream.regions.closing import ClosingNotes
from stream.text.tokens import hashes


@pytest.fixture(scope="module")
def notes() -> ClosingNotes:
    return ClosingNotes()


@pytest.mark.parametrize(
    "note",
    [
        "(Reporting by Jane Roe in Cairo; editing by John Doe)",
        "(Additional reporting by Jane Roe in Berlin)",
        "(تغطية صحفية فلان الفلاني - مكتب القاهرة)",
        "(إعداد فلان للنشرة العربية - تحرير علان)",
        "(Reportage de notre bureau à Tunis)",
        "(Reporting by Jane Roe (Cairo) and John Doe (Amman)).",
    ],
)
def test_a_bracket_that_names_desks_at_the_end_is_a_note(notes: ClosingNotes, note: str) -> None:
    assert notes.size(f"The talks ended.\n{note}\n") == len(hashes(note))


def test_several_notes_may_follow_each_other(notes: ClosingNotes) -> None:
    two = "(Reporting by Jane Roe)\n(Translated by John Doe in Rome)"
    assert notes.size(f"The talks ended.\n{two}") == len(hashes(two))


@pytest.mark.parametrize(
    "body",
    [
        "",
        ")",
        "(",
        ".",
        "The talks ended.",
        "The talks ended (in Cairo)",
        "The talks ended. (The reporting of the fair in Cairo goes on.",
        "The talks (reporting season) ended in Cairo.",
        "The plant reopened. (The minister was in Cairo)",
    ],
)
def test_other_brackets_belong_to_the_story(notes: ClosingNotes, body: str) -> None:
    assert notes.size(body) == 0
