"""The environment of each process, without secrets of other processes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.core.secret_keys import DEPLOYMENT_SECRETS

_SYSTEM = (
    "MULTI_JOB_INSTANCE",
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_*", "TZ", "TMPDIR", "TEMP", "TMP"),
    # Programs on Windows fail without these.
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "OS", "APPDATA", "LOCALAPPDATA"),
    *("PROGRAMDATA", "PROGRAMFILES*", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "PROCESSOR_*"),
    "NUMBER_OF_PROCESSORS",
)
_ALLOCATOR = ("LD_*", "DYLD_*", "GLIBC_TUNABLES", "MALLOC_*")
# Version managers of Node.js start it through a program that reads its own variables.
_NODE = ("NODE_*", *(f"{name}_*" for name in ("NVM", "VOLTA", "FNM", "ASDF", "MISE", "NODENV")))
_SERVER = (
    *("API_BASE_URL", "AUTH", "UI_*", "TRUSTED_PROXIES", "HOSTNAME", "PORT"),
    # Where the secret is that it shares with the API, and whether sockets show whose they are.
    *("MULTI_JOB_HOME", "MULTI_JOB_CONTAINER"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)
_BUILD = (
    *("NPM_*", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("XDG_*", "CI", "NO_COLOR", "FORCE_COLOR", "TERM", "NEXT_TELEMETRY_DISABLED"),
    # Our own interpreter starts the build, and it reads the launcher's settings.
    *("MULTI_JOB_HOME", "PYTHONPATH", "PYTHONUNBUFFERED", "VIRTUAL_ENV", "UI_HOST", "UI_PORT"),
)
_NAMES = {
    "redis": (*_SYSTEM, *_ALLOCATOR),
    "dashboard": (*_SYSTEM, *_NODE, *_SERVER),
    "build": (*_SYSTEM, *_NODE, *_BUILD),
}
"""The variables of a process that gets only these."""

# Secrets that a Python process may have. Handlers of users run in the worker, and modules that the API and
# the connector load may read variables of their own, so only variables of the platform are listed.
_REDIS = frozenset({"REDIS_URL", "SHARD_URLS", "REDIS_PASSWORD", "REDIS_PASSWORD_FILE"})
_EACH = _REDIS | {"SECRET_KEY", "SECRET_KEY_PREVIOUS"}
_ARTIFACTS = frozenset({"ARTIFACTS_KEY_ID", "ARTIFACTS_SECRET"})
_PLANNER = frozenset({"PLANNER_AI_API_KEY"})
_OIDC = frozenset({"OIDC_CLIENT_SECRET", "OIDC_CLIENT_SECRET_FILE"})
SERVICE_SECRETS: Mapping[str, frozenset[str]] = {
    # With UI_SESSION_SECRET the dashboard proves the address of its user.
    "api": _EACH
    | _PLANNER
    | _ARTIFACTS
    | _OIDC
    | {"API_KEYS", "UI_SESSION_SECRET", "UI_SESSION_SECRET_FILE"},
    # It executes chat commands, which the planner interprets.
    "connector": _EACH | _PLANNER,
    "scheduler": _EACH,
    # It writes reports and exports.
    "worker": _EACH | _ARTIFACTS,
}
# The scheduler loads no handler and calls no model.
_NO_PROVIDER_KEYS = frozenset({"scheduler"})
_PROVIDER_KEY = re.compile(r"[A-Z0-9_]+_API_KEY|(AWS|AZURE|GOOGLE|VERTEX|GCLOUD)[A-Z0-9_]*", re.IGNORECASE)


def process_environment(name: str, base: Mapping[str, str]) -> dict[str, str]:
    """Return a process's environment by its name: `redis`, `dashboard`, `build`, or a Python service.

    The first three get system variables and their own, a service the caller's without the secrets of other
    processes.
    """
    if name in _NAMES:
        return _only(base, _NAMES[name])
    kept = SERVICE_SECRETS[name]
    return {key: value for key, value in base.items() if not _is_foreign(name, key.upper(), kept)}


def _is_foreign(service: str, name: str, kept: frozenset[str]) -> bool:
    if name in DEPLOYMENT_SECRETS:
        return name not in kept
    return service in _NO_PROVIDER_KEYS and _PROVIDER_KEY.fullmatch(name) is not None


def _only(base: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Return the variables with these names, in any case; `*` at the end matches the rest of a name."""
    beginnings = tuple(name.removesuffix("*") for name in names if name.endswith("*"))
    whole = {name for name in names if not name.endswith("*")}
    return {
        name: value
        for name, value in base.items()
        if name.upper() in whole or name.upper().startswith(beginnings)
    }
