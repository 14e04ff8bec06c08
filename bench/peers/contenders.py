"""Who is compared: wirestream's worker and its peers, each as a command for the rig."""

from __future__ import annotations

import sys

from bench.peers.environments import python_of
from bench.rig import Contender

_ADDRESSED = ("--bootstrap", "{bootstrap}", "--prefix", "{prefix}")


def worker(**settings: object) -> Contender:
    """`wirestream worker` with both stages; settings by their name in the environment, without the prefix."""
    environment = {f"WIRESTREAM_{key}": str(value) for key, value in settings.items()}
    return Contender(
        "wirestream",
        "wirestream worker: the whole job, exactly once",
        (sys.executable, "-m", "stream", "worker", "--bootstrap", "{bootstrap}", "--http-port", "0"),
        {"WIRESTREAM_TOPICS__PREFIX": "{prefix}", "WIRESTREAM_APP": "{prefix}", **environment},
    )


def quix_rensa() -> Contender:
    return Contender(
        "quix_rensa",
        "Quix Streams + rensa + scikit-learn: topic and copies only, at least once",
        (python_of("quix_rensa"), "bench/peers/quix_rensa/app.py", *_ADDRESSED),
    )


def quix_stages(guarantee: str = "at-least-once") -> Contender:
    name = "quix_stages" if guarantee == "at-least-once" else "quix_stages_exactly_once"
    return Contender(
        name,
        f"Quix Streams + our stages, {guarantee.replace('-', ' ')}",
        (
            *(python_of("quix_stages"), "-m", "bench.peers.quix_stages.app", *_ADDRESSED),
            *("--guarantee", guarantee),
        ),
    )


def faust_stages() -> Contender:
    return Contender(
        "faust_stages",
        "plain Faust + our stages, record by record, at least once",
        (sys.executable, "-m", "bench.peers.faust_stages.app", *_ADDRESSED),
    )


def forward() -> Contender:
    # At 20 times the speed of the others it needs more stories to be timed.
    return Contender(
        "forward",
        "confluent-kafka, records forwarded unread: the ceiling",
        (python_of("forward"), "bench/peers/forward/app.py", *_ADDRESSED),
        times=5,
    )
