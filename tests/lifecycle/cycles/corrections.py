"""Facts that are corrected, and the copies that still carry them."""

from __future__ import annotations

from tests.lifecycle.cycles.cycle import Cycle
from tests.lifecycle.messages import OTHER, OUTLET, g2, ninjs, page
from tests.lifecycle.texts import BANK, FERRY, FLOOD, HURT, PORT, POWER, STRIKE

RENAMED = PORT.edited(("سالم الدوحان", "سالم الدوسري"))
# A shorter text with another number in one place would be another story: the next of a series.
LONG_STRIKE = STRIKE.more(
    "In the western valleys villagers shared their cars, and a dairy lent its lorries to a school so that "
    "pupils could sit their examinations. Hoteliers near the station reported that every bed was taken."
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
