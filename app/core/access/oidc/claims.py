"""Claims of a person: the subject, a name, the groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from app.core.access.errors import SignInRefused
from app.core.access.oidc.config import OidcConfig
from app.core.access.records import Role
from app.core.i18n import _

MAX_SUBJECT_CHARS: Final = 255
MAX_GROUPS: Final = 2_000
_SHOWN_GROUPS, _SHOWN_CHARS = 20, 60
_EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Person:
    """A person whom the provider has signed in."""

    issuer: str
    subject: str
    name: str
    """As the provider writes it; it identifies no person."""
    groups: tuple[str, ...]
    role: Role


def subject_of(claims: Mapping[str, Any]) -> str:
    """Return the subject; SignInRefused if there is none that can be kept."""
    subject: object = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT_CHARS:
        raise SignInRefused(_("The provider sent no usable `sub`, so the person cannot be identified."))
    return subject


def has_all(claims: Mapping[str, Any], config: OidcConfig) -> bool:
    """Return whether the claims hold name and groups, so that nothing else need be asked."""
    return _at(claims, config.groups_claim) is not None and isinstance(_at(claims, config.name_claim), str)


def person_of(claims: Mapping[str, Any], config: OidcConfig) -> Person:
    """Return the person; SignInRefused if no group of theirs has a role."""
    groups = _groups(claims, config.groups_claim)
    role = config.role_of(groups)
    if role is None:
        raise SignInRefused(_no_role(groups, config.groups_claim))
    return Person(config.issuer, subject_of(claims), _name(claims, config.name_claim), groups, role)


def _groups(claims: Mapping[str, Any], claim: str) -> tuple[str, ...]:
    found = _at(claims, claim)
    if found is None and claim in _references(claims):
        raise SignInRefused(
            _(
                "You are in too many groups for a token, so the provider sent none of them: an admin lets it "
                "send only the groups of this application."
            )
        )
    if claim == _EMAIL and claims.get("email_verified") is not True:
        # Whoever may write an address of their own choice into a profile must not choose a role by it.
        found = None
    if isinstance(found, str):
        return (found,)
    if isinstance(found, list):
        listed = cast("list[object]", found)
        return tuple(group for group in listed[:MAX_GROUPS] if isinstance(group, str))
    return ()


def _references(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the claims that the provider keeps elsewhere (OpenID Connect Core, section 5.6.2)."""
    names: object = claims.get("_claim_names")
    return cast("Mapping[str, Any]", names) if isinstance(names, dict) else {}


def _name(claims: Mapping[str, Any], claim: str) -> str:
    for found in (_at(claims, claim), claims.get("preferred_username"), claims.get(_EMAIL)):
        if isinstance(found, str) and found.strip():
            return found.strip()
    return subject_of(claims)


def _at(claims: Mapping[str, Any], path: str) -> object:
    """Return a claim by its name, or by the names of objects in each other: `realm_access.roles`."""
    if path in claims:
        return cast("object", claims[path])
    found: object = claims
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = cast("Mapping[str, object]", found).get(part)
    return found


def _no_role(groups: tuple[str, ...], claim: str) -> str:
    if not groups:
        return _(
            "You are known to the provider, but it sent no groups of yours in the claim {claim!r}, and "
            "OIDC_ROLES gives no role to everyone. An admin can change either.",
            claim=claim,
        )
    shown = ", ".join(
        "".join(filter(str.isprintable, group))[:_SHOWN_CHARS] for group in groups[:_SHOWN_GROUPS]
    )
    shown += ", …" if len(groups) > _SHOWN_GROUPS else ""
    return _(
        "You are known to the provider, but none of your groups has a role here: {groups}. An admin gives "
        "one a role in OIDC_ROLES, or adds you to a group that has one.",
        groups=shown,
    )
