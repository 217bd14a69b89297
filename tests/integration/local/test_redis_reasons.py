"""Reasons why a Redis cannot be used, with real servers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli.commands.doctor import diagnose_redis
from app.core.config import Settings
from app.core.errors import RedisUnavailable
from app.core.redis_client import open_link
from app.core.storage.diagnosis import ConnectionFault, reason_for
from app.local.output import LocalError
from app.local.redis_choice import choose_redis
from app.local.redis_probe import ProbeState, RedisAddress, probe
from app.local.settings import load_settings
from tests.support.api.raw_http import make_certificate
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.waiting import wait_until

SERVER = shutil.which("redis-server")
PASSWORD = "a-password-of-its-own"

pytestmark = pytest.mark.skipif(SERVER is None or sys.platform == "win32", reason="redis-server with TLS")


@contextmanager
def _tls_server(folder: Path, name: str, days: int = 30) -> Generator[str]:
    """A server that speaks TLS alone, with a self-signed certificate for a name and 127.0.0.1."""
    port, file = free_port(), str(make_certificate(folder, name, days).file)
    certificate = ["--tls-cert-file", file, "--tls-key-file", file, "--tls-ca-cert-file", file]
    words = ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no", "--save", "", *certificate]
    with subprocess.Popen([str(SERVER), *words], cwd=folder, stdout=subprocess.DEVNULL) as process:
        address = RedisAddress("127.0.0.1", port, tls=True, verify=False)
        wait_until(lambda: probe(address).state is ProbeState.READY, 60, message="the server answers")
        yield f"{port}/0?ssl_ca_certs={file}"
        process.terminate()


@dataclass(frozen=True, slots=True)
class Servers:
    tls: str
    """What follows the host in a URL: port, database and the certificate's authority."""
    other_name: str
    expired: str
    plain: str
    closed: str


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folders = [tmp_path_factory.mktemp(name) for name in ("tls", "other", "expired")]
    with (
        _tls_server(folders[0], "localhost") as tls,
        _tls_server(folders[1], "redis.example") as other,
        _tls_server(folders[2], "localhost", days=-1) as expired,
        EmbeddedRedis() as plain,
        EmbeddedRedis(password=PASSWORD) as closed,
    ):
        yield Servers(tls, other, expired, f"{plain.port}/0", f"{closed.port}/0")


CASES = {
    "self-signed": ("rediss://localhost:{tls_bare}", ConnectionFault.UNTRUSTED),
    "other name": ("rediss://localhost:{other_name}", ConnectionFault.OTHER_NAME),
    "expired": ("rediss://localhost:{expired}", ConnectionFault.EXPIRED),
    "plain server": ("rediss://localhost:{plain}", ConnectionFault.NO_TLS),
    "plain words": ("redis://localhost:{tls_bare}", ConnectionFault.TLS_ONLY),
    "no such host": ("redis://no-such-host.invalid:6379/0", ConnectionFault.UNKNOWN_HOST),
    "wrong password": ("redis://:wrong-password@localhost:{closed}", ConnectionFault.WRONG_LOGIN),
    "no password": ("redis://localhost:{closed}", ConnectionFault.NO_LOGIN),
    "one too many": ("redis://:some-password@localhost:{plain}", ConnectionFault.OPEN),
}


def _url(servers: Servers, template: str) -> str:
    places = {name: getattr(servers, name) for name in Servers.__slots__}
    return template.format(**places, tls_bare=servers.tls.partition("?")[0])


def _settings(url: str, home: Path) -> Settings:
    # No patience helps against these servers.
    values: dict[str, Any] = {"redis_url": url, "multi_job_home": home, "request_patience_sec": 2}
    return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("case", CASES)
def test_start_says_why_this_redis_cannot_be_used(servers: Servers, tmp_path: Path, case: str) -> None:
    """The cause and the step, and no advice that mends nothing."""
    template, cause = CASES[case]
    with pytest.raises(LocalError) as refused:
        choose_redis(load_settings({"REDIS_URL": _url(servers, template)}, tmp_path))
    reason = reason_for(cause)
    assert all(words in str(refused.value) for words in (reason.wrong, reason.step))
    assert "REDIS_PORT" not in str(refused.value)


# Redis ends a connection without a word if it is sent plain text in place of a TLS handshake.
@pytest.mark.parametrize("case", sorted(CASES.keys() - {"plain words"}))
async def test_services_say_why_they_do_not_connect(servers: Servers, tmp_path: Path, case: str) -> None:
    """The same words in the error of every call, and so in the log of a start."""
    template, cause = CASES[case]
    # On a busy machine a TLS handshake takes long.
    patience_sec = 2 if template.startswith("rediss") else 1
    link = await open_link(_settings(_url(servers, template), tmp_path), patience_sec)
    with pytest.raises(RedisUnavailable) as refused:
        await link.call("PING")
    await link.close()
    assert reason_for(cause).step in refused.value.message


@pytest.mark.parametrize("case", ["self-signed", "wrong password", "plain server", "plain words"])
def test_doctor_says_what_mends_the_connection(servers: Servers, tmp_path: Path, case: str) -> None:
    """The remedy column has the step; it never starts another Redis."""
    template, cause = CASES[case]
    (found,) = diagnose_redis(_settings(_url(servers, template), tmp_path))
    assert reason_for(cause).wrong in found.seen
    assert "multi-job up" not in found.remedy
    assert "REDIS_" in found.remedy


async def test_trusted_certificate_is_used(servers: Servers, tmp_path: Path) -> None:
    """The authority that the text asks for is what helps."""
    url = f"rediss://localhost:{servers.tls}"
    assert not choose_redis(load_settings({"REDIS_URL": url}, tmp_path))
    link = await open_link(_settings(url, tmp_path), 2)
    assert await link.call("PING") == "PONG"
    await link.close()
