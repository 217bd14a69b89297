"""The secret keys of a machine: their order, sources and fingerprints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.config import Settings
from app.core.secret_keys import (
    available_keys,
    deployment_secrets,
    fingerprint,
    key_file,
    new_key,
    previous_key_file,
)

if TYPE_CHECKING:
    from pathlib import Path


def settings(tmp_path: Path, **given: Any) -> Settings:
    """Return settings with a home of their own."""
    return Settings(_env_file=None, multi_job_home=tmp_path, **given)  # pyright: ignore[reportCallIssue]


def test_secret_keys_current_comes_first(tmp_path: Path) -> None:
    """Each key comes with its source, and the same key counts once."""
    given = settings(tmp_path, secret_key="new", secret_key_previous="old")
    assert deployment_secrets(given) == [b"new", b"old"]
    assert [key.source for key in available_keys(given)] == ["SECRET_KEY", "SECRET_KEY_PREVIOUS"]
    assert deployment_secrets(settings(tmp_path, secret_key="new", secret_key_previous="new")) == [b"new"]


def test_secret_keys_of_files_include_the_previous_one(tmp_path: Path) -> None:
    """The file of the previous key is read while it is there, and not together with SECRET_KEY."""
    made = settings(tmp_path)
    (current,) = deployment_secrets(made)
    previous_key_file(made).write_text("before\n")
    assert deployment_secrets(made) == [current, b"before"]
    assert available_keys(made)[0].source == str(key_file(made))
    assert deployment_secrets(settings(tmp_path, secret_key="given")) == [b"given"]


def test_known_keys_make_no_file(tmp_path: Path) -> None:
    """A look at a machine without a key leaves it without one."""
    made = settings(tmp_path)
    assert available_keys(made) == []
    assert not key_file(made).exists()


def test_fingerprint_names_a_key_and_nothing_of_it() -> None:
    """The same key has the same 16 hex digits, another key has others."""
    key = new_key().encode()
    assert fingerprint(key) == fingerprint(key)
    assert fingerprint(key) != fingerprint(new_key().encode())
    assert len(fingerprint(key)) == 16
    int(fingerprint(key), 16)
