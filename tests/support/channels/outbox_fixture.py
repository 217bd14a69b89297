"""The messaging tool on a fake outbox and fake accounts."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from app.core.alerting.fallback import RecipientFallback
from app.core.connectors.messages import OutboxEntry, OutboxState, digest_of, entry_of
from app.core.messaging.account_models import AccountInfo, sandbox_account
from app.core.messaging.recipients import FindDefault, Recipients
from app.core.models import ClaimedRun
from app.core.policies import Allowance, ToolLimits
from app.core.recipient import Recipient
from app.core.storage.keys import Keys
from app.core.tools import ToolSet
from app.core.tools.base import FencedScripts
from app.core.tools.messaging.performer import MessagingPerformer, MessagingServices
from tests.support.fake_clock import FakeClock
from tests.support.queue.run_port import FakePort, claimed

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def account(
    channel: str, account_id: str, default_to: str | None = None, *, enabled: bool = True
) -> AccountInfo:
    """Return an account without secrets."""
    return replace(
        sandbox_account(),
        channel=channel,
        account_id=account_id,
        default_to=default_to,
        enabled=enabled,
        revision=1,
    )


def fixed_default(recipient: Recipient | None) -> FindDefault:
    """Return what finds this default recipient, whatever is stored."""

    async def find() -> Recipient | None:
        return recipient

    return find


@dataclass
class FakeAccounts:
    stored: list[AccountInfo] = field(default_factory=list[AccountInfo])

    async def info(self, channel: str, account_id: str) -> AccountInfo | None:
        known = [sandbox_account(), *self.stored]
        return next(
            (each for each in known if (each.channel, each.account_id) == (channel, account_id)), None
        )

    async def infos(self, channel: str | None = None) -> list[AccountInfo]:
        return [each for each in self.stored if channel in {None, each.channel}]


@dataclass
class FakeOutbox:
    """Gives, look by look, the entries of `looks`; the last one stays."""

    looks: list[OutboxEntry] = field(default_factory=list[OutboxEntry])

    async def get(self, entry_id: str) -> OutboxEntry | None:
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]


@dataclass
class FakeLink:
    """Answers who of the connectors is alive."""

    connectors: int = 1

    async def call(self, *command: Any) -> Any:
        return self.connectors if command[0] == "EXISTS" else ["connector-a-1-x"]


@dataclass
class FakeRings:
    clock: FakeClock

    async def wait(self) -> bool:
        self.clock.advance(0.25)
        return False


@dataclass
class FakeBench:
    run: ClaimedRun
    revoked: bool = False

    def revoke(self) -> None:
        self.revoked = True

    def add_log(self, level: str, message: str, fields: dict[str, Any]) -> None: ...


class Desk:
    """One attempt's messaging tool; its queued messages are in `laid_in`."""

    def __init__(self, run: ClaimedRun | None = None, default: str = "", **limits: Any) -> None:
        self.clock = FakeClock(NOW)
        started = run or claimed("test.mail", timeout_ms=20_000)
        self.bench = FakeBench(started._replace(started_at_ms=self.clock.now_ms()))
        self.accounts, self.outbox, self.port, self.link = (
            FakeAccounts(),
            FakeOutbox(),
            FakePort(),
            FakeLink(),
        )
        self.answer("OK")
        recipient = Recipient(*default.split(":")) if default else None
        room = MessagingServices(
            outbox=cast("Any", self.outbox),
            fallback=RecipientFallback(
                Recipients(cast("Any", self.accounts), fixed_default(recipient)),
                fixed_default(recipient),
                cast("Any", self),
                "en",
            ),
            notifier=cast("Any", self),
            clock=self.clock,
            link=cast("Any", self.link),
            keys=Keys(),
        )
        allowance = Allowance(
            "test.mail", "messaging", ToolLimits.model_validate({"channels": ("*",), **limits})
        )
        scripts = FencedScripts(self.bench.run, self.port)
        self._performer = MessagingPerformer(room, self.bench, scripts, allowance)
        self.messaging = ToolSet(self).messaging

    @contextlib.contextmanager
    def listen(self, *_lines: str) -> Generator[FakeRings]:
        yield FakeRings(self.clock)

    async def open(self, *_cause: Any, **_fields: Any) -> bool:
        """Open the incident that says that no one can be reached."""
        return True

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        return await self._performer.perform(op, args)

    def answer(self, word: str, state: OutboxState = OutboxState.DELIVERED, **fields: str) -> None:
        """Let the next message be laid in with a word, and be in a state."""
        stored = _hash(state, **fields)
        self.port.answer = [word, [part for pair in stored.items() for part in pair]]
        self.outbox.looks = [entry_of("x", stored)]

    @property
    def laid_in(self) -> list[tuple[Any, ...]]:
        """Return id, account, recipient and text of each message, in order."""
        names = ("message", "account", "recipient", "body")
        return [tuple(given[name] for name in names) for _, _, given in self.port.tool_calls]


def entry(state: OutboxState, **fields: str) -> OutboxEntry:
    """Return a message in a state."""
    return entry_of("job-a@1000:1", _hash(state, **fields))


def _hash(state: OutboxState, **fields: str) -> dict[str, str]:
    return {
        "account": "sandbox:default",
        "to": "inbox",
        "text": "halo",
        "state": state.value,
        "digest": digest_of("sandbox:default", "inbox", "halo"),
        "created": "1",
        "updated": "1",
        "job": "job-a",
        "run": "job-a@1000",
        "seq": "1",
        **fields,
    }
