"""Panels and dashboards as plain values, and how Grafana's own library makes JSON of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from grafana_foundation_sdk.builders import bargauge, common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import (
    BigValueGraphMode,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    DataSourceRef,
    DataTransformerConfig,
    DynamicConfigValue,
    VariableOption,
    VariableRefresh,
    VariableSort,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

# The data source is chosen on the dashboard, so that one JSON fits every installation.
_SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
_VARIABLES = {
    "feed": ("Feed", "label_values(wirestream_feed_stories_total, feed)"),
    "agency": ("Agency", "label_values(wirestream_agency_events_total, agency)"),
    "language": ("Language", "label_values(wirestream_language_stories_total, language)"),
    "stage": ("Stage", "label_values(wirestream_records_read_total, stage)"),
}

# What Grafana calls the queries of a panel.
_REFS = "ABCDEFGH"

Kind = Literal["lines", "stack", "number", "bars", "table"]


@dataclass(frozen=True, slots=True)
class Query:
    """A query and how its series are called: in a table, `legend` is the name of its column of values."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `unit` is Grafana's id of it, `width` of 24 columns. Numbers, bars and tables show one
    moment, lines and stacks the time range. `transformations` are Grafana's (id, options), `units` those of
    single columns of a table."""

    title: str
    description: str
    unit: str
    queries: Sequence[Query]
    kind: Kind = "lines"
    width: int = 8
    height: int = 8
    units: Mapping[str, str] = field(default_factory=dict)
    transformations: Sequence[tuple[str, Mapping[str, Any]]] = ()


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Rows of panels by title. `variables` are those that its queries use; `refresh` and `since` suit its
    readers."""

    uid: str
    title: str
    description: str
    variables: Sequence[str]
    rows: Mapping[str, Sequence[Panel]]
    refresh: str = "30s"
    since: str = "now-6h"


def render(board: Dashboard) -> str:
    """The dashboard's JSON, the same for the same value."""
    built = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .description(board.description)
        .tags(["wirestream"])
        .refresh(board.refresh)
        .time(board.since, "now")
        .timezone("utc")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .link(
            dashboard.DashboardLink("wirestream")
            .type(DashboardLinkType.DASHBOARDS)
            .tags(["wirestream"])
            .include_vars(True)
            .keep_time(True)
        )
        .with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"))
    )
    for name in board.variables:
        built.with_variable(_variable(name))
    numbers = count(1)
    for title, panels in board.rows.items():
        built.with_row(dashboard.Row(title).id(next(numbers)))
        for panel in panels:
            built.with_panel(_panel(panel).id(next(numbers)))
    text: str = JSONEncoder(sort_keys=True, indent=2, ensure_ascii=False).encode(built.build())
    return text + "\n"


def _variable(name: str) -> dashboard.QueryVariable:
    label, query = _VARIABLES[name]
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(_SOURCE)
        .query(query)
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .current(VariableOption(selected=True, text="All", value="$__all"))
    )


def _panel(panel: Panel) -> Any:
    built = _KINDS[panel.kind](panel)
    built.title(panel.title).description(panel.description).unit(panel.unit).datasource(_SOURCE)
    built.span(panel.width).height(panel.height)
    for query in zip(_REFS, panel.queries, strict=False):
        built.with_target(_target(panel, *query))
    for name, options in (*_columns(panel), *panel.transformations):
        built.with_transformation(DataTransformerConfig(id_val=name, options=dict(options)))
    return built


def _columns(panel: Panel) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """One table of a panel's several queries, which have their labels in common."""
    if panel.kind != "table" or len(panel.queries) == 1:
        return ()
    names = {f"Value #{ref}": query.legend for ref, query in zip(_REFS, panel.queries, strict=False)}
    return (("merge", {}), ("organize", {"excludeByName": {"Time": True}, "renameByName": names}))


def _target(panel: Panel, ref: str, query: Query) -> prometheus.Dataquery:
    target = prometheus.Dataquery().expr(query.expr).ref_id(ref)
    if panel.kind in ("lines", "stack"):
        return target.range().legend_format(query.legend)
    if panel.kind == "table":
        return target.instant().format(PromQueryFormat.TABLE)
    return target.instant().legend_format(query.legend)


def _lines(panel: Panel) -> timeseries.Panel:
    many = len(panel.queries) > 1 or "{{" in panel.queries[0].legend
    return (
        timeseries.Panel()
        .line_width(1)
        .fill_opacity(5)
        .min(0)
        .legend(
            common.VizLegendOptions()
            .show_legend(many)
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
        )
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING))
    )


def _stack(panel: Panel) -> timeseries.Panel:
    return (
        _lines(panel).fill_opacity(40).stacking(common.StackingConfig().mode(StackingMode.NORMAL).group("A"))
    )


def _number(panel: Panel) -> stat.Panel:  # noqa: ARG001 - as of every kind
    return stat.Panel().graph_mode(BigValueGraphMode.NONE).reduce_options(_last())


def _bars(panel: Panel) -> bargauge.Panel:  # noqa: ARG001 - as of every kind
    return bargauge.Panel().orientation(VizOrientation.HORIZONTAL).min(0).reduce_options(_last())


def _table(panel: Panel) -> table.Panel:
    built = table.Panel().filterable(True)
    for column, unit in panel.units.items():
        built.override_by_name(column, [DynamicConfigValue(id_val="unit", value=unit)])
    return built


def _last() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"])


# The builders have their methods in common, but no type that says so.
_KINDS: Mapping[Kind, Callable[[Panel], Any]] = {
    "lines": _lines,
    "stack": _stack,
    "number": _number,
    "bars": _bars,
    "table": _table,
}
