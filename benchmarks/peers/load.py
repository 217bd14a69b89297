"""The load of the machine while something is measured: how much of it was not ours."""

from __future__ import annotations

import os
import time

import psutil

Load = dict[str, float]


def tree_cpu_sec(pid: int) -> float:
    """Return the CPU time of a process and its descendants, those that have ended included."""
    return sum(_cpu_sec(process) for process in tree(pid))


def tree(pid: int) -> list[psutil.Process]:
    """Return a process and its descendants that live."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def tree_memory_mb(pid: int) -> float:
    """Return the memory of a process and its descendants; pages that several share count once."""
    total = 0
    for process in tree(pid):
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 1_048_576


def _cpu_sec(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system + times.children_user + times.children_system


class LoadReading:
    """Reads the load from its creation to `end`."""

    def __init__(self) -> None:
        self._began = self._now()

    def end(self) -> Load:
        """Return the duration, the load average, the CPU share of other processes and of other machines."""
        seconds, busy, stolen, own = (
            after - before for before, after in zip(self._began, self._now(), strict=True)
        )
        whole = max(seconds * (os.cpu_count() or 1), 1e-9)
        return {
            "seconds": round(seconds, 2),
            "loadavg": os.getloadavg()[0],
            "foreign_share": round(max(0.0, busy - own) / whole, 3),
            "stolen_share": round(stolen / whole, 3),
        }

    @staticmethod
    def _now() -> tuple[float, float, float, float]:
        times = psutil.cpu_times()
        busy = times.user + times.nice + times.system + times.irq + times.softirq
        return time.monotonic(), busy, times.steal, tree_cpu_sec(os.getpid())
