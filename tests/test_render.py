from __future__ import annotations

import io
import unicodedata
from typing import Any

import pytest

from stream import render

LRM = "\u200e"


def event(**fields: Any) -> dict[str, Any]:
    cluster = {
        "id": "a" * 32,
        "role": "original",
        "original": "a" * 32,
        "matched": None,
        "relation": None,
        "containment": None,
        "contained": None,
        "jaccard": None,
        "differs": [],
        "inside": [],
        "rule": "1",
    }
    return {
        "id": "a" * 32,
        "version": None,
        "feed": "dpa",
        "format": "plain",
        "language": "ar",
        "headline": "افتتاح جسر جديد في المدينة",
        "agency": {"id": "dpa", "name": "Deutsche Presse-Agentur", "credit": "د ب أ", "others": []},
        "dateline": {"text": "تونس (د ب أ)", "city": "تونس", "country": "TN", "date": "2025-11-11"},
        "topics": [{"qcode": "medtop:15000000", "name": "sport", "score": 0.814, "by": "model"}],
        "regions": [{"country": "TN", "m49": "015", "name": "Tunisia", "role": "subject", "score": 0.7}],
        "chain": None,
        **fields,
        "cluster": {**cluster, **fields.get("cluster", {})},
    }


def copy(**cluster: Any) -> dict[str, Any]:
    matched = {
        "role": "copy",
        "matched": "a" * 32,
        "relation": "shortened",
        "containment": 1.0,
        "contained": 0.625,
    }
    return event(id="b" * 32, feed="sada", headline="جسر جديد", cluster={**matched, **cluster})


def test_a_headline_stands_alone_on_its_line_in_logical_order() -> None:
    assert render.plain(render.headline(event())) == "افتتاح جسر جديد في المدينة\n"


def test_a_long_headline_keeps_its_words_in_order_over_several_lines() -> None:
    headline = " ".join(["كلمة", "أخرى", "طويلة"] * 12)
    lines = render.headline(event(headline=headline), depth=2)
    assert len(lines) > 1
    assert " ".join(line.text.strip() for line in lines) == headline


def test_a_story_without_a_headline_says_so() -> None:
    assert render.plain(render.headline(event(headline=None))) == "(no headline)\n"


def test_the_facts_name_source_agency_dateline_topics_and_regions() -> None:
    lines = [" ".join(line.text.replace(LRM, "").split()) for line in render.facts(event())]
    assert lines == [
        "from dpa (plain, language ar)",
        "agency Deutsche Presse-Agentur, credited as “د ب أ”",
        "dateline تونس, TN on 2025-11-11",
        "topics sport 0.81",
        "regions Tunisia TN (subject 0.70)",
    ]


def test_missing_facts_are_said_in_words() -> None:
    bare = event(agency=None, dateline=None, topics=[], regions=[], language=None)
    lines = [" ".join(line.text.split()) for line in render.facts(bare)]
    assert lines == [
        "from dpa (plain, language unknown)",
        "agency none",
        "dateline none",
        "topics none",
        "regions none",
    ]


def test_a_supplied_topic_shows_who_named_it_and_no_score() -> None:
    found = {"qcode": "medtop:15000000", "name": "sport", "score": 1.0, "by": "supplied"}
    assert render.topic(found) == "sport (supplied)"


def test_the_agencies_of_a_joint_credit_are_all_named() -> None:
    joint = {"id": "afp", "name": "Agence France-Presse", "credit": "AFP, Reuters", "others": ["reuters"]}
    assert render.agency(event(agency=joint)) == "Agence France-Presse + reuters, credited as “AFP, Reuters”"


def test_a_copy_says_how_much_of_which_text_stands_in_which() -> None:
    assert render.decision(copy()) == "shortened copy, 100% in the original, holds 62% of it"


def test_a_copy_of_a_copy_does_not_claim_to_be_matched_with_the_original() -> None:
    assert "in another copy" in render.decision(copy(matched="c" * 32))


def test_a_new_version_is_no_copy() -> None:
    assert render.decision(event(version="2", cluster={"role": "update"})) == "version 2 of the item"


