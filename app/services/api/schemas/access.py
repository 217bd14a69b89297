"""Bodies of API keys, sessions, secrets and the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field

from app.core.access.api_keys import MAX_LIFE_DAYS, Role
from app.core.access.audit import AuditOutcome
from app.core.secrets.hosts import MAX_HOST_CHARS, MAX_HOSTS
from app.core.secrets.sealing import MASKED
from app.core.secrets.store import MAX_CHARS, MIN_CHARS
from app.services.api.schemas.common import AS_STORED, Answer, Instant, Request

if TYPE_CHECKING:
    from app.core.access.api_keys import ApiKey
    from app.core.access.audit import AuditRecord
    from app.core.access.sessions import Session, SessionLimits
    from app.core.policies import Allowance, Policies
    from app.core.registry import HandlerSpec
    from app.services.api.http.auth import Actor

RoleName = Literal["metrics", "viewer", "operator", "admin"]


class MeBody(Answer):
    """Who the caller is."""

    name: str = Field(
        examples=["ci"], description="The name of the key; `local` if none is needed. Runs carry it."
    )
    role: Role
    key_id: str | None = Field(description="The id of the key that was sent; null if none was.")
    keyless: bool = Field(
        description="No key was needed: there is none yet and the caller is the user who runs the API, on "
        "this machine, or AUTH=off."
    )

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Return the caller."""
        return cls(name=actor.name, role=actor.role, key_id=actor.key_id or None, keyless=not actor.key_id)


class KeyRequest(Request):
    """A key to be made: who or what will use it, and how much it may."""

    name: str = Field(
        examples=["ci"],
        description="1 to 64 letters, digits, `.`, `_`, `@` or `-`.",
        json_schema_extra={"minLength": 1, "maxLength": 64},
    )
    role: RoleName
    expires_in_days: float | None = Field(
        default=None,
        gt=0,
        le=MAX_LIFE_DAYS,
        examples=[90],
        description="It is refused after so many days; null: it does not expire.",
    )


class KeyRotation(Request):
    """How the successor of a key takes over."""

    overlap_hours: float = Field(
        default=24.0, ge=0, le=8_760, description="How long the old key is still served."
    )
    expires_in_days: float | None = Field(
        default=None,
        gt=0,
        le=MAX_LIFE_DAYS,
        description="How long the new key is served; null: as long as the old one was made for.",
    )


class KeyBody(Answer):
    """An API key; its text is kept nowhere."""

    id: str
    name: str
    role: Role
    source: Literal["stored", "env"] = Field(description="`env`: from API_KEYS; not to be deleted here.")
    created_at: Instant | None
    created_by: str
    last_used_at: Instant | None = Field(description="To five minutes.")
    expires_at: Instant | None = Field(description="From then on it is refused; null: never.")
    state: Literal["active", "expired", "not_valid"] = Field(
        description="`not_valid`: this deployment did not make the record; it is no key."
    )

    @classmethod
    def of(
        cls, made: ApiKey, last_used_ms: int | None, now_ms: int, *, fixed: bool = False, **more: Any
    ) -> Self:
        """Return a key; a `fixed` one is from API_KEYS."""
        return cls.from_record(
            made,
            id=made.key_id,
            source="env" if fixed else "stored",
            created_at=made.created_at or None,
            last_used_at=last_used_ms,
            expires_at=made.expires_at or None,
            state=made.state(now_ms),
            **more,
        )


class KeyCreated(KeyBody):
    """A key that was just made."""

    key: str | None = Field(description="Its text, shown this once; null if the same request was sent again.")


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
    hosts: list[Annotated[str, Field(min_length=1, max_length=MAX_HOST_CHARS)]] | None = Field(
        default=None,
        max_length=MAX_HOSTS,
        examples=[["shop.example"]],
        description="Hosts that may get it, over https: `shop.example`, `shop.example:8443`, "
        "`*.shop.example`. Needed unless it has hosts.",
    )


