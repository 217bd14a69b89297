"""A rotation of the secret key under running processes, by the command itself."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import pytest
from pydantic import SecretStr

from app.core.messaging.outbox import OutboxState
from app.core.secret_keys import available_keys
from tests.support.channels.fake_telegram import FakeTelegram
from tests.support.channels.message_server import BOT, MessageServer, open_message_server, server_settings
from tests.support.embedded_redis import free_port
from tests.support.faults.processes import PROJECT_ROOT
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from app.core.config import Settings
    from app.core.redis_client import RedisLink


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def settings(redis_url: str, tmp_path: Path, telegram: FakeTelegram) -> Settings:
    made = server_settings(redis_url, tmp_path, telegram.url)
    return made.model_copy(update={"secret_key": SecretStr("")})


@pytest.fixture
async def server(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[MessageServer]:
    server = open_message_server(settings, link, tmp_path)
    yield server
    await server.close()


def command(settings: Settings, *words: str) -> Any:
    """Run `multi-job … --json` on this machine and return what it prints."""
    given = {
        "REDIS_URL": settings.redis_url,
        "NAMESPACE": settings.namespace,
        "MULTI_JOB_HOME": str(settings.multi_job_home),
        "HEARTBEAT_SEC": str(settings.heartbeat_sec),
    }
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words, "--json"],
        cwd=PROJECT_ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT_ROOT), **given},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    return orjson.loads(done.stdout)


async def test_running_processes_take_up_the_new_key(server: MessageServer, settings: Settings) -> None:
    """API key, account and new saves work before, between and after, and no process is restarted."""
    await server.set_up()
    port = free_port()
    server.fleet.start("connector")
    server.fleet.start_api(port)
    rotated: dict[str, Any] = {}
    token = command(settings, "keys", "create", "ana", "--role", "admin")["key"]
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as api:
        wait_until(lambda: _status(api) == 200, 60, "the API serves the key")
        await server.until_served(f"telegram:{BOT}")
        for _ in range(2):
            rotated = command(settings, "secrets", "rotate-key")
            assert (rotated["account_secrets"], rotated["api_keys"], rotated["unreadable"]) == (1, 1, [])
            assert [key.fingerprint for key in available_keys(settings)] == [rotated["new"]]
            assert _status(api) == 200
            sent = await server.settled(await server.put("after the rotation"))
            assert sent.state is OutboxState.DELIVERED
            assert _save(api) == 200
        status = command(settings, "secrets", "rotate-key", "--status")
    assert status["values"] == {rotated["new"]: 1}
    assert all(service.code is None for service in server.fleet.services)


def _save(api: httpx.Client) -> int:
    return api.put(f"/connectors/telegram/accounts/{BOT}", json={"default_to": "42"}).status_code


def _status(api: httpx.Client) -> int:
    try:
        return api.get("/me").status_code
    except httpx.TransportError:
        return 0
