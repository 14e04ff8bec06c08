"""The documentation's commands run, and its links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from kafka import KafkaProducer

from stream.config import load
from stream.kafka.broker import Broker

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
SAMPLES = ROOT / "stream" / "data" / "samples"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)


def commands(page: Path) -> list[str]:
    """The `wirestream` commands of a page, continued lines joined."""
    lines = "\n".join(blocks(page, "sh")).replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip().startswith("wirestream ")]


ALL = [(page, command) for page in PAGES for command in commands(page)]


@pytest.fixture
def workplace(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A folder with the files that the documentation speaks of, and an environment in which its brokers
    are the test's."""
    (tmp_path / "story.txt").write_bytes(next(SAMPLES.rglob("*.txt")).read_bytes())
    (tmp_path / "drop").mkdir()
    (tmp_path / "stories").symlink_to(next(SAMPLES.rglob("*.json")).parent)
    environ = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "WIRESTREAM_TOPICS__PREFIX": f"docs{abs(hash(tmp_path))}",
        "WIRESTREAM_WORKER__HTTP_PORT": "0",
        "WIRESTREAM_WATCH__HTTP_PORT": "0",
        "WIRESTREAM_POLL__HTTP_PORT": "0",
    }
    return tmp_path, environ


def run(command: str, folder: Path, environ: dict[str, str], bootstrap: str) -> int:
    command = command.replace("broker-1:9092", bootstrap)
    # For pages that leave it to the settings where the brokers are.
    environ = {**environ, "WIRESTREAM_KAFKA__BOOTSTRAP_SERVERS": f"[{bootstrap}]"}
    # Verbs that run until they are told to stop: to have started without a complaint is enough.
    if command.split()[1] in ("worker", "broker", "watch", "poll"):
        process = subprocess.Popen(["bash", "-c", f"exec {command}"], cwd=folder, env=environ)
        try:
            return process.wait(timeout=8)
        except subprocess.TimeoutExpired:
            process.terminate()
            return process.wait(timeout=60)
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environ, check=False, timeout=120
    ).returncode


def test_the_commands_of_every_page_succeed_in_their_order(
    workplace: tuple[Path, dict[str, str]], broker: Broker
) -> None:
    folder, environ = workplace
    assert ALL
    for page, command in ALL:
        assert run(command, folder, environ, broker.bootstrap) == 0, f"{page.name}: {command}"


def test_the_reader_of_events_that_is_shown_reads_them(
    workplace: tuple[Path, dict[str, str]], broker: Broker
) -> None:
    folder, environ = workplace
    prefix = environ["WIRESTREAM_TOPICS__PREFIX"]
    [shown] = blocks(ROOT / "docs" / "consumers.md", "python")
    code = shown.replace("broker-1:9092", broker.bootstrap).replace('"wire.', f'"{prefix}.')
    assert run("wirestream topics apply --bootstrap broker-1:9092", folder, environ, broker.bootstrap) == 0
    event = subprocess.run(
        ["wirestream", "process", "story.txt"], cwd=folder, env=environ, capture_output=True, check=True
    ).stdout
    story = json.loads(event)
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, compression_type="zstd")
    producer.send(f"{prefix}.enriched", event, key=story["id"].encode()).get(timeout=30)
    producer.close()
    command, utf8 = [sys.executable, "-u", "-c", code], {**environ, "PYTHONUTF8": "1"}
    with subprocess.Popen(command, env=utf8, stdout=subprocess.PIPE, encoding="utf-8") as reader:
        assert reader.stdout is not None
        line = reader.stdout.readline()
        reader.kill()
    assert line == f"original {story['id']} {story['headline']} of {story['id']}\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_shown_on_a_page_are_settings(page: Path, tmp_path: Path) -> None:
    for text in blocks(page, "yaml"):
        assert isinstance(yaml.safe_load(text), dict)
        file = tmp_path / "shown.yaml"
        file.write_text(text, "utf-8")
        load(file, environ={})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_make_help_lists_the_verbs_that_the_readme_shows() -> None:
    shown = set(re.findall(r"^make (\w+)$", "\n".join(blocks(ROOT / "README.md", "sh")), re.M))
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"demo", "test"} <= shown
    assert shown <= {line.split()[0] for line in listed.splitlines()}
