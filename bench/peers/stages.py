"""The stages with no Kafka: `python -m bench.peers.stages FILE WARM`, the figures as JSON on stdout.

Reads JSON lines into memory, annotates and folds them in batches of the worker's size; those of the first
`WARM` stories are not timed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import orjson

from bench.machine import resident
from stream.annotate import Annotator
from stream.codec import annotated_headers, read_annotated
from stream.fold import Shard
from stream.model import Origin, Record
from stream.settings import Settings


def main(arguments: Sequence[str]) -> None:
    """Runs once."""
    values = Path(arguments[0]).read_bytes().splitlines()
    warm = int(arguments[1])
    settings = Settings()
    annotator, shard = Annotator(settings), Shard(settings, ())
    received = datetime.now(UTC)
    records = [Record(value, received, Origin("file", 0, line)) for line, value in enumerate(values)]
    seconds = {"annotate": 0.0, "fold": 0.0}
    used = 0.0
    events = copies = 0
    most = settings.worker.batch_records
    starts = [*range(0, warm, most), *range(warm, len(records), most)]
    for start, end in pairwise((*starts, len(records))):
        if start == warm:
            seconds, used = dict.fromkeys(seconds, 0.0), time.process_time()
        begun = time.perf_counter()
        outcomes = annotator.annotate(records[start:end])
        stories = [story for outcome in outcomes for story in outcome.stories]
        annotated = time.perf_counter()
        for story in stories:
            # As it would come off the annotated topic.
            fold = shard.fold(read_annotated(story.event, annotated_headers(story)))
            events += fold is not None
            copies += fold is not None and fold.cluster.role == "copy"
        seconds["annotate"] += annotated - begun
        seconds["fold"] += time.perf_counter() - annotated
    found = {
        "seconds": seconds,
        "cpu": time.process_time() - used,
        "memory": resident(os.getpid(), peak=True),
        "events": events,
        "copies": copies,
    }
    sys.stdout.write(orjson.dumps(found).decode() + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
