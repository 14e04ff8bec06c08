"""Stories that are taken back, and those that come back."""

from __future__ import annotations

from tests.lifecycle.cycles.cycle import Cycle
from tests.lifecycle.messages import OTHER, OUTLET, g2, iptc7901, ninjs
from tests.lifecycle.texts import (
    BANK,
    BUDGET,
    CLUB,
    DAM,
    FLOOD,
    LIBRARY,
    MUSEUM,
    RAIL,
    REPORT,
    STRIKE,
    TELESCOPE,
    VACCINE,
    Text,
)

ROUND_UP = Text(
    "en", "The week in science", "\n\n".join(text.body for text in (VACCINE, DAM, TELESCOPE, STRIKE))
)

NOTHING = Text("en", "", "")


def kill_note(number: int, title: str | None, language: str = "en") -> Text:
    """What an agency sends on the line to take a story back."""
    if title is None:
        return Text("en", "KILL KILL KILL", f"Please kill item wir {number}. The facts are wrong.")
    if language == "ar":
        return Text("ar", "إلغاء إلغاء إلغاء", f"يرجى إلغاء الخبر رقم {number} بعنوان «{title}» لعدم صحته.")
    return Text("en", "KILL KILL KILL", f'Please kill item wir {number} "{title}". The facts are wrong.')


KILLS = (
    Cycle(
        "killed by its status, with an advisory for every copy",
        (
            ninjs("v1", MUSEUM, 0, uri="urn:wire:museum", version="1"),
            ninjs("one", MUSEUM, 10, feed=OUTLET),
            ninjs("two", MUSEUM.cut(1), 20, feed=OTHER),
            ninjs("kill", MUSEUM, 60, uri="urn:wire:museum", version="2", status="canceled"),
        ),
        (
            "v1: original",
            "one: copy of v1",
            "two: copy of v1",
            "kill: kill, kill after v1",
            "kill of one by kill",
            "kill of two by kill",
        ),
    ),
    Cycle(
        "withdrawn, in NewsML-G2, without a text",
        (
            g2("v1", VACCINE, 0, guid="urn:wire:vaccine", version=3),
            ninjs("copy", VACCINE, 10, feed=OUTLET),
            g2("kill", NOTHING, 60, guid="urn:wire:vaccine", version=4, status="stat:withdrawn"),
        ),
        ("v1: original", "copy: copy of v1", "kill: kill, kill after v1", "kill of copy by kill"),
    ),
    Cycle(
        "killed by the marker of its headline, under another identity",
        (
            ninjs("v1", CLUB, 0),
            ninjs("copy", CLUB, 30, feed=OUTLET),
            ninjs("kill", CLUB.titled("إلغاء خبر: " + CLUB.headline), 60),
        ),
        ("v1: original", "copy: copy of v1", "kill: kill, kill after v1", "kill of copy by kill"),
    ),
    Cycle(
        "killed on the line by number and title",
        (
            iptc7901("v1", BANK, 0, number=121, slug="Ostrava-rate"),
            iptc7901("else", DAM, 5, number=122, slug="Morva-dam"),
            ninjs("copy", BANK, 30, feed=OUTLET),
            iptc7901("kill", kill_note(121, BANK.headline), 60, number=140, slug="Ostrava-rate"),
        ),
        (
            "v1: original",
            "else: original",
            "copy: copy of v1",
            "kill: kill, kill after v1",
            "kill of copy by kill",
        ),
    ),
    Cycle(
        "killed on the line by its title, in Arabic",
        (
            iptc7901("v1", LIBRARY, 0, number=21, slug="مكتبة-مخطوطة"),
            ninjs("copy", LIBRARY, 30, feed=OUTLET),
            iptc7901("kill", kill_note(21, LIBRARY.headline, "ar"), 60, number=40, slug="مكتبة-مخطوطة"),
        ),
        ("v1: original", "copy: copy of v1", "kill: kill, kill after v1", "kill of copy by kill"),
    ),
    Cycle(
        "killed by a note in another language, by its number",
        (
            iptc7901("v1", FLOOD, 0, number=33, slug="وادي-سيول"),
            ninjs("copy", FLOOD, 30, feed=OUTLET),
            iptc7901("kill", kill_note(33, None), 60, number=44, slug="Valley-floods"),
        ),
        # The shard of the note does not know the story, so that an advisory must name it.
        (
            "v1: original",
            "copy: copy of v1",
            "kill: kill, kill",
            "kill of v1 by kill",
            "kill of copy by kill",
        ),
    ),
    Cycle(
        "killed before its story comes",
        (
            ninjs("kill", STRIKE, 0, uri="urn:wire:strike", version="2", status="canceled"),
            ninjs("v1", STRIKE, -10, uri="urn:wire:strike", version="1"),
            ninjs("copy", STRIKE, 20, feed=OUTLET),
        ),
        (
            "kill: kill, kill",
            "v1: copy, after-kill after kill killed by kill",
            "copy: copy of v1, after-kill killed by kill",
            "kill of copy by kill",
        ),
    ),
    Cycle(
        "a copy comes after the kill",
        (
            ninjs("v1", RAIL, 0, uri="urn:wire:rail", version="1"),
            ninjs("kill", RAIL, 30, uri="urn:wire:rail", version="2", status="canceled"),
            ninjs("late", RAIL, 60, feed=OUTLET),
        ),
        (
            "v1: original",
            "kill: kill, kill after v1",
            "late: copy of v1, after-kill killed by kill",
            "kill of late by kill",
        ),
    ),
    Cycle(
        "a round-up that holds the killed text whole is advised",
        (
            ninjs("v1", TELESCOPE, 0, uri="urn:wire:telescope", version="1"),
            ninjs(
                "roundup",
                ROUND_UP,
                30,
                feed=OUTLET,
            ),
            ninjs("kill", TELESCOPE, 60, uri="urn:wire:telescope", version="2", status="canceled"),
        ),
        ("v1: original", "roundup: original", "kill: kill, kill after v1", "kill of roundup by kill"),
    ),
    Cycle(
        "a second kill advises nobody twice",
        (
            ninjs("v1", BUDGET, 0, uri="urn:wire:budget", version="1"),
            ninjs("copy", BUDGET, 20, feed=OUTLET),
            ninjs("kill", BUDGET, 40, uri="urn:wire:budget", version="2", status="canceled"),
            ninjs("again", BUDGET, 50, uri="urn:wire:budget", version="3", status="canceled"),
        ),
        (
            "v1: original",
            "copy: copy of v1",
            "kill: kill, kill after v1",
            "kill of copy by kill",
            "again: kill, kill after kill",
        ),
    ),
    Cycle(
        "a killed story is reinstated",
        (
            ninjs("v1", REPORT, 0, uri="urn:wire:report", version="1"),
            ninjs("kill", REPORT, 20, uri="urn:wire:report", version="2", status="canceled"),
            ninjs("v3", REPORT.edited(("31 million", "13 million")), 60, uri="urn:wire:report", version="3"),
            ninjs("copy", REPORT.edited(("31 million", "13 million")), 80, feed=OUTLET),
        ),
        (
            "v1: original",
            "kill: kill, kill after v1",
            "v3: update, reinstated after kill",
            "copy: copy of v1",
        ),
    ),
)