class SecretBody(Answer):
    """A secret as it may be seen; `masked` is the same for all."""

    name: str
    has_secret: Literal[True] = True
    masked: str = MASKED
    hosts: list[str] = Field(description="Hosts that may get it. Empty (saved by an earlier version): none.")
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
    role: str = Field(description="Empty if the caller was not known, and for the command line.")
    action: str = Field(description="The operation, as this document calls it.")
    target: str = Field(examples=["job:report-daily"])
    outcome: AuditOutcome
    status: int | None = Field(description="The status of the answer; null for the command line.")
    diff: Annotated[list[ChangeBody], AS_STORED]
    trace_id: str
    origin: str = Field(description="The address that it came from; `cli` for the command line.")
    skipped: int = Field(description="How many refusals before this one were too many to be written.")

    @classmethod
    def of(cls, record: AuditRecord) -> Self:
        """Return an entry of the audit."""
        return cls.from_record(record.act, id=record.id, at=record.at)


# Sessions.


class SessionBody(Answer):
    """A signed-in browser, which acts for an API key."""

    id: str
    key_id: str
    name: str = Field(examples=["ana"], description="The name of its key.")
    role: Role
    created_at: Instant
    last_seen_at: Instant = Field(description="To five minutes.")
    expires_at: Instant = Field(description="When it ends if it is not used again.")
    address: str = Field(description="The address that it was made from.")
    device: str = Field(description="The `User-Agent` of the browser; empty if none was sent.")
    current: bool = Field(description="It is the session of this request.")

    @classmethod
    def of(
        cls, session: Session, owner: ApiKey, limits: SessionLimits, *, current: bool, **more: Any
    ) -> Self:
        """Return a session of a key."""
        ends_at = session.ends_at(limits)
        return cls.from_record(
            session,
            id=session.session_id,
            name=owner.name,
            role=owner.role,
            last_seen_at=session.last_seen,
            expires_at=min(ends_at, owner.expires_at) if owner.expires_at else ends_at,
            current=current,
            **more,
        )


class SessionCreated(SessionBody):
    """A session that was just made."""

    token: str = Field(description="Its text, sent like a key; shown this once.")


class LinkRequest(Request):
    """The code of a sign-in link."""

    code: Annotated[
        str,
        Field(
            description="The part of the link behind `#`. It works once.",
            json_schema_extra={"writeOnly": True, "minLength": 1, "maxLength": 100},
        ),
    ]


class SessionEnded(Answer):
    """The session is refused from now on."""

    id: str
    status: Literal["ended"]


PLACES = ("hosts", "channels", "paths", "secrets")


class PlacesBody(Answer):
    """Patterns of places; empty for none."""

    hosts: list[str]
    channels: list[str]
    paths: list[str]
    secrets: list[str]


class ToolPolicyBody(PlacesBody):
    """What an attempt may do with a tool: so many calls and bytes (null: unlimited), with these places."""

    calls: int | None
    bytes: int | None
    denied: PlacesBody = Field(description="Out of reach, whatever is allowed.")
    rules: dict[str, Any] = Field(description="Further rules, if the tool is of another package.")

    @classmethod
    def of(cls, allowance: Allowance) -> Self:
        """Return an allowance."""
        denied: dict[str, Any] = {
            places: sorted({pattern for rule in allowance.denied for pattern in getattr(rule, places)})
            for places in PLACES
        }
        return cls(
            calls=allowance.calls,
            bytes=allowance.bytes,
            denied=PlacesBody(**denied),
            rules=allowance.own_rules,
            **{places: list(getattr(allowance.limits, places)) for places in PLACES},
        )


class PolicyBody(Answer):
    """What one job type may do. A tool that its handler names and that is not here is denied."""

    type: str
    pattern: str | None = Field(description="The rule that counts; null if none matches.")
    source: str | None = Field(description="The name of the file that has the rule.")
    tools: dict[str, ToolPolicyBody]
    denied_tools: list[str] = Field(description="Tools of the handler that no rule allows.")

    @classmethod
    def of(cls, handler: HandlerSpec, policies: Policies) -> Self:
        """Return the policy of a handler's type."""
        rule = policies.rule_of(handler.type)
        allowed = {tool: policies.allowance(handler.type, tool) for tool in handler.tools}
        return cls(
            type=handler.type,
            pattern=rule[0] if rule else None,
            source=(rule[1] or None) if rule else None,
            tools={tool: ToolPolicyBody.of(each) for tool, each in allowed.items() if each is not None},
            denied_tools=[tool for tool, each in allowed.items() if each is None],
        )
