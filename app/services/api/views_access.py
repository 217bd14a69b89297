"""Keys, secrets and the audit as the API shows them: the shapes of `schemas_access.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.secrets import MASKED
from app.services.api.reply import instant

if TYPE_CHECKING:
    from app.core.api_keys import ApiKey
    from app.core.audit import AuditRecord
    from app.core.secret_records import SecretInfo
    from app.core.session_records import Session, SessionLimits
    from app.services.api.auth import Actor


def me_view(actor: Actor) -> dict[str, Any]:
    return {
        "name": actor.name,
        "role": actor.role,
        "key_id": actor.key_id or None,
        "keyless": not actor.key_id,
    }


def key_view(key: ApiKey, last_used_ms: int | None, now_ms: int, *, fixed: bool = False) -> dict[str, Any]:
    return {
        "id": key.key_id,
        "name": key.name,
        "role": key.role,
        "source": "env" if fixed else "stored",
        "created_at": instant(key.created_at or None),
        "created_by": key.created_by,
        "last_used_at": instant(last_used_ms),
        "expires_at": instant(key.expires_at or None),
        "state": key.state(now_ms),
    }


def session_view(session: Session, owner: ApiKey, limits: SessionLimits, *, current: bool) -> dict[str, Any]:
    ends_at = session.ends_at(limits)
    return {
        "id": session.session_id,
        "key_id": session.key_id,
        "name": owner.name,
        "role": owner.role,
        "created_at": instant(session.created_at),
        "last_seen_at": instant(session.last_seen),
        "expires_at": instant(min(ends_at, owner.expires_at) if owner.expires_at else ends_at),
        "address": session.address,
        "device": session.device,
        "current": current,
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
