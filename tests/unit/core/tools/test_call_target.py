"""The target of a tool call, as a run's page shows it."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.tools.base import call_target

CALLS: list[tuple[tuple[str, str, tuple[Any, ...]], str]] = [
    (("http", "request", ({"url": "https://user:word@example.com:8443/a?token=b"},)), "example.com"),
    (("http", "request", ({"url": "http://[::1"},)), ""),
    (("http", "request", ({"url": 5},)), ""),
    (
        (
            "messaging",
            "send",
            ("hi", {"channel": "telegram", "account_id": "a"}, None, {}),
        ),
        "telegram:a",
    ),
    (("messaging", "alarm", ("key", "hi", {"channel": "sandbox"}, True)), "sandbox"),
    (("messaging", "send", ("hi", {}, None, {})), ""),
    (("platform", "check_channel", ("whatsapp", "ops", 5)), "whatsapp:ops"),
    (("kv", "set", ("key", "value")), ""),
    (("http", "request", ({"url": "http://" + "a" * 500},)), "a" * 200),
]


@pytest.mark.parametrize(("call", "target"), CALLS)
def test_call_target_is_a_host_or_an_account(call: tuple[str, str, tuple[Any, ...]], target: str) -> None:
    """Neither what is sent nor what lets somebody in is part of it."""
    assert call_target(*call) == target
