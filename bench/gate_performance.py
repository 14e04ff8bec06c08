"""The performance gate: ratios between runs of one minute, side by side on this machine, never times.

    python -m bench.gate_performance [--stories 1000] [--rounds 2]

The whole job through Kafka must keep most of the speed that the stages have without it, and stay ahead of
the same stages in plain Faust. Floors are far below what a quiet machine shows: a busy one takes from the
broker's core first. Processor time a story is compared too, which other work on the machine disturbs least.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence

from bench.peers.compare import run_stages
from bench.peers.contenders import faust_stages, worker
from bench.rig import WARM_STORIES, Run, open_rig
from bench.stories import stories

# Speed of the worker over that of the stages with no Kafka: 0.85 to 1 measured on a busy machine.
_OF_STAGES = 0.4
# Speed of the worker over that of the same stages in plain Faust: 2 to 4 measured.
_OF_FAUST = 1.2
# Processor time of the stages for a story over that of the worker: 0.86 measured.
_PROCESSOR = 0.6


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every ratio holds and no event was lost or doubled."""
    parser = argparse.ArgumentParser(prog="gate_performance", description=__doc__.partition("\n")[0])
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args(arguments)
    values = list(stories(asked.stories + WARM_STORIES))
    rounds: list[tuple[Run, Run, Run]] = []
    with open_rig() as rig:
        for number in range(asked.rounds):
            ours = rig.measure(worker(), f"ours-{number}", values)
            faust = rig.measure(faust_stages(), f"faust-{number}", values)
            rounds.append((ours, faust, run_stages(rig, values)[0]))
    held = [
        _holds("speed over the stages with no Kafka", [o.rate / s.rate for o, _, s in rounds], _OF_STAGES),
        _holds("speed over the stages in plain Faust", [o.rate / f.rate for o, f, _ in rounds], _OF_FAUST),
        _holds("processor time of the stages over ours", [s.cpu / o.cpu for o, _, s in rounds], _PROCESSOR),
    ]
    lost = sum(run.lost + run.doubled for run, _, _ in rounds)
    print(f"{lost} events of wirestream lost or doubled")
    return 0 if all(held) and lost == 0 else 1


def _holds(what: str, found: Sequence[float], floor: float) -> bool:
    """The best round counts: noise takes from a ratio of speeds more often than it adds to it."""
    best = max(found)
    print(f"{what}: {best:.2f} at best, {statistics.median(found):.2f} in the median, floor {floor:.2f}")
    return best >= floor


if __name__ == "__main__":
    sys.exit(main())
