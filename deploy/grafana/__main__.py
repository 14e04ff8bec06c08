"""Writes the JSON of every dashboard: `python -m deploy.grafana`. A test compares it with what is there."""

from __future__ import annotations

from pathlib import Path

from deploy.grafana import newsroom, operations, throughput
from deploy.grafana.panels import render

FOLDER = Path(__file__).parent / "dashboards"
DASHBOARDS = {board.DASHBOARD.uid: board.DASHBOARD for board in (throughput, newsroom, operations)}


def main() -> None:
    for uid, board in DASHBOARDS.items():
        (FOLDER / f"{uid}.json").write_text(render(board), "utf-8")


if __name__ == "__main__":
    main()
