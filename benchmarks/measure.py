"""Readings of processes and of the server, and their share per run."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psutil

Figures = dict[str, float]
_SCRIPTS = ("evalsha", "eval", "fcall")


def cpu_seconds(pid: int) -> float:
    """Return a process' CPU time so far, user and system."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def resident_mb(pid: int) -> float:
    """Return a process' resident memory."""
    return psutil.Process(pid).memory_info().rss / 1_048_576


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that `share` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))]


def late_figures(values: Sequence[float], name: str) -> Figures:
    """Return the median and the 99th percentile."""
    return {f"{name}_p50": percentile(values, 0.5), f"{name}_p99": percentile(values, 0.99)}


def medians(rounds: Sequence[Figures]) -> Figures:
    """Return each figure's median over the rounds that have it."""
    names = dict.fromkeys(name for each in rounds for name in each)
    return {name: statistics.median(each[name] for each in rounds if name in each) for name in names}


@dataclass(frozen=True, slots=True)
class ServerReading:
    """The server's counters at an instant."""

    cpu_sec: float
    calls: int
    """Commands, including those inside scripts, but not the scripts."""
    command_usec: int
    """Time inside commands; with scripts, the time of the scripts, which includes their commands."""
    reads: int
    """Reads from sockets: about one for each round trip of up to 16 KB."""
    dataset_bytes: int


async def read_server(client: Any, pid: int) -> ServerReading:
    """Read the counters of the server with this pid; `client` is a redis-py client."""
    return server_reading(await client.info("everything"), pid)


def server_reading(info: dict[str, Any], pid: int) -> ServerReading:
    """Return the counters of `INFO everything`, as redis-py parses it."""
    stats = {name[8:]: value for name, value in info.items() if name.startswith("cmdstat_")}
    scripts = [stats[name]["usec"] for name in _SCRIPTS if name in stats]
    plain = [value for name, value in stats.items() if name not in {*_SCRIPTS, "info"}]
    return ServerReading(
        cpu_sec=cpu_seconds(pid),
        calls=sum(value["calls"] for value in plain),
        command_usec=sum(scripts) if scripts else sum(value["usec"] for value in plain),
        reads=info["total_reads_processed"],
        dataset_bytes=info["used_memory_dataset"],
    )


def server_figures(before: ServerReading, after: ServerReading, runs: int, name: str) -> Figures:
    """Return the server's share of one run between two readings."""
    return {
        f"{name}_server_us": (after.cpu_sec - before.cpu_sec) / runs * 1e6,
        f"{name}_command_us": (after.command_usec - before.command_usec) / runs,
        f"{name}_commands": (after.calls - before.calls) / runs,
        f"{name}_round_trips": (after.reads - before.reads) / runs,
    }
