"""Running stories in parts, and stories that only look like one."""

from __future__ import annotations

from tests.lifecycle.cycles.cycle import Cycle
from tests.lifecycle.messages import OTHER, OUTLET, WIRE, anpa, iptc7901, ninjs
from tests.lifecycle.texts import (
    BANK,
    CLUB,
    DAM,
    FERRY,
    FLOOD,
    HURT,
    MUSEUM,
    PORT,
    REPORT,
    STRIKE,
    TELESCOPE,
    VACCINE,
    Text,
)

# A ferry of another agency: the same facts, told by somebody else.
RIVAL = Text(
    "en",
    "Dozen injured as Sael passenger ship hits sandbank",
    """Twelve people were injured on Monday when a passenger ship on its way from the island of Sael to the \
mainland hit a sandbank and heeled over, rescuers reported.

The ship had left port a little late. Her master spoke of a rudder that would not answer; tugs and a \
helicopter brought everybody, some 140 men, women and children, safely to shore before midnight.

No more night boats will go until the cause is known, the owners announced; the ministry looks into it.""",
)

TAKES = (
    Cycle(
        "three takes make one story",
        (
            iptc7901("t1", REPORT.only(0, 1), 0, number=1, slug="Tarn-roads", tags="1ST TAKE"),
            iptc7901("t2", REPORT.only(2), 5, number=2, slug="Tarn-roads", tags="2ND TAKE"),
            iptc7901("t3", REPORT.only(3), 10, number=3, slug="Tarn-roads", tags="3RD TAKE"),
        ),
        (
            "t1: original",
            "t2: update, take after t1, 3 paragraphs",
            "t3: update, take after t2, 4 paragraphs",
        ),
    ),
    Cycle(
        "takes come out of order",
        (
            iptc7901("t2", DAM.only(2), 5, number=2, slug="Morva-dam", tags="2ND TAKE"),
            iptc7901("t1", DAM.only(0, 1), 0, number=1, slug="Morva-dam", tags="1ST TAKE"),
            iptc7901("t3", DAM.only(3), 10, number=3, slug="Morva-dam", tags="3RD TAKE"),
        ),
        (
            "t2: original",
            "t1: update, take after t2, 3 paragraphs",
            "t3: update, take after t1, 4 paragraphs",
        ),
    ),
    Cycle(
        "an addition by the headline, in Arabic",
        (
            ninjs("first", PORT.only(0, 1, 2), 0),
            ninjs("add", PORT.only(3).titled(PORT.headline + " / إضافة أولى وأخيرة"), 10),
        ),
        ("first: original", "add: update, take after first, 4 paragraphs"),
    ),
    Cycle(
        "an add on an American line",
        (
            anpa("first", BANK.only(0, 1), 0, number=31, slug="BC-XX--Ostrava-Bank"),
            anpa("add", BANK.only(2, 3), 10, number=32, slug="BC-XX--Ostrava-Bank", version="1st Add"),
        ),
        ("first: original", "add: update, take after first, 4 paragraphs"),
    ),
    Cycle(
        "a lead takes the place of the story under its slug",
        (
            iptc7901("first", FERRY, 0, number=11, slug="Sael-ferry"),
            ninjs("copy", FERRY, 10, feed=OUTLET),
            iptc7901("lead", HURT, 45, number=19, slug="Sael-ferry", tags="1ST LEAD"),
        ),
        (
            "first: original",
            "copy: copy of first",
            "lead: update, update after first, 12→21, stale copy",
            "stale of copy by lead, 12→21",
        ),
    ),
    Cycle(
        "a lead in Arabic",
        (
            iptc7901("first", FLOOD, 0, number=12, slug="وادي-سيول"),
            iptc7901(
                "lead",
                FLOOD.edited(("9 أشخاص", "11 شخصا")),
                45,
                number=18,
                slug="وادي-سيول",
                tags="مقدمة أولى",
            ),
        ),
        ("first: original", "lead: update, update after first, 9→11"),
    ),
    Cycle(
        "a write-through, and another",
        (
            anpa("first", STRIKE, 0, number=41, slug="BC-XX--Varn-Strike"),
            anpa(
                "second",
                STRIKE.more("The railway said that most night trains would run again from Thursday."),
                30,
                number=52,
                slug="BC-XX--Varn-Strike",
                version="1st Ld-Writethru",
            ),
            anpa(
                "third",
                STRIKE.edited(("8,600", "9,700")),
                60,
                number=67,
                slug="BC-XX--Varn-Strike",
                version="2nd Ld-Writethru",
            ),
        ),
        (
            "first: original",
            "second: update, update after first",
            "third: update, update after second, 8,600→9,700",
        ),
    ),
    Cycle(
        "numbered updates under one slug",
        (
            ninjs("first", MUSEUM, 0, slugline="LINDHAVEN-THEFT/"),
            ninjs(
                "update",
                MUSEUM.edited(("7 paintings", "9 paintings")).titled("UPDATE 1-" + MUSEUM.headline),
                40,
                slugline="LINDHAVEN-THEFT/",
            ),
        ),
        ("first: original", "update: update, update after first, 7→9"),
    ),
    Cycle(
        "flash, urgent and story are versions of one item",
        (
            ninjs("flash", CLUB.flash(), 0, uri="urn:wire:club", version="1", urgency=1),
            ninjs("urgent", CLUB.only(0), 5, uri="urn:wire:club", version="2", urgency=2),
            ninjs("story", CLUB, 30, uri="urn:wire:club", version="3", urgency=3),
        ),
        ("flash: original", "urgent: update, update after flash", "story: update, update after urgent"),
    ),
    Cycle(
        "a slug of the next day is another story's",
        (
            iptc7901("today", VACCINE, 0, number=81, slug="Politics"),
            iptc7901("tomorrow", TELESCOPE, 24 * 60, number=81, slug="Politics", tags="1ST LEAD"),
        ),
        ("today: original", "tomorrow: original"),
    ),
    Cycle(
        "two stories of a day bear one slug",
        (
            iptc7901("one", VACCINE, 0, number=82, slug="Politics"),
            iptc7901("two", REPORT, 30, number=83, slug="Politics"),
        ),
        ("one: original", "two: original"),
    ),
    Cycle(
        "a lead under a slug that another story bears",
        (
            iptc7901("one", DAM, 0, number=84, slug="Politics"),
            iptc7901("two", MUSEUM, 30, number=85, slug="Politics", tags="1ST LEAD"),
        ),
        ("one: original", "two: original"),
    ),
    Cycle(
        "two agencies report the same facts in words of their own",
        (
            ninjs("first", FERRY, 0, feed=WIRE),
            ninjs("second", RIVAL, 10, feed=OTHER),
            ninjs("again", RIVAL.edited(("some 140", "some 150")), 30, feed=OTHER, uri="urn:other:second"),
        ),
        ("first: original", "second: original", "again: update, update after second, 140→150"),
    ),
)
