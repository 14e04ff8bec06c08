"""A real Prometheus with the project's rules, that scrapes workers of a test once a second."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import yaml

from stream.kafka import ports

RULES = Path(__file__).resolve().parents[2] / "deploy" / "prometheus" / "rules"
_START_SECONDS = 60


class Prometheus:
    """Runs while the context is open. `targets` are base URLs of workers."""

    def __init__(self, program: str, folder: Path, targets: Sequence[str]) -> None:
        self.log = folder / "prometheus.log"
        self._url = f"http://127.0.0.1:{ports.choose(None)}"
        config = folder / "prometheus.yml"
        hosts = [target.removeprefix("http://") for target in targets]
        config.write_text(
            yaml.safe_dump(
                {
                    "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                    "rule_files": [f"{RULES}/*.yml"],
                    "scrape_configs": [
                        {"job_name": "wirestream", "static_configs": [{"targets": hosts}]},
                    ],
                }
            ),
            "utf-8",
        )
        self._command = [
            program,
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            f"--web.listen-address={self._url.removeprefix('http://')}",
        ]

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                raise AssertionError(f"Prometheus did not start:\n{self.log.read_text('utf-8')[-3000:]}")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(30)

    def query(self, expr: str) -> list[tuple[dict[str, str], float]]:
        """(labels, value) of every series of an instant vector."""
        found = self._get("query", query=expr)["result"]
        return [(series["metric"], float(series["value"][1])) for series in found]

    def value(self, expr: str) -> float:
        """The one value of a query; 0 while there is none."""
        found = self.query(expr)
        assert len(found) <= 1, expr
        return found[0][1] if found else 0.0

    def values(self, label: str) -> list[str]:
        """Every value that a label has had."""
        found: list[str] = self._get(f"label/{label}/values")
        return found

    def _get(self, what: str, **parameters: str) -> Any:
        with urlopen(f"{self._url}/api/v1/{what}?{urlencode(parameters)}", timeout=30) as answer:
            return json.loads(answer.read())["data"]

    def _ready(self) -> bool:
        try:
            with urlopen(f"{self._url}/-/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False
