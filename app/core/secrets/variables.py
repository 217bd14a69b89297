"""The environment variables that hold secrets of a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.redis_login import has_login

if TYPE_CHECKING:
    from collections.abc import Mapping

DEPLOYMENT_SECRETS: Final = frozenset(
    {
        *("REDIS_URL", "REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "SECRET_KEY"),
        *("SECRET_KEY_PREVIOUS", "API_KEYS"),
        *("PLANNER_AI_API_KEY", "UI_SESSION_SECRET", "UI_SESSION_SECRET_FILE", "MULTI_JOB_API_KEY"),
    }
)


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for the code of others, such as a handler in a child process.

    A REDIS_URL without a login stays.
    """
    return {name: value for name, value in environment.items() if not _is_secret(name.upper(), value)}


def _is_secret(name: str, value: str) -> bool:
    return name in DEPLOYMENT_SECRETS and (name != "REDIS_URL" or has_login(value))
