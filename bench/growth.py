"""How speed and memory change with the number of workers, the window and the length of stories.

    wirestream bench growth [--only workers,windows,lengths] [--windows 10000,100000,1000000] [--reprints 0.3]

Workers share the cores that there are, the broker's included: with as many as cores they and the broker
compete, and more than that show only that sharing costs little. A window is a ledger of so many decisions,
three in ten on reprints unless told otherwise, which the worker reads before it begins.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import machine
from bench.peers.contenders import worker
from bench.report import Report, Table
from bench.rig import WARM_STORIES, Rig, open_rig
from bench.stories import BEGIN, REPRINTS, stories
from bench.takeover import fill_ledger
from stream.errors import UserError

_WORKERS = (1, 2, 4)
# Bytes of a body, and stories enough for several seconds each.
_LENGTHS = {500: 6000, 2500: 4000, 10_000: 1500, 50_000: 400}
_START_SECONDS = 120.0
# A rebuild reads some 20,000 entries a second; on a busy machine a tenth of that.
_ENTRIES_A_SECOND = 2000


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it once and prints the tables."""
    parser = argparse.ArgumentParser(prog="wirestream bench growth", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--only", default="workers,windows,lengths")
    parser.add_argument("--windows", default="10000,100000,1000000", help="stories in the window")
    parser.add_argument("--reprints", type=float, default=REPRINTS, help="share of them in a window")
    parser.add_argument("--stories", type=int, default=4000, help="of a run with stories of usual length")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    asked = parser.parse_args(arguments)
    parts = asked.only.split(",")
    report = Report("growth")
    usual = list(stories(asked.stories + WARM_STORIES))
    with open_rig() as rig:
        if "workers" in parts:
            report.add(_by_workers(rig, usual))
        if "windows" in parts:
            sizes = [int(size) for size in asked.windows.split(",")]
            report.add(_by_window(rig, usual, sizes, asked.reprints))
        if "lengths" in parts:
            report.add(_by_length(rig))
    report.finish(asked.write)
    return 0


def _by_workers(rig: Rig, values: Sequence[bytes]) -> Table:
    table = Table(("workers", "stories/s", "CPU a story, all workers", "memory of the largest"))
    warm, timed = values[:WARM_STORIES], values[WARM_STORIES:]
    every = sorted(os.sched_getaffinity(0) | set(rig.cores))
    for count in _WORKERS:
        prefix = f"workers-{count}"
        topology = rig.make_topics(prefix)
        with ExitStack() as stack:
            processes = []
            for number in range(count):
                cores = {every[number % len(every)]}
                process = rig.running(worker(), prefix, name=f"{prefix}-{number}", cores=cores)
                processes.append(stack.enter_context(process))
            _await_shared(rig, [f"{prefix}-{number}" for number in range(count)])
            rig.warm(topology, processes[0], warm)
            run = rig.time(processes, topology, warm, timed)
        table.add(count, f"{run.rate:,.0f}", _cpu(run.cpu, run.stories), _mib(run.memory))
    return table


def _await_shared(rig: Rig, names: Sequence[str], *, entries: int = 0) -> None:
    """Returns when every worker said last that it is ready and has partitions of the stories topic."""
    deadline = time.monotonic() + _START_SECONDS + entries / _ENTRIES_A_SECOND
    while time.monotonic() < deadline:
        said = [
            re.findall(r"ready: .*", (rig.folder / f"{name}.log").read_text("utf-8", "replace"))
            for name in names
        ]
        if all(lines and ".stories'" in lines[-1] for lines in said):
            return
        time.sleep(0.2)
    raise UserError("the workers did not share the partitions in time")


def _by_window(rig: Rig, values: Sequence[bytes], sizes: Sequence[int], reprints: float) -> Table:
    table = Table(("stories in the window", "stories/s", "CPU a story", "memory", "at most", "ready after"))
    for size in sizes:
        prefix = f"window-{size}"
        topology = rig.make_topics(prefix)
        asyncio.run(fill_ledger(topology.settings, size, "ar", BEGIN, reprints=reprints))
        begun = time.monotonic()
        with rig.running(worker(), prefix) as process:
            _await_shared(rig, [prefix], entries=size)
            ready = time.monotonic() - begun
            rig.warm(topology, process, values[:WARM_STORIES])
            run = rig.time([process], topology, values[:WARM_STORIES], values[WARM_STORIES:])
            memory = machine.resident(process.pid)
        table.add(
            f"{size:,}",
            f"{run.rate:,.0f}",
            _cpu(run.cpu, run.stories),
            _mib(memory),
            _mib(run.memory),
            f"{ready:.0f} s",
        )
    return table


def _by_length(rig: Rig) -> Table:
    table = Table(("body of a story", "stories/s", "MB/s", "CPU a story", "memory"))
    for length, count in _LENGTHS.items():
        values = list(stories(count + WARM_STORIES, bytes_a_story=length))
        run = rig.measure(worker(), f"length-{length}", values)
        megabytes = sum(map(len, values[WARM_STORIES:])) / 1e6
        table.add(
            f"{length / 1000:g} kB",
            f"{run.rate:,.0f}",
            f"{megabytes / run.seconds:.1f}",
            _cpu(run.cpu, run.stories),
            _mib(run.memory),
        )
    return table


def _cpu(seconds: float, count: int) -> str:
    return f"{seconds / count * 1000:.2f} ms"


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"


if __name__ == "__main__":
    sys.exit(main())
