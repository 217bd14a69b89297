"""Audited actions: what an entry says, its stored form, and the log that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import orjson

from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.fields import Change

MAX_CHANGES = 50
MAX_VALUE_CHARS = 500
MAX_TEXT_CHARS = 200


class AuditOutcome(StrEnum):
    """The outcome of an action."""

    OK = "ok"
    """It was done."""
    REFUSED = "refused"
    """It was not done: the response was a 4xx."""
    FAILED = "failed"
    """The response was a 5xx; it may have been done."""


@dataclass(frozen=True, slots=True)
class AuditedAction:
    """A completed or attempted action. `origin` is the client's address, `cli` for the command line."""

    actor: str
    role: str
    action: str
    target: str
    outcome: AuditOutcome
    origin: str
    status: int | None = None
    trace_id: str = ""
    diff: Sequence[Change] = ()
    skipped: int = 0
    """The number of refusals before this one that were too many to be written."""
    key_id: str = ""
    """The id of the actor's API key or user; empty without one."""
    session_id: str = ""
    """The session that acted for the key; empty for the key itself."""
    is_admins_only: bool = False
    """Whether admins alone may do it. Decides about the log; it is not stored."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A stored action; `at` in epoch milliseconds."""

    id: str
    at: int
    act: AuditedAction


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Conditions on actions, combined with AND. A target that ends in `:` matches all of its kind."""

    actor: str | None = None
    target: str | None = None
    key_id: str | None = None

    def accepts(self, act: AuditedAction) -> bool:
        """True if an action matches."""
        if self.actor is not None and act.actor != self.actor:
            return False
        if self.key_id is not None and act.key_id != self.key_id:
            return False
        if self.target is None or act.target == self.target:
            return True
        return self.target.endswith(":") and act.target.startswith(self.target)


# Which log has an action. Each log has a share of AUDIT_MAX_MB of its own, so that one kind of action cannot
# push out entries of another kind.


class AuditLog(StrEnum):
    """The logs. Each is a chain of its own."""

    PROTECTED = "protected"
    """Acts on keys, users, roles, secrets and settings. Time alone removes them."""
    ACTS = "acts"
    """All other acts that were done."""
    REFUSED = "refused"
    """Acts that were refused: anyone can cause these."""


_PROTECTED_ACTIONS = frozenset(
    {
        *("create_key", "rotate_key", "revoke_key", "reopen", "rotate_secret_key", "replace_secret_key"),
        *("put_secret", "delete_secret", "save_account", "delete_account"),
        *("put_default_notify", "clear_default_notify", "put_notification_rules"),
        *("put_contact", "delete_contact", "put_status_page", "delete_status_page"),
        *("restore", "export_full", "accept_audit"),
    }
)
_PROTECTED_KINDS = frozenset({"key", "user", "role", "secret", "secret-key", "setting", "policy"})
"""Kinds of targets: what a later version does with one of these is protected too."""
# Admins alone may do these, but they configure nothing and may be frequent.
_ORDINARY_ACTIONS = frozenset({"send_message", "test_account"})
_CHAT = "chat "


def log_of(act: AuditedAction) -> AuditLog:
    """Return the log of an action.

    An action that is in no table is protected if admins alone may do it: over the API, or on the machine
    itself.
    """
    if act.outcome is AuditOutcome.REFUSED:
        return AuditLog.REFUSED
    if act.action in _ORDINARY_ACTIONS or act.action.startswith(_CHAT):
        return AuditLog.ACTS
    if act.action == "end_session" and act.origin != "cli":
        own = act.target == f"session:{act.session_id}"
        return AuditLog.ACTS if own or act.role != "admin" else AuditLog.PROTECTED
    is_protected = (
        act.is_admins_only
        or act.origin == "cli"
        or act.action in _PROTECTED_ACTIONS
        or act.target.partition(":")[0] in _PROTECTED_KINDS
    )
    return AuditLog.PROTECTED if is_protected else AuditLog.ACTS


# The stored form. It holds no secret.


def pack_act(entry_id: str, at: int, act: AuditedAction) -> str:
    """Return an action as it is stored: JSON without secrets, of bounded length."""
    fields: dict[str, Any] = {"id": entry_id, "at": at}
    fields |= {name: _text(getattr(act, name)) for name in ("actor", "role", "action", "target")}
    fields |= {"outcome": act.outcome, "origin": _text(act.origin), "status": act.status}
    fields |= {"trace_id": act.trace_id, "diff": [_change(change) for change in act.diff[:MAX_CHANGES]]}
    fields |= {"skipped": act.skipped, "key_id": act.key_id, "session_id": act.session_id}
    # A link decodes an invalid byte as this character: so no stored act may have it.
    return orjson.dumps(fields).decode().replace("\ufffd", "?")


def unpack_act(text: str) -> AuditRecord:
    """Return a stored action; entries of earlier versions have no key."""
    fields: dict[str, Any] = orjson.loads(text)
    entry_id, at, outcome = fields.pop("id"), fields.pop("at"), AuditOutcome(fields.pop("outcome"))
    return AuditRecord(entry_id, at, AuditedAction(outcome=outcome, **fields))


def _text(text: str) -> str:
    # Not `text`, which would mask the name in `secret:NAME`.
    return redactor.answer(text)[:MAX_TEXT_CHARS]


def _change(change: Change) -> Change:
    path = str(change["path"])
    name = path.rpartition("/")[2] or "value"
    return {
        "path": _text(path),
        "from": _value(name, change["from"]),
        "to": _value(name, change["to"]),
    }


def _value(name: str, value: Any) -> Any:
    # Under its own name, so that a value is masked if its name is a secret's.
    [shown] = redactor.tree({name: value}).values()
    text = orjson.dumps(shown).decode()
    return shown if len(text) <= MAX_VALUE_CHARS else text[:MAX_VALUE_CHARS] + "…"
