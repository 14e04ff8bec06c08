"""Plans, results and comparisons of replays as people read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from stream.durations import format_duration
from stream.replay.compare import Comparison, Kind, View
from stream.replay.planning import Estimate
from stream.replay.run import Tally
from stream.replay.scope import Scope
from stream.settings import Settings

_WIDTH = 60
_ORDERS = {
    "ledger": "as the live ledger has it; the window before is primed from the ledger",
    "time": "by time of receipt; the window before is primed by annotating its stories",
}


def plan_lines(
    settings: Settings, scope: Scope, estimate: Estimate, workers: int, rate: float | None
) -> Iterator[str]:
    """What a replay would do."""
    yield f"replay     {scope.name}"
    yield f"stories    {scope.topic_name}, {_time(scope.begin)} to {_time(scope.until)}"
    if scope.feeds:
        yield f"feeds      {', '.join(scope.feeds)}"
    if scope.languages:
        yield f"languages  {', '.join(scope.languages)}"
    for partition, stretch in sorted(scope.stretches.items()):
        primes = f", read from {stretch.first:,}" if stretch.first < stretch.start else ""
        yield f"           partition {partition}: offsets {stretch.start:,} to {stretch.end:,}{primes}"
    primed = f", of which {scope.primed:,} only prime the window" if scope.primed else ""
    yield f"records    {scope.records:,} offsets{primed}"
    yield f"order      {_ORDERS[scope.order]}"
    yield f"events     about {estimate.stories:,} (from a sample of {estimate.sampled:,} records)"
    seconds = max(estimate.seconds / workers, scope.records / rate if rate else 0.0)
    yield f"time       about {format_duration(timedelta(seconds=max(round(seconds), 1)))}, annotating"
    megabytes = estimate.bytes * settings.topics.replication / 1e6
    yield f"disk       at most {megabytes:,.0f} MB with all replicas, before compression"
    names = (spec.name for spec in scope.topology(settings).replay_specs()[1:])
    yield "topics     " + "\n           ".join(names)


def scope_line(scope: Scope) -> str:
    """One replay in a list."""
    filters = "".join(f" {word}" for word in (*scope.feeds, *scope.languages))
    return f"{scope.name}  {scope.topic_name}  {_time(scope.begin)} to {_time(scope.until)}{filters}"


def tally_line(tally: Tally) -> str:
    """What a run of a replay came to."""
    roles = ", ".join(f"{count} {role}" for role, count in tally.roles.most_common()) or "no events"
    told = "".join(f", {count} {kind} advisories" for kind, count in tally.advisories.most_common())
    letters = ", ".join(f"{count} {reason}" for reason, count in tally.dead_letters.most_common()) or "none"
    held = f", {tally.held} under an embargo" if tally.held else ""
    return f"{tally.read} records read, {tally.left} left; {roles}{told}{held}; dead letters: {letters}"


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Counts by kind, then samples side by side."""
    yield f"{comparison.same} stories as live, {comparison.different} otherwise"
    for kind, count in comparison.counts.most_common():
        yield f"  {kind.value:<12} {count}"
    for kind, samples in comparison.samples.items():
        for live, replayed in samples:
            yield ""
            shown = replayed or live
            assert shown is not None
            yield f"{kind.value}: {shown.id} {shown.headline[:_WIDTH]}"
            yield f"  live    {_told(live, kind)}"
            yield f"  replay  {_told(replayed, kind)}"


def comparison_fields(comparison: Comparison) -> dict[str, Any]:
    """The same for machines."""
    return {
        "same": comparison.same,
        "different": comparison.different,
        "counts": {kind.value: count for kind, count in comparison.counts.items()},
        "samples": {
            kind.value: [{"live": live, "replay": replayed} for live, replayed in samples]
            for kind, samples in comparison.samples.items()
        },
    }


def _told(view: View | None, kind: Kind) -> str:
    return "no event" if view is None else view.told(kind)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
