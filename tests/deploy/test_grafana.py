"""The dashboards say what they show, and name only what there is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from deploy.grafana.__main__ import DASHBOARDS
from deploy.grafana.panels import render
from stream.metrics import Metrics
from tests.deploy import queries

DECLARED = {name for name, *_ in Metrics().declared()}
INHERITED = {name for name, *_ in Metrics().inherited()}
VARIABLES = {"feed", "agency", "language", "stage"}
PANELS = [pytest.param(panel, id=f"{uid}: {panel['title']}") for uid, panel in queries.panels()]
ASKED = [*queries.panel_queries(), *queries.rules("record"), *queries.rules("alert")]


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_the_json_is_what_the_code_makes(uid: str) -> None:
    written = (queries.DASHBOARDS / f"{uid}.json").read_text("utf-8")
    assert written == render(DASHBOARDS[uid]), "run: python -m deploy.grafana"


def test_no_other_json_lies_there() -> None:
    assert {file.stem for file in queries.DASHBOARDS.iterdir()} == set(DASHBOARDS)


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_has_a_unit_a_description_and_the_chosen_data_source(panel: dict[str, Any]) -> None:
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["description"].endswith(".")
    assert panel["datasource"]["uid"] == "${datasource}"
    assert panel["targets"]


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_a_dashboards_variables_are_those_that_its_panels_use(uid: str) -> None:
    used = {
        name
        for query in queries.panel_queries()
        if query.where.startswith(uid)
        for name in re.findall(r"\$([a-z]+)", query.expr)
    }
    board = json.loads((queries.DASHBOARDS / f"{uid}.json").read_text("utf-8"))
    shown = {variable["name"] for variable in board["templating"]["list"]} - {"datasource"}
    assert shown == used
    assert shown <= VARIABLES


def test_feed_agency_language_and_stage_can_be_chosen() -> None:
    assert {name for board in DASHBOARDS.values() for name in board.variables} == VARIABLES


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_panels_have_numbers_of_their_own_and_do_not_overlap(uid: str) -> None:
    board = json.loads((queries.DASHBOARDS / f"{uid}.json").read_text("utf-8"))
    numbers = [panel["id"] for panel in board["panels"]]
    assert len(set(numbers)) == len(numbers)
    cells = [
        (x, y)
        for panel in board["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.where)
def test_a_query_names_only_what_is_declared_or_recorded(asked: queries.Asked) -> None:
    recorded = {rule.where for rule in queries.rules("record")}
    found = {queries.metric(name, DECLARED | INHERITED) for name in queries.names(asked.expr)}
    assert found <= DECLARED | INHERITED | recorded
    assert found or asked.expr.startswith("up{")


def test_every_metric_is_on_a_dashboard_or_in_an_alert() -> None:
    shown = {queries.metric(name, DECLARED) for asked in ASKED for name in queries.names(asked.expr)}
    assert shown >= DECLARED


def test_every_recorded_series_is_asked_for() -> None:
    asked = {name for one in ASKED for name in queries.names(one.expr)}
    assert {rule.where for rule in queries.rules("record")} <= asked
