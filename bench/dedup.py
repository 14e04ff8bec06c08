"""What a decision costs, and how the cost grows with the window.

    python -m bench.dedup [--stories 1000000] [--reprints 0.25] [--seed 1]

Streams synthetic stories through one `Deduplicator` and prints, at every power of ten: the median and 99th
percentile of a decision (index update included), the memory that it reports and the growth of the process,
by story, and the time that a rebuild from the ledger takes. The stories have the lengths of news (log-normal,
median 200 words), Zipf-distributed words, a tenth of formula that others share, and a share of reprints cut
from the bottom. They are made a batch ahead, so that making them is not in what a decision costs.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import numpy as np

from stream.dedup.card import Card, make_card
from stream.dedup.cluster import Deduplicator
from stream.dedup.settings import DedupSettings
from stream.dedup.sketch import Sketch, Words, below, threshold
from stream.dedup.text import Text
from stream.dedup.wordset import Bitmap, bitmap
from stream.settings import Settings

# Templates from which stories are varied: making each from words would take longer than what is measured.
_TEMPLATES = 5_000
_VOCABULARY = 300_000
_FORMULA = 0.1
_START = datetime(2026, 1, 1, tzinfo=UTC)
# The decisions timed at each size are the last ones before it.
_TIMED = 5_000
_LOW = 0x00FF_FFFF
# As many as a story names on average.
_COUNTRIES = {"MA": True, "DE": False}


def cards(count: int, reprints: float, seed: int) -> Iterator[Card]:
    """`count` stories over 60 hours, the same for the same seed."""
    random = np.random.default_rng(seed)
    templates = [_template(random, number) for number in range(min(_TEMPLATES, max(count // 4, 100)))]
    formulas = [random.random(len(card.text.sketch)) < _FORMULA for card in templates]
    step = 60 * 3_600_000 / count
    start = int(_START.timestamp() * 1000)
    recent: list[Card] = []
    for number in range(count):
        ids = random.integers(0, 1 << 63, size=3, dtype=np.int64)
        identity, moment = f"{ids[0]:016x}{ids[1]:016x}", start + int(number * step)
        if recent and random.random() < reprints:
            reprint = _cut(recent[int(ids[2]) % len(recent)], 0.5 + 0.5 * random.random())
            yield replace(reprint, id=identity, time=moment, content=int(ids[2]))
            continue
        at = int(ids[2]) % len(templates)
        card = templates[at]
        change, other = np.uint32(ids[0] & _LOW), np.uint32(ids[1] & 0xFFFF_FFFF)
        text, words = card.text, np.sort(card.words ^ other)
        # Hardly any hash moves over its threshold when its low bits change.
        sketch = below(np.where(formulas[at], text.sketch, text.sketch ^ change), threshold(text.length))
        story = replace(
            card,
            id=identity,
            time=moment,
            content=int(ids[1]),
            text=_with(text, sketch, bitmap(words), text.subjects ^ other, text.headline ^ other),
            words=words,
        )
        recent.append(story)
        if len(recent) > 1000:
            recent.pop(0)
        yield story


def _template(random: np.random.Generator, number: int) -> Card:
    length = int(np.clip(random.lognormal(np.log(200), 0.8), 15, 8000))
    ranks = np.minimum(random.zipf(1.2, size=length), _VOCABULARY).astype(np.uint64)
    tokens = ranks * np.uint64(0x9E3779B97F4A7C15) & ~np.uint64(1)
    tokens[random.random(length) < 0.015] |= np.uint64(1)
    return make_card(
        id=f"{number:032x}",
        event_time=_START,
        received_at=_START,
        headline="",
        body="x" * (6 * length),
        tokens=tokens,
        headline_tokens=tokens[:8],
        countries=_COUNTRIES,
    )


def _cut(card: Card, share: float) -> Card:
    """The first `share` of a story, as a reprint would have it."""
    text = card.text
    length = max(int(text.length * share), 10)
    kept = text.sketch[: max(int(len(text.sketch) * share), 1)]
    cut = _with(text, below(kept, threshold(length)), text.words, text.subjects, text.headline)
    return replace(card, text=cut._replace(length=length))


def _with(text: Text, sketch: Sketch, words: Bitmap, subjects: Words, headline: Words) -> Text:
    """`text` with other parts, but for its numbers and countries."""
    rest = (text.numbers, text.slots, text.countries)
    return Text.of(text.length, text.feed, (sketch, words, subjects, headline, *rest))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its report."""
    parser = argparse.ArgumentParser(prog="wirestream bench dedup", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--stories", type=int, default=1_000_000, help="size of the window to reach")
    parser.add_argument("--reprints", type=float, default=0.25, help="share of stories that are reprints")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)

    settings = DedupSettings(window=timedelta(hours=72), stories=max(options.stories, 1))
    deduplicator = Deduplicator(settings)
    ledger: list[bytes] = []
    timings: list[int] = []
    sizes = {10**power for power in range(4, 10) if 10**power < options.stories} | {options.stories}
    roles: dict[str, int] = {}
    ledger_bytes = 0
    gc.collect()
    before = _resident()
    print(
        f"{'stories':>10} {'median µs':>10} {'p99 µs':>8} {'bytes/story':>12} {'ledger B/story':>15}",
        flush=True,
    )
    for number, card in enumerate(_in_batches(cards(options.stories, options.reprints, options.seed)), 1):
        began = time.perf_counter_ns()
        decision = deduplicator.judge(card)
        timings.append(time.perf_counter_ns() - began)
        cluster, entry = decision.cluster, decision.entry.to_bytes()
        ledger.append(entry)
        ledger_bytes += len(entry)
        roles[cluster.role] = roles.get(cluster.role, 0) + 1
        if number in sizes:
            median, late = np.percentile(np.array(timings[-_TIMED:]) / 1000, (50, 99))
            held = deduplicator.figures().bytes / number
            print(
                f"{number:>10,} {median:>10.1f} {late:>8.1f} {held:>12.0f} {ledger_bytes / number:>15.0f}",
                flush=True,
            )
    grown = _resident() - before - sum(map(sys.getsizeof, ledger)) - 8 * len(ledger) - 40 * len(timings)
    print(f"decided: {roles}")
    print(f"the process grew by {grown / options.stories:.0f} bytes a story, the ledger kept here apart")

    restored = Deduplicator(settings)
    began = time.perf_counter_ns()
    restored.restore(ledger)
    seconds = (time.perf_counter_ns() - began) / 1e9
    print(f"rebuild of {len(restored):,} stories from the ledger in memory: {seconds:.1f} s")
    return 0


def _in_batches(made: Iterator[Card]) -> Iterator[Card]:
    """The same cards, made a batch ahead: making one takes longer than to decide on it, and clears the
    processor's caches, which a worker's fetch does once a batch."""
    size = Settings().worker.batch_records
    while batch := list(islice(made, size)):
        yield from batch


def _resident() -> int:
    """Bytes of memory that the process holds now (Linux), or its peak elsewhere."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main())
