"""Names of `.env` and the environment that look like settings of the platform and are none."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from app.core.config import Settings
from app.core.i18n import Message, _

if TYPE_CHECKING:
    from pathlib import Path

_OTHERS: Final = frozenset(
    {
        # Of the launcher and the dashboard.
        *(
            "REDIS_MAXMEMORY_MB",
            "UI_HOST",
            "UI_PORT",
            "UI_MAX_CONNECTIONS",
            "UI_ALLOWED_HOSTS",
            "API_BASE_URL",
        ),
        *("UI_SESSION_SECRET", "UI_SESSION_SECRET_FILE", "OIDC_CLIENT_SECRET_FILE", "RELEASES_URL"),
        # Of clients.
        *("MULTI_JOB_URL", "MULTI_JOB_API_KEY", "MULTI_JOB_ALLOW_HTTP", "MULTI_JOB_BACKUP_PASSPHRASE"),
        # Between our processes.
        *("MULTI_JOB_INSTANCE", "MULTI_JOB_CONTAINER", "MULTI_JOB_WORKER_CHILD", "MULTI_JOB_PREVIOUS_END"),
        "MULTI_JOB_DEMO_PORT",
        # Of the compose files.
        *("MULTI_JOB_IMAGE", "MULTI_JOB_UI_IMAGE", "REDIS_IMAGE", "REDIS_MEM_LIMIT", "SERVICE_MEM_LIMIT"),
        *("API_MEM_LIMIT", "WORKER_MEM_LIMIT", "MONITORING_MEM_LIMIT", "LOG_MAX_SIZE", "BASE", "UI_BASE"),
        *("EXTRAS", "DOMAIN", "CADDY_IMAGE", "GRAFANA_IMAGE", "GRAFANA_PORT", "PROMETHEUS_IMAGE"),
        "PROMETHEUS_PORT",
    }
)
_OURS: Final = ("MULTI_JOB_", "RETENTION_", "PLANNER_AI_", "OIDC_", "WORKER_", "ARTIFACTS_", "DURABILITY_")
"""Names with these beginnings are ours; others count only if they are close to a setting."""
_OF_KUBERNETES: Final = re.compile(r"_SERVICE_(HOST|PORT)|_PORT(_\d|$)")
"""Variables that Kubernetes makes for a service `multi-job-api`."""
_ALIKE: Final = 0.87


@dataclass(frozen=True, slots=True)
class UnknownSetting:
    """A name without effect."""

    name: str
    place: str
    """The file, or '' for the environment."""
    near: str
    """The setting that was probably meant; '' if none is close."""

    @property
    def described(self) -> Message:
        """Return it for people, without its value."""
        place = self.place or _("the environment")
        if self.near:
            return _(
                "{name} in {place} is no setting; did you mean {near}?",
                name=self.name,
                place=place,
                near=self.near,
            )
        return _("{name} in {place} is no setting: it has no effect.", name=self.name, place=place)


def known_names() -> frozenset[str]:
    """Return the names of all settings."""
    return frozenset(name.upper() for name in Settings.model_fields) | _OTHERS


def unknown_settings(file: Path | None, stored: Mapping[str, object]) -> list[UnknownSetting]:
    """Return the names without effect in the content of a `.env`, and in the environment."""
    return [*_unknown(stored, str(file or "")), *_unknown(os.environ, "")]


def _unknown(given: Mapping[str, object], place: str) -> Iterator[UnknownSetting]:
    known = known_names()
    for name in sorted({each.upper() for each in given}):
        if name in known or _OF_KUBERNETES.search(name):
            continue
        near = next(iter(get_close_matches(name, known, n=1, cutoff=_ALIKE)), "")
        if name.startswith(_OURS):
            near = near or next(iter(get_close_matches(name, known, n=1)), "")
        elif not near:
            continue
        yield UnknownSetting(name, place, near)
