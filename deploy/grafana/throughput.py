"""Throughput: for the wall. How much comes in, how much goes out, and whether it keeps up."""

from __future__ import annotations

from deploy.grafana.panels import Dashboard, Panel, Query

_NOW = [
    Panel(
        "Stories in",
        "Records of the stories topic that annotate finished, per second.",
        "recps",
        [Query('sum(stage:wirestream_records_read:rate5m{stage="annotate"})')],
        kind="number",
        width=4,
        height=4,
    ),
    Panel(
        "Events out",
        "Story events that dedup committed, per second.",
        "eps",
        [Query("sum(job:wirestream_events:rate5m)")],
        kind="number",
        width=4,
        height=4,
    ),
    Panel(
        "Share of copies",
        "How many of the events of the last hour are copies of a story that was there before.",
        "percentunit",
        [Query("avg(job:wirestream_copies:ratio_rate1h)")],
        kind="number",
        width=4,
        height=4,
    ),
    Panel(
        "Stories in 24 hours",
        "Records that annotate finished in the last 24 hours.",
        "short",
        [Query('sum(increase(wirestream_records_read_total{stage="annotate"}[24h]))')],
        kind="number",
        width=4,
        height=4,
    ),
    Panel(
        "From arrival to event",
        "95 of 100 stories had their event within this time after they arrived on Kafka; last 5 minutes.",
        "s",
        [Query("max(job:wirestream_end_to_end_seconds:p95_rate5m)")],
        kind="number",
        width=4,
        height=4,
    ),
    Panel(
        "Longest wait",
        "How long the oldest record waits that no stage has finished.",
        "s",
        [Query("max(stage:wirestream_lag_seconds:max)")],
        kind="number",
        width=4,
        height=4,
    ),
]

_IN = [
    Panel(
        "Stories by feed",
        "Stories annotated per second, the 15 busiest of the chosen feeds.",
        "recps",
        [
            Query(
                "topk(15, sum by (feed) "
                '(rate(wirestream_feed_stories_total{feed=~"$feed"}[$__rate_interval])))',
                "{{feed}}",
            )
        ],
        kind="stack",
    ),
    Panel(
        "Stories by language",
        "Stories annotated per second, by the language of the text.",
        "recps",
        [
            Query(
                "sum by (language) "
                '(rate(wirestream_language_stories_total{language=~"$language"}[$__rate_interval]))',
                "{{language}}",
            )
        ],
        kind="stack",
    ),
    Panel(
        "Records by stage",
        "Records that each stage finished per second. Dedup follows annotate, but for dead letters.",
        "recps",
        [
            Query(
                'sum by (stage) (rate(wirestream_records_read_total{stage=~"$stage"}[$__rate_interval]))',
                "{{stage}}",
            )
        ],
    ),
]

_OUT = [
    Panel(
        "Events by decision",
        "Events committed per second: originals, copies of them, their updates and kills.",
        "eps",
        [Query("sum by (role) (rate(wirestream_events_total[$__rate_interval]))", "{{role}}")],
        kind="stack",
    ),
    Panel(
        "Events by agency",
        "Events committed per second by credited agency, the 15 most credited; `none` is uncredited copy.",
        "eps",
        [
            Query(
                "topk(15, sum by (agency) "
                '(rate(wirestream_agency_events_total{agency=~"$agency"}[$__rate_interval])))',
                "{{agency}}",
            )
        ],
        kind="stack",
    ),
    Panel(
        "Events by topic",
        "Events committed per second by top-level topic; an event counts once for each of its topics.",
        "eps",
        [Query("sum by (topic) (rate(wirestream_topic_events_total[$__rate_interval]))", "{{topic}}")],
        kind="stack",
    ),
    Panel(
        "Events by region",
        "Events committed per second by UN M49 sub-region, once for each pair of topic and region.",
        "eps",
        [
            Query(
                "sum by (region) (rate(wirestream_topic_region_events_total[$__rate_interval]))",
                "{{region}}",
            )
        ],
        kind="stack",
    ),
    Panel(
        "Events by country",
        "Events of the time range for the 15 countries most written about.",
        "short",
        [
            Query(
                "topk(15, sum by (country) (increase(wirestream_country_events_total[$__range])))",
                "{{country}}",
            )
        ],
        kind="bars",
    ),
    Panel(
        "Events to routes",
        "Events committed per second to the topics of the routes in the settings.",
        "eps",
        [
            Query(
                "sum by (topic_name) (rate(wirestream_events_routed_total[$__rate_interval]))",
                "{{topic_name}}",
            )
        ],
    ),
]

DASHBOARD = Dashboard(
    "wirestream-throughput",
    "wirestream / Throughput",
    "What comes in and goes out, by feed, language, agency, decision, topic and region. For the wall.",
    ("feed", "agency", "language", "stage"),
    {"Now": _NOW, "In": _IN, "Out": _OUT},
)
