"""Refused commands of Telegram: members that are not named, and commands that come too late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.core.access.audit import Audit, AuditFilter
from app.core.clock import SystemClock
from app.core.connectors.telegram.incoming import read_update
from app.core.connectors.updates import COMMAND_MAX_AGE_MS, Updates
from app.core.messaging.account_models import ChatUser
from app.core.models import JobSpec
from app.core.redis_client import RedisLink
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_telegram import TOKEN, FakeTelegram
from tests.support.channels.message_server import BOT, MessageServer
from tests.support.channels.webhook_calls import now_sec, telegram_press, telegram_text
from tests.support.waiting import wait_until_async

BOT_NAME = f"telegram:{BOT}"
ANI, MEMBER, GROUP = 42, 8, -100
RUN_NOW = "fix:run_now:kerja"
ANONYMOUS = {
    "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
    "sender_chat": {"id": GROUP, "type": "supergroup"},
}
WAIT_SEC = 60.0
LATE_SEC = COMMAND_MAX_AGE_MS // 1000 + 60


@pytest.fixture
async def bot(server: MessageServer, telegram: FakeTelegram, jobs: JobStore) -> MessageServer:
    """Give a bot that Ani connected, which takes commands of her and of a group; it is not served yet."""
    spec = {"job_id": "kerja", "type": "simulation.load", "inputs": {"duration_ms": 1}}
    await jobs.create(JobSpec.model_validate(spec), actor="test", origin="test")
    await server.set_up(token=TOKEN, commands=True, allow_chats=(str(ANI), str(GROUP)))
    return server


@pytest.fixture
async def group(bot: MessageServer, telegram: FakeTelegram) -> MessageServer:
    """Give the bot, served."""
    bot.fleet.start("connector")
    await wait_until_async(lambda: telegram.polls > 1, WAIT_SEC, "updates are fetched")
    return bot


@pytest.fixture
def audit(server: MessageServer, scripts: Scripts) -> Audit:
    return Audit(server.link, scripts, server.keys, SystemClock(), server.settings)


def member_text(
    number: int, text: str, person: int = MEMBER, message: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what a person writes in the group, in English."""
    update = telegram_text(number, text, chat=GROUP, id=person, first_name="Cici", language_code="en")
    update["message"] |= message or {}
    return update


async def said(telegram: FakeTelegram, count: int, to: int = GROUP) -> list[str]:
    """Wait until a chat has received so many messages, and return them."""

    def texts() -> list[str]:
        return [text for chat, text in telegram.taken if chat == str(to)]

    await wait_until_async(lambda: len(texts()) >= count, WAIT_SEC, f"{count} answers of {telegram.taken}")
    return texts()


async def pressed(telegram: FakeTelegram, count: int) -> list[str]:
    """Wait until so many presses are confirmed, and return their notes."""
    await wait_until_async(lambda: len(telegram.pressed) >= count, WAIT_SEC, f"{count} presses")
    return [note for _, note in telegram.pressed]


async def made(runs: RunStore) -> list[str]:
    """Return the actors of all runs."""
    return [run.actor for run in (await runs.list(RunFilter(), None, 10)).items]


async def refusals(audit: Audit) -> list[tuple[str, str, str, str]]:
    """Return the refused acts, oldest first: actor, action, target and reason."""
    acts = [each.act for each in (await audit.list(AuditFilter(), None, 50)).items]
    refused = [act for act in acts if act.outcome == "refused"]
    return [(act.actor, act.action, act.target, act.diff[0]["to"]) for act in refused[::-1]]


