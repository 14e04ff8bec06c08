"""SASL over TLS, and rights that are checked: every client that we open, on a real broker."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from kafka.admin import ACL, ACLOperation, ACLPermissionType, KafkaAdminClient, ResourcePattern, ResourceType
from kafka.admin import ACLResourcePatternType as PatternType

from stream.config import load
from stream.exits import EXIT_FAILED
from stream.kafka.broker import Broker
from stream.kafka.rights import Right, rights
from stream.kafka.security import client_settings
from tests.scenarios.installation import Installation
from tests.scenarios.stories import ninjs, unique_stories
from tests.security.certificates import Authority

pytestmark = pytest.mark.broker

SECRETS = {
    name: f"{name}-secret-Xy7"
    for name in (
        "admin",
        "manager",
        "worker",
        "producer",
        "dlq",
        "replayer",
        "stranger",
    )
}
PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"


@dataclass(frozen=True, slots=True)
class Secured:
    broker: Broker
    authority: Authority
    folder: Path

    def settings(self, user: str, mechanism: str = "SCRAM-SHA-512", **kafka: Any) -> Path:
        """A settings file for a client that is `user`; the password is in the environment alone."""
        values = {
            "app": "secured",
            "topics": {"prefix": "secured", "stories_partitions": 2, "shards": 1, "output_partitions": 1},
            "worker": {"http_port": 0, "session_timeout": "6s"},
            "kafka": {
                "bootstrap_servers": [self.broker.bootstrap],
                "tls": True,
                "ca_file": str(self.authority.ca),
                "startup_timeout": "3s",
                "sasl": {"mechanism": mechanism, "username": user},
                **kafka,
            },
        }
        file = self.folder / f"{user}-{mechanism}-{len(kafka)}.yaml"
        file.write_text(yaml.safe_dump(values), "utf-8")
        return file

    def environ(self, user: str, secret: str | None = None) -> dict[str, str]:
        file = self.folder / f"{user}.password"
        file.write_text((secret or SECRETS[user]) + "\n", "utf-8")
        return {**os.environ, "WIRESTREAM_KAFKA__SASL__PASSWORD_FILE": str(file)}

    def run(
        self, user: str, *arguments: str, secret: str | None = None, **kafka: Any
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "stream", *arguments, "--config", str(self.settings(user, **kafka))],
            env=self.environ(user, secret),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def client(self, user: str, mechanism: str = "SCRAM-SHA-512") -> Mapping[str, Any]:
        loaded = load(self.settings(user, mechanism), environ=self.environ(user))
        return client_settings(loaded.settings.kafka)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A broker that takes SASL over TLS only, and lets nobody do what no rule allows."""
    folder = tmp_path_factory.mktemp("secured")
    authority = Authority(folder)
    users = " ".join(f'user_{name}="{secret}"' for name, secret in SECRETS.items())
    properties = {
        "listener.security.protocol.map": "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(authority.issue("broker", "127.0.0.1")),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority.ca),
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "listener.name.client.plain.sasl.jaas.config": (
            f'{PLAIN} required username="admin" password="{SECRETS["admin"]}" {users};'
        ),
        "listener.name.client.scram-sha-512.sasl.jaas.config": f"{SCRAM} required;",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        # The controller's own listener knows no users; it is not reached from outside.
        "super.users": "User:admin;User:ANONYMOUS",
    }
    options = [
        part
        for name, secret in SECRETS.items()
        for part in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={secret}]")
    ]
    with Broker(folder / "kafka", properties=properties, format_options=options) as broker:
        site = Secured(broker, authority, folder)
        allow(site)
        done = site.run("manager", "topics", "apply")
        assert done.returncode == 0, done.stderr
        yield site


def allow(site: Secured) -> None:
    """To each user the rights of its part, as the program declares them, and nothing else."""
    settings = load(site.settings("admin"), environ={}).settings
    admin = KafkaAdminClient(**site.client("admin"))
    parts = {
        "manager": "admin",
        "worker": "worker",
        "producer": "producer",
        "dlq": "dlq",
        "replayer": "replay",
    }
    admin.create_acls(
        [
            acl(user, right, operation)
            for user, part in parts.items()
            for right in rights(settings, part)  # type: ignore[arg-type]
            for operation in right.operations
        ]
    )
    admin.close()


def acl(user: str, right: Right, operation: str) -> ACL:
    pattern = PatternType.PREFIXED if right.prefixed else PatternType.LITERAL
    kind = ResourceType[right.kind.replace("-", "_").upper()]
    return ACL(
        principal=f"User:{user}",
        host="*",
        operation=ACLOperation[operation],
        permission_type=ACLPermissionType.ALLOW,
        resource_pattern=ResourcePattern(kind, right.name, pattern),
    )


