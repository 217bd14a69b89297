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


def test_missing_package_is_named_with_its_range(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text has the command that installs it, with the range of the extra."""
    monkeypatch.setattr(mcp_command, "find_spec", _nothing)
    result = CliRunner().invoke(app, ["mcp"])
    assert "pip install 'mcp>=2.3,<3'" in str(result.exception)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["optional-dependencies"]["mcp"] == [mcp_command.PACKAGE]


@pytest.mark.parametrize(
    "words",
    [
        ["--http", "eight"],
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


@pytest.mark.parametrize(
    ("text", "host", "is_loopback"),
    [
        ("8765", "127.0.0.1", True),
        ("localhost:8765", "localhost", True),
        ("[::1]:8765", "::1", True),
        ("0.0.0.0:8765", "0.0.0.0", False),
        ("[::]:8765", "::", False),
    ],
)
def test_address_is_loopback_by_default(text: str, host: str, is_loopback: bool) -> None:
    """A port alone is on this machine; only loopback names are allowed until others are named."""
    address = mcp_command.read_address(text, ["proxy.example"], ["https://page.example"])
    assert (address.host, address.port, address.is_loopback) == (host, 8765, is_loopback)
    rules = address.rules()
    assert rules.enable_dns_rebinding_protection
    assert {"127.0.0.1:8765", "[::1]", "localhost", "proxy.example"} <= set(rules.allowed_hosts)
    assert "https://page.example" in rules.allowed_origins
    assert not [name for name in (*rules.allowed_hosts, *rules.allowed_origins) if "*" in name]
