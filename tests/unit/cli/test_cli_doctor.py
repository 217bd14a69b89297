"""The doctor without Redis: this machine and the API's address."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest

from app import __version__
from app.cli.commands import doctor as doctor_command
from app.cli.doctor.diagnose import _appended, diagnose_settings
from app.cli.doctor.findings import Finding, FindingLevel, listed
from app.cli.doctor.http import _ACCEPTED, diagnose_api
from app.core.config import Settings
from app.core.i18n import render
from app.core.net.api_address import KeySource
from app.core.redis_login import embedded_password_file
from app.core.secret_keys import deployment_secrets, make_key_file, new_key
from app.local.settings import load_settings
from tests.support.embedded_redis import free_port

HEALTHY = {"status": "healthy", "version": __version__}


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MULTI_JOB_URL", "MULTI_JOB_API_KEY", "API_PORT"):
        monkeypatch.delenv(name, raising=False)


def settings(home: Path, **changes: Any) -> Settings:
    return Settings(_env_file=None, multi_job_home=home, **changes)  # pyright: ignore[reportCallIssue]


def of(findings: list[Finding], check: str) -> Finding:
    return next(finding for finding in findings if finding.check == check)


@contextmanager
def answering(health: object, queue_status: int = 200) -> Generator[int]:
    """Serve these answers on loopback; yield the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/healthz"
            body = health if isinstance(health, str) else json.dumps(health)
            refused = json.dumps({"title": "No", "detail": "no"})
            types = json.dumps([{"type": "report.daily"}])
            text = body if known else types if queue_status == 200 else refused
            self.send_response(200 if known else queue_status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def looked(port: int, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    monkeypatch.setenv("API_PORT", str(port))
    return diagnose_api(load_settings({"API_PORT": str(port)}))


def test_an_api_that_answers_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """With this version, and without a need of a key."""
    with answering(HEALTHY) as port:
        assert {each.verdict for each in looked(port, monkeypatch)} == {FindingLevel.OK}


@pytest.mark.parametrize(
    ("status", "remedy"), [(401, "MULTI_JOB_API_KEY"), (403, "higher role"), (421, "ALLOWED_HOSTS")]
)
def test_a_wrong_key_is_distinguished_from_a_wrong_address(
    monkeypatch: pytest.MonkeyPatch, status: int, remedy: str
) -> None:
    """Each refusal has its own remedy."""
    with answering(HEALTHY, status) as port:
        found = of(looked(port, monkeypatch), "key")
    assert (found.verdict, remedy in found.remedy) == (FindingLevel.FAILED, True)


def test_findings_have_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was seen, what to do and the number of left-out names, at a start that went well and elsewhere."""
    with answering(HEALTHY, 403) as port:
        found = [*diagnose_settings(settings(tmp_path, auth="off")), *looked(port, monkeypatch)]
    said = {each.check: (render(each.seen, "id"), render(each.remedy, "id")) for each in found}
    assert said["policies"][0].endswith(" aturan")
    assert said["disk"][0].endswith(f" MB kosong di {tmp_path}")
    assert said["auth"][1].startswith("hapus AUTH=off kecuali")
    assert said["key"][1].startswith("pakai kunci dengan peran lebih tinggi")
    assert listed([*"abcdefgh"]) == "a, b, c, d, e (+3)"


def test_another_version_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an update something still runs the old code."""
    with answering({**HEALTHY, "version": "0.0.1"}) as port:
        assert of(looked(port, monkeypatch), "address").verdict is FindingLevel.WARN


@pytest.mark.parametrize("health", ["<html>", [], {"ok": True}])
def test_a_port_with_something_else_on_it_is_taken(monkeypatch: pytest.MonkeyPatch, health: object) -> None:
    """It answers, but is none of ours; at a foreign address the address is to blame."""
    with answering(health) as port:
        found = of(looked(port, monkeypatch), "address")
        assert (found.verdict, "API_PORT" in found.remedy) == (FindingLevel.FAILED, True)
        monkeypatch.setenv("MULTI_JOB_URL", f"http://127.0.0.1:{port}")
        assert "MULTI_JOB_URL" in of(looked(port, monkeypatch), "address").remedy


def test_a_port_that_is_held_but_speaks_no_http_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that holds it is named, if the system reveals it."""
    monkeypatch.setattr("app.cli.doctor.http._PATIENCE_SEC", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as held:
        found = of(looked(held.getsockname()[1], monkeypatch), "address")
    assert (found.verdict, "taken" in found.seen) == (FindingLevel.FAILED, True)


def test_nothing_at_the_address_is_to_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here by a command; elsewhere it is somebody else's, or the address is wrong."""
    port = free_port()
    assert of(looked(port, monkeypatch), "address").remedy == "multi-job up"
    monkeypatch.setenv("MULTI_JOB_URL", f"http://127.0.0.1:{port}")
    assert "MULTI_JOB_URL" in of(looked(port, monkeypatch), "address").remedy


@pytest.mark.parametrize(
    ("free_gb", "verdict"), [(2, FindingLevel.FAILED), (9, FindingLevel.WARN), (20, FindingLevel.OK)]
)
def test_a_disk_that_is_almost_full_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_gb: int, verdict: FindingLevel
) -> None:
    """Under the data and under the files."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(0, (100 - free_gb) * 10**9, free_gb * 10**9))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    assert of(diagnose_settings(settings(tmp_path)), "disk").verdict is verdict


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_secret_that_others_may_read_is_a_fault(tmp_path: Path) -> None:
    """The file is what every secret is sealed under; a SECRET_KEY makes it of no use."""
    made = settings(tmp_path)
    deployment_secrets(made)
    file = made.data_dir / "secret.key"
    assert of(diagnose_settings(made), "secret.key").verdict is FindingLevel.OK
    file.chmod(0o644)
    found = of(diagnose_settings(made), "secret.key")
    assert (found.verdict, found.remedy) == (FindingLevel.FAILED, f"chmod 600 {file}")
    password = embedded_password_file(made.data_dir)
    make_key_file(password, new_key())
    assert of(diagnose_settings(made), "redis.password").verdict is FindingLevel.OK
    password.chmod(0o640)
    assert of(diagnose_settings(made), "redis.password").remedy == f"chmod 600 {password}"
    given = settings(tmp_path, secret_key="a-long-secret-of-a-test")
    assert "secret.key" not in [each.check for each in diagnose_settings(given)]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("TIMEZONE", "Mars/Olympus", "Mars/Olympus"), ("DEFAULT_NOTIFY", "nobody", "channel:account:to")],
)
def test_a_setting_that_cannot_be_is_the_finding(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """Nothing else can be looked at with it."""
    monkeypatch.setenv(name, value)
    (found,) = doctor_command.run_checks()
    assert (found.check, found.verdict, said in found.seen) == ("settings", FindingLevel.FAILED, True)


def test_doctor_knows_each_place_of_a_key() -> None:
    """A place without a text would end the whole check with a traceback."""
    assert _ACCEPTED.keys() == {None, *KeySource}


@pytest.mark.parametrize(
    ("known", "verdict", "words"),
    [
        ({"aof_enabled": "1", "aof_last_write_status": "ok"}, FindingLevel.OK, "on"),
        ({"aof_enabled": "1", "aof_last_write_status": "err"}, FindingLevel.FAILED, "cannot be written"),
        ({"aof_enabled": "0", "aof_last_write_status": "ok"}, FindingLevel.WARN, "off"),
    ],
)
def test_file_that_cannot_be_written_is_not_one_that_is_off(
    known: dict[str, str], verdict: FindingLevel, words: str
) -> None:
    """The first needs room on the disk, the second a setting."""
    found = _appended(known)
    assert (found.verdict, words in found.seen) == (verdict, True)
