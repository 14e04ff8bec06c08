"""Operations: lag, latency, errors, the state of dedup, and the workers."""

from __future__ import annotations

from deploy.grafana.panels import Dashboard, Panel, Query

_LAG = [
    Panel(
        "Lag in records",
        "Records of each stage's input that are not finished yet, over all partitions that a worker has.",
        "short",
        [Query('sum by (stage) (stage:wirestream_lag_records:sum{stage=~"$stage"})', "{{stage}}")],
    ),
    Panel(
        "Lag in seconds",
        "How long the oldest unfinished record of each stage's input has waited.",
        "s",
        [Query('max by (stage) (stage:wirestream_lag_seconds:max{stage=~"$stage"})', "{{stage}}")],
    ),
    Panel(
        "Lag by partition",
        "The ten partitions with most unfinished records: one far above the others is a skewed key or a slow "
        "worker.",
        "short",
        [
            Query(
                'topk(10, sum by (stage, partition) (wirestream_lag_records{stage=~"$stage"}))',
                "{{stage}} {{partition}}",
            )
        ],
    ),
]

_LATENCY = [
    Panel(
        "From arrival to event",
        "From the timestamp of a story's record to the commit of its event.",
        "s",
        [
            Query(
                f"histogram_quantile({quantile}, sum by (le) "
                '(rate(wirestream_end_to_end_seconds_bucket{language=~"$language"}[$__rate_interval])))',
                legend,
            )
            for quantile, legend in ((0.5, "half"), (0.95, "95 %"), (0.99, "99 %"))
        ],
    ),
    Panel(
        "From arrival to event, by language",
        "95 of 100 stories of a language had their event within this time. A language is one shard of dedup.",
        "s",
        [
            Query(
                "histogram_quantile(0.95, sum by (language, le) "
                '(rate(wirestream_end_to_end_seconds_bucket{language=~"$language"}[$__rate_interval])))',
                "{{language}}",
            )
        ],
    ),
    Panel(
        "Time for a batch",
        "95 of 100 batches of a stage took no longer, sends and commit included.",
        "s",
        [
            Query(
                "histogram_quantile(0.95, sum by (stage, le) "
                '(rate(wirestream_stage_seconds_bucket{stage=~"$stage"}[$__rate_interval])))',
                "{{stage}}",
            )
        ],
    ),
    Panel(
        "Records in a batch",
        "Mean size of a batch. Batches fill up when a stage falls behind.",
        "short",
        [
            Query(
                'sum by (stage) (rate(wirestream_batch_records_sum{stage=~"$stage"}[$__rate_interval])) / '
                'sum by (stage) (rate(wirestream_batch_records_count{stage=~"$stage"}[$__rate_interval]))',
                "{{stage}}",
            )
        ],
    ),
    Panel(
        "Time spent in a stage",
        "Seconds of each second that workers are busy with batches of a stage, over all workers.",
        "s",
        [
            Query(
                'sum by (stage) (rate(wirestream_stage_seconds_sum{stage=~"$stage"}[$__rate_interval]))',
                "{{stage}}",
            )
        ],
    ),
]

_FAULTS = [
    Panel(
        "Dead letters by reason",
        "Records per second that could not become a story.",
        "recps",
        [Query("sum by (reason) (rate(wirestream_dead_letters_total[$__rate_interval]))", "{{reason}}")],
        kind="stack",
    ),
    Panel(
        "Internal faults",
        "Records within the hour at which a stage itself failed, by feed; they wait in the dead letters.",
        "short",
        [
            Query(
                'sum by (stage, feed) (increase(wirestream_internal_faults_total{stage=~"$stage"}[1h]))',
                "{{stage}} {{feed}}",
            )
        ],
    ),
    Panel(
        "Where a stage failed last",
        "The offset of the last such record on each partition of the stage's input.",
        "none",
        [
            Query(
                'max by (stage, partition) (wirestream_internal_fault_offset{stage=~"$stage"})',
                "{{stage}} {{partition}}",
            )
        ],
    ),
    Panel(
        "Dead letters by feed",
        "Records per second that could not become a story, the ten worst of the chosen feeds.",
        "recps",
        [
            Query(
                "topk(10, sum by (feed) "
                '(rate(wirestream_feed_dead_letters_total{feed=~"$feed"}[$__rate_interval])))',
                "{{feed}}",
            )
        ],
        kind="stack",
    ),
    Panel(
        "Share of dead letters",
        "Dead letters of the records read, over 15 minutes.",
        "percentunit",
        [Query("max(job:wirestream_dead_letters:ratio_rate15m)")],
    ),
    Panel(
        "Stories without a topic",
        "Share of the stories that neither supplier nor classifier gave a topic, over an hour.",
        "percentunit",
        [Query("max(job:wirestream_classifier_abstentions:ratio_rate1h)")],
    ),
    Panel(
        "Redeliveries",
        "Stories per second that the ledger already knew: sent again by a producer, or read again after a "
        "worker was lost.",
        "recps",
        [Query("sum(rate(wirestream_redeliveries_total[$__rate_interval]))")],
    ),
]

