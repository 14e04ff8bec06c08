"""The Compose file: valid, pinned, closed to the network, and in step with the rest. No container is run."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from stream import __version__
from stream.config import load
from stream.kafka.broker import Broker
from stream.settings import Settings
from tests.deploy.tools import tool
from tests.scenarios.installation import installed

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONCE = {"topics", "samples"}


def test_docker_compose_finds_no_fault() -> None:
    command = [tool("docker-compose"), "-f", str(FILE), "--profile", "samples", "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_a_pinned_image_as_nobody_in_particular(name: str) -> None:
    service = SERVICES[name]
    assert re.search(r":v?\d+\.\d+\.\d+$", service["image"])
    assert service["user"] not in ("root", "0")
    assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - ONCE))
def test_a_service_that_stays_is_watched_and_restarted(name: str) -> None:
    assert {"test", "interval", "timeout", "retries"} <= SERVICES[name]["healthcheck"].keys()
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_published_beyond_this_machine_and_no_secret_is_needed(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))
    assert not [
        key for key in SERVICES[name].get("environment", {}) if re.search("PASSWORD|SECRET|TOKEN", key)
    ]
    assert "env_file" not in SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_mounts_is_there_and_read_only_or_a_volume(name: str) -> None:
    for mount in SERVICES[name].get("volumes", []):
        source, _, mode = mount.partition(":")
        if source.startswith("."):
            assert (ROOT / source).exists(), mount
            assert mode.endswith(":ro"), mount
        else:
            assert source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", ["topics", "worker", "samples"])
def test_the_settings_of_our_services_are_settings(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert load(environ=environment).settings.kafka.bootstrap_servers == ["kafka:9092"]
    assert SERVICES[name]["image"] == f"wirestream:{__version__}"


def test_a_worker_has_time_to_drain() -> None:
    grace = float(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace > Settings().worker.drain.total_seconds()


def test_prometheus_scrapes_the_workers_and_reads_the_rules() -> None:
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8"))
    [scrape] = config["scrape_configs"]
    [source] = scrape["dns_sd_configs"]
    assert scrape["job_name"].startswith("wirestream")
    assert source["names"] == ["worker"]
    assert source["port"] == Settings().worker.http_port
    assert config["rule_files"] == ["/etc/prometheus/rules/*.yml"]


def provisioned(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "deploy/grafana/provisioning" / name).read_text("utf-8"))
    return found


def test_grafana_is_of_the_version_that_the_dashboards_are_made_for_and_finds_them() -> None:
    grafana = SERVICES["grafana"]
    assert grafana["image"].rpartition(":")[2] == version("grafana-foundation-sdk").rpartition("!")[2]
    provisioning = ROOT / "deploy/grafana/provisioning"
    [provider] = yaml.safe_load((provisioning / "dashboards/wirestream.yaml").read_text("utf-8"))["providers"]
    [source] = yaml.safe_load((provisioning / "datasources/prometheus.yaml").read_text("utf-8"))[
        "datasources"
    ]
    mounts = dict(mount.split(":")[:2][::-1] for mount in grafana["volumes"])
    assert mounts[provider["options"]["path"]] == "./deploy/grafana/dashboards"
    assert source["url"] == "http://prometheus:9090"
    home = Path(grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert (ROOT / mounts[str(home.parent)] / home.name).exists()


def test_the_producer_of_samples_sends_every_sample(broker: Broker, tmp_path: Path) -> None:
    """Its own command, in a shell, on the test's broker instead of a container."""
    [script] = SERVICES["samples"]["command"]
    samples = ROOT / "stream/data/samples"
    script = script.replace("$$", "$").replace("/samples/", f"{samples}/")
    files = [file for file in samples.glob("*/*/*") if file.is_file()]
    with installed(broker.bootstrap, tmp_path) as installation:
        done = subprocess.run(
            ["sh", "-ec", script],
            env=installation.environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        records = installation.read(installation.topology.stories)
    assert len(records) == len(files)
    feeds = {dict(record.headers)["feed"].decode() for record in records}
    assert feeds == {file.parent.name for file in files}
