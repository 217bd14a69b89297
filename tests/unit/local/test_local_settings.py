"""Settings of the launcher: the environment, `.env`, derived values."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.local.output import LocalError
from app.local.settings import DEMO_PORT, INSTANCE_VARIABLE, load_settings, parse_env_file


def test_env_file_reads_what_shells_write() -> None:
    """Quotes, `export`, comments and blank lines are understood, empty values are as unset."""
    text = """
    # a comment
    export API_PORT=8100
    REDIS_URL="redis://:a#b@host:6379/0"  # quoted: the inner # stays
    NAMESPACE='mj two'
    redis_port=6400 # said in small letters
    EMPTY=
    COMMENTED=#nothing
    no assignment
    """
    assert parse_env_file(text) == {
        "API_PORT": "8100",
        "REDIS_URL": "redis://:a#b@host:6379/0",
        "NAMESPACE": "mj two",
        "REDIS_PORT": "6400",
    }


def test_settings_default_to_loopback_and_the_project_folder(tmp_path: Path) -> None:
    """Without anything set the documented ports and folders hold."""
    settings = load_settings({}, tmp_path)
    assert (settings.api_url, settings.redis_port, settings.ui_port) == ("http://127.0.0.1:8000", 6379, 3000)
    assert settings.data_dir == tmp_path.resolve() / "runtime-data"


def test_settings_let_the_environment_win_over_the_file(tmp_path: Path) -> None:
    """A variable that is set wins, an empty one does not."""
    (tmp_path / ".env").write_text("API_PORT=8100\nREDIS_PORT=6400\n", "utf-8")
    settings = load_settings({"API_PORT": "8200", "REDIS_PORT": ""}, tmp_path)
    assert (settings.api_port, settings.redis_port) == (8200, 6400)


@pytest.mark.parametrize("text", ["x", "0", "65536", "-1", "٣", "80 80"])
def test_settings_refuse_what_is_no_port(tmp_path: Path, text: str) -> None:
    """The variable and the value are named, in both languages."""
    with pytest.raises(LocalError, match=r"API_PORT=.* is no port"):
        load_settings({"API_PORT": text}, tmp_path)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("localhost", "http://localhost:8000"),
    ],
)
def test_api_url_is_one_that_a_browser_can_open(tmp_path: Path, host: str, url: str) -> None:
    """A wildcard address is shown as loopback, IPv6 in brackets."""
    assert load_settings({"API_HOST": host}, tmp_path).api_url == url


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("", True),
        ("redis://127.0.0.1:6400/0", True),
        ("redis://:secret@localhost:6400/1", True),
        ("redis://127.0.0.1/0", False),
        ("redis://somebody:secret@127.0.0.1:6400/0", False),
        ("rediss://127.0.0.1:6400/0", False),
        ("redis://redis.example:6400/0", False),
        ("redis+sentinel://127.0.0.1:6400/main", False),
    ],
)
def test_embedded_redis_replaces_loopback_at_its_port_only(tmp_path: Path, url: str, allowed: bool) -> None:
    """Any other address is somebody's database, for which an empty one is no substitute."""
    assert load_settings({"REDIS_URL": url, "REDIS_PORT": "6400"}, tmp_path).may_embed is allowed


def test_instance_mark_follows_the_home_alone(tmp_path: Path) -> None:
    """Two homes have two marks; other ports do not change it."""
    first = load_settings({"MULTI_JOB_HOME": "one"}, tmp_path)
    assert first.instance == load_settings({"MULTI_JOB_HOME": "one", "API_PORT": "1"}, tmp_path).instance
    assert first.instance != load_settings({"MULTI_JOB_HOME": "two"}, tmp_path).instance


def test_services_of_a_demo_may_call_its_page_alone(tmp_path: Path) -> None:
    """The operator's own addresses stay open; without a demo nothing is added."""
    settings = load_settings({"HTTP_ALLOW_PRIVATE": "printer.lan:631"}, tmp_path)
    base = {"HTTP_ALLOW_PRIVATE": "printer.lan:631"}
    child = settings.service_environment({**base, DEMO_PORT: "41821"})
    assert child["HTTP_ALLOW_PRIVATE"] == "printer.lan:631,127.0.0.1:41821"
    assert load_settings({}, tmp_path).service_environment({DEMO_PORT: "41821"})["HTTP_ALLOW_PRIVATE"] == (
        "127.0.0.1:41821"
    )
    assert settings.service_environment(base)["HTTP_ALLOW_PRIVATE"] == "printer.lan:631"
    assert "HTTP_ALLOW_PRIVATE" not in load_settings({}, tmp_path).service_environment({})


def test_child_environment_passes_everything_on(tmp_path: Path) -> None:
    """Services get the caller's variables, our mark, and an absolute home."""
    settings = load_settings({"MULTI_JOB_HOME": "home"}, tmp_path)
    child = settings.child_environment({"TIMEZONE": "Asia/Makassar", "MULTI_JOB_HOME": "home"})
    assert child["TIMEZONE"] == "Asia/Makassar"
    assert child["MULTI_JOB_HOME"] == str(tmp_path.resolve() / "home")
    assert child[INSTANCE_VARIABLE] == settings.instance