_DEDUP = [
    Panel(
        "Transactions",
        "Transactions per second: committed, and aborted because their worker ended in the middle.",
        "eps",
        [Query("sum by (outcome) (rate(wirestream_transactions_total[$__rate_interval]))", "{{outcome}}")],
    ),
    Panel(
        "Stories remembered",
        "Stories of the window by shard.",
        "short",
        [Query("sum by (partition) (wirestream_index_stories)", "shard {{partition}}")],
    ),
    Panel(
        "Stories in a cluster",
        "Remembered stories for each cluster: how often a story comes.",
        "short",
        [
            Query(
                "sum by (partition) (wirestream_index_stories) / "
                "(sum by (partition) (wirestream_index_clusters) > 0)",
                "shard {{partition}}",
            )
        ],
    ),
    Panel(
        "Memory of the index",
        "Bytes that a shard's tables and index take in its worker.",
        "bytes",
        [Query("sum by (partition) (wirestream_index_bytes)", "shard {{partition}}")],
    ),
    Panel(
        "Span of the index",
        "From the earliest to the latest event time that a shard remembers; grows to `dedup.window`.",
        "s",
        [Query("max by (partition) (wirestream_index_span_seconds)", "shard {{partition}}")],
    ),
    Panel(
        "Time to take over a shard",
        "How long the last rebuild of a shard from the ledger took. Its stories wait meanwhile.",
        "s",
        [Query("max by (partition) (wirestream_rebuild_seconds)", "shard {{partition}}")],
        kind="bars",
    ),
]

_WORKERS = [
    Panel(
        "Ready",
        "1 while a worker has its partitions and gets on with its work; `/ready` says why not.",
        "bool_yes_no",
        [Query("wirestream_ready", "{{instance}}")],
        width=6,
    ),
    Panel(
        "Processor",
        "Cores that a worker uses.",
        "short",
        [
            Query(
                "rate(process_cpu_seconds_total[$__rate_interval]) "
                "and on (job, instance) wirestream_build_info",
                "{{instance}}",
            )
        ],
        width=6,
    ),
    Panel(
        "Memory",
        "Resident memory of a worker.",
        "bytes",
        [Query("process_resident_memory_bytes and on (job, instance) wirestream_build_info", "{{instance}}")],
        width=6,
    ),
    Panel(
        "Open files",
        "File descriptors of a worker, of those that it may open.",
        "percentunit",
        [
            Query(
                "process_open_fds / process_max_fds and on (job, instance) wirestream_build_info",
                "{{instance}}",
            )
        ],
        width=6,
    ),
    Panel(
        "Running since",
        "How long each worker has been running.",
        "s",
        [
            Query(
                "time() - process_start_time_seconds and on (job, instance) wirestream_build_info",
                "{{instance}}",
            )
        ],
        kind="bars",
        width=12,
    ),
    Panel(
        "Versions",
        "Workers by version of the program and of Python.",
        "short",
        [Query("count by (version, python) (wirestream_build_info)", "{{version}} on Python {{python}}")],
        kind="bars",
        width=12,
    ),
]

DASHBOARD = Dashboard(
    "wirestream-operations",
    "wirestream / Operations",
    "Lag, latency, dead letters, the state of dedup, and the workers.",
    ("stage", "language", "feed"),
    {"Lag": _LAG, "Latency": _LATENCY, "Faults": _FAULTS, "Dedup": _DEDUP, "Workers": _WORKERS},
)
