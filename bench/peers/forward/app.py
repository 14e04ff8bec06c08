"""Peer: records in, the same records out, by confluent-kafka in batches: the ceiling of a Python worker.

Nothing is read in a story. Offsets are committed behind what the broker has confirmed.
"""

from __future__ import annotations

import argparse
import signal
from typing import Any

from confluent_kafka import Consumer, Producer

_BATCH = 1000


def main() -> None:
    """Runs until it is stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--prefix", required=True)
    asked = parser.parse_args()
    running = [True]
    signal.signal(signal.SIGTERM, lambda *_: running.clear())
    consumer = Consumer(
        {
            "bootstrap.servers": asked.bootstrap,
            "group.id": asked.prefix,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": asked.bootstrap,
            "compression.type": "zstd",
            "linger.ms": 20,
            "acks": "all",
            "enable.idempotence": True,
        }
    )
    consumer.subscribe([f"{asked.prefix}.stories"])
    output = f"{asked.prefix}.enriched"
    while running:
        records: list[Any] = consumer.consume(_BATCH, timeout=0.1)
        for record in records:
            if record.error():
                raise SystemExit(str(record.error()))
            producer.produce(output, record.value(), record.key(), headers=record.headers())
            producer.poll(0)
        if records:
            producer.flush()
            consumer.commit(asynchronous=False)
    consumer.close()


if __name__ == "__main__":
    main()
