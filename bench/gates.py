"""Runs every quality gate, each in a process of its own, and fails when any of them does.

A gate is a module `bench.gate_*`. It measures on the development data, prints a report for people, compares
with its pinned floors, and says so when the data is absent.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """0 when every gate holds."""
    gates = sorted(file.stem for file in Path(__file__).parent.glob("gate_*.py"))
    failed = []
    for gate in gates:
        print(f"== {gate}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{gate}"], check=False).returncode:
            failed.append(gate)
    print(f"{len(gates) - len(failed)} gates hold" + (f", broken: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
