"""The Redis that a start uses, among real servers with and without a password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.redis_login import embedded_password_file
from app.local.output import LocalError
from app.local.redis_choice import choose_redis, prepare_password
from app.local.settings import LocalSettings, load_settings
from tests.support.embedded_redis import EmbeddedRedis, free_port

OWN = "a password of its own"


@pytest.fixture(scope="module")
def open_server() -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis() as server:
        yield server


@pytest.fixture(scope="module")
def closed_server() -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(password=OWN) as server:
        yield server


def local(home: Path, port: int, **more: str) -> LocalSettings:
    return load_settings({"MULTI_JOB_HOME": str(home), "REDIS_PORT": str(port), **more}, home)


def url_of_services(home: Path, port: int) -> str:
    values = {"redis_port": port, "multi_job_home": home}
    return Settings(_env_file=None, **values).effective_redis_url  # pyright: ignore[reportCallIssue, reportArgumentType]


def test_free_port_gets_the_embedded_server(tmp_path: Path) -> None:
    """Nothing answers: the embedded server is started, with or without an earlier password."""
    settings = local(tmp_path, free_port())
    assert choose_redis(settings)
    prepare_password(settings)
    assert choose_redis(settings)


def test_server_without_a_password_is_used_as_it_is(tmp_path: Path, open_server: EmbeddedRedis) -> None:
    """An installation that never had an embedded server uses what answers, and makes no password."""
    assert not choose_redis(local(tmp_path, open_server.port))
    assert not embedded_password_file(tmp_path / "runtime-data").exists()
    assert url_of_services(tmp_path, open_server.port) == f"redis://127.0.0.1:{open_server.port}/0"


def test_server_in_the_place_of_the_embedded_one_is_refused(
    tmp_path: Path, open_server: EmbeddedRedis
) -> None:
    """Data of this installation are elsewhere: an empty server is no substitute, and no password is sent."""
    settings = local(tmp_path, open_server.port)
    prepare_password(settings)
    with pytest.raises(LocalError, match=r"another Redis answers.*REDIS_PORT"):
        choose_redis(settings)
    assert settings.stored_redis_password


def test_server_that_redis_url_names_replaces_the_embedded_one(
    tmp_path: Path, open_server: EmbeddedRedis
) -> None:
    """The user says so: it is used without a password, also by services and commands."""
    url = f"redis://127.0.0.1:{open_server.port}/0"
    settings = local(tmp_path, open_server.port, REDIS_URL=url)
    prepare_password(settings)
    assert not choose_redis(settings)
    assert url_of_services(tmp_path, open_server.port) == url


def test_server_with_another_password_is_refused(tmp_path: Path, closed_server: EmbeddedRedis) -> None:
    """The reason and the settings to change are named, with no password in the text."""
    settings = local(tmp_path, closed_server.port)
    for words in ("asks for a password: set REDIS_PASSWORD", "another Redis answers .* set REDIS_PORT"):
        with pytest.raises(LocalError, match=words) as refused:
            choose_redis(settings)
        assert OWN not in str(refused.value)
        prepare_password(settings)


def test_password_for_a_server_that_has_none_is_an_error(tmp_path: Path, open_server: EmbeddedRedis) -> None:
    """REDIS_PASSWORD promises protection that the server does not have."""
    with pytest.raises(LocalError, match="has no password, but one is set here"):
        choose_redis(local(tmp_path, open_server.port, REDIS_PASSWORD=OWN))


def test_password_in_a_file_is_used(tmp_path: Path, closed_server: EmbeddedRedis) -> None:
    """REDIS_PASSWORD_FILE replaces REDIS_PASSWORD, in the launcher and in services."""
    file = tmp_path / "mounted"
    file.write_text(f"{OWN}\n", "utf-8")
    assert not choose_redis(local(tmp_path, closed_server.port, REDIS_PASSWORD_FILE=str(file)))
    values = {"redis_port": closed_server.port, "multi_job_home": tmp_path, "redis_password_file": file}
    read = Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue, reportArgumentType]
    assert "a%20password%20of%20its%20own@127.0.0.1" in read.effective_redis_url
    assert OWN in read.secret_values()
