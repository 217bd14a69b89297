"""Names that look like settings and are none."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from app.core.home.unknown_settings import known_names, unknown_settings

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("RETENTION_DAY", "RETENTION_DAYS"),
        ("WORKER_CONCURENCY", "WORKER_CONCURRENCY"),
        ("API_PROT", "API_PORT"),
        ("MULTI_JOB_HOMES", "MULTI_JOB_HOME"),
        ("OIDC_XYZ", ""),
    ],
)
def test_wrong_letter_is_named_with_the_setting_that_was_meant(name: str, near: str) -> None:
    """In a file; a name with a beginning of ours is named also if nothing is close."""
    (found,) = unknown_settings(Path(".env"), {name.lower(): "1"})
    assert (found.name, found.near) == (name, near)
    assert name in found.described
    assert near in found.described


@pytest.mark.parametrize(
    "name",
    [
        *("SHOP_TOKEN", "PATH", "HTTP_PROXY", "LC_ALL", "OPENAI_API_KEY", "API_TOKEN", "REDIS_HOST"),
        *("MULTI_JOB_API_SERVICE_HOST", "MULTI_JOB_API_PORT_8000_TCP", "MULTI_JOB_API_PORT"),
    ],
)
def test_names_of_others_are_not_named(name: str) -> None:
    """Settings of a user's own handlers, of the system, and variables that Kubernetes makes of services."""
    assert unknown_settings(None, {name: "1"}) == []


def test_environment_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value is never part of the text."""
    monkeypatch.setenv("WORKER_QUEUE", "s3cret")
    (found,) = unknown_settings(None, {})
    assert (found.name, found.near, found.place) == ("WORKER_QUEUE", "WORKER_QUEUES", "")
    assert "s3cret" not in found.described


def test_documented_names_are_known() -> None:
    """Those of the example and of the compose files."""
    text = (ROOT / ".env.example").read_text("utf-8")
    names = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", text, re.MULTILINE))
    for file in ("docker-compose.yml", "deploy/caddy/docker-compose.yml"):
        names |= set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / file).read_text("utf-8")))
    assert len(names) > 100
    assert names - known_names() == set()
