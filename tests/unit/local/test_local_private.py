"""Permissions of an installation's files."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from app.local import private_files as local_private
from app.local.private_files import make_private
from app.local.settings import load_settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


def test_make_private_closes_what_is_ours(tmp_path: Path) -> None:
    """Old folders and files lose the access of others; targets of links and builds stay as they are."""
    settings = load_settings({"MULTI_JOB_HOME": str(tmp_path)}, tmp_path)
    old, outside, build = (
        settings.data_dir / "redis" / "appendonly.aof",
        tmp_path / "outside",
        settings.data_dir / "ui" / "build" / "serve.mjs",
    )
    for file in (old, outside, build):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        file.chmod(0o755)
    (settings.data_dir / "link").symlink_to(outside)
    settings.data_dir.chmod(0o777)
    assert make_private(settings) == []
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (settings.data_dir, settings.logs_dir, old)]
    assert modes == [0o700, 0o700, 0o700]
    assert [stat.S_IMODE(path.stat().st_mode) for path in (outside, build)] == [0o755, 0o755]


def test_make_private_names_folders_that_stay_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without permissions is said, never passed over."""
    settings = load_settings({"MULTI_JOB_HOME": str(tmp_path)}, tmp_path)
    settings.data_dir.mkdir()
    settings.data_dir.chmod(0o755)

    def refuse(_path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(local_private, "_close", refuse)
    assert make_private(settings) == [settings.data_dir]
