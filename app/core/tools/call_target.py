"""Where a tool call goes, as a run's page shows it: a host, an account. Never what is sent there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

MAX_TARGET_CHARS = 200


def call_target(tool: str, op: str, args: tuple[Any, ...]) -> str:
    """Return where a call goes; empty where it stays inside, or its arguments say nothing readable."""
    match tool, op, args:
        case "http", "request", ({"url": str(url)}, *_):
            return _host(url)[:MAX_TARGET_CHARS]
        case "messaging", "send" | "alarm", (_, *rest):
            return next(
                (_named(cast("Mapping[Any, Any]", part)) for part in rest if isinstance(part, Mapping)), ""
            )
        case "platform", "check_channel", (str(channel), str(account), *_):
            return _account(channel, account)
        case _:
            return ""


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _named(told: object) -> str:
    target = cast("Mapping[Any, Any]", told)
    return _account(target.get("channel"), target.get("account_id"))


def _account(channel: Any, account: Any) -> str:
    names = [part for part in (channel, account) if isinstance(part, str) and part]
    return ":".join(names)[:MAX_TARGET_CHARS]
