"""`multi-job mcp`: its options, and what it says if it cannot start."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.commands import mcp as mcp_command
from app.cli.main import app

ROOT = Path(__file__).resolve().parents[4]


def _nothing(_name: str) -> None: ...


def test_missing_package_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text has the command that installs it, and that extra exists."""
    monkeypatch.setattr(mcp_command, "find_spec", _nothing)
    result = CliRunner().invoke(app, ["mcp"])
    assert "pip install 'multi-job[mcp]'" in str(result.exception)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == "multi-job"
    assert project["optional-dependencies"]["mcp"]


@pytest.mark.parametrize(
    "words",
    [
        ["--http", "8330"],
        ["--http", "127.0.0.1:0"],
        ["--http", "127.0.0.1:70000"],
        ["--http", "::1:8330"],
        ["--allow", "confirm_plan"],
        ["--timezone", "X/Y"],
    ],
)
def test_wrong_options_are_refused(words: list[str]) -> None:
    """An address without a port, an act that cannot be allowed, an unknown zone: exit code 2."""
    result = CliRunner().invoke(app, ["mcp", *words])
    assert getattr(result.exception, "exit_code", 0) == 2, result.output
