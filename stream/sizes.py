"""How large things may be on Kafka, in bytes, and which size follows from which."""

from __future__ import annotations

MESSAGE_BYTES = 1_048_588
"""Kafka's own default for the largest batch that a topic takes (`max.message.bytes`), spelled out."""

RECORD_BYTES = 2 * 1024 * 1024
"""The largest single record that we write, and what the dead-letter topic takes: a dead letter holds a whole
input record and our headers."""

BATCH_BYTES = 900_000
"""Uncompressed bytes in one batch. A batch over the topic's limit fails as a whole, and text that does not
compress must still fit."""

EVENT_BYTES = BATCH_BYTES - 64 * 1024
"""An encoded story with its card: it must fit one uncompressed batch with room for headers and cluster."""
