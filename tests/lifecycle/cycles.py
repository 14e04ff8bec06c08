"""Lives of stories: what is sent, in order, and the events that must come of it.

Every cycle is a world of its own: its feeds, identities and numbers are nobody else's. Where an embargo is
concerned, messages dated `AFTER` are sent once it has ended.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.lifecycle import texts
from tests.lifecycle.messages import (
    AFTER,
    LIFT,
    OTHER,
    OUTLET,
    WIRE,
    Message,
    anpa,
    g2,
    iptc7901,
    newsml1,
    ninjs,
    page,
    rss,
)
from tests.lifecycle.texts import Text


@dataclass(frozen=True, slots=True)
class Cycle:
    """`title` says what happens. `told` are the events in order, as `told.told` writes them."""

    title: str
    sent: tuple[Message, ...]
    told: tuple[str, ...]


FERRY, DAM, BANK, MUSEUM = texts.FERRY, texts.DAM, texts.BANK, texts.MUSEUM
STRIKE, VACCINE, REPORT, TELESCOPE = texts.STRIKE, texts.VACCINE, texts.REPORT, texts.TELESCOPE
PORT, FLOOD, CLUB, LIBRARY = texts.PORT, texts.FLOOD, texts.CLUB, texts.LIBRARY
POWER, AWARD, BUDGET, RAIL = texts.POWER, texts.AWARD, texts.BUDGET, texts.RAIL

HURT = FERRY.edited(("12 passengers", "21 passengers"))
RENAMED = PORT.edited(("سالم الدوحان", "سالم الدوسري"))
LONGER = DAM.more(
    "The water board promised to publish what divers find, and to pay for hotel rooms until then."
)
ROUND_UP = Text(
    "en", "The week in science", "\n\n".join(text.body for text in (VACCINE, DAM, TELESCOPE, STRIKE))
)
# A shorter text with another number in one place would be another story: the next of a series.
LONG_STRIKE = STRIKE.more(
    "In the western valleys villagers shared their cars, and a dairy lent its lorries to a school so that "
    "pupils could sit their examinations. Hoteliers near the station reported that every bed was taken."
)
NOTHING = Text("en", "", "")
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
EMBARGOED = "EMBARGOED UNTIL {lift}"


def kill_note(number: int, title: str | None, language: str = "en") -> Text:
    """What an agency sends on the line to take a story back."""
    if title is None:
        return Text("en", "KILL KILL KILL", f"Please kill item wir {number}. The facts are wrong.")
    if language == "ar":
        return Text("ar", "إلغاء إلغاء إلغاء", f"يرجى إلغاء الخبر رقم {number} بعنوان «{title}» لعدم صحته.")
    return Text("en", "KILL KILL KILL", f'Please kill item wir {number} "{title}". The facts are wrong.')


VERSIONS = (
    Cycle(
        "versions rise, though not one by one",
        (
            g2("v1", FERRY, 0, guid="urn:wire:ferry", version=10),
            g2("v2", HURT, 30, guid="urn:wire:ferry", version=484616934, signal="sig:update"),
            g2(
                "v3",
                HURT.edited(("Three tugs", "Four tugs")),
                60,
                guid="urn:wire:ferry",
                version=1132689232,
            ),
        ),
        ("v1: original", "v2: update, update after v1, 12→21", "v3: update, update after v2"),
    ),
    Cycle(
        "an equal version is a repeat",
        (
            ninjs("v1", CLUB, 0, uri="urn:wire:club", version="2"),
            ninjs("again", CLUB, 20, uri="urn:wire:club", version="2"),
        ),
        ("v1: original", "again: copy of v1, repeat after v1"),
    ),
    Cycle(
        "a lower version comes late and replaces nothing",
        (
            ninjs("v1", BUDGET, 0, uri="urn:wire:budget", version="1"),
            ninjs("v3", BUDGET.edited(("310 مليارات", "330 مليارا")), 40, uri="urn:wire:budget", version="3"),
            ninjs("v2", BUDGET.edited(("310 مليارات", "320 مليارا")), 20, uri="urn:wire:budget", version="2"),
            ninjs("copy", BUDGET.edited(("310 مليارات", "330 مليارا")), 50, feed=OUTLET),
        ),
        (
            "v1: original",
            "v3: update, update after v1, 310→330",
            "v2: copy of v1, late after v3",
            "copy: copy of v1",
        ),
    ),
    Cycle(
        "an update that adds makes no copy stale",
        (
            g2("v1", DAM, 0, guid="urn:wire:dam", version=1),
            ninjs("copy", DAM, 20, feed=OUTLET),
            g2("v2", LONGER, 40, guid="urn:wire:dam", version=2, signal="sig:update"),
        ),
        ("v1: original", "copy: copy of v1", "v2: update, update after v1"),
    ),
    Cycle(
        "a revision of NewsML 1.2",
        (
            newsml1("r1", MUSEUM, 0, item="museum", revision=1),
            newsml1(
                "r2",
                MUSEUM.edited(("7 paintings", "9 paintings")),
                30,
                item="museum",
                revision=2,
                previous=1,
            ),
        ),
        ("r1: original", "r2: update, update after r1, 7→9"),
    ),
    Cycle(
        "a feed sends a changed text under one guid, and an older crawl of it comes late",
        (
            rss("first", RAIL, 0, guid="rail-1", updated=0),
            rss("second", RAIL.edited(("75 دقيقة", "85 دقيقة")), 0, guid="rail-1", updated=60),
            rss("between", RAIL.edited(("75 دقيقة", "80 دقيقة")), 0, guid="rail-1", updated=30),
        ),
        (
            "first: original",
            "second: update, update after first, 75→85",
            "between: copy of first, late after second",
        ),
    ),
    Cycle(
        "a feed without times: a changed text is a new version",
        (
            rss("first", AWARD, 0, guid="award-1"),
            rss("second", AWARD.edited(("60 ألف", "90 ألف")), 0, guid="award-1"),
        ),
        ("first: original", "second: update, update after first, 60→90"),
    ),
    Cycle(
        "a page is changed",
        (
            page("first", LIBRARY, 0, address="https://paper.example/library", changed=0),
            page(
                "second",
                LIBRARY.edited(("84 ورقة", "48 ورقة")),
                0,
                address="https://paper.example/library",
                changed=90,
            ),
        ),
        ("first: original", "second: update, update after first, 84→48"),
    ),
)

CORRECTIONS = (
    Cycle(
        "a correction makes the copies stale that carry what was wrong",
        (
            g2("v1", FERRY, 0, guid="urn:wire:ferry", version=1),
            ninjs("early", FERRY, 20, feed=OUTLET),
            ninjs("short", FERRY.cut(1), 25, feed=OTHER),
            g2("v2", HURT, 60, guid="urn:wire:ferry", version=2, signal="sig:correction"),
        ),
        (
            "v1: original",
            "early: copy of v1",
            "short: copy of v1",
            "v2: update, update after v1, 12→21, stale early short",
            "stale of early by v2, 12→21",
            "stale of short by v2, 12→21",
        ),
    ),
    Cycle(
        "a new version with another name is a correction in effect",
        (
            ninjs("v1", PORT, 0, uri="urn:wire:port", version="1"),
            ninjs("copy", PORT, 30, feed=OUTLET),
            ninjs("v2", RENAMED, 60, uri="urn:wire:port", version="2"),
        ),
        (
            "v1: original",
            "copy: copy of v1",
            "v2: update, update after v1, الدوحان→الدوسري, stale copy",
            "stale of copy by v2, الدوحان→الدوسري",
        ),
    ),
    Cycle(
        "a correction comes under an identity of its own",
        (
            ninjs("v1", BANK, 0),
            ninjs("copy", BANK, 20, feed=OUTLET),
            ninjs(
                "corrected",
                BANK.edited(("9.1 percent", "8.1 percent")).titled("CORRECTED-" + BANK.headline),
                50,
            ),
        ),
        (
            "v1: original",
            "copy: copy of v1",
            "corrected: update, update after v1, 9.1→8.1, stale copy",
            "stale of copy by corrected, 9.1→8.1",
        ),
    ),
    Cycle(
        "a copy of the old version comes after the correction",
        (
            ninjs("v1", FLOOD, 0, uri="urn:wire:flood", version="1"),
            ninjs("v2", FLOOD.edited(("9 أشخاص", "11 شخصا")), 30, uri="urn:wire:flood", version="2"),
            ninjs("slow", FLOOD, 60, feed=OUTLET),
            ninjs("quick", FLOOD.edited(("9 أشخاص", "11 شخصا")), 70, feed=OTHER),
        ),
        (
            "v1: original",
            "v2: update, update after v1, 9→11",
            "slow: copy of v1, stale, 9→11",
            "stale of slow by v2, 9→11",
            "quick: copy of v1",
        ),
    ),
    Cycle(
        "a copy that is corrected already is not stale",
        (
            g2("v1", LONG_STRIKE, 0, guid="urn:wire:strike", version=1),
            ninjs("old", LONG_STRIKE, 20, feed=OUTLET),
            ninjs("right", LONG_STRIKE.edited(("8,600", "6,800")), 30, feed=OTHER),
            g2(
                "v2",
                LONG_STRIKE.edited(("8,600", "6,800")),
                60,
                guid="urn:wire:strike",
                version=2,
                ednote="Corrects figure in paragraph 2",
            ),
        ),
        (
            "v1: original",
            "old: copy of v1",
            "right: copy of v1",
            "v2: update, update after v1, 8,600→6,800, stale old",
            "stale of old by v2, 8,600→6,800",
        ),
    ),
    Cycle(
        "an outlet that corrects its page is stale no more",
        (
            ninjs("v1", POWER, 0, uri="urn:wire:power", version="1"),
            page("paper", POWER, 20, address="https://paper.example/power"),
            ninjs("v2", POWER.edited(("320 ألف", "230 ألف")), 40, uri="urn:wire:power", version="2"),
            page(
                "better",
                POWER.edited(("320 ألف", "230 ألف")),
                20,
                address="https://paper.example/power",
                changed=60,
            ),
            ninjs(
                "v3",
                POWER.edited(("320 ألف", "230 ألف"), ("3 فجرا", "5 فجرا")),
                80,
                uri="urn:wire:power",
                version="3",
            ),
        ),
        (
            "v1: original",
            "paper: copy of v1",
            "v2: update, update after v1, 320→230, stale paper",
            "stale of paper by v2, 320→230",
            "better: update, update after paper, 320→230",
            "v3: update, update after v2, 3→5, stale better",
            "stale of better by v3, 3→5",
        ),
    ),
)

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

# Told as if all but what is dated `AFTER` were sent before the embargo has ended.
EMBARGOES = (
    Cycle(
        "held until its time, then released",
        (
            ninjs("v1", VACCINE, 0, embargo=LIFT),
            ninjs("other", MUSEUM, 10),
            ninjs("later", DAM, AFTER),
        ),
        ("other: original", "v1: original", "later: original"),
    ),
    Cycle(
        "held on the line by what its tag says",
        (
            iptc7901("v1", LIBRARY, 0, number=71, slug="مكتبة", tags=EMBARGOED),
            ninjs("other", CLUB, 10),
        ),
        ("other: original", "v1: original"),
    ),
    Cycle(
        "an embargo that has ended holds nothing",
        (ninjs("v1", PORT, 0, embargo=-30), ninjs("copy", PORT, 10, feed=OUTLET)),
        ("v1: original", "copy: copy of v1"),
    ),
    Cycle(
        "a new version lifts the embargo",
        (
            g2("v1", TELESCOPE, 0, guid="urn:wire:telescope", version=1, embargo=LIFT),
            g2("v2", TELESCOPE, 10, guid="urn:wire:telescope", version=2),
        ),
        ("v2: update, update after v1",),
    ),
    Cycle(
        "the same version without the embargo lifts it",
        (
            ninjs("v1", AWARD, 0, uri="urn:wire:award", version="1", embargo=LIFT),
            ninjs("free", AWARD, 10, uri="urn:wire:award", version="1"),
        ),
        ("v1: original", "free: copy of v1, repeat after v1"),
    ),
    Cycle(
        "corrected while it is held: what was wrong never goes out",
        (
            ninjs("v1", BUDGET, 0, uri="urn:wire:budget", version="1", embargo=LIFT),
            ninjs(
                "v2",
                BUDGET.edited(("45 مليارا", "54 مليارا")),
                10,
                uri="urn:wire:budget",
                version="2",
                embargo=LIFT,
            ),
        ),
        ("v2: update, update after v1, 45→54",),
    ),
    Cycle(
        "killed while it is held: it never goes out",
        (
            ninjs("v1", REPORT, 0, uri="urn:wire:report", version="1", embargo=LIFT),
            ninjs("kill", REPORT, 10, uri="urn:wire:report", version="2", status="canceled"),
            ninjs("later", STRIKE, AFTER),
        ),
        ("kill: kill, kill after v1", "later: original"),
    ),
    Cycle(
        "an outlet breaks the embargo: its copy is a leak, and is held as well",
        (
            ninjs("v1", BANK, 0, embargo=LIFT),
            page("leaked", BANK.cut(1), 20, address="https://paper.example/bank"),
            ninjs("later", BANK, AFTER, feed=OTHER),
        ),
        ("leak of leaked by v1", "v1: original", "leaked: copy of v1", "later: copy of v1"),
    ),
    Cycle(
        "an outlet was first: its copy is a leak once the embargo is known",
        (
            page("early", FLOOD, 0, address="https://paper.example/flood"),
            ninjs("v1", FLOOD, 20, embargo=LIFT),
        ),
        ("early: original", "leak of early by v1", "v1: copy"),
    ),
    Cycle(
        "an outlet takes its leak back, and the embargo lasts",
        (
            ninjs("v1", FERRY, 0, embargo=LIFT),
            ninjs("leaked", FERRY, 10, feed=OUTLET, uri="urn:outlet:ferry", version="1"),
            ninjs("gone", FERRY, 20, feed=OUTLET, uri="urn:outlet:ferry", version="2", status="canceled"),
        ),
        ("leak of leaked by v1", "gone: kill, kill after leaked", "v1: original"),
    ),
    Cycle(
        "another desk keeps the embargo: its copy is no leak",
        (
            ninjs("v1", RAIL, 0, embargo=LIFT),
            ninjs("kept", RAIL, 20, feed=OUTLET, embargo=LIFT),
        ),
        ("v1: original", "kept: copy of v1"),
    ),
    Cycle(
        "an embargo of unknown end holds until a version comes without one",
        (
            ninjs("v1", POWER, 0, uri="urn:wire:power", version="1", ednote="محظور النشر"),
            ninjs("leaked", POWER, 10, feed=OUTLET),
            ninjs("v2", POWER, 20, uri="urn:wire:power", version="2"),
        ),
        ("leak of leaked by v1", "v2: update, update after v1", "leaked: copy of v1"),
    ),
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
            ninjs("flash", texts.CLUB.flash(), 0, uri="urn:wire:club", version="1", urgency=1),
            ninjs("urgent", texts.CLUB.only(0), 5, uri="urn:wire:club", version="2", urgency=2),
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

CYCLES = (*VERSIONS, *CORRECTIONS, *KILLS, *EMBARGOES, *TAKES)
