"""A worker that fails at some stories, as a mistake in the program would have it.

    python -m tests.scenarios.raising_worker WHERE worker …

WHERE is `marked`: annotate fails at stories that hold `RAISE_ANNOTATE`, dedup at those that hold
`RAISE_DEDUP`, after it has changed its state, and at sending on those that hold `RAISE_RELEASE`; or
`everywhere`: annotate fails at every story. What the exceptions say quotes the story, as such exceptions do.
The processes that annotate for a replay fail likewise.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import stream.annotate
from stream import cli
from stream.fold import Folded, Further, Shard, released
from stream.lifecycle.waiting import Release
from stream.model import Annotated, Record
from stream.stages import embargoes

IN_ANNOTATE, IN_DEDUP, IN_RELEASE = "RAISE_ANNOTATE", "RAISE_DEDUP", "RAISE_RELEASE"
# What to run in the place of wirestream.
_RAISING = ("-m", "tests.scenarios.raising_worker")
MARKED, EVERYWHERE = (*_RAISING, "marked"), (*_RAISING, "everywhere")
# Hands WHERE to the processes that annotate.
_WHERE = "RAISING_WORKER"


def arm(*, everywhere: bool) -> None:
    parse, fold = stream.annotate.parse, Shard.fold

    def failing_parse(record: Record, **options: Any) -> Any:
        if everywhere or IN_ANNOTATE.encode() in (record.value or b""):
            raise ValueError(f"no number: {record.value!r}")
        return parse(record, **options)

    def failing_fold(self: Shard, annotated: Annotated, now_ms: int | None = None) -> Folded | None:
        folded = fold(self, annotated, now_ms)
        if IN_DEDUP.encode() in annotated.event:
            raise KeyError(annotated.event.decode())
        return folded

    def failing_release(releases: Sequence[Release]) -> tuple[Further, ...]:
        for release in releases:
            if IN_RELEASE.encode() in release.held.event:
                raise KeyError(release.held.event.decode())
        return released(releases)

    stream.annotate.parse = failing_parse
    Shard.fold = failing_fold  # type: ignore[method-assign]
    embargoes.released = failing_release


if __name__ == "__main__":
    os.environ[_WHERE] = sys.argv.pop(1)
if __name__ in ("__main__", "__mp_main__"):
    arm(everywhere=os.environ[_WHERE] == "everywhere")
if __name__ == "__main__":
    cli.main()
