"""The worker beside its peers, in one run.

    wirestream bench peers [--stories 6000] [--rounds 3] [--only wirestream,faust_stages]
                           [--from FILE] [--json FILE] [--write docs/performance.md] [--chart docs/peers.svg]

Every contender does the same stories by itself on one core, in turn, several times over; the broker and the
bench have the other. `bench/rig.py` says what is timed. In every run each story must have its event, once.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from bench import machine
from bench.peers import contenders
from bench.peers.chart import bars
from bench.report import Report, Table
from bench.rig import WARM_STORIES, Contender, Rig, Run, open_rig
from bench.stories import stories
from stream.errors import UserError
from stream.sources import read_sources

OURS, STAGES = "wirestream", "stages"
_CONTENDERS: Mapping[str, Callable[[], Contender]] = {
    OURS: contenders.worker,
    "quix_rensa": contenders.quix_rensa,
    "quix_stages": contenders.quix_stages,
    "quix_stages_exactly_once": lambda: contenders.quix_stages("exactly-once"),
    "faust_stages": contenders.faust_stages,
    "forward": contenders.forward,
}
_STAGES_WHAT = "our stages with no Kafka"
# What the worker should be of each, at the least; of the ceiling only the share is told.
BARS = {
    "quix_rensa": 3.0,
    "quix_stages": 1.2,
    "faust_stages": 2.5,
    STAGES: 0.6,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it once and prints the table. 0 when no run lost or doubled an event."""
    parser = argparse.ArgumentParser(prog="wirestream bench peers", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--stories", type=int, default=6000, help="of each run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="names of contenders, separated by commas")
    parser.add_argument("--from", dest="file", help="JSON lines of stories instead of those made here")
    parser.add_argument("--json", type=Path, help="file for every run's figures")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    parser.add_argument("--chart", type=Path, help="SVG file for a chart")
    asked = parser.parse_args(arguments)
    names = asked.only.split(",") if asked.only else [*_CONTENDERS, STAGES]
    # Environments are made before anything is measured.
    made = {name: _CONTENDERS[name]() for name in names if name != STAGES}
    report = Report("peers")
    values = _read(asked.file) if asked.file else list(stories(asked.stories + WARM_STORIES))
    runs: dict[str, list[Run]] = {name: [] for name in names}
    shares: list[float] = []
    with open_rig() as rig:
        for round_ in range(asked.rounds):
            for name in names:
                if name == STAGES:
                    run, fold_share = run_stages(rig, values)
                    shares.append(fold_share)
                else:
                    run = rig.measure(made[name], f"{name}-{round_}", values)
                runs[name].append(run)
                print(f"round {round_ + 1}  {name:<26} {run.rate:8,.0f} stories/s", file=sys.stderr)
    what = {**{name: contender.what for name, contender in made.items()}, STAGES: _STAGES_WHAT}
    report.add(_table(runs, what))
    if OURS in runs:
        report.add(_ratios(runs))
    if OURS in runs and STAGES in runs:
        report.add(_spent(runs, statistics.median(shares)))
    report.data["runs"] = {name: [asdict(run) for run in of_name] for name, of_name in runs.items()}
    report.finish(asked.write, asked.json)
    if asked.chart:
        # The ceiling would leave no length to the others.
        rows = [(what[name], _median(runs[name])) for name in names if name != "forward"]
        asked.chart.write_text(bars(rows), "utf-8")
    broken = [name for name in names for run in runs[name] if run.lost or run.doubled]
    for name in dict.fromkeys(broken):
        print(f"{name} lost or doubled events: {runs[name]}", file=sys.stderr)
    return 1 if broken else 0


def run_stages(rig: Rig, values: Sequence[bytes]) -> tuple[Run, float]:
    """The stages in a process of their own, on the core of the others; and the share of dedup in it."""
    file = rig.folder / "stories.jsonl"
    file.write_bytes(b"\n".join(values))
    command = [sys.executable, "-m", "bench.peers.stages", str(file), str(WARM_STORIES)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    machine.pin(process.pid, rig.cores)
    output, _ = process.communicate()
    if process.returncode:
        raise UserError("the stages ended with an error")
    found = orjson.loads(output)
    seconds = sum(found["seconds"].values())
    run = Run(
        stories=len(values) - WARM_STORIES,
        seconds=seconds,
        cpu=found["cpu"],
        memory=found["memory"],
        copies=found["copies"],
        lost=len(values) - found["events"],
        doubled=0,
    )
    return run, found["seconds"]["fold"] / seconds


def ratios(runs: Mapping[str, Sequence[Run]], other: str) -> list[float]:
    """How much faster the worker was than another, round by round."""
    return [ours.rate / peer.rate for ours, peer in zip(runs[OURS], runs[other], strict=True)]


def _table(runs: Mapping[str, Sequence[Run]], what: Mapping[str, str]) -> Table:
    table = Table(
        ("", "stories/s", "of the rounds", "CPU a story", "peak memory", "copies found", "lost", "doubled")
    )
    for name, of_name in runs.items():
        rates = [run.rate for run in of_name]
        last = of_name[-1]
        table.add(
            what[name],
            f"{_median(of_name):,.0f}",
            f"{min(rates):,.0f}–{max(rates):,.0f}",
            f"{statistics.median(run.cpu / run.stories for run in of_name) * 1000:.2f} ms",
            f"{last.memory / 2**20:.0f} MiB",
            # Those of the stories that warm it up are counted too.
            f"{last.copies:,}" if last.copies else "–",
            sum(run.lost for run in of_name),
            sum(run.doubled for run in of_name),
        )
    return table


def _ratios(runs: Mapping[str, Sequence[Run]]) -> Table:
    table = Table(("wirestream over", "median", "of the rounds", "wanted"))
    for name in runs:
        if name != OURS:
            found = ratios(runs, name)
            wanted = f"≥ {BARS[name]}" if name in BARS else "told"
            table.add(
                f"`{name}`", f"{statistics.median(found):.2f}", f"{min(found):.2f}–{max(found):.2f}", wanted
            )
    return table


def _spent(runs: Mapping[str, Sequence[Run]], fold_share: float) -> Table:
    """Where the worker's processor time goes: what the stages take without Kafka, and the rest."""
    ours, stages = (
        statistics.median(run.cpu / run.stories for run in runs[name]) * 1000 for name in (OURS, STAGES)
    )
    table = Table(("processor time of the worker", "ms a story", "share"))
    parts = {
        "annotate": stages * (1 - fold_share),
        "dedup": stages * fold_share,
        "Kafka, Faust, metrics": ours - stages,
    }
    for part, spent in parts.items():
        table.add(part, f"{spent:.2f}", f"{spent / ours:.0%}")
    return table


def _median(of_name: Sequence[Run]) -> float:
    return statistics.median(run.rate for run in of_name)


def _read(file: str) -> list[bytes]:
    """Stories of a file as ninjs with a `uri` by which their events are known again. Its lines have
    `headline` and `body_text`, or `title` and `text`."""
    values = []
    for number, item in enumerate(read_sources([file])):
        story = orjson.loads(item.value)
        values.append(
            orjson.dumps(
                {
                    "uri": f"urn:bench:{number}",
                    "type": "text",
                    "language": story.get("language") or story.get("lang"),
                    "source": story.get("source"),
                    "headline": story.get("headline") or story.get("title") or "",
                    "body_text": story.get("body_text") or story.get("text") or "",
                }
            )
        )
    return values


if __name__ == "__main__":
    sys.exit(main())
