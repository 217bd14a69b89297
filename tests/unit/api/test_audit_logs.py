"""Which log has an act: one kind of act cannot push out another kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.access.audit import AuditedAction, AuditLog, AuditOutcome, log_of
from app.core.access.records import Role
from app.services.api.http.auth import required_role
from app.services.api.http.middleware import is_audited

OPENAPI = Path(__file__).parents[3] / "docs" / "openapi.json"
# Admins alone may do these; they configure nothing and may be frequent.
FREQUENT = {"send_message", "test_account"}


def act(action: str, target: str = "x", **more: Any) -> AuditedAction:
    fields: dict[str, Any] = {
        "actor": "ana",
        "role": "admin",
        "outcome": AuditOutcome.OK,
        "origin": "127.0.0.1",
        **more,
    }
    return AuditedAction(action=action, target=target, **fields)


def operations() -> list[tuple[str, str, str]]:
    paths: dict[str, dict[str, Any]] = json.loads(OPENAPI.read_text("utf-8"))["paths"]
    return [
        (method.upper(), path, operation["operationId"])
        for path, methods in paths.items()
        for method, operation in methods.items()
        if is_audited(method.upper(), path)
    ]


def test_every_operation_of_admins_is_protected() -> None:
    """What admins alone may do is in the log that time alone removes; what operators may do is not."""
    found = {
        name: (log_of(act(name, is_admins_only=needed is Role.ADMIN)), needed)
        for method, path, name in operations()
        if (needed := required_role(method, path.replace("{", "").replace("}", ""))) and name != "end_session"
    }
    for name, (log, needed) in found.items():
        is_protected = needed is Role.ADMIN and name not in FREQUENT
        assert (log is AuditLog.PROTECTED) is is_protected, name
    assert {name for name, (log, _needed) in found.items() if log is AuditLog.PROTECTED} >= {
        *("create_key", "rotate_key", "revoke_key", "put_secret", "delete_secret", "save_account"),
        *("put_default_notify", "put_notification_rules", "put_contact"),
    }


@pytest.mark.parametrize(
    ("given", "log"),
    [
        (act("create_key", outcome=AuditOutcome.REFUSED), AuditLog.REFUSED),
        (act("put_secret", outcome=AuditOutcome.FAILED), AuditLog.PROTECTED),
        (act("restore", "export:x", origin="cli"), AuditLog.PROTECTED),
        (act("an_act_of_a_later_version", origin="cli"), AuditLog.PROTECTED),
        (act("an_act_of_a_later_version", is_admins_only=True), AuditLog.PROTECTED),
        (act("an_act_of_a_later_version", "user:u1"), AuditLog.PROTECTED),
        (act("an_act_of_a_later_version"), AuditLog.ACTS),
        (act("create_session", "session:s"), AuditLog.ACTS),
        (act("end_session", "session:s", session_id="s"), AuditLog.ACTS),
        (act("end_session", "session:other", session_id="s"), AuditLog.PROTECTED),
        (act("end_session", "session:other", session_id="s", role="viewer"), AuditLog.ACTS),
        (act("end_session", "session:other", origin="cli"), AuditLog.PROTECTED),
        (act("chat enable_job", "account:telegram:a"), AuditLog.ACTS),
    ],
)
def test_log_of_an_act(given: AuditedAction, log: AuditLog) -> None:
    """Refusals apart; acts of the machine itself, of admins alone, and on keys and users are protected."""
    assert log_of(given) is log
