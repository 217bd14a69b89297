"""Policies as the API shows them: the shapes of `schemas_policies.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.core.policies import Allowance, Policies
    from app.core.registry import HandlerSpec

PLACES = ("hosts", "channels", "paths", "secrets")


def policy_view(handler: HandlerSpec, policies: Policies) -> dict[str, Any]:
    rule = policies.rule_of(handler.type)
    allowed = {tool: policies.allowance(handler.type, tool) for tool in handler.tools}
    return {
        "type": handler.type,
        "pattern": rule[0] if rule else None,
        "source": (rule[1] or None) if rule else None,
        "tools": {
            tool: _tool_view(allowance) for tool, allowance in allowed.items() if allowance is not None
        },
        "denied_tools": [tool for tool, allowance in allowed.items() if allowance is None],
    }


def _tool_view(allowance: Allowance) -> dict[str, Any]:
    return {
        "calls": allowance.calls,
        "bytes": allowance.bytes,
        **{places: list(getattr(allowance.limits, places)) for places in PLACES},
        "denied": {
            places: sorted({pattern for rule in allowance.denied for pattern in getattr(rule, places)})
            for places in PLACES
        },
    }
