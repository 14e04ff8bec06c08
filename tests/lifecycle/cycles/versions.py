"""Items that are sent again, changed or not, in order or not."""

from __future__ import annotations

from tests.lifecycle.cycles.cycle import Cycle
from tests.lifecycle.messages import OUTLET, g2, newsml1, ninjs, page, rss
from tests.lifecycle.texts import AWARD, BUDGET, CLUB, DAM, FERRY, HURT, LIBRARY, MUSEUM, RAIL

LONGER = DAM.more(
    "The water board promised to publish what divers find, and to pay for hotel rooms until then."
)

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
