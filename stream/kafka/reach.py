"""Why a broker or a topic cannot be reached, in words. The clients tell a refused password, a wrong
certificate and a broker that is down by the same timeout."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from typing import Any

from stream.errors import UserError

_SECONDS = 3.0


def no_topic(topic_name: str) -> UserError:
    """A topic that is not there, or that we may not know of: brokers do not tell one from the other."""
    return UserError(
        f"there is no topic {topic_name}, or no right to read it; `wirestream topics apply` makes the topics"
    )


def servers(client_settings: Mapping[str, Any]) -> str:
    """The brokers to start from as people write them: `broker-1:9092, broker-2:9092`."""
    listed = client_settings["bootstrap_servers"]
    return listed if isinstance(listed, str) else ", ".join(listed)


def why_unreachable(client_settings: Mapping[str, Any]) -> str:
    """Knocks at the first of the bootstrap servers, and says how far one gets."""
    host, _, port = servers(client_settings).partition(", ")[0].rpartition(":")
    context: ssl.SSLContext | None = client_settings.get("ssl_context")
    user = client_settings.get("sasl_plain_username")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS) as connection:
            if context is not None:
                with context.wrap_socket(connection, server_hostname=host):
                    pass
    except ssl.SSLCertVerificationError as error:
        return (
            f"its certificate is not accepted: {error.verify_message} (kafka.ca_file, or another host name)"
        )
    except ssl.SSLError as error:
        return f"it does not speak TLS with us: {error.reason or error} (kafka.tls, kafka.cert_file)"
    except (OSError, ValueError) as error:
        return f"{error}; is it running, and is kafka.bootstrap_servers right?"
    if user is not None:
        return f"it does not let the user {user} in; are kafka.sasl.username, password and mechanism right?"
    return "it listens, and does not answer us; are kafka.tls, kafka.cert_file and kafka.sasl right?"
