"""The settings of a start, compared with a later one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.config import Settings
from app.local.output import LocalError
from app.local.settings import differences, load_settings, settings_of

SECRET = "canary-of-a-secret-0001"


def kept(home: Path, **variables: str) -> dict[str, str]:
    return settings_of(load_settings(variables, home))


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_setting_is_kept(tmp_path: Path) -> None:
    """Each field of Settings but the home, and those of the dashboard."""
    names = {name.upper() for name in Settings.model_fields} - {"MULTI_JOB_HOME"}
    assert names | {"UI_PORT", "UI_HOST", "VERSION"} <= kept(tmp_path).keys()


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "REDIS_PASSWORD", "API_KEYS", "PLANNER_AI_API_KEY", "UI_SESSION_SECRET"]
)
def test_secret_is_kept_as_a_digest(tmp_path: Path, name: str) -> None:
    """It is compared and never written; two installations have two digests of it."""
    first, other = kept(tmp_path, **{name: SECRET}), kept(tmp_path / "other", **{name: SECRET})
    assert SECRET not in str(first)
    assert first[name] != other[name]
    changed = differences(first, kept(tmp_path, **{name: "another-secret-0002"}))
    assert changed == [f"{name}: running a value, asked another value"]
    assert differences(first, kept(tmp_path)) == [f"{name}: running a value, asked unset"]


def test_login_of_an_address_is_hidden(tmp_path: Path) -> None:
    """The place is shown, the login is a digest."""
    first = kept(tmp_path, REDIS_URL=f"redis://me:{SECRET}@one:6379/0")
    assert SECRET not in str(first)
    lines = differences(first, kept(tmp_path, REDIS_URL="redis://me:other@two:6379/0"))
    assert [line.partition(":")[0] for line in lines] == ["REDIS_URL", "REDIS_URL (login)"]
    assert "running redis://one:6379/0, asked redis://two:6379/0" in lines[0]


def test_same_value_in_other_words_is_no_difference(tmp_path: Path) -> None:
    """A default that is written out, a number with a point, `.env` in place of the environment."""
    (tmp_path / ".env").write_text("LEASE_SEC=30.0\n", "utf-8")
    assert differences(kept(tmp_path), kept(tmp_path, WORKER_CONCURRENCY="100", HANDLER_MODULES="")) == []


def test_state_of_an_earlier_version_asks_for_a_restart(tmp_path: Path) -> None:
    """It kept no settings, and its code is an older one."""
    (line,) = differences({}, kept(tmp_path))
    assert line.startswith("VERSION: running an earlier one")


def test_refused_setting_is_named_before_the_start(tmp_path: Path) -> None:
    """The variable and the reason, without its value."""
    with pytest.raises(LocalError, match=r"WORKER_CONCURRENCY: .*greater than or equal to 1"):
        kept(tmp_path, WORKER_CONCURRENCY="0")