def test_a_kill_takes_the_story_back() -> None:
    assert render.decision(event(cluster={"role": "kill"})) == "takes the story back"


def test_what_differs_is_listed_in_the_words_of_the_copy() -> None:
    assert render.plain(render.differences(copy(differs=["17", "صفاقس"]))).endswith(f"17, صفاقس{LRM}\n")


def test_nothing_is_said_of_differences_where_there_are_none() -> None:
    assert render.differences(copy()) == []


CHAIN = {"previous": "a" * 32, "version": "2", "changed": [], "stale": [], "killed_by": None}


def test_nothing_is_said_of_the_life_of_a_story_without_one() -> None:
    assert render.life(event(chain=None)) == []


def test_an_update_names_what_it_changed_and_the_copies_that_have_it_as_it_was() -> None:
    changed = [{"was": "12", "now": "21"}, {"was": "الدوحان", "now": None}]
    chain = {**CHAIN, "kind": "update", "changed": changed, "stale": ["b" * 32]}
    assert render.plain(render.life(event(chain=chain))) == (
        f"  life      takes the place of {'a' * 32}\n"
        f"  changed   12 → 21, الدوحان{LRM} → nothing\n"
        "  stale     bbbbbbbb\n"
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("repeat", "once more"),
        ("late", "too late"),
        ("take", "joined to"),
        ("stale", "corrected before"),
        ("kill", "takes back"),
        ("after-kill", "took back"),
        ("reinstated", "good again"),
    ],
)
def test_every_kind_of_life_is_said_in_words(kind: str, said: str) -> None:
    (line,) = render.life(event(chain={**CHAIN, "kind": kind, "killed_by": "c" * 32}))
    assert said in line.text


def test_an_advisory_says_whose_copy_is_what_and_by_which_story() -> None:
    advisory = {
        "kind": "stale",
        "about": {"id": "b" * 32, "feed": "sada"},
        "cause": {"id": "a" * 32, "feed": "dpa"},
        "changed": [{"was": "12", "now": "21"}],
    }
    text = " ".join(render.plain(render.advisory(advisory)).split())
    assert (
        text == f"advisory sada: {'b' * 32} carries what was corrected, by {'a' * 32} of dpa changed 12 → 21"
    )


def test_arabic_within_a_latin_line_is_followed_by_a_mark() -> None:
    assert render.among_latin("د ب أ") == "د ب أ" + LRM
    assert render.among_latin("AFP 2025") == "AFP 2025"


def test_no_line_around_the_headlines_begins_with_a_right_to_left_letter() -> None:
    differs = [f"كلمة{number}" for number in range(40)]
    lines = [*render.facts(event()), *render.differences(copy(differs=differs))]
    directions = [unicodedata.bidirectional(char) for line in lines for char in line.text.lstrip()[:1]]
    assert len(lines) > 6
    assert not {"R", "AL"} & set(directions)


def test_lines_fit_eighty_columns() -> None:
    regions = [
        {"country": "TN", "m49": "015", "name": "Tunisia", "role": "mention", "score": number / 10}
        for number in range(9)
    ]
    lines = render.story(event(regions=regions, headline="كلمة " * 40), [copy(differs=["عدد"] * 40)])
    assert max(len(line.text.replace(LRM, "")) for line in lines) <= 80


def test_folded_stories_stand_indented_below_their_original() -> None:
    text = render.plain(render.story(event(), [copy()]))
    assert text.startswith("افتتاح جسر جديد في المدينة\n")
    assert text.endswith(
        "\n    sada: shortened copy, 100% in the original, holds 62% of it\n      جسر جديد\n"
    )


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO(), _Terminal()], ids=["pipe", "terminal"])
def test_arabic_reaches_pipes_and_terminals_unreordered(stream: io.StringIO) -> None:
    render.write(render.headline(event()), stream)
    assert "افتتاح جسر جديد في المدينة" in stream.getvalue()


def test_a_pipe_gets_no_colour() -> None:
    pipe = io.StringIO()
    render.write([render.Line("text", "bold red")], pipe)
    assert pipe.getvalue() == "text\n"
