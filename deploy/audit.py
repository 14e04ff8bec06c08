"""Asks a public service for known vulnerabilities of what the image holds: `python -m deploy.audit`.

The one check that needs the network. pip-audit says "no known vulnerabilities" of a distribution that its
service did not answer for, too; here that is no answer. Exits 0 when all were asked about and none is known,
1 when some are, 69 (EX_UNAVAILABLE) when the service could not be asked about all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

LOCK = Path(__file__).with_name("requirements.lock")
UNAVAILABLE = 69


def main() -> int:
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip"),
                *("--progress-spinner", "off", "--format", "json", "--output", str(report)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if not report.exists():
            why = done.stderr.strip().splitlines() or ["it said nothing"]
            print(f"The service could not be asked; nothing was audited: {why[-1][:500]}")
            return UNAVAILABLE
        dependencies = json.loads(report.read_text("utf-8"))["dependencies"]
    lines, code = judge(dependencies)
    print("\n".join(lines))
    return code


def judge(dependencies: Sequence[dict[str, Any]]) -> tuple[list[str], int]:
    """What to say of pip-audit's answers, and the exit code."""
    skipped = [one["name"] for one in dependencies if "skip_reason" in one]
    bad = [one for one in dependencies if one.get("vulns")]
    lines = [
        f"{one['name']} {one['version']}: {vulnerability['id']}, "
        f"mended in {', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for one in bad
        for vulnerability in one["vulns"]
    ]
    if skipped:
        lines.append(f"The service did not answer for {len(skipped)} of {len(dependencies)} distributions:")
        lines.append(f"  {', '.join(skipped)}")
    if bad:
        return lines, 1
    if skipped or not dependencies:
        return [*lines, "They were not audited."], UNAVAILABLE
    return [f"{len(dependencies)} distributions, no known vulnerability"], 0


if __name__ == "__main__":
    sys.exit(main())