def test_every_part_does_its_work_with_the_rights_of_its_part_alone(secured: Secured, tmp_path: Path) -> None:
    stories = tmp_path / "stories.jsonl"
    body = "The unmistakable body of this story must stay out of every log and metric."
    values = [ninjs(1, "A headline of our own", body), *unique_stories(20), b'{"uri": "urn:x", "body_te']
    stories.write_bytes(b"\n".join(values))
    sent = secured.run("producer", "produce", str(stories), "--feed", "okaz")
    assert sent.returncode == 0, sent.stderr

    log = tmp_path / "worker.log"
    command = [sys.executable, "-m", "stream", "worker", "--config", str(secured.settings("worker"))]
    with log.open("wb") as stream:
        worker = subprocess.Popen(command, env=secured.environ("worker"), stdout=stream, stderr=stream)
    try:
        reader = Installation.__new__(Installation)
        reader.client = secured.client("admin")
        await_events(reader, log, worker)
        [line] = [one for one in log.read_text("utf-8").splitlines() if "serving /metrics" in one]
        address = line.rpartition(" ")[2].rstrip('"}')
        served = ""
        for path in ("/metrics", "/ready", "/live"):
            with urllib.request.urlopen(address + path) as answer:
                served += answer.read().decode()
    finally:
        worker.terminate()
        assert worker.wait(60) == 0
    for text in (served, log.read_text("utf-8")):
        assert "unmistakable" not in text
        assert "headline of our own" not in text
        assert not any(secret in text for secret in SECRETS.values())

    listed = secured.run("dlq", "dlq", "list")
    assert "malformed" in listed.stdout, listed.stderr
    retried = secured.run("dlq", "dlq", "retry", "--execute")
    assert retried.returncode == 0, retried.stderr
    assert secured.run("dlq", "dlq", "list").stdout == ""

    replayed = secured.run("replayer", "replay", "--last", "1h", "--name", "again", "--execute")
    assert replayed.returncode == 0, replayed.stderr
    compared = secured.run("replayer", "replay", "diff", "again")
    assert "21 stories as live, 0 otherwise" in compared.stdout, compared.stderr
    for verb in ("promote", "clean"):
        done = secured.run("replayer", "replay", verb, "again", "--execute")
        assert done.returncode == 0, done.stderr


def await_events(reader: Installation, log: Path, worker: subprocess.Popen[bytes]) -> None:
    reader.workers = []
    for _ in range(600):
        if len(reader.read("secured.enriched")) == 21 and reader.read("secured.dead-letter"):
            return
        assert worker.poll() is None, log.read_text("utf-8")
    raise AssertionError(log.read_text("utf-8"))


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512"])
def test_both_mechanisms_are_spoken(secured: Secured, mechanism: str) -> None:
    admin = KafkaAdminClient(**secured.client("admin", mechanism))
    assert "secured.stories" in admin.list_topics()
    admin.close()


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("worker",), "cannot be read"),
        (("dlq", "list"), "secured.dead-letter"),
        (("topics", "plan"), "cannot be read"),
        (("produce", "setup.jsonl"), "no rights on the topic"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_client_without_rights_is_refused_in_words(
    secured: Secured, tmp_path: Path, arguments: tuple[str, ...], what: str
) -> None:
    (tmp_path / "setup.jsonl").write_bytes(b"{}\n")
    arguments = tuple(str(tmp_path / a) if a.endswith(".jsonl") else a for a in arguments)
    done = secured.run("stranger", *arguments)
    assert done.returncode == EXIT_FAILED, done.stderr
    assert what in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_password_is_refused_in_words_and_not_told(secured: Secured) -> None:
    done = secured.run("worker", "worker", secret="not-the-password")
    assert done.returncode == EXIT_FAILED
    assert "user worker" in done.stderr
    assert "not-the-password" not in done.stderr


def test_a_broker_of_another_name_is_not_talked_to(secured: Secured) -> None:
    port = secured.broker.bootstrap.rpartition(":")[2]
    done = secured.run("worker", "worker", bootstrap_servers=[f"localhost:{port}"])
    assert done.returncode == EXIT_FAILED
    assert "certificate" in done.stderr


def test_a_broker_whose_authority_is_unknown_is_not_talked_to(secured: Secured) -> None:
    done = secured.run("worker", "worker", ca_file=None)
    assert done.returncode == EXIT_FAILED
    assert "certificate" in done.stderr


def test_config_show_keeps_the_password_to_itself(secured: Secured) -> None:
    done = secured.run("worker", "config", "show")
    assert SECRETS["worker"] not in done.stdout + done.stderr
    assert "kafka.sasl.password: '**********'" in done.stdout


@pytest.fixture(scope="module")
def mutual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Authority]]:
    """A broker that asks its clients for a certificate, and knows them by nothing else."""
    folder = tmp_path_factory.mktemp("mutual")
    authority = Authority(folder)
    properties = {
        "listener.security.protocol.map": "CLIENT:SSL,CONTROLLER:PLAINTEXT",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(authority.issue("broker", "127.0.0.1")),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority.ca),
        "ssl.client.auth": "required",
    }
    with Broker(folder / "kafka", properties=properties) as broker:
        yield broker, authority


def test_our_own_certificate_is_shown_to_brokers_that_ask(
    mutual: tuple[Broker, Authority], tmp_path: Path
) -> None:
    broker, authority = mutual
    kafka = {"bootstrap_servers": [broker.bootstrap], "tls": True, "ca_file": str(authority.ca)}
    own = {"cert_file": str(authority.issue("client"))}
    for values, code in (({**kafka, **own}, 0), (kafka, EXIT_FAILED)):
        config = tmp_path / f"{code}.yaml"
        config.write_text(yaml.safe_dump({"kafka": values}), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "stream", "topics", "plan", "--config", str(config)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == code, done.stderr
