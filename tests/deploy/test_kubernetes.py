"""The manifests: valid by the API's own schema, and in step with each other and with the settings."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.kubernetes.__main__ import WRITTEN, render
from stream.config import load
from stream.settings import Settings
from stream.topology import Topology
from tests.deploy.tools import tool

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "kubernetes"
# A version of the API that clusters have had for a while.
API = "1.31"
STAGES = ("annotate", "dedup")
# Kinds of operators, whose schemas are not Kubernetes' own.
FOREIGN = ("keda.sh/", "monitoring.coreos.com/")
KUSTOMIZED = [FOLDER / "base", FOLDER / "overlays" / "production"]


def documents(file: Path) -> Iterator[dict[str, Any]]:
    for document in yaml.safe_load_all(file.read_text("utf-8")):
        if isinstance(document, dict) and "apiVersion" in document:
            yield document


def manifests() -> list[dict[str, Any]]:
    """Every resource that is written down, before kustomize."""
    return [
        document
        for file in sorted(FOLDER.rglob("*.yaml"))
        for document in documents(file)
        if not document["apiVersion"].startswith("kustomize.config")
    ]


def one(kind: str, name: str) -> dict[str, Any]:
    [found] = [m for m in manifests() if m["kind"] == kind and m["metadata"]["name"] == name]
    return found


def container(manifest: dict[str, Any]) -> dict[str, Any]:
    [found] = manifest["spec"]["template"]["spec"]["containers"]
    return dict(found)


def environment(manifest: dict[str, Any]) -> dict[str, str]:
    return {entry["name"]: entry["value"] for entry in container(manifest)["env"]}


@cache
def settings(folder: str) -> Settings:
    return load(FOLDER / folder / "wirestream.yaml", environ={}).settings


def label(manifest: dict[str, Any]) -> str:
    return f"{manifest['kind']} {manifest['metadata']['name']}"


def check(manifest: dict[str, Any]) -> None:
    """Raises `ValidationError` unless the API would take it; operators' kinds are not known to it."""
    if not manifest["apiVersion"].startswith(FOREIGN):
        kubernetes_validate.validate(manifest, API, strict=True)


@pytest.mark.parametrize("manifest", manifests(), ids=label)
def test_a_manifest_is_as_the_api_wants_it(manifest: dict[str, Any]) -> None:
    check(manifest)


