"""wirestream's worker beside what people would build instead: `wirestream bench peers`."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `bench.peers.compare`."""
    # Here, because the contenders' processes import this package too and should hold nothing of the bench.
    from bench.peers.compare import main as compare

    return compare(arguments)
