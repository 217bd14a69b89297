"""Keys, secrets and the audit as the API shows them: the shapes of `schemas_access.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.secrets import MASKED
from app.services.api.reply import instant

if TYPE_CHECKING:
    from app.core.api_keys import ApiKey
    from app.core.audit import AuditRecord
    from app.core.secret_records import SecretInfo
    from app.services.api.auth import Actor


def me_view(actor: Actor) -> dict[str, Any]:
    return {
        "name": actor.name,
        "role": actor.role,
        "key_id": actor.key_id or None,
        "keyless": not actor.key_id,
    }


def key_view(key: ApiKey, last_used_ms: int | None, *, fixed: bool = False) -> dict[str, Any]:
    return {
        "id": key.key_id,
        "name": key.name,
        "role": key.role,
        "source": "env" if fixed else "stored",
        "created_at": instant(key.created_at or None),
        "created_by": key.created_by,
        "last_used_at": instant(last_used_ms),
    }


def secret_view(info: SecretInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "has_secret": True,
        "masked": MASKED,
        "hosts": list(info.hosts),
        "updated_at": instant(info.updated_at),
        "updated_by": info.updated_by,
    }


def audit_view(record: AuditRecord) -> dict[str, Any]:
    act = record.act
    return {
        "id": record.id,
        "at": instant(record.at),
        "actor": act.actor,
        "role": act.role,
        "action": act.action,
        "target": act.target,
        "outcome": act.outcome,
        "status": act.status,
        "diff": list(act.diff),
        "trace_id": act.trace_id,
        "origin": act.origin,
        "skipped": act.skipped,
    }