@pytest.mark.parametrize("folder", KUSTOMIZED, ids=lambda folder: folder.name)
def test_what_kustomize_makes_is_as_the_api_wants_it(folder: Path) -> None:
    command = [tool("kubectl", installable=False), "kustomize", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = list(yaml.safe_load_all(done.stdout))
    for manifest in made:
        check(manifest)
    [config] = [m["metadata"]["name"] for m in made if m["kind"] == "ConfigMap"]
    for manifest in made:
        if manifest["kind"] in ("Deployment", "Job"):
            volumes = manifest["spec"]["template"]["spec"]["volumes"]
            assert {"name": "settings", "configMap": {"name": config}} in volumes


@pytest.mark.parametrize("stage", STAGES)
def test_a_worker_runs_its_stage_in_a_group_of_its_own(stage: str) -> None:
    deployment = one("Deployment", f"wirestream-{stage}")
    assert container(deployment)["args"] == ["worker", "--stages", stage]
    assert environment(deployment)["WIRESTREAM_APP"] == f"wirestream-{stage}"


@pytest.mark.parametrize("stage", STAGES)
def test_a_worker_is_probed_and_has_time_to_drain(stage: str) -> None:
    deployment = one("Deployment", f"wirestream-{stage}")
    pod, worker = deployment["spec"]["template"]["spec"], container(deployment)
    probes = {name: worker[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {name: probe["path"] for name, probe in probes.items()} == {
        "startupProbe": "/live",
        "livenessProbe": "/live",
        "readinessProbe": "/ready",
    }
    [port] = worker["ports"]
    assert {probe["port"] for probe in probes.values()} == {port["name"]}
    assert port["containerPort"] == settings("base").worker.http_port
    assert pod["terminationGracePeriodSeconds"] > settings("base").worker.drain.total_seconds()
    assert {"cpu", "memory"} <= worker["resources"]["requests"].keys()


@pytest.mark.parametrize("manifest", [one("Deployment", f"wirestream-{s}") for s in STAGES], ids=label)
def test_selectors_find_the_pods(manifest: dict[str, Any]) -> None:
    labels = manifest["spec"]["template"]["metadata"]["labels"]
    name = manifest["metadata"]["name"]
    selectors = [
        manifest["spec"]["selector"]["matchLabels"],
        one("PodDisruptionBudget", name)["spec"]["selector"]["matchLabels"],
        one("NetworkPolicy", "wirestream")["spec"]["podSelector"]["matchLabels"],
        one("Service", "wirestream")["spec"]["selector"],
        manifest["spec"]["template"]["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
    ]
    for selector in selectors:
        assert selector.items() <= labels.items()


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_pods_run_as_nobody_in_particular_and_cannot_write_their_image(kind: str) -> None:
    for manifest in manifests():
        if manifest["kind"] != kind:
            continue
        pod, security = manifest["spec"]["template"]["spec"], container(manifest)["securityContext"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        assert security["readOnlyRootFilesystem"] is True
        assert security["allowPrivilegeEscalation"] is False
        assert security["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize("folder", ["base", "overlays/production"])
def test_the_settings_are_settings_and_fit_a_cluster(folder: str) -> None:
    found = settings(folder)
    assert found.topics.replication == 3
    assert found.worker.http_host == "0.0.0.0"


def test_prometheus_finds_the_workers_under_the_job_that_the_rules_expect() -> None:
    monitor, service = one("ServiceMonitor", "wirestream"), one("Service", "wirestream")
    labels = service["metadata"]["labels"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert labels[monitor["spec"]["jobLabel"]].startswith("wirestream")
    [endpoint], [port] = monitor["spec"]["endpoints"], service["spec"]["ports"]
    assert endpoint["port"] == port["name"]


def test_the_operators_rules_are_those_of_prometheus() -> None:
    assert WRITTEN.read_text("utf-8") == render(), "run: python -m deploy.kubernetes"


def test_keda_scales_annotate_on_the_lag_of_its_group_up_to_its_partitions() -> None:
    scaled = one("ScaledObject", "wirestream-annotate")["spec"]
    deployment = one("Deployment", scaled["scaleTargetRef"]["name"])
    [trigger] = scaled["triggers"]
    asked = trigger["metadata"]
    assert asked["consumerGroup"] == environment(deployment)["WIRESTREAM_APP"]
    assert asked["topic"] == Topology(settings("base")).stories
    assert [asked["bootstrapServers"]] == settings("base").kafka.bootstrap_servers
    assert scaled["maxReplicaCount"] == settings("base").topics.stories_partitions


def test_the_overlay_scales_up_to_its_own_partitions() -> None:
    text = (KUSTOMIZED[1] / "kustomization.yaml").read_text("utf-8")
    found = settings("overlays/production")
    assert f"path: /spec/maxReplicaCount, value: {found.topics.stories_partitions}}}" in text
    assert found.kafka.bootstrap_servers[0] in text


def test_credentials_come_from_a_secret_as_settings_that_are_known(tmp_path: Path) -> None:
    patch = yaml.safe_load((FOLDER / "components/sasl/credentials.yaml").read_text("utf-8"))
    given = [change["value"] for change in patch if change["path"].endswith("/env/-")]
    environ = {}
    for entry in given:
        file = tmp_path / Path(entry["value"]).name
        if entry["name"].endswith("_FILE"):
            file.write_text("written by the test\n", "utf-8")
        environ[entry["name"]] = str(file) if entry["name"].endswith("_FILE") else entry["value"]
    found = load(environ=environ).settings.kafka
    assert found.tls
    assert found.sasl.username == "written by the test"
    assert found.sasl.password is not None
    assert found.sasl.password.get_secret_value() == "written by the test"
    assert not [m for m in manifests() if m["kind"] == "Secret"]
