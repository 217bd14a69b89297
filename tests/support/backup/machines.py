"""Machines with a Redis, a data folder and a SECRET_KEY of their own, and the real commands on them."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import orjson

from app.cli.direct import deployment
from app.core.access.api_keys import Role
from app.core.access.audit import Audit, AuditedAction, AuditFilter, AuditOutcome
from app.core.config import Settings
from app.core.messaging.accounts import AccountDraft, AccountStore
from app.core.models import JobSpec
from app.core.monitors.pings import PingStore
from app.core.queue import open_queue
from app.core.redis_client import check_server
from app.core.secret_keys import deployment_keys
from app.core.secrets.sealing import open_box
from app.core.secrets.store import SecretDraft, SecretStore, read_secrets
from app.core.storage.migrations import ensure_schema
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver

if TYPE_CHECKING:
    import subprocess

    from app.cli.direct import Deployment
    from tests.support.api.command_server import CommandServer
    from tests.support.embedded_redis import EmbeddedRedis

ROOT = Path(__file__).resolve().parents[3]
_INHERITED = {"PATH", "HOME", "LANG"}
PASSPHRASE = "seven wooden spoons at night"
SECRET, TOKEN = "shop-token-value-81f2", "123456:" + "A" * 35
HEARTBEAT = "heartbeat-office"


class Machine:
    """One machine of a deployment; its key is made at its first use, unless one is given."""

    commands: ClassVar[CommandServer]
    """Runs the commands of all machines, in forks of one process; a fixture of the session sets it."""

    def __init__(self, redis: EmbeddedRedis, home: Path, **values: Any) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.redis = redis
        self.home = home
        self.settings = Settings(
            _env_file=None,  # pyright: ignore[reportCallIssue]
            **{"redis_url": redis.url, "multi_job_home": home, "namespace": "mj", **values},
        )

    @property
    def key(self) -> str:
        """Return the machine's SECRET_KEY."""
        return deployment_keys(self.settings)[0].secret.decode()

    @property
    def passphrase_file(self) -> Path:
        path = self.home / "passphrase"
        path.write_text(f"{PASSPHRASE}\n", "utf-8")
        return path

    def environment(self, **variables: str) -> dict[str, str]:
        own = {"REDIS_URL": self.redis.url, "MULTI_JOB_HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        return {**inherited(), **own, **variables}

    def command(self, *words: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `multi-job` to its end, as a process of its own."""
        return self.commands.run(["multi-job", *words], self.environment(**variables), typed, self.home)

    def done(self, *words: str) -> Any:
        """Run a command that must succeed, and return what it printed with --json."""
        ended = self.command(*words, "--json")
        assert ended.returncode == 0, ended.stderr + ended.stdout
        return orjson.loads(ended.stdout)

    def full_export(self, path: Path) -> Path:
        """Make a full backup by the command."""
        self.done("export", "--full", "--out", str(path), "--passphrase-file", str(self.passphrase_file))
        return path

    def restore(self, path: Path, *words: str) -> Any:
        """Restore a full backup by the command."""
        return self.done("restore", str(path), "--passphrase-file", str(self.passphrase_file), *words)

    @asynccontextmanager
    async def deployment(self) -> AsyncGenerator[Deployment]:
        """Connect as a command does."""
        async with deployment(self.settings) as found:
            await check_server(found.link)
            await ensure_schema(found.link, found.scripts)
            yield found

    async def snapshot(self) -> dict[str, Any]:
        """Return every key of the server with its content."""
        async with self.deployment() as found:
            return await QueueDriver(open_queue(found.link, found.clock, self.settings)).snapshot()

    async def fill(self, jobs: int = 8, runs: int = 40, *, active: bool = True) -> dict[str, str]:
        """Make some of everything that a full backup has; return the texts of API keys by name."""
        async with self.deployment() as found:
            box = open_box(self.settings)
            queue = open_queue(found.link, found.clock, self.settings)
            await queue.ensure_groups()
            bulk = Bulk(QueueDriver(queue), found.jobs())
            await bulk.make_jobs(jobs)
            await bulk.make_runs(runs)
            if active:
                await bulk.make_active()
            secrets = SecretStore(found.link, found.scripts, found.clock, box)
            await secrets.put(SecretDraft("shop-token", SECRET, ["shop.example"]), "ana")
            accounts = AccountStore(found.link, found.scripts, found.keys, found.clock, box)
            await accounts.put(AccountDraft("telegram", "bot_a01", secrets={"token": TOKEN}), "ana")
            await found.jobs().create(_heartbeat(), actor="ana", origin="test")
            await PingStore(found.link, found.scripts, box).token(HEARTBEAT)
            return await self._keys(found)

    async def _keys(self, found: Deployment) -> dict[str, str]:
        audit, tokens = (
            Audit(found.link, found.scripts, found.keys, found.clock, self.settings),
            dict[str, str](),
        )
        for name, role in (("root", Role.ADMIN), ("wall", Role.VIEWER)):
            made, token = await found.api_keys().create(name, role, "cli:ana")
            assert token is not None
            tokens[name] = token
            for outcome in (AuditOutcome.OK, AuditOutcome.REFUSED):
                act = AuditedAction("cli:ana", "", "create_key", f"key:{made.key_id}", outcome, "cli")
                await audit.write(act)
        await found.api_keys().mark_used([made.key_id], 1_700_000_000_000)
        return tokens

    async def opened(self) -> dict[str, str]:
        """Return the plain texts of everything that is sealed."""
        async with self.deployment() as found:
            box = open_box(self.settings)
            secrets = await read_secrets(found.link, found.keys)
            account = await AccountStore(found.link, found.scripts, found.keys, found.clock, box).get(
                "telegram", "bot_a01"
            )
            ping = await PingStore(found.link, found.scripts, box).token(HEARTBEAT)
            return {
                **{name: record.opened(box) for name, record in secrets.items()},
                "account": account.secrets["token"],
                "ping": ping,
            }

    async def audited(self) -> list[str]:
        """Return the ids of all audited acts, newest first."""
        async with self.deployment() as found:
            audit = Audit(found.link, found.scripts, found.keys, found.clock, self.settings)
            page = await audit.list(AuditFilter(), None, 1_000)
            return [record.id for record in page.items]


def inherited() -> dict[str, str]:
    """Return the variables that a command has from whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if name in _INHERITED}


def _heartbeat() -> JobSpec:
    return JobSpec(job_id=HEARTBEAT, type="monitor.heartbeat", inputs={"period_sec": 3_600})
