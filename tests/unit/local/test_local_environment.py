"""The environment that each process gets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.local.dashboard import server_environment
from app.local.environment import (
    SERVICE_SECRETS,
    process_environment,
)
from app.local.services import BACKGROUND
from app.local.settings import load_settings

ROOT = Path(__file__).resolve().parents[3]
SECRETS = {
    name: f"canary-{name}"
    for name in (
        *("REDIS_URL", "REDIS_PASSWORD", "SECRET_KEY", "API_KEYS", "PLANNER_AI_API_KEY"),
        *("UI_SESSION_SECRET", "MULTI_JOB_API_KEY", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY"),
    )
}
BASE = {"PATH": "/bin", "LANG": "id_ID.UTF-8", "MULTI_JOB_INSTANCE": "mark", "SHOP_TOKEN": "of a handler"}
# A service's environment, besides every variable that is not a platform secret.
LEFT = {
    "api": set(SECRETS) - {"MULTI_JOB_API_KEY"},
    "connector": set(SECRETS) - {"UI_SESSION_SECRET", "MULTI_JOB_API_KEY", "API_KEYS"},
    "worker": set(SECRETS) - {"UI_SESSION_SECRET", "MULTI_JOB_API_KEY", "API_KEYS", "PLANNER_AI_API_KEY"},
    "scheduler": {"REDIS_URL", "REDIS_PASSWORD", "SECRET_KEY"},
}


@pytest.mark.parametrize("service", LEFT)
def test_service_gets_the_secrets_that_it_needs(service: str) -> None:
    """Secrets of other processes are removed; the variables of users' handlers stay."""
    seen = process_environment(service, {**BASE, **SECRETS})
    assert seen.keys() & SECRETS.keys() == LEFT[service]
    assert seen.items() >= BASE.items()


def test_dashboard_decides_by_the_same_env_file_as_the_api(tmp_path: Path) -> None:
    """Settings that both read reach the dashboard from `.env` as well."""
    (tmp_path / ".env").write_text("TRUSTED_PROXIES=10.0.0.1\nAUTH=off\nSECRET_KEY=canary\n", "utf-8")
    seen = process_environment("dashboard", server_environment(load_settings({}, tmp_path), {"PATH": "/bin"}))
    assert (seen["TRUSTED_PROXIES"], seen["AUTH"]) == ("10.0.0.1", "off")
    assert "SECRET_KEY" not in seen


def test_every_service_is_in_the_table() -> None:
    """A new service is added here on purpose."""
    assert set(SERVICE_SECRETS) == {"api", *BACKGROUND}


def test_redis_and_builds_get_no_secret() -> None:
    """They have system variables and their own; the allocator of the server is one of them."""
    given = {
        **BASE,
        **SECRETS,
        "LD_PRELOAD": "libjemalloc.so.2",
        "npm_config_cache": "/c",
        "https_proxy": "p",
    }
    assert process_environment("redis", given) == {
        name: given[name] for name in ("PATH", "LANG", "MULTI_JOB_INSTANCE", "LD_PRELOAD")
    }
    assert process_environment("build", given) == {
        name: given[name]
        for name in ("PATH", "LANG", "MULTI_JOB_INSTANCE", "npm_config_cache", "https_proxy")
    }


def test_dashboard_gets_every_variable_that_it_reads() -> None:
    """Each `process.env.NAME` of its server passes, and no secret but its own."""
    sources = [
        *(path for kind in ("ts", "tsx") for path in (ROOT / "ui" / "src").rglob(f"*.{kind}")),
        *(ROOT / "ui" / "scripts").glob("*.mjs"),
    ]
    text = "\n".join(path.read_text("utf-8") for path in sources if ".test." not in path.name)
    read = set(re.findall(r"process\.env\.([A-Z_]+)", text))
    assert {"UI_PORT", "API_BASE_URL"} <= read
    seen = process_environment("dashboard", {**BASE, **SECRETS, **dict.fromkeys(read, "x")})
    assert read <= set(seen)
    assert seen.keys() & SECRETS.keys() == {"UI_SESSION_SECRET"}
    assert "SHOP_TOKEN" not in seen
