"""A clock that a test changes while a process runs (libfaketime)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.embedded_redis import EmbeddedRedis

_LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


class TurnedClock:
    """The wall clock of the processes that have its environment; elapsed time is left alone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.turn(0)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment variables for a process."""
        return {
            "LD_PRELOAD": str(faketime_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # With the library's workaround for old C libraries, threads of Python wait for each other for
            # 50 ms and more, not 5: an import in a thread stopped a scheduler on a busy machine for 30 s.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def start(self, server: EmbeddedRedis) -> None:
        """Start a Redis with this clock; the test's own process keeps the machine's."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            server.start()

    def turn(self, seconds: float) -> None:
        """Set the clock this far ahead of the machine's, at once."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+.3f}s\n")
        # Renamed: a process never reads half a line.
        fresh.replace(self._file)


def faketime_library() -> Path:
    """Return libfaketime; without it the test is skipped, and fails under CI."""
    for pattern in _LIBRARIES:
        for found in sorted(Path("/").glob(pattern.lstrip("/"))):
            return found
    text = "libfaketime is not installed here (Debian: apt install faketime): clocks are not tested"
    if os.environ.get("CI"):
        pytest.fail(text)
    pytest.skip(text)
