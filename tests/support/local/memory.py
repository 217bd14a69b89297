"""The memory of all processes that share one variable of their environment."""

from __future__ import annotations

import threading
from typing import Self

import psutil


class MemoryPeak:
    """Samples the summed memory (PSS, so that shared pages count once) of processes; Linux only."""

    def __init__(self, name: str, value: str) -> None:
        self._mark = (name, value)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory-peak", daemon=True)
        self.samples = 0
        self.peak_bytes = 0
        self.peak: dict[str, int] = {}
        """Megabytes by process at the peak."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(0.1):
            found = {name: size for process in psutil.process_iter() for name, size in self._size(process)}
            self.samples += 1
            if (total := sum(found.values())) > self.peak_bytes:
                self.peak_bytes = total
                self.peak = {name: size // 2**20 for name, size in found.items()}

    def _size(self, process: psutil.Process) -> list[tuple[str, int]]:
        name, value = self._mark
        try:
            if process.environ().get(name) != value:
                return []
            return [(f"{process.pid} {' '.join(process.cmdline())[-60:]}", process.memory_full_info().pss)]
        except (psutil.Error, OSError):
            # It ended meanwhile, or it belongs to another user.
            return []