async def test_member_that_is_not_named_reads_and_does_not_act(
    group: MessageServer, telegram: FakeTelegram, runs: RunStore, audit: Audit
) -> None:
    """The refusal says who may act and how to be added; it is logged and in the audit log."""
    reading = enumerate(("/jobs", "/status", "/help"), 1)
    telegram.write(*(member_text(number, text) for number, text in reading))
    await said(telegram, 3)
    telegram.write(member_text(4, "/run kerja"))
    refused = (await said(telegram, 4))[-1]
    assert refused == (
        f"Cici may not act in groups. These may: {ANI}. An admin adds you in the dashboard, or with: "
        f"multi-job chat-users add telegram {BOT} {MEMBER}"
    )
    telegram.write(member_text(5, "/plan ping example.org every hour"), member_text(6, "/answer at 9"))
    assert all("may not act" in text for text in (await said(telegram, 6))[4:])
    assert await made(runs) == []
    actor = f"telegram:{MEMBER}"
    assert [row for row in await refusals(audit) if row[1] == "chat run"] == [
        (actor, "chat run", "kerja", "not_named")
    ]
    assert {row[1] for row in await refusals(audit)} == {"chat run", "chat plan", "chat answer"}
    lines = [line for line in group.fleet.services[0].lines() if line["event"] == "a command was refused"]
    assert [line["reason"] for line in lines] == ["not_named"] * 3


async def test_named_member_acts(group: MessageServer, telegram: FakeTelegram, runs: RunStore) -> None:
    """Who connected the bot was named by that."""
    telegram.write(member_text(1, "/run kerja", person=ANI))
    assert "was started" in (await said(telegram, 1))[0]
    assert await made(runs) == [f"telegram:{ANI}"]


async def test_button_acts_for_the_person_who_presses(
    group: MessageServer, telegram: FakeTelegram, runs: RunStore, audit: Audit
) -> None:
    """Another member's press of a named person's button changes nothing, and only that member sees why."""
    telegram.write(telegram_press(1, RUN_NOW, chat=GROUP, person=MEMBER, language="en"))
    [note] = await pressed(telegram, 1)
    assert note == f"You may not act in this group. Your id is {MEMBER}: an admin can add it."
    telegram.write(telegram_press(2, RUN_NOW, chat=GROUP, person=ANI, language="en"))
    assert "was started" in (await pressed(telegram, 2))[1]
    await said(telegram, 1)
    assert await made(runs) == [f"telegram:{ANI}"]
    assert await refusals(audit) == [(f"telegram:{MEMBER}", "chat press", RUN_NOW, "not_named")]


async def test_anonymous_and_forwarded_commands_do_not_act(
    group: MessageServer, telegram: FakeTelegram, runs: RunStore, audit: Audit
) -> None:
    """An anonymous admin reads and does not act; a named person's forwarded text is not that person's."""
    telegram.write(
        member_text(1, "/jobs", message=ANONYMOUS), member_text(2, "/run kerja", message=ANONYMOUS)
    )
    listed, refused = await said(telegram, 2)
    assert (listed.startswith("• kerja"), refused.startswith("Anonymous admins")) == (True, True)
    forwarded = {"forward_origin": {"type": "hidden_user", "sender_user_name": "X", "date": now_sec()}}
    telegram.write(member_text(3, "/run kerja", person=ANI, message=forwarded))
    assert (await said(telegram, 3))[2].startswith("A forwarded command")
    assert await made(runs) == []
    assert [(row[0], row[3]) for row in await refusals(audit)] == [
        ("telegram:anonymous", "anonymous"),
        (f"telegram:{ANI}", "forwarded"),
    ]


async def test_change_of_the_list_takes_effect_without_a_restart(
    group: MessageServer, telegram: FakeTelegram, runs: RunStore
) -> None:
    """The next command counts; a private chat needs no list."""
    await group.accounts.name_chat_user("telegram", BOT, ChatUser(str(MEMBER), "Cici"), "test")
    telegram.write(member_text(1, "/run kerja"))
    await said(telegram, 1)
    for person in (ANI, MEMBER):
        await group.accounts.remove_chat_user("telegram", BOT, str(person), "test")
    telegram.write(member_text(2, "/run kerja"), member_text(3, "/run kerja", person=ANI))
    assert all("has no list of persons yet" in text for text in (await said(telegram, 3))[1:])
    telegram.write(telegram_text(4, "/run kerja"))
    await said(telegram, 1, ANI)
    assert sorted(await made(runs)) == [f"telegram:{ANI}", f"telegram:{MEMBER}"]
    assert len(group.fleet.services) == 1


