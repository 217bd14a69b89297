"""Settings: allowed values, and refusals at start."""

from __future__ import annotations

import stat
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.core.config import Durability, Settings
from app.core.secret_keys import deployment_secrets

# The password of an installation in the project's folder is none of these tests'.
_HOME = Path(__file__).parent / "no-installation"


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **{"multi_job_home": _HOME, **values})  # pyright: ignore[reportCallIssue]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_defaults_serve_one_machine() -> None:
    """Without any variable: loopback, namespace mj, lease of 30 s."""
    plain = settings()
    assert plain.effective_redis_url == "redis://127.0.0.1:6379/0"
    assert (plain.namespace, plain.api_host, plain.lease_ms) == ("mj", "127.0.0.1", 30_000)
    assert plain.durability is Durability.FAST


def test_secret_values_are_all_that_must_not_be_read() -> None:
    """Passwords and keys, as they are used; what is so short that words may hold it is left out."""
    given = settings(
        redis_url="redis://me:p%40ss-word@h/1",
        redis_password="another-word",
        secret_key="short",
        api_keys="a:admin:key-number-one, b:viewer:key-number-two",
        planner_ai_api_key="sk-of-the-model",
    )
    found = ["another-word", "sk-of-the-model", "key-number-one", "key-number-two", "p@ss-word"]
    assert given.secret_values() == found
    assert settings().secret_values() == []


def test_variables_are_read_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of a variable is the field's in capitals."""
    monkeypatch.setenv("LEASE_SEC", "2.5")
    monkeypatch.setenv("DURABILITY", "fsynced")
    monkeypatch.setenv("HANDLER_MODULES", "a.b, c ,")
    read = settings()
    assert (read.lease_ms, read.durability, read.handler_modules) == (2_500, Durability.FSYNCED, ["a.b", "c"])


def test_a_dotenv_file_is_read(tmp_path: Path) -> None:
    """Unknown lines of it belong to somebody else."""
    file = tmp_path / ".env"
    file.write_text("NAMESPACE=other\nCOMPOSE_PROJECT_NAME=x\n", "utf-8")
    assert Settings(_env_file=file).namespace == "other"  # pyright: ignore[reportCallIssue]


def test_the_redis_address_is_put_together() -> None:
    """REDIS_URL wins; else loopback, the port and the quoted password."""
    assert settings(redis_url="redis://h/1", redis_port=1).effective_redis_url == "redis://h/1"
    built = settings(redis_port=7000, redis_password="p@ss/w:d").effective_redis_url
    assert built == "redis://:p%40ss%2Fw%3Ad@127.0.0.1:7000/0"


@pytest.mark.parametrize(
    ("url", "built"),
    [
        ("redis://redis:6379/0", "redis://:secret@redis:6379/0"),
        ("redis+sentinel://a:1,b:2/name", "redis+sentinel://:secret@a:1,b:2/name"),
        ("redis://:own@redis:6379/0", "redis://:own@redis:6379/0"),
        ("rediss://me:own@redis", "rediss://me:own@redis"),
    ],
)
def test_the_password_joins_a_url_without_a_login(url: str, built: str) -> None:
    """REDIS_PASSWORD is used if REDIS_URL has no login."""
    assert settings(redis_url=url, redis_password="secret").effective_redis_url == built


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("namespace", "a{b}"),
        ("namespace", ""),
        ("namespace", "x" * 33),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("lease_sec", 0.1),
        ("worker_concurrency", 0),
        ("durability", "maybe"),
        ("auth", "sometimes"),
        ("api_port", 70_000),
        ("max_result_bytes", 1),
        ("retention_days", 0),
        ("http_allow_private", "127.0.0.1"),
        ("http_allow_private", "*:80"),
        ("http_allow_private", "127.1:80"),
        ("files_max_mb", 0),
    ],
)
def test_values_that_cannot_work_are_refused(name: str, value: object) -> None:
    """A wrong setting is an error at start, not at midnight."""
    with pytest.raises(ValidationError):
        settings(**{name: value})


