"""A Telegram bot for fault tests, whose commands run a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.connectors.updates import Updates
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.secrets.sealing import open_box
from app.core.storage.scripts import Scripts
from tests.support.fake_telegram import TOKEN, FakeTelegram

if TYPE_CHECKING:
    from tests.support.fault_world import MakeWorld, World

BOT, CHAT = "bot_a01", 42
ACCOUNT = f"telegram:{BOT}"
JOB = "kerja"


async def world_with_bot(make_world: MakeWorld, telegram: FakeTelegram) -> World:
    """Return a world with one bot that takes commands, and a job that they may run."""
    world = await make_world(
        secret_key="tests-only-Vb3Kq8Zt1Xw6Rn9Jm4Ld7Hf2Gs5Yc0Pu",
        telegram_api_base=telegram.url,
        channel_timeout_sec=1.0,
    )
    scripts = Scripts(world.link, world.keys)
    store = AccountStore(world.link, scripts, world.keys, world.clock, open_box(world.settings))
    draft = AccountDraft("telegram", BOT, secrets={"token": TOKEN}, commands=True, allow_chats=(str(CHAT),))
    await store.put(draft, "test")
    await world.create_job({"job_id": JOB, "type": "simulation.load", "inputs": {"duration_ms": 1}})
    return world


async def runs_made(world: World) -> int:
    """Return how many runs the bot's commands have made."""
    return await world.link.call("ZCARD", world.keys.runs_job(JOB))


async def all_treated(world: World, telegram: FakeTelegram) -> bool:
    """Return whether no update waits at Telegram or here."""
    updates = Updates(world.link, Scripts(world.link, world.keys), world.keys)
    return not telegram.updates and await updates.count(ACCOUNT) == 0


async def answer_state(world: World, number: int) -> OutboxState:
    """Return the state of the answer to an update."""
    outbox = Outbox(world.link, Scripts(world.link, world.keys), world.keys, world.clock)
    entry = await outbox.get(f"reply:{number}:{BOT}")
    assert entry is not None, f"update {number} is not answered"
    return entry.state
