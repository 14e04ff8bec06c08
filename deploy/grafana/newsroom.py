"""Newsroom: who sends what, whose copy is reprinted, on what and where, and how fast."""

from __future__ import annotations

from deploy.grafana.panels import Dashboard, Panel, Query


def _of_feed(metric: str, *matchers: str) -> str:
    """How much a counter grew for each of the chosen feeds, over the time range."""
    chosen = ",".join(('feed=~"$feed"', *matchers))
    return f"sum by (feed) (increase({metric}{{{chosen}}}[$__range]))"


_SENDERS = [
    Panel(
        "Who sends what",
        "For each feed, over the time range: stories, originals and copies, the share of copies, and records "
        "that could not become a story.",
        "short",
        [
            Query(_of_feed("wirestream_feed_stories_total"), "stories"),
            Query(_of_feed("wirestream_feed_events_total", 'role="original"'), "originals"),
            Query(_of_feed("wirestream_feed_events_total", 'role="copy"'), "copies"),
            Query(
                _of_feed("wirestream_feed_events_total", 'role="copy"')
                + " / "
                + _of_feed("wirestream_feed_events_total"),
                "share of copies",
            ),
            Query(_of_feed("wirestream_feed_dead_letters_total"), "dead letters"),
        ],
        kind="table",
        width=16,
        height=12,
        units={"share of copies": "percentunit"},
    ),
    Panel(
        "Stories by language",
        "Stories of the time range by language.",
        "short",
        [
            Query(
                "sum by (language) "
                '(increase(wirestream_language_stories_total{language=~"$language"}[$__range]))',
                "{{language}}",
            )
        ],
        kind="bars",
        height=6,
    ),
    Panel(
        "Share of copies by language",
        "How many of a language's events of the time range are copies.",
        "percentunit",
        [
            Query(
                "sum by (language) (increase(wirestream_language_events_total"
                '{language=~"$language",role="copy"}[$__range])) / sum by (language) '
                '(increase(wirestream_language_events_total{language=~"$language"}[$__range]))',
                "{{language}}",
            )
        ],
        kind="bars",
        height=6,
    ),
]

_AGENCIES = [
    Panel(
        "Copies by agency",
        "Copies of the time range by the agency that they credit, the 20 most copied; `none` is uncredited.",
        "short",
        [
            Query(
                "topk(20, sum by (agency) "
                '(increase(wirestream_agency_events_total{agency=~"$agency",role="copy"}[$__range])))',
                "{{agency}}",
            )
        ],
        kind="bars",
    ),
    Panel(
        "Copies for each original",
        "Copies credited to an agency for each of its originals, over the time range.",
        "short",
        [
            Query(
                "sum by (agency) "
                '(increase(wirestream_agency_events_total{agency=~"$agency",role="copy"}[$__range])) / '
                "sum by (agency) "
                '(increase(wirestream_agency_events_total{agency=~"$agency",role="original"}[$__range]))',
                "{{agency}}",
            )
        ],
        kind="bars",
    ),
    Panel(
        "Time until the first reprint",
        "Half of an agency's stories that were reprinted had their first copy within this time; time range.",
        "s",
        [
            Query(
                "histogram_quantile(0.5, sum by (agency, le) "
                '(increase(wirestream_first_reprint_seconds_bucket{agency=~"$agency"}[$__range])))',
                "{{agency}}",
            )
        ],
        kind="bars",
    ),
    Panel(
        "Time until the first reprint, day by day",
        "Half and nine in ten of the stories that were reprinted had their first copy within this time, over "
        "the day before each moment.",
        "s",
        [
            Query(
                "histogram_quantile(0.5, sum by (le) "
                '(increase(wirestream_first_reprint_seconds_bucket{agency=~"$agency"}[1d])))',
                "half",
            ),
            Query(
                "histogram_quantile(0.9, sum by (le) "
                '(increase(wirestream_first_reprint_seconds_bucket{agency=~"$agency"}[1d])))',
                "nine in ten",
            ),
        ],
        width=24,
        height=6,
    ),
]

_ADVISORIES = [
    Panel(
        "Advisories",
        "Copies that should not be out, found in the time range: `stale` ones carry what a correction "
        "changed, `kill` is text that was taken back, a `leak` came before its embargo ended.",
        "short",
        [Query("sum by (kind) (increase(wirestream_advisories_total[$__range]))", "{{kind}}")],
        kind="bars",
        height=6,
    ),
    Panel(
        "Advisories by feed",
        "Whose copies they are about, over the time range; the 20 feeds with most.",
        "short",
        [
            Query(
                "topk(20, sum by (feed, kind) "
                '(increase(wirestream_feed_advisories_total{feed=~"$feed"}[$__range])))',
                "{{feed}} {{kind}}",
            )
        ],
        kind="bars",
        width=16,
        height=6,
    ),
]

_EMBARGOES = [
    Panel(
        "Waiting for the end of an embargo",
        "Stories that are held back until their time, by language shard.",
        "short",
        [Query("max by (partition) (wirestream_embargo_held)", "shard {{partition}}")],
        kind="stack",
        width=16,
        height=6,
    ),
    Panel(
        "Ended embargoes",
        "What became of held stories in the time range: sent on when `due` or `lifted`; never sent because "
        "another version `superseded` them or they were `killed`.",
        "short",
        [Query("sum by (outcome) (increase(wirestream_embargo_released_total[$__range]))", "{{outcome}}")],
        kind="bars",
        height=6,
    ),
]

_SUBJECTS = [
    Panel(
        "Topics by region",
        "Events of the time range about a topic in a UN M49 sub-region.",
        "short",
        [
            Query(
                "sum by (topic, region) (increase(wirestream_topic_region_events_total[$__range]))", "events"
            )
        ],
        kind="table",
        width=24,
        height=12,
        transformations=[
            ("groupingToMatrix", {"columnField": "region", "rowField": "topic", "valueField": "Value"})
        ],
    ),
    Panel(
        "Topics",
        "Events of the time range by top-level topic: originals and what was made of them.",
        "short",
        [
            Query(
                'sum by (topic) (increase(wirestream_topic_events_total{role="original"}[$__range]))',
                "originals",
            ),
            Query(
                'sum by (topic) (increase(wirestream_topic_events_total{role="copy"}[$__range]))', "copies"
            ),
        ],
        kind="table",
        width=12,
        height=10,
    ),
    Panel(
        "Countries",
        "Events of the time range by country (ISO 3166), the 25 most written about.",
        "short",
        [
            Query(
                "topk(25, sum by (country) (increase(wirestream_country_events_total[$__range])))",
                "{{country}}",
            )
        ],
        kind="bars",
        width=12,
        height=10,
    ),
]

DASHBOARD = Dashboard(
    "wirestream-newsroom",
    "wirestream / Newsroom",
    "Who sends what, copies by agency, topics by region, and how long until the first reprint.",
    ("feed", "agency", "language"),
    {
        "Senders": _SENDERS,
        "Agencies": _AGENCIES,
        "Advisories": _ADVISORIES,
        "Embargoes": _EMBARGOES,
        "Subjects": _SUBJECTS,
    },
    refresh="5m",
    since="now-24h",
)
