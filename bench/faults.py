"""The fault scenarios at length: every one of them with many stories, many kills, long freezes and outages.

    wirestream bench faults [--stories 40000] [--kills 6] [--rounds 2] [--seconds 30] [--only kill_9]

They are the tests of tests/scenarios, which `make test` runs small. The table at the end counts what readers
of committed records saw; a round has its own seed. Exits 1 when a story is lost or doubled.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs them and returns pytest's exit code, 0 when every scenario held."""
    parser = argparse.ArgumentParser(prog="wirestream bench faults", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--stories", type=int, default=40_000, help="stories of one scenario")
    parser.add_argument("--kills", type=int, default=6, help="kills, stops or freezes of one scenario")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of each scenario")
    # As long as the drain; a broker that restarts on another machine takes about a minute.
    parser.add_argument("--seconds", type=float, default=30, help="how long a freeze or an outage lasts")
    parser.add_argument("--only", default="test_faults", help="part of the names of the scenarios to run")
    asked = parser.parse_args(arguments)
    command = [
        *(sys.executable, "-m", "pytest", "tests/scenarios", "-q", "--soak", "-k", asked.only),
        *("--fault-stories", str(asked.stories), "--fault-kills", str(asked.kills)),
        *("--fault-rounds", str(asked.rounds), "--fault-seconds", str(asked.seconds)),
    ]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
