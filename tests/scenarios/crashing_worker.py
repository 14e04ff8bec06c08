"""A worker that kills itself at a step of a batch.

    python -m tests.scenarios.crashing_worker STEP N worker …

STEP is `stage:call:when`: right before or after the N-th call that the stage makes of its producer, or its
agent of the event (`ack`). It dies by SIGKILL, as nothing in a process can prepare for.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import faust
from aiokafka import AIOKafkaProducer

from stream import cli
from stream.stages import annotate, dedup

MODULES = {"annotate": annotate, "dedup": dedup}


class Fuse:
    """Kills the process at the `count`-th call."""

    def __init__(self, count: int) -> None:
        self._left = count

    def burn(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def arm(stage: str, call: str, when: str, count: int) -> None:
    fuse = Fuse(count)
    if call == "ack":
        faust.Event.ack = fused(faust.Event.ack, fuse, when, stage)  # type: ignore[method-assign]
        return

    async def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        if when == "before":
            fuse.burn()
        result = await getattr(AIOKafkaProducer, call)(self, *args, **kwargs)
        if when == "after":
            fuse.burn()
        return result

    producer = type("CrashingProducer", (AIOKafkaProducer,), {call: wrapped})
    MODULES[stage].AIOKafkaProducer = producer  # type: ignore[attr-defined]


def fused(ack: Callable[..., Any], fuse: Fuse, when: str, stage: str) -> Callable[..., Any]:
    topic = {"annotate": ".stories", "dedup": ".annotated"}[stage]

    @functools.wraps(ack)
    def wrapped(event: Any) -> Any:
        mine = event.message.topic.endswith(topic)
        if mine and when == "before":
            fuse.burn()
        result = ack(event)
        if mine and when == "after":
            fuse.burn()
        return result

    return wrapped


if __name__ == "__main__":
    step, count = sys.argv[1:3]
    arm(*step.split(":"), count=int(count))
    sys.argv[1:3] = []
    cli.main()
