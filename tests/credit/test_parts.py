"""Parts of running stories, and what their messages share."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, get_args

import pytest

from stream.credit import markers, parts
from stream.model import Part, PartKind, Story


def _part(**fields: Any) -> Part | None:
    return markers.read(Story(**{"format": "plain", "body": "Text of the story.", **fields}))[0].part


@pytest.mark.parametrize(
    ("fields", "kind", "number"),
    [
        ({"headline": "1ST LEAD Talks go on"}, "lead", 1),
        ({"headline": "(2nd LD) Talks go on"}, "lead", 2),
        ({"headline": "2. ZF: Beben im Süden"}, "lead", 2),
        ({"headline": "مقدمة ثانية / الوزير يصل"}, "lead", 2),
        ({"headline": "UPDATE 2-Oil falls"}, "update", 2),
        ({"headline": "CORRECTED-UPDATE 1-Oil falls"}, "update", 1),
        ({"headline": "تحديث ٣ - النفط يهبط"}, "update", 3),
        ({"headline": "تحديث أول - النفط يهبط"}, "update", 1),
        ({"headline": "الوزير يصل إلى العاصمة / إضافة أولى"}, "add", 1),
        ({"headline": "الوزير يصل إلى العاصمة / إضافة ثانية وأخيرة"}, "add", 2),
        ({"headline": "الوزير يصل إلى العاصمة (يتبع)"}, "take", None),
        ({"headline": "Talks go on in the north =2"}, "take", 2),
        ({"signals": ("1stLd-Writethru",)}, "write-through", 1),
        ({"signals": ("Ld-Writethru",)}, "write-through", None),
        ({"signals": ("2ndAdd",)}, "add", 2),
        ({"signals": ("3RD TAKE",)}, "take", 3),
        ({"slugline": "BC-XX--Talks, 2nd Ld-Writethru"}, "write-through", 2),
        ({"slugline": "TRADE-PORT/ =3"}, "take", 3),
        ({"body": "(MORE FOLLOWS)\n\nText of the story."}, "take", None),
    ],
)
def test_kind_and_number_are_read_off_the_markers(
    fields: dict[str, Any], kind: PartKind, number: int | None
) -> None:
    assert _part(**fields) == Part(kind, number)


@pytest.mark.parametrize(
    "fields",
    [
        {"headline": "Talks go on"},
        {"headline": "(Updates with 3 killed) Quake in the north"},
        {"headline": "UPDATE-Oil falls"},
        {"headline": "CORRECTED-Oil falls"},
        {"headline": "Take 2: star comes back to the stage"},
        {"headline": "إضافة أولى المحطات إلى خط المترو"},
        {"headline": "Physicist explains E=2"},
        {"ednote": "Adds quotes in paragraph 4"},
    ],
)
def test_what_names_no_part_is_none(fields: dict[str, Any]) -> None:
    assert _part(**fields) is None


def test_a_further_part_is_a_take_and_its_headline_is_bare() -> None:
    lifecycle, bare = markers.read(
        Story(format="plain", body="Text.", headline="الوزير يصل إلى العاصمة / إضافة أولى")
    )
    assert (lifecycle.signal, bare) == (("take",), "الوزير يصل إلى العاصمة")
    lifecycle, bare = markers.read(Story(format="plain", body="Text.", headline="Talks go on =2"))
    assert (lifecycle.signal, bare) == (("take",), "Talks go on")


def test_messages_of_a_running_story_share_the_slug_whatever_stands_behind_it() -> None:
    slugs = (
        "BC-XX--PortSael-Storm",
        "BC-XX--Port Sael-Storm, 1st Ld-Writethru",
        "BC-XX--Port Sael-Storm (UPDATE 1)",
        "bc-xx-port sael-storm/ =2",
    )
    shared = {parts.running(Story(format="anpa", body="x", slugline=slug), "Any headline") for slug in slugs}
    assert shared == {"slug:bcxxportsaelstorm"}


def test_without_a_slug_they_share_the_headline_unless_it_is_a_rubric() -> None:
    story = Story(format="plain", body="x")
    assert parts.running(story, "الوزير يصل إلى العاصمة") == parts.running(story, "الوزير يصل الى العاصمه")
    assert parts.running(story, "Talks go on") is not None
    assert parts.running(story, "Weather today") is None
    assert parts.running(story, "") is None


def test_the_table_holds_known_kinds_and_ordinals() -> None:
    text = (files("stream") / "data" / "markers" / "parts.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    assert rows.pop(0) == ["kind", "language", "words"]
    assert {kind for kind, _, _ in rows if not kind.isdecimal()} == set(get_args(PartKind))
    assert all(len(row) == 3 and all(row[2].split("|")) for row in rows)
