"""The embedded server's command line."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from app.core.system import default_maxmemory_mb
from app.local.output import LocalError
from app.local.redis_choice import prepare_password
from app.local.redis_server import RedisBinary, server_arguments
from app.local.services import redis_command
from app.local.settings import load_settings

SERVER = RedisBinary(Path("valkey-server"), "Valkey", (9, 1, 2), "libc")


def test_arguments_keep_every_acknowledged_write() -> None:
    """Loopback alone, AOF each second, no eviction, no snapshots."""
    words = " ".join(server_arguments(6400, Path("data")))
    for expected in (
        "--bind 127.0.0.1",
        "--port 6400",
        "--appendonly yes",
        "--appendfsync everysec",
        "--maxmemory-policy noeviction",
        "--hash-max-listpack-value 1024",
        "--protected-mode yes",
        "--dir data",
    ):
        assert expected in words


def test_arguments_take_what_a_test_needs() -> None:
    """Later words win in the server, so extra ones come last."""
    arguments = server_arguments(1, Path(), "--appendonly", "no", "--hz", "100")
    assert arguments[-4:] == ["--appendonly", "no", "--hz", "100"]


@pytest.mark.skipif(sys.platform == "win32", reason="no Redis server is included there")
def test_server_has_a_memory_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REDIS_MAXMEMORY_MB, or a quarter of the machine's memory."""

    def choose(_data_dir: Path) -> RedisBinary:
        return SERVER

    monkeypatch.setattr("app.local.redis_server.choose_binary", choose)
    for given, megabytes in (({"REDIS_MAXMEMORY_MB": "300"}, 300), ({}, default_maxmemory_mb())):
        command = redis_command(load_settings(given, tmp_path))
        assert command[command.index("--maxmemory") + 1] == f"{megabytes}mb"


@pytest.mark.parametrize("text", ["0", "63", "1gb", "-5", "٣٠٠"])
def test_memory_limit_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    """There is no server without a limit; the text says what to write."""
    with pytest.raises(LocalError, match=r"REDIS_MAXMEMORY_MB=.* at least 64"):
        load_settings({"REDIS_MAXMEMORY_MB": text}, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="no Redis server is included there")
def test_password_is_neither_in_the_command_nor_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every user of the machine can read a command line; the private file holds a digest alone."""

    def choose(_data_dir: Path) -> RedisBinary:
        return SERVER

    monkeypatch.setattr("app.local.redis_server.choose_binary", choose)
    settings = load_settings({"REDIS_PASSWORD": 'a"b\\c'}, tmp_path)
    prepare_password(settings)
    secret = settings.redis_dir / "secret.conf"
    assert redis_command(settings)[1] == str(secret)
    assert 'a"b' not in " ".join(redis_command(settings))
    digest = hashlib.sha256(b'a"b\\c').hexdigest()
    assert secret.read_text("utf-8") == f"user default on #{digest} ~* &* +@all\n"
    assert secret.stat().st_mode & 0o077 == 0
