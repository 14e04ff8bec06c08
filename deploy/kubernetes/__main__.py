"""Writes the PrometheusRule of the rules in `deploy/prometheus`: `python -m deploy.kubernetes`."""

from __future__ import annotations

from pathlib import Path

import yaml

RULES = Path(__file__).parents[1] / "prometheus" / "rules"
WRITTEN = Path(__file__).parent / "components" / "prometheus-operator" / "rules.yaml"


def render() -> str:
    """The Prometheus Operator's resource with all groups of rules."""
    groups = [
        group
        for file in sorted(RULES.glob("*.yml"))
        for group in yaml.safe_load(file.read_text("utf-8"))["groups"]
    ]
    resource = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "wirestream", "labels": {"app.kubernetes.io/name": "wirestream"}},
        "spec": {"groups": groups},
    }
    text: str = yaml.safe_dump(resource, sort_keys=False, allow_unicode=True, width=110)
    return f"# Made from deploy/prometheus/rules: python -m deploy.kubernetes\n{text}"


if __name__ == "__main__":
    WRITTEN.write_text(render(), "utf-8")
