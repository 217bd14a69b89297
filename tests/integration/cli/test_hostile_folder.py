"""Commands in a folder whose `.env` somebody else has written: no key leaves, no code of it runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.api.api_process import ROOT, running_api
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.local.recorder import Recorder, recorder
from tests.support.waiting import wait_until

KEY = "mj_canary-of-the-users-key-0123456789"
REDIS_PASSWORD = "canary-of-the-redis-password"
NOBODY = 65_534
SDK = "from multi_job import Client; Client().jobs.create(job_id='h', type='report.daily')"
COMMANDS = {
    "jobs": ["jobs"],
    "run": ["run", "daily"],
    "status": ["status"],
    "plan": ["plan", "kirim laporan harian jam 9"],
    "doctor": ["doctor"],
    "stdio mcp": ["mcp"],
    "new job": ["new", "job", "shop.hello"],
    "upgrade": ["upgrade", "--check"],
    "login": ["login"],
}


@dataclass
class Folder:
    """A folder with a `.env` and a module of a stranger, and the own settings of the user."""

    path: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def was_imported(self) -> bool:
        """Return whether a process has executed the stranger's module."""
        return (self.path / "imported").exists()

    def write(self, *lines: str) -> None:
        """Write the `.env` with the stranger's module in it."""
        evil = [*lines, "HANDLER_MODULES=evil", "POLICIES_FILE=evil.yaml"]
        (self.path / ".env").write_text("\n".join([*evil, ""]), "utf-8")
        (self.path / "evil.py").write_text(
            f"open({str(self.path / 'imported')!r}, 'w').close()\nraise SystemExit(99)\n", "utf-8"
        )

    def run(self, *words: str, user: int | None = None, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program of this project in the folder, as its console script starts it."""
        return subprocess.run(
            [sys.executable, "-P", *words],
            cwd=self.path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
                "XDG_CONFIG_HOME": str(self.home / "config"),
                "MULTI_JOB_HOME": str(self.home),
                "REDIS_PORT": str(free_port()),
                "REQUEST_PATIENCE_SEC": "0.2",
                "LC_ALL": "C.UTF-8",
                **self.environment,
            },
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def command(
        self, *words: str, user: int | None = None, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run `multi-job` in the folder."""
        return self.run("-m", "app.cli", *words, user=user, typed=typed)


@pytest.fixture
def folder() -> Iterator[Folder]:
    """A folder that every user can enter: those of pytest are root's alone."""
    place = Path(tempfile.mkdtemp(prefix="multi-job-folder-"))
    place.chmod(0o755)
    made = Folder(place / "project", place / "home")
    for path in (made.path, made.home):
        path.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(place)


@pytest.fixture
def stranger() -> Iterator[Recorder]:
    with recorder() as opened:
        yield opened


def addresses(stranger: Recorder) -> list[str]:
    """Return settings that lead to the stranger's server."""
    at = f"127.0.0.1:{stranger.port}"
    return [
        *(f"MULTI_JOB_URL=http://{at}", f"API_PORT={stranger.port}", f"REDIS_URL=redis://{at}/0"),
        *(f"PLANNER_AI_BASE=http://{at}", f"RELEASES_URL=http://{at}/", f"ARTIFACTS_ENDPOINT=http://{at}"),
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_command_in_a_hostile_folder_sends_and_executes_nothing(
    folder: Folder, stranger: Recorder, name: str
) -> None:
    """Neither the key nor a request reaches the address in `.env`, and its module is not imported."""
    folder.write(*addresses(stranger))
    folder.environment = {"MULTI_JOB_API_KEY": KEY, "REDIS_PASSWORD": REDIS_PASSWORD}
    done = folder.command(*COMMANDS[name], typed=KEY)
    assert stranger.received == []
    assert not folder.was_imported
    assert KEY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    if name == "new job":
        assert done.returncode == 0, done.stderr
    elif name == "doctor":
        assert f"{folder.path / '.env'} is not used" in done.stdout
        assert f"{folder.path / '.env'} names MULTI_JOB_URL" in done.stdout
    elif name != "upgrade":
        assert done.returncode == 1
        assert f"{folder.path / '.env'} names" in done.stderr


def test_python_client_in_a_hostile_folder_sends_nothing(folder: Folder, stranger: Recorder) -> None:
    """The client raises before a request, with and without a key."""
    folder.write(*addresses(stranger))
    for environment in ({"MULTI_JOB_API_KEY": KEY}, {}):
        folder.environment = environment
        done = folder.run("-c", SDK)
        assert "KeyNotSentError" in done.stderr
    assert stranger.received == []
    assert not folder.was_imported


@pytest.mark.parametrize("name", ["jobs", "status", "doctor", "stdio mcp"])
def test_port_in_a_hostile_folder_gets_no_key(folder: Folder, stranger: Recorder, name: str) -> None:
    """A stranger may listen on loopback too: the port is refused as long as there is a key."""
    folder.write(f"API_PORT={stranger.port}")
    folder.environment = {"MULTI_JOB_API_KEY": KEY}
    done = folder.command(*COMMANDS[name])
    assert "The key is not sent to" in (done.stdout if name == "doctor" else done.stderr)
    assert "set MULTI_JOB_URL=" in done.stdout + done.stderr
    assert stranger.received == []
    folder.environment["MULTI_JOB_URL"] = f"http://127.0.0.1:{stranger.port}"
    folder.command("jobs")
    assert KEY.encode() in stranger.everything


def test_port_of_a_folder_serves_requests_without_a_key(folder: Folder, stranger: Recorder) -> None:
    """As before; the stored login of another address adds nothing to them."""
    folder.write(f"API_PORT={stranger.port}")
    folder.command("jobs")
    assert stranger.everything.startswith(b"GET /jobs")
    assert b"uthorization" not in stranger.everything


def test_mcp_over_http_refuses_to_pass_keys_on_to_an_address_of_a_folder(
    folder: Folder, stranger: Recorder
) -> None:
    """The keys of its callers would go there."""
    for lines in (addresses(stranger), [f"API_PORT={stranger.port}"]):
        folder.write(*lines)
        done = folder.command("mcp", "--http", str(free_port()))
        assert done.returncode == 1
        assert str(folder.path / ".env") in done.stderr
    assert stranger.received == []


def test_login_is_used_in_any_folder(
    redis_server: EmbeddedRedis, folder: Folder, stranger: Recorder, tmp_path: Path
) -> None:
    """A key that the API accepts is stored with its address, goes there alone, and is removed again."""
    folder.write(*addresses(stranger))
    variables = {"NAMESPACE": f"login{os.getpid()}", "API_KEYS": f"ana:viewer:{KEY}"}
    with running_api(redis_server.url, tmp_path, **variables) as api:
        wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
        url = f"http://127.0.0.1:{api.port}"
        refused = folder.command("login", url, typed="mj_another-key")
        assert (refused.returncode, "401" in refused.stderr or "not known" in refused.stderr) == (1, True)
        made = folder.command("login", f"{url}/", "--json", typed=f"{KEY}\n")
        assert made.returncode == 0, made.stderr
        found = json.loads(made.stdout)
        assert (found["url"], found["name"], found["role"]) == (url, "ana", "viewer")
        file = Path(found["file"])
        assert file.stat().st_mode & 0o777 == 0o600
        assert json.loads(file.read_text("utf-8")) == {"url": url, "key": KEY}
        assert json.loads(folder.command("jobs", "--json").stdout) == []
        listed = folder.run("-c", "from multi_job import Client; print(Client().platform.me()['name'])")
        assert listed.stdout == "ana\n", listed.stderr
        # The key is not sent to another address, also not to one of the user's own environment.
        folder.environment["MULTI_JOB_URL"] = f"http://127.0.0.1:{stranger.port}"
        folder.command("jobs")
        assert stranger.everything.startswith(b"GET /jobs")
        assert KEY.encode() not in stranger.everything
        del folder.environment["MULTI_JOB_URL"]
        assert folder.command("logout").returncode == 0
        assert not file.exists()
        assert folder.command("jobs").returncode == 1
    assert len(stranger.received) == 1


class File(NamedTuple):
    """A `.env` of an owner and a mode, the user of a command beside it, and why it is refused."""

    owner: int
    mode: int
    user: int
    reason: str | None


FILES = [
    File(NOBODY, 0o644, 0, "it belongs to the user"),
    File(0, 0o666, 0, "other users may change it (mode 666)"),
    File(0, 0o664, NOBODY, "other users may change it (mode 664)"),
    File(1, 0o644, NOBODY, "it belongs to the user"),
    File(0, 0o644, NOBODY, None),
    File(NOBODY, 0o600, NOBODY, None),
    File(0, 0o600, 0, None),
]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root becomes another user")
@pytest.mark.parametrize("file", FILES, ids=[f"{file.owner}-{file.mode:o}-{file.user}" for file in FILES])
def test_direct_command_refuses_a_file_of_another_user(
    folder: Folder, stranger: Recorder, file: File
) -> None:
    """It would connect to the Redis that the file names, with the password of the user."""
    folder.write(f"REDIS_URL=redis://127.0.0.1:{stranger.port}/0")
    os.chown(folder.path / ".env", file.owner, file.owner)
    (folder.path / ".env").chmod(file.mode)
    folder.home.chmod(0o777)
    folder.environment = {"REDIS_PASSWORD": REDIS_PASSWORD}
    every = [
        ["keys", "list"],
        ["sessions", "list"],
        ["secrets", "rotate-key", "--status"],
        ["reshard", "--back"],
    ]
    for words in every if file == FILES[0] else every[:1]:
        done = folder.command(*words, user=file.user)
        assert not folder.was_imported
        assert "Traceback" not in done.stderr
        if file.reason is None:
            assert f"127.0.0.1:{stranger.port}" in done.stderr
            assert stranger.received
        else:
            assert done.returncode == 1
            assert f"{folder.path / '.env'} is not used: {file.reason}" in done.stderr
            assert stranger.received == []
