from pathlib import Path

import pytest
from faust.types.auth import AuthProtocol

from stream.errors import SettingsError
from stream.kafka.security import client_settings, faust_credentials
from stream.settings import KafkaSettings


def kafka(**values: object) -> KafkaSettings:
    return KafkaSettings.model_validate(values)


def test_plaintext_needs_nothing_but_the_brokers() -> None:
    settings = client_settings(kafka(bootstrap_servers=["a:1"]))
    assert settings == {"bootstrap_servers": ["a:1"], "security_protocol": "PLAINTEXT"}
    assert faust_credentials(kafka()) is None


@pytest.mark.parametrize(
    ("tls", "protocol", "faust"),
    [
        (False, "SASL_PLAINTEXT", AuthProtocol.SASL_PLAINTEXT),
        (True, "SASL_SSL", AuthProtocol.SASL_SSL),
    ],
)
def test_sasl_reaches_every_client_with_and_without_tls(
    tls: bool, protocol: str, faust: AuthProtocol
) -> None:
    values = kafka(tls=tls, sasl={"username": "me", "password": "secret"})
    settings = client_settings(values)
    assert settings["security_protocol"] == protocol
    assert settings["sasl_mechanism"] == "SCRAM-SHA-512"
    assert settings["sasl_plain_password"] == "secret"
    credentials = faust_credentials(values)
    assert credentials is not None
    assert credentials.protocol is faust


def test_tls_checks_the_brokers_host_name() -> None:
    context = client_settings(kafka(tls=True))["ssl_context"]
    assert context.check_hostname


def test_a_user_without_a_password_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"kafka\.sasl\.password"):
        client_settings(kafka(sasl={"username": "me"}))


def test_a_ca_file_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    with pytest.raises(SettingsError, match=r"ca\.pem"):
        client_settings(kafka(tls=True, ca_file=str(file)))
