"""What requests and answers about keys, secrets and the audit look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from app.core.access.api_keys import MAX_LIFE_DAYS, Role
from app.core.access.audit import AuditOutcome
from app.core.secrets.hosts import MAX_HOST_CHARS, MAX_HOSTS
from app.core.secrets.sealing import MASKED
from app.core.secrets.store import MAX_CHARS, MIN_CHARS
from app.services.api.http.responses import instant
from app.services.api.schemas.common import Answer, Instant, Request

if TYPE_CHECKING:
    from app.core.access.api_keys import ApiKey
    from app.core.access.audit import AuditRecord
    from app.core.access.sessions import Session, SessionLimits
    from app.core.secrets.store import SecretInfo
    from app.services.api.http.auth import Actor

RoleName = Literal["viewer", "operator", "admin"]


class MeBody(Answer):
    """Who the caller is."""

    name: Annotated[
        str,
        Field(
            examples=["ci"], description="The name of the key; `local` where none is needed. Runs carry it."
        ),
    ]
    role: Role
    key_id: Annotated[str | None, Field(description="The id of the key that was sent; null where none was.")]
    keyless: Annotated[
        bool,
        Field(
            description="No key was needed: there is none yet and the caller is on this machine, or AUTH=off."
        ),
    ]


class KeyRequest(Request):
    """A key to be made: who or what will use it, and how much it may."""

    name: Annotated[
        str,
        Field(
            examples=["ci"],
            description="1 to 64 letters, digits, `.`, `_`, `@` or `-`.",
            json_schema_extra={"minLength": 1, "maxLength": 64},
        ),
    ]
    role: RoleName
    expires_in_days: Annotated[
        float | None,
        Field(
            gt=0,
            le=MAX_LIFE_DAYS,
            examples=[90],
            description="It is refused after so many days; null: it does not expire.",
        ),
    ] = None


class KeyRotation(Request):
    """How the successor of a key takes over."""

    overlap_hours: Annotated[
        float, Field(ge=0, le=8_760, description="How long the old key is still served.")
    ] = 24.0
    expires_in_days: Annotated[
        float | None,
        Field(
            gt=0,
            le=MAX_LIFE_DAYS,
            description="How long the new key is served; null: as long as the old one was made for.",
        ),
    ] = None


class KeyBody(Answer):
    """An API key; its text is kept nowhere."""

    id: str
    name: str
    role: Role
    source: Annotated[
        Literal["stored", "env"], Field(description="`env`: from API_KEYS; not to be deleted here.")
    ]
    created_at: Instant | None
    created_by: str
    last_used_at: Annotated[Instant | None, Field(description="To five minutes.")]
    expires_at: Annotated[Instant | None, Field(description="From then on it is refused; null: never.")]
    state: Annotated[
        Literal["active", "expired", "not_valid"],
        Field(description="`not_valid`: this deployment did not make the record; it is no key."),
    ]


class KeyCreated(KeyBody):
    """A key that was just made."""

    key: Annotated[
        str | None,
        Field(description="Its text, shown this once; null where the same request was sent again."),
    ]


class KeyRevoked(Answer):
    """The key is refused from now on."""

    id: str
    status: Literal["revoked"]


class SecretRequest(Request):
    """The value of a secret and the hosts that may get it; omitted fields stay as they are stored."""

    value: Annotated[
        str | None,
        Field(
            description=f"{MIN_CHARS} to {MAX_CHARS} printable characters. Needed for a new secret.",
            # Said here alone: a refusal of the model would repeat the value.
            json_schema_extra={"writeOnly": True, "minLength": MIN_CHARS, "maxLength": MAX_CHARS},
        ),
    ] = None
    hosts: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=MAX_HOST_CHARS)]] | None,
        Field(
            max_length=MAX_HOSTS,
            examples=[["shop.example"]],
            description="Hosts that may get it, over https: `shop.example`, `shop.example:8443`, "
            "`*.shop.example`. Needed unless it has hosts.",
        ),
    ] = None


class SecretBody(Answer):
    """A secret as it may be seen; `masked` is the same for all."""

    name: str
    has_secret: Literal[True]
    masked: str
    hosts: Annotated[
        list[str], Field(description="Hosts that may get it. Empty (saved by an earlier version): none.")
    ]
    updated_at: Instant
    updated_by: str


class SecretDeleted(Answer):
    """The secret is forgotten."""

    name: str
    status: Literal["deleted"]


class ChangeBody(Answer):
    """One field that changed; a secret's value is masked, a long one is cut."""

    path: str
    from_: Annotated[Any, Field(alias="from")]
    to: Any


class AuditBody(Answer):
    """An act: who did or tried what."""

    id: str
    at: Instant
    actor: str
    role: Annotated[str, Field(description="Empty where nobody was known, and for the command line.")]
    action: Annotated[str, Field(description="The operation, as this document calls it.")]
    target: Annotated[str, Field(examples=["job:report-daily"])]
    outcome: AuditOutcome
    status: Annotated[int | None, Field(description="The status of the answer; null for the command line.")]
    diff: list[ChangeBody]
    trace_id: str
    origin: Annotated[str, Field(description="The address that it came from; `cli` for the command line.")]
    skipped: Annotated[
        int, Field(description="How many refusals before this one were too many to be written.")
    ]


# Schemas of requests and answers about sessions.


class SessionBody(Answer):
    """A signed-in browser, which acts for an API key."""

    id: str
    key_id: str
    name: Annotated[str, Field(examples=["ana"], description="The name of its key.")]
    role: Role
    created_at: Instant
    last_seen_at: Annotated[Instant, Field(description="To five minutes.")]
    expires_at: Annotated[Instant, Field(description="When it ends if it is not used again.")]
    address: Annotated[str, Field(description="The address that it was made from.")]
    device: Annotated[str, Field(description="The `User-Agent` of the browser; empty if none was sent.")]
    current: Annotated[bool, Field(description="It is the session of this request.")]


class SessionCreated(SessionBody):
    """A session that was just made."""

    token: Annotated[str, Field(description="Its text, sent like a key; shown this once.")]


class SessionEnded(Answer):
    """The session is refused from now on."""

    id: str
    status: Literal["ended"]


# Keys, secrets and the audit as the API shows them: the shapes of `schemas_access.py`.


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
