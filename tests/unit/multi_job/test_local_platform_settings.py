"""The settings of the real platform in tests, without a start."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.config import Settings
from multi_job.testing import LocalPlatform
from multi_job.testing.platform import _PATHS


def test_relative_paths_start_at_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The processes work in a folder of their own, and find the files all the same."""
    monkeypatch.chdir(tmp_path)
    platform = LocalPlatform({"POLICIES_FILE": "policies.yaml", "FILES_ROOT": "/files", "NAMESPACE": "a"})
    platform.close()
    found = {"POLICIES_FILE": str(tmp_path / "policies.yaml"), "FILES_ROOT": "/files", "NAMESPACE": "a"}
    assert platform._settings == found


def test_every_setting_with_a_path_is_known() -> None:
    """MULTI_JOB_HOME is the platform's own."""
    fields = {
        name.upper() for name, field in Settings.model_fields.items() if "Path" in str(field.annotation)
    }
    assert fields - {"MULTI_JOB_HOME"} == set(_PATHS)
