"""Messages of several shards go out once, by one connector for all of them, whatever becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.secrets.sealing import open_box
from app.core.storage.scripts import Scripts
from tests.faults.test_message_sent_once import MAIL, record, send, start
from tests.support.channels.fake_telegram import TOKEN, FakeTelegram
from tests.support.faults.sharded import ShardedDeployment, open_sharded
from tests.support.http.fake_remote import Reply
from tests.support.waiting import wait_until_async


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


async def save_bot(deployment: ShardedDeployment) -> None:
    home = deployment.home
    scripts = Scripts(home.link, home.keys)
    store = AccountStore(home.link, scripts, home.keys, home.clock, open_box(home.settings))
    await store.put(AccountDraft("telegram", "bot_a01", secrets={"token": TOKEN}), "test")


async def test_connector_killed_while_messages_of_shards_wait(tmp_path: Path, telegram: FakeTelegram) -> None:
    """Those that were on their way may have arrived; all others, of each shard, go out once."""
    async with open_sharded(tmp_path, telegram_api_base=telegram.url, **MAIL) as deployment:
        await save_bot(deployment)
        await start(deployment.home, CHANNEL_TIMEOUT_SEC="30")
        telegram.plan(Reply(silent=True))
        sent: dict[str, tuple[int, str]] = {}
        for number, shard in enumerate(deployment.shards):
            for each in range(2):
                text = f"shard {number}, text {each}"
                sent[await send(shard, text, to=f"{number}{each}")] = number, text
        await wait_until_async(lambda: len(telegram.taken) >= 1, 60)
        deployment.home.fleet.kill(deployment.home.fleet.alive("connector")[0])
        await start(deployment.home, workers=0)
        await deployment.at_rest(60)
        counts, statuses = telegram.texts(), Counter[str]()
        for run_id, (number, text) in sent.items():
            status = (await record(deployment.shards[number], run_id))["status"]
            statuses[status] += 1
            # Without its outcome a message counts as failed, and is not sent again.
            assert counts[text] == 1 or (status == "failed" and counts[text] == 0), (text, status)
        assert statuses["success"] + statuses["failed"] == len(sent)
        assert min(statuses["success"], statuses["failed"]) >= 1
