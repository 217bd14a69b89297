"""The choice of the memory allocator of the embedded server."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.local import redis_server
from app.local.redis_server import (
    BOUNDED_CACHE,
    JEMALLOC,
    Allocator,
    RedisBinary,
    choose_allocator,
    preloaded_jemalloc,
)

LIBC = RedisBinary(Path("valkey-server"), "Valkey", (9, 1, 2), "libc")
BUILT_IN = RedisBinary(Path("redis-server"), "Redis", (8, 0, 2), "jemalloc-5.3.0")


def _with_jemalloc(monkeypatch: pytest.MonkeyPatch, version: str | None) -> None:
    monkeypatch.setattr(redis_server.sys, "platform", "linux")

    def preloaded(_path: Path) -> str | None:
        return version

    monkeypatch.setattr(redis_server, "preloaded_jemalloc", preloaded)


def test_jemalloc_of_the_machine_is_preloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name has the version that was loaded."""
    _with_jemalloc(monkeypatch, "5.3.0")
    chosen = choose_allocator(LIBC, {})
    assert chosen == Allocator("jemalloc 5.3.0 (libjemalloc.so.2)", {"LD_PRELOAD": JEMALLOC})


def test_cache_is_bounded_without_jemalloc(monkeypatch: pytest.MonkeyPatch) -> None:
    """A longer cache comes only with a greatest size, without which it keeps 2 GB."""
    _with_jemalloc(monkeypatch, None)
    chosen = choose_allocator(LIBC, {})
    assert chosen == Allocator("libc with a bounded cache", {"GLIBC_TUNABLES": BOUNDED_CACHE})
    assert "tcache_max=" in BOUNDED_CACHE


def test_server_with_jemalloc_built_in_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs no library and no setting."""
    _with_jemalloc(monkeypatch, "5.3.0")
    assert choose_allocator(BUILT_IN, {}) == Allocator("jemalloc 5.3.0")


@pytest.mark.parametrize("name", ["LD_PRELOAD", "GLIBC_TUNABLES"])
def test_the_users_own_choice_wins(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Nothing is added to an environment that already selects an allocator; the name says so."""
    _with_jemalloc(monkeypatch, "5.3.0")
    chosen = choose_allocator(LIBC, {name: "something"})
    assert chosen == Allocator(f"libc with the given {name}")


def test_other_systems_get_no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither variable means anything on macOS."""
    _with_jemalloc(monkeypatch, "5.3.0")
    monkeypatch.setattr(redis_server.sys, "platform", "darwin")
    assert choose_allocator(LIBC, {}) == Allocator("libc")


def _program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n", "ascii")
    path.chmod(0o755)
    return path


def test_library_counts_only_if_it_reports_itself(tmp_path: Path) -> None:
    """The loader's warning of a missing library ends with success, so an exit code proves nothing."""
    silent = "echo 'Valkey server v=9.1.2'; echo 'ERROR: ld.so: object cannot be preloaded: ignored.' >&2"
    assert preloaded_jemalloc(_program(tmp_path / "without", silent)) is None
    report = "echo 'Valkey server v=9.1.2'; echo 'Version: \"5.3.0-0-g54eaed1d\"' >&2"
    assert preloaded_jemalloc(_program(tmp_path / "with", report)) == "5.3.0"
    assert preloaded_jemalloc(_program(tmp_path / "broken", "exit 127")) is None


def test_library_that_does_not_exist_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of a real program and the real loader."""
    monkeypatch.setattr(redis_server, "JEMALLOC", "libjemalloc-of-no-machine.so.2")
    assert redis_server._preloaded_jemalloc.__wrapped__(Path("/bin/true"), 0) is None
