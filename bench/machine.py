"""The machine that a benchmark runs on: which core does what, what a process used, and a line about it."""

from __future__ import annotations

import os
import platform
from collections.abc import Collection
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def split_cores() -> tuple[set[int], set[int]]:
    """One core for what is measured, and the others for the broker and the bench itself; both all that
    there are where there is only one, or where the system cannot pin (macOS)."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    every = os.sched_getaffinity(0)
    measured = {min(every)}
    return measured, every - measured or measured


def pin(pid: int, cores: Collection[int]) -> None:
    """Keeps a process, and the threads and children that it starts later, on `cores`."""
    if cores:
        os.sched_setaffinity(pid, cores)


def resident(pid: int, *, peak: bool = False) -> int:
    """Resident memory of a process in bytes, now or at its peak (Linux)."""
    field = "VmHWM:" if peak else "VmRSS:"
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    return 0


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used so far, in and out of the kernel (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def describe() -> str:
    """Processor, cores, memory, system and Python in a line."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {_memory_gib():.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def load() -> float:
    """How many processes wanted to run over the last minute: well above one, and the figures are noise."""
    return os.getloadavg()[0]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
