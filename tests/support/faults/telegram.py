"""A Telegram bot for fault tests, whose commands run a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.connectors.updates import Updates
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.secrets.sealing import open_box
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_telegram import TOKEN, FakeTelegram

if TYPE_CHECKING:
    from tests.support.faults.deployment import FaultDeployment, MakeDeployment

BOT, CHAT = "bot_a01", 42
ACCOUNT = f"telegram:{BOT}"
JOB = "kerja"


async def deployment_with_bot(make_deployment: MakeDeployment, telegram: FakeTelegram) -> FaultDeployment:
    """Return a deployment with one bot that takes commands, and a job that they may run."""
    deployment = await make_deployment(
        secret_key="tests-only-Vb3Kq8Zt1Xw6Rn9Jm4Ld7Hf2Gs5Yc0Pu",
        telegram_api_base=telegram.url,
        channel_timeout_sec=5.0,
    )
    scripts = Scripts(deployment.link, deployment.keys)
    store = AccountStore(
        deployment.link, scripts, deployment.keys, deployment.clock, open_box(deployment.settings)
    )
    draft = AccountDraft("telegram", BOT, secrets={"token": TOKEN}, commands=True, allow_chats=(str(CHAT),))
    await store.put(draft, "test")
    await deployment.create_job({"job_id": JOB, "type": "simulation.load", "inputs": {"duration_ms": 1}})
    return deployment


async def runs_made(deployment: FaultDeployment) -> int:
    """Return how many runs the bot's commands have made."""
    return await deployment.link.call("ZCARD", deployment.keys.runs_job(JOB))


async def all_treated(deployment: FaultDeployment, telegram: FakeTelegram) -> bool:
    """Return whether no update waits at Telegram or here."""
    updates = Updates(deployment.link, Scripts(deployment.link, deployment.keys), deployment.keys)
    return not telegram.updates and await updates.count(ACCOUNT) == 0


async def answer_state(deployment: FaultDeployment, number: int) -> OutboxState:
    """Return the state of the answer to an update."""
    outbox = Outbox(
        deployment.link, Scripts(deployment.link, deployment.keys), deployment.keys, deployment.clock
    )
    entry = await outbox.get(f"reply:{number}:{BOT}")
    assert entry is not None, f"update {number} is not answered"
    return entry.state
