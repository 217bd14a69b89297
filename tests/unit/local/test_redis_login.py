"""The password of a Redis address: its file and its addresses."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.core.errors import ConfigurationError
from app.core.redis_login import embedded_password_file
from app.core.secret_keys import without_secrets
from app.local.redis_choice import prepare_password
from app.local.settings import load_settings


def settings(home: Path, **values: Any) -> Settings:
    return Settings(_env_file=None, multi_job_home=home, **values)  # pyright: ignore[reportCallIssue]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with a password of the embedded server."""
    for name in ("REDIS_URL", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)
    prepare_password(load_settings({"MULTI_JOB_HOME": str(tmp_path)}, tmp_path))
    return tmp_path


def test_embedded_password_is_made_once_and_private(home: Path) -> None:
    """256 bits in a file of mode 0600, kept by a later start; the server's file has its digest only."""
    file = embedded_password_file(home / "runtime-data")
    made = file.read_text("utf-8")
    assert len(made) == 43
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600
    prepare_password(load_settings({"MULTI_JOB_HOME": str(home)}, home))
    assert file.read_text("utf-8") == made
    assert made not in (home / "runtime-data" / "redis" / "secret.conf").read_text("utf-8")


@pytest.mark.parametrize(
    ("values", "used"),
    [
        ({}, True),
        ({"redis_url": "redis://localhost:6379/2"}, True),
        ({"redis_url": "redis://127.0.0.1/0"}, True),
        ({"redis_url": "redis://127.0.0.1:6400/0"}, False),
        ({"redis_url": "rediss://127.0.0.1:6379/0"}, False),
        ({"redis_url": "redis://redis:6379/0"}, False),
        ({"redis_url": "redis://:own@127.0.0.1:6379/0"}, False),
        ({"redis_password": "own"}, False),
    ],
)
def test_embedded_password_is_for_its_address(home: Path, values: dict[str, str], used: bool) -> None:
    """It goes to loopback at REDIS_PORT only, and a login of the user wins."""
    made = embedded_password_file(home / "runtime-data").read_text("utf-8")
    assert (made in settings(home, **values).effective_redis_url) is used
    assert (made in settings(home, **values).secret_values()) is used


def test_own_password_replaces_the_made_one(home: Path) -> None:
    """A start with REDIS_PASSWORD removes the file, which the server no longer takes."""
    prepare_password(load_settings({"MULTI_JOB_HOME": str(home), "REDIS_PASSWORD": "own"}, home))
    assert not embedded_password_file(home / "runtime-data").exists()


def test_password_file_that_is_missing_or_empty_is_named(tmp_path: Path) -> None:
    """The path and the step are in the text."""
    file = tmp_path / "mounted"
    with pytest.raises(ConfigurationError, match=r"there is no file .*mounted"):
        _ = settings(tmp_path, redis_password_file=file).effective_redis_url
    file.touch()
    with pytest.raises(ConfigurationError, match=r"mounted is empty"):
        _ = settings(tmp_path, redis_password_file=file).effective_redis_url


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads every file")
def test_password_of_another_account_is_named(home: Path) -> None:
    """A command of another account gets the reason and two ways on."""
    embedded_password_file(home / "runtime-data").chmod(0)
    with pytest.raises(ConfigurationError, match=r"can't be read .*use the account that started"):
        _ = settings(home).effective_redis_url


def test_password_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder in place of the file represents every read error."""
    (tmp_path / "runtime-data" / "redis.password").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match=r"the Redis password in .* can't be read"):
        _ = settings(tmp_path, redis_url="").effective_redis_url


def test_environment_for_others_holds_no_secret() -> None:
    """Secrets of the deployment are removed in any case; an address without a login stays."""
    given = {"SECRET_KEY": "a", "redis_password": "b", "API_KEYS": "c", "HOME": "/x", "SHOP_API_KEY": "d"}
    plain = {"REDIS_URL": "redis://h/0"}
    assert without_secrets({**given, **plain}) == {"HOME": "/x", "SHOP_API_KEY": "d", **plain}
    assert without_secrets({"REDIS_URL": "redis://:p@h/0"}) == {}
