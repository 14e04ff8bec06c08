"""Connection settings for every client that we open, from the one place in the settings."""

from __future__ import annotations

import ssl
from typing import Any

from faust.auth import SASLCredentials, SSLCredentials
from faust.types.auth import AuthProtocol, CredentialsT

from stream.errors import SettingsError
from stream.settings import KafkaSettings


def protocol(kafka: KafkaSettings) -> str:
    """Kafka's `security.protocol` for these settings."""
    return ("SASL_" if kafka.sasl.username else "") + ("SSL" if kafka.tls else "PLAINTEXT")


def client_settings(kafka: KafkaSettings) -> dict[str, Any]:
    """Keyword arguments that kafka-python's and aiokafka's clients share."""
    settings: dict[str, Any] = {
        "bootstrap_servers": kafka.bootstrap_servers,
        "security_protocol": protocol(kafka),
    }
    if kafka.tls:
        settings["ssl_context"] = _ssl_context(kafka)
    if kafka.sasl.username:
        settings["sasl_mechanism"] = kafka.sasl.mechanism
        settings["sasl_plain_username"] = kafka.sasl.username
        settings["sasl_plain_password"] = _password(kafka)
    return settings


def faust_credentials(kafka: KafkaSettings) -> CredentialsT | None:
    """The same for Faust's consumer; None where neither TLS nor SASL is set."""
    context = _ssl_context(kafka) if kafka.tls else None
    if kafka.sasl.username:
        credentials = SASLCredentials(
            mechanism=kafka.sasl.mechanism,
            username=kafka.sasl.username,
            password=_password(kafka),
            ssl_context=context,
        )
        # Faust takes SASL to mean SASL over TLS.
        credentials.protocol = AuthProtocol.SASL_SSL if kafka.tls else AuthProtocol.SASL_PLAINTEXT
        return credentials
    return SSLCredentials(context=context) if context is not None else None


def _ssl_context(kafka: KafkaSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        if kafka.ca_file is not None:
            context.load_verify_locations(kafka.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"kafka.ca_file: no CA certificates in {kafka.ca_file}: {error}") from None
    try:
        if kafka.cert_file is not None:
            context.load_cert_chain(kafka.cert_file, kafka.key_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"kafka.cert_file, kafka.key_file: no certificate with its key in {kafka.cert_file}: {error}"
        ) from None
    return context


def _password(kafka: KafkaSettings) -> str:
    if kafka.sasl.password is None:
        raise SettingsError("kafka.sasl.username is set without a password; set kafka.sasl.password")
    return kafka.sasl.password.get_secret_value()
