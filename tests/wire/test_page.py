from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from stream.errors import Reason, Rejected
from stream.model import Story

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

FOLDER = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
PROSE = (
    "The council voted on Tuesday to rebuild the old harbour wall, which a storm broke in three places last "
    "winter. Work starts in June and will take two years, the mayor said."
)


def expected(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return loaded


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("name", NAMES)
def test_a_page_gives_its_story_and_nothing_around_it(name: str, read: Read) -> None:
    story = read((FOLDER / f"{name}.html").read_bytes())
    assert story.format == "page"
    assert story.body == "\n\n".join(expected(name)["paragraphs"])
    assert story.headline == expected(name)["headline"]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_gives_what_it_says_of_itself(name: str, read: Read) -> None:
    story = read((FOLDER / f"{name}.html").read_bytes())
    wanted = expected(name)["html"]
    published = wanted["published_at"]
    assert story.sections == tuple(wanted["sections"])
    assert (story.language, story.provider, story.byline) == (
        wanted["language"],
        wanted["provider"],
        wanted["byline"],
    )
    assert story.published_at == (datetime.fromisoformat(published) if published else None)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_page_copied_as_text_gives_the_same_story(name: str, read: Read) -> None:
    story = read((FOLDER / f"{name}.txt").read_bytes())
    assert story.format == "plain"
    assert story.body == "\n\n".join(expected(name)["paragraphs"])
    assert story.headline == expected(name)["headline"]
    assert story.sections == tuple(expected(name)["copied"]["sections"])


def test_canonical_address_is_the_identity_of_a_page(read: Read) -> None:
    head = '<link rel="canonical" href="https://paper.example/a/1">'
    assert read(page(f"<p>{PROSE}</p>", head)).uri == "https://paper.example/a/1"


def test_a_page_without_a_story_is_rejected_as_such(refuse: Refuse) -> None:
    form = "<nav><a href=/>Home</a></nav><form><label>User</label><input><button>Log in</button></form>"
    assert refuse(page(form)).reason is Reason.NO_STORY


def test_a_frameset_is_no_story(refuse: Refuse) -> None:
    assert refuse("<html><frameset><frame src=a></frameset></html>").reason is Reason.NO_STORY


@pytest.mark.parametrize(
    "zero", ["0001-01-01T00:00:00Z", "-0001-11-30T00:00:00+00:00", "0000-00-00 00:00:00"]
)
def test_a_zero_date_of_a_template_counts_as_no_date(zero: str, read: Read) -> None:
    head = f'<meta property="article:published_time" content="{zero}">'
    assert read(page(f"<p>{PROSE}</p>", head)).published_at is None


@pytest.mark.parametrize("impossible", ["0000-05-01T10:00:00Z", "2999-01-01T00:00:00Z"])
def test_an_impossible_date_rejects_the_page(impossible: str, refuse: Refuse) -> None:
    head = f'<meta property="article:published_time" content="{impossible}">'
    assert refuse(page(f"<p>{PROSE}</p>", head)).reason is Reason.DATE


def test_one_good_date_is_enough(read: Read) -> None:
    head = (
        '<meta property="article:published_time" content="2999-01-01T00:00:00Z">'
        '<meta name="date" content="2026-05-12">'
    )
    published = read(page(f"<p>{PROSE}</p>", head)).published_at
    assert published is not None
    assert published.isoformat() == "2026-05-12T00:00:00+00:00"


def test_a_page_in_a_declared_one_byte_set_is_decoded(read: Read) -> None:
    text = (
        "أعلنت الوزارة اليوم الأربعاء افتتاح المستشفى الجديد في المدينة بعد أعمال استمرت ثلاثة أعوام كاملة."
    )
    html = f'<html><head><meta charset="windows-1256"></head><body><p>{text}</p></body></html>'
    assert read(html.encode("windows-1256")).body == text


def test_a_broken_character_outside_the_story_is_passed_over(read: Read) -> None:
    html = page(f"<div><p>{PROSE}</p><p>{PROSE.upper()}</p></div><!-- {'é' * 5000} -->").encode()
    assert read(html.replace(b"-->", b"\xc3 -->")).body.startswith(PROSE)


def test_a_broken_character_inside_the_story_is_a_charset_fault(refuse: Refuse) -> None:
    html = page(f"<p>{PROSE} Caf\u00e9.</p><!-- {'é' * 5000} -->").encode()
    assert refuse(html.replace(b"Caf\xc3\xa9", b"Caf\xc3")).reason is Reason.CHARSET


def test_misread_text_of_a_page_is_repaired(read: Read) -> None:
    text = (
        "أعلنت الوزارة اليوم الأربعاء افتتاح المستشفى الجديد في المدينة بعد أعمال استمرت ثلاثة أعوام كاملة."
    )
    misread = text.encode("windows-1256").decode("latin-1")
    assert read(page(f"<p>{misread}</p>")).body == text


def test_an_external_entity_is_not_resolved(read: Read) -> None:
    html = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        f"<html><body><p>{PROSE} &e;</p></body></html>"
    )
    assert "root:" not in read(html).body