def test_secrets_do_not_show() -> None:
    """Neither a print nor a dump of the settings holds them."""
    shown = settings(redis_password="canary-1", secret_key="canary-2")
    assert "canary" not in f"{shown!r} {shown} {shown.model_dump_json()}"


def test_a_given_secret_key_is_used(tmp_path: Path) -> None:
    """Nothing is written if one is set."""
    assert deployment_secrets(settings(secret_key="given", multi_job_home=tmp_path))[0] == b"given"
    assert list(tmp_path.iterdir()) == []


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    """Every process of the installation reads the same key, which only its owner may read."""
    first = deployment_secrets(settings(multi_job_home=tmp_path))[0]
    assert first == deployment_secrets(settings(multi_job_home=tmp_path))[0]
    assert len(first) >= 32
    file = tmp_path / "runtime-data" / "secret.key"
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_start_together_agree_on_the_secret_key(tmp_path: Path) -> None:
    """Of many processes that find none, exactly one creates it, and none reads half of it."""
    found: list[bytes] = []
    start = threading.Barrier(8)

    def read() -> None:
        start.wait()
        found.append(deployment_secrets(settings(multi_job_home=tmp_path))[0])

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_opened_places_have_one_form() -> None:
    """However they are written, they are compared in one way."""
    opened = settings(http_allow_private="192.168.1.5:80, Printer.LAN:631,[0:0::1]:8080").http_allow_private
    assert opened == ["192.168.1.5:80", "printer.lan:631", "[::1]:8080"]


def test_files_are_in_the_data_folder_by_default(tmp_path: Path) -> None:
    """FILES_ROOT wins; an empty one is none."""
    home = settings(multi_job_home=tmp_path, files_root="")
    assert home.files_dir == tmp_path / "runtime-data" / "files"
    assert settings(files_root=tmp_path).files_dir == tmp_path


def test_each_shard_may_have_a_server() -> None:
    """The URLs are separated by commas, of which those of a Sentinel have some of their own."""
    urls = "redis+sentinel://a:1,b:2/main, redis://:of-the-second@c:3/1"
    given = settings(shards=2, shard_urls=urls, redis_password="of-the-first")
    assert given.shard_url(0) == given.effective_redis_url == "redis+sentinel://:of-the-first@a:1,b:2/main"
    assert (given.shard_url(1), given.shard_place(1)) == ("redis://:of-the-second@c:3/1", "c:3/1")
    assert {"of-the-first", "of-the-second"} <= set(given.secret_values())
    assert settings(shards=3).shard_url(2) == "redis://127.0.0.1:6379/0"
    urls = "redis://:of-the-first@a:1/0,redis://:of-the-second@b:2/0"
    joined = settings(shards=2, shard_urls=urls, redis_url="redis://a:1/0", redis_password="of-the-first")
    assert joined.shard_url(0) == "redis://:of-the-first@a:1/0"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"shards": 3, "shard_urls": "redis://a redis://b"}, "names 2 servers, but SHARDS is 3"),
        ({"shards": 2, "shard_urls": "redis://a redis://b", "redis_url": "redis://b"}, "that of REDIS_URL"),
        ({"shards": 65}, "less than or equal to 64"),
    ],
)
def test_shards_that_do_not_fit_are_refused(values: dict[str, Any], reason: str) -> None:
    """The number of servers, and which one is the first."""
    with pytest.raises(ValidationError, match=reason):
        settings(**values)


def test_settings_of_a_shard_have_its_place() -> None:
    """Loops of a shard get settings that mean its Redis; several shards may share a server."""
    apart = settings(shards=2, shard_urls="redis://a:1/0,redis://b:2/0")
    second = apart.of_shard(1)
    assert (apart.shard, second.shard, second.redis_place) == (0, 1, "b:2/0")
    assert (second.shares_server, second.server_part) == (False, 1.0)
    together = settings(shards=2, redis_url="redis://a:1/0")
    assert (together.shares_server, together.of_shard(1).shares_server) == (False, True)
    assert together.of_shard(1).server_part == 0.5
    cluster = settings(shards=2, redis_url="redis+cluster://a:1,b:2").of_shard(1)
    assert (cluster.shares_server, cluster.server_part) == (False, 0.5)
    assert settings().server_part == 1.0
