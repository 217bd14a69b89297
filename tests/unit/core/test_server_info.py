"""The memory of a Redis server: the limit for unused resident memory."""

from __future__ import annotations

import pytest

from app.core.redis_client import ServerMemory
from app.core.storage.connection import info_fields

MB = 1_048_576


@pytest.mark.parametrize(
    ("used_mb", "resident_mb", "wasteful"),
    [(2, 40, False), (2, 44, True), (23, 74, False), (23, 226, True), (400, 640, False), (400, 641, True)],
)
def test_memory_is_wasteful_beyond_half_as_much_again_and_40_mb(
    used_mb: int, resident_mb: int, wasteful: bool
) -> None:
    """226 MB for 23 MB of data is the fault that was seen; a small server may hold 40 MB of its own."""
    assert ServerMemory(used_mb * MB, None, resident_mb * MB, "libc").is_wasteful is wasteful


def test_fields_of_info_are_read_without_headings() -> None:
    """Lines without a colon are headings; a server without a limit says 0."""
    text = (
        "# Memory\r\nused_memory:10\r\nused_memory_rss:25\r\nmaxmemory:0\r\nmem_allocator:jemalloc-5.3.0\r\n"
    )
    memory = ServerMemory.of(info_fields(text))
    assert memory == ServerMemory(10, None, 25, "jemalloc-5.3.0")
    assert memory.fragmentation == 2.5
