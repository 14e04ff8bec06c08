"""Copy that may not go out yet."""

from __future__ import annotations

from tests.lifecycle.cycles.cycle import Cycle
from tests.lifecycle.messages import AFTER, LIFT, OTHER, OUTLET, g2, iptc7901, ninjs, page
from tests.lifecycle.texts import (
    AWARD,
    BANK,
    BUDGET,
    CLUB,
    DAM,
    FERRY,
    FLOOD,
    LIBRARY,
    MUSEUM,
    PORT,
    POWER,
    RAIL,
    REPORT,
    STRIKE,
    TELESCOPE,
    VACCINE,
)

EMBARGOED = "EMBARGOED UNTIL {lift}"

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