def test_the_site_name_is_no_part_of_the_headline(read: Read) -> None:
    site = '<meta property="og:site_name" content="Coast Mail">'
    head = f"<title>Harbour wall to be rebuilt - Coast Mail</title>{site}"
    assert read(page(f"<p>{PROSE}</p>", head)).headline == "Harbour wall to be rebuilt"


def test_a_heading_that_is_the_logo_is_no_headline(read: Read) -> None:
    head = "<title>Harbour wall to be rebuilt</title>"
    assert read(page(f"<h1>Coast Mail</h1><p>{PROSE}</p>", head)).headline == "Harbour wall to be rebuilt"


def test_a_heading_that_names_the_section_is_no_headline(read: Read) -> None:
    head = "<title>Coast: harbour wall to be rebuilt after the storm</title>"
    story = read(page(f"<h1>Coast</h1><p>{PROSE}</p>", head))
    assert story.headline == "Coast: harbour wall to be rebuilt after the storm"


def test_a_box_of_links_in_the_middle_does_not_end_the_story(read: Read) -> None:
    later = PROSE.replace("Tuesday", "Monday")
    html = page(
        f"<article><p>{PROSE}</p><h3>Most read</h3><p>{later}</p><p>{later} More of it.</p></article>"
    )
    assert later in read(html).body


def test_the_text_of_the_structured_data_stands_in_for_a_page_drawn_by_scripts(read: Read) -> None:
    data = json.dumps(
        {"@type": "NewsArticle", "headline": "Wall", "articleBody": f"{PROSE}\n\n{PROSE.upper()}"}
    )
    head = f'<script type="application/ld+json">{data}</script>'
    assert read(page("<div id=app></div>", head)).body == f"{PROSE}\n\n{PROSE.upper()}"


def test_broken_structured_data_is_passed_over(read: Read) -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
    assert read(page(f"<p>{PROSE}</p>", head)).body == PROSE


def test_a_page_of_fonts_that_are_never_closed_is_read_to_its_end(read: Read) -> None:
    body = "".join(f"<font>{number}. {PROSE}<br><br>" for number in range(400))
    assert f"399. {PROSE}" in read(page(f"<h1>Harbour</h1><div>{body}</div>")).body


@pytest.mark.parametrize(("deep", "more"), [(2100, 0), (300, 2000)])
def test_a_page_that_nests_deeper_than_it_can_be_read_is_refused(
    deep: int, more: int, refuse: Refuse
) -> None:
    body = f"<p>{PROSE}</p>{'<font>' * deep}{'<br>' * more}{PROSE}"
    assert refuse(page(body)).reason is Reason.TOO_LARGE


def test_too_many_tags_are_refused_before_they_are_parsed(refuse: Refuse) -> None:
    assert refuse("<html><body>" + "<p>word" * 30_000).reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:modified_time" content="2026-05-06T15:00:00Z">',
        '<script type="application/ld+json">{"@type":"Article","dateModified":"2026-05-06T15:00Z"}</script>',
        '<meta name="dateModified" content="now"><meta name="dcterms.modified" content="2026-05-06T15:00Z">',
    ],
)
def test_when_a_page_was_changed_is_kept(head: str, read: Read) -> None:
    story = read(page(f"<article><h1>Harbour wall to be rebuilt</h1><p>{PROSE}</p></article>", head))
    assert story.revised_at is not None
    assert story.revised_at.isoformat() == "2026-05-06T15:00:00+00:00"
