"""The memory allocator of the embedded server: jemalloc, else glibc's.

A script over a hundred runs frees about ten thousand small pieces at its end. With glibc's default cache of
7 pieces of each size they are merged and split again each time, which costs a fifth of the throughput. A
cache of 60,000 pieces for all 64 sizes keeps 200 MB after ten minutes of 37 runs a second.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.local_environment import redis_environment
from app.redis_binary import RedisBinary

# The dynamic loader finds this name in its own folders on every distribution.
JEMALLOC = "libjemalloc.so.2"
# Pieces of up to 128 bytes are nearly all that a script frees. 30,000 of each of their 8 sizes are 20 MB
# at most; 60,000 were no faster, and 16,000 were slower.
BOUNDED_CACHE = "glibc.malloc.tcache_count=30000:glibc.malloc.tcache_max=128"
_USERS_OWN = ("LD_PRELOAD", "GLIBC_TUNABLES")
_PROBE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Allocator:
    """An allocator's name for people, and the variables that select it."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def choose_allocator(binary: RedisBinary, environment: Mapping[str, str]) -> Allocator:
    """Return the allocator of a server that starts with this environment; the user's choice has priority."""
    given = [name for name in _USERS_OWN if environment.get(name)]
    if given:
        return Allocator(f"{binary.malloc} with the given {' and '.join(given)}")
    if sys.platform != "linux" or binary.malloc != "libc":
        return Allocator(binary.malloc.replace("-", " "))
    version = preloaded_jemalloc(binary.path)
    if version is not None:
        return Allocator(f"jemalloc {version} ({JEMALLOC})", {"LD_PRELOAD": JEMALLOC})
    return Allocator("libc with a bounded cache", {"GLIBC_TUNABLES": BOUNDED_CACHE})


def preloaded_jemalloc(binary: Path) -> str | None:
    """Return the version of jemalloc if the binary runs with it preloaded, else None."""
    return _preloaded_jemalloc(binary, binary.stat().st_mtime_ns)


@functools.cache
def _preloaded_jemalloc(binary: Path, _modified_ns: int) -> str | None:
    # The loader only warns of a library that is missing or does not fit. The report at exit proves jemalloc.
    environment = {**redis_environment(os.environ), "LD_PRELOAD": JEMALLOC, "MALLOC_CONF": "stats_print:true"}
    command = [str(binary), "--version"]
    try:
        answer = subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r'^Version: "(\d+\.\d+\.\d+)', answer.stderr + answer.stdout, re.MULTILINE)
    return match[1] if match else None
