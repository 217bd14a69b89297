"""People of a deployment for the API: users, and their sign-in at a provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.access.oidc.config import oidc_config
from app.core.access.oidc.sign_in import OidcSignIn
from app.core.access.users import Users
from app.core.secrets.sealing import open_box
from app.services.api.http.limits import SignInLimits

if TYPE_CHECKING:
    from app.core.access.api_keys import ApiKeys
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts


@dataclass(frozen=True, slots=True)
class People:
    """What sign-in without a key needs."""

    users: Users
    oidc: OidcSignIn | None
    """None if no provider is set."""
    limits: SignInLimits


def open_people(
    settings: Settings,
    clock: Clock,
    link: RedisLink,
    *,
    keys: Keys,
    scripts: Scripts,
    api_keys: ApiKeys,
    count: Callable[[str], None],
) -> People:
    """Return the people of a deployment; raises ConfigurationError if the provider's settings cannot work."""
    config = oidc_config(settings)
    box, public_url = open_box(settings), settings.public_url
    oidc = config and OidcSignIn(config, link, keys, clock, box=box, public_url=public_url)
    return People(Users(api_keys, scripts, clock, settings), oidc, SignInLimits(clock, count))