async def test_group_of_an_earlier_release_reads_until_a_person_is_named(
    bot: MessageServer, telegram: FakeTelegram, runs: RunStore
) -> None:
    """Its account has no list: no member acts, and the refusal has the command."""
    await bot.link.call("HDEL", bot.keys.account(BOT_NAME), "chat_users")
    bot.fleet.start("connector")
    telegram.write(member_text(1, "/run kerja", person=ANI))
    [refused] = await said(telegram, 1)
    assert f"multi-job chat-users add telegram {BOT} {ANI}" in refused
    telegram.write(member_text(2, "/jobs", person=ANI))
    await said(telegram, 2)
    assert await made(runs) == []


async def test_command_that_comes_too_late_is_refused_once(
    group: MessageServer, telegram: FakeTelegram, runs: RunStore, audit: Audit
) -> None:
    """Written 11 minutes ago or in the future, in a private chat too; an ordinary old text gets the help."""
    late, future = now_sec() - LATE_SEC, now_sec() + 300
    telegram.write(telegram_text(1, "/run kerja", date=late, language_code="en"))
    [refused] = await said(telegram, 1, ANI)
    assert refused.startswith("This command is 11 minutes old and is not executed; the limit is 10 minutes.")
    telegram.write(telegram_text(2, "/run kerja", date=future, language_code="en"))
    ahead = (await said(telegram, 2, ANI))[1]
    assert ahead.startswith("This command is dated 4 minutes in the future") or "dated 5 minutes" in ahead
    assert "The clock of the Redis server shows" in ahead
    telegram.write(telegram_text(3, "halo", date=late, language_code="en"))
    assert (await said(telegram, 3, ANI))[2].startswith("Commands:")
    telegram.write(telegram_text(4, "/run kerja", date=now_sec() - 500))
    await said(telegram, 4, ANI)
    assert len(await made(runs)) == 1
    assert [row[3] for row in await refusals(audit)] == ["too_old", "in_future"]


async def test_command_that_waited_for_a_connector_is_refused(
    bot: MessageServer, telegram: FakeTelegram, runs: RunStore, link: RedisLink, scripts: Scripts
) -> None:
    """It counts when it is executed, not when it was stored: a late run would be a surprise.

    If a connector had begun to execute it, the reply says that its outcome is not known.
    """
    updates = Updates(link, scripts, bot.keys)
    late = now_sec() - LATE_SEC
    written = [telegram_text(number, "/run kerja", date=late, language_code="en") for number in (1, 2)]
    await updates.store(BOT_NAME, [update for update in map(read_update, written) if update is not None])
    [_first, second] = await updates.waiting(BOT_NAME, 10)
    await updates.begin(BOT_NAME, second)
    bot.fleet.start("connector")
    interrupted, refused = sorted(await said(telegram, 2, ANI), key=lambda text: "is not executed" in text)
    assert refused.startswith("This command is 11 minutes old")
    assert interrupted.startswith("This command of 11 minutes ago was interrupted")
    assert await made(runs) == []


async def test_press_that_waited_at_telegram_is_refused(
    bot: MessageServer, telegram: FakeTelegram, runs: RunStore, audit: Audit
) -> None:
    """A press has no date: after a pause of fetching it may be old, also if it is in the second answer."""
    long_ago_ms = (now_sec() - LATE_SEC) * 1000
    await bot.link.call("SET", bot.keys.updates_fetched(BOT_NAME), long_ago_ms, "PX", 60_000)
    telegram.write(*(telegram_text(number, "x", chat=666) for number in range(1, 101)))
    telegram.write(telegram_press(101, RUN_NOW, language="en"))
    bot.fleet.start("connector")
    [note] = await pressed(telegram, 1)
    assert note.startswith("This button may have been pressed more than 10 minutes ago")
    assert (await said(telegram, 1, ANI))[0] == note
    telegram.write(telegram_press(102, RUN_NOW, language="en"))
    assert "was started" in (await pressed(telegram, 2))[1]
    assert len(await made(runs)) == 1
    assert [row[3] for row in await refusals(audit)] == ["too_old"]
