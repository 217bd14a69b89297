"""Targets in a spec's inputs are checked before saving."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.config import Settings
from app.core.errors import FieldProblem, InvalidSpec
from app.core.policies import Policies, PolicyFile, load_policies
from app.core.registry import Registry, load_handlers
from app.core.specs.validation import check_spec


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_handlers(settings())


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **changes)  # pyright: ignore[reportCallIssue]


def problems(registry: Registry, policies: Policies, job_type: str, **inputs: Any) -> list[FieldProblem]:
    """Return what is wrong with a spec that has these inputs."""
    raw = {"job_id": "a", "type": job_type, "inputs": inputs}
    try:
        check_spec(raw, registry, policies, "Asia/Jakarta")
    except InvalidSpec as refused:
        return list(refused.problems)
    return []


@pytest.mark.parametrize(
    "url",
    ["https://example.org/", "http://example.org:80/x?y=1", "http://example.org:443/", "https://8.8.8.8/"],
)
def test_public_url_on_the_usual_ports_is_taken(registry: Registry, url: str) -> None:
    """The shipped policy lets a monitor look at any public host."""
    assert problems(registry, load_policies(settings()), "monitor.http", url=url) == []


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("http://127.0.0.1:8000/healthz", "HTTP_ALLOW_PRIVATE=127.0.0.1:8000"),
        ("http://192.168.1.10/", "HTTP_ALLOW_PRIVATE=192.168.1.10:80"),
        ("http://[::1]:9000/", "HTTP_ALLOW_PRIVATE=[::1]:9000"),
        ("http://localhost/", "HTTP_ALLOW_PRIVATE=localhost:80"),
    ],
)
def test_private_url_is_refused_with_the_line_that_opens_it(registry: Registry, url: str, line: str) -> None:
    """The operator reads what to add; once it is there the spec is taken."""
    (problem,) = problems(registry, load_policies(settings()), "monitor.http", url=url)
    assert (problem.pointer, problem.code) == ("/inputs/url", "url_refused")
    assert line in problem.message
    opened = load_policies(settings(http_allow_private=[line.partition("=")[2]]))
    assert problems(registry, opened, "monitor.http", url=url) == []


def test_other_port_is_refused_with_the_line_of_the_policy(registry: Registry) -> None:
    """A public host on an unusual port is a matter of the policy."""
    url = "https://example.org:8443/"
    (problem,) = problems(registry, load_policies(settings()), "monitor.http", url=url)
    assert (problem.pointer, problem.code) == ("/inputs/url", "policy_denied")
    assert "example.org:8443" in problem.message


@pytest.mark.parametrize(
    ("job_type", "inputs", "pointer"),
    [
        ("monitor.channel", {"channel": "whatsapp", "account_id": "a"}, "/inputs/channel"),
        (
            "monitor.channel",
            {"channel": "telegram", "account_id": "a", "notify": {"channel": "whatsapp"}},
            "/inputs/notify/channel",
        ),
        ("message.send", {"text": "x", "channel": "whatsapp"}, "/inputs/channel"),
        ("report.daily", {"notify": {"channel": "whatsapp"}}, "/inputs/notify/channel"),
    ],
)
def test_channel_that_the_policy_leaves_out_is_refused(
    registry: Registry, job_type: str, inputs: dict[str, Any], pointer: str
) -> None:
    """Each input that names a channel is pointed at, and nothing else of the spec."""
    rule = {"channels": ["telegram"]}
    tools: dict[str, Any] = {name: {} for name in ("kv", "metrics", "alarms", "files")}
    allow = {**tools, "platform": rule, "messaging": rule}
    policies = Policies(PolicyFile.model_validate({"types": {job_type: {"allow": allow}}}).types)
    (problem,) = problems(registry, policies, job_type, **inputs)
    assert (problem.pointer, problem.code) == (pointer, "policy_denied")


def test_inputs_that_do_not_hold_together_are_not_followed(registry: Registry) -> None:
    """A target that the model refuses has no other findings, because it is unknown."""
    found = problems(registry, load_policies(settings()), "monitor.http", url="http://127.0.0.1/", x=1)
    assert [problem.pointer for problem in found] == ["/inputs/x"]


def test_tool_that_is_not_allowed_at_all_is_reported_once(registry: Registry) -> None:
    """The type is pointed at, and not each place that it would reach as well."""
    found = problems(registry, Policies(), "monitor.http", url="http://127.0.0.1/")
    assert [problem.pointer for problem in found] == ["/type"]
