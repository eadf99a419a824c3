"""What a figure is made of: percentiles, processor time and memory."""

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Spread(NamedTuple):
    """The median of some runs, with their range."""

    median: float
    min: float
    max: float


def spread(values: Sequence[float]) -> Spread:
    """Raises StatisticsError without values."""
    return Spread(statistics.median(values), min(values), max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0.99, say) of the values does not exceed. 0 without values."""
    ordered = sorted(values)
    place = -(-len(ordered) * round(share * 10_000) // 10_000)  # rounded up, in whole numbers
    return ordered[max(place, 1) - 1] if ordered else 0.0


def list_processes(*roots: int) -> list[int]:
    """These processes and all their descendants that are alive."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name, in brackets, may hold anything; the parent is the second word after it.
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended while we looked
    found = {root for root in roots if root in parents}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def read_cpu(*roots: int) -> float:
    """Seconds of processor time that these processes and their descendants have used, all threads together.

    The clock of a process counts nanoseconds; /proc counts hundredths of a second, too coarse for a fan-out.
    """
    total = 0.0
    for pid in list_processes(*roots):
        try:
            total += time.clock_gettime((~pid << 3) | 2)  # CPUCLOCK_SCHED of linux/posix-timers.h
        except OSError:
            continue
    return total


def read_private_memory(*roots: int) -> int:
    """Bytes of memory that only these processes and their descendants use (USS)."""
    total = 0
    for pid in list_processes(*roots):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(("Private_Clean:", "Private_Dirty:")):
                total += int(line.split()[1]) * 1024
    return total


@contextmanager
def on_cores(cores: set[int]) -> Iterator[None]:
    """Everything that starts in here runs on these cores, with all its threads, and so do we meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
