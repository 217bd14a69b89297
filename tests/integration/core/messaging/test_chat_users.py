"""The persons who may act in groups on a real server: first filled, changed, kept by saves."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from app.core.clock import SystemClock
from app.core.connectors.updates import Update, Updates
from app.core.errors import AccountNotFound, ChatUserNotFound, Conflict, InvalidInput
from app.core.messaging.account_models import AccountDraft, AccountInfo, ChatUser
from app.core.messaging.accounts import AccountStore
from app.core.redis_client import RedisLink
from app.core.secrets.sealing import SecretBox
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_telegram import TOKEN
from tests.support.channels.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID

BOT = ("telegram", "bot_a01")
ANA, BUDI = ChatUser("42", "Ana"), ChatUser("43", "Budi")


@pytest.fixture
def accounts(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> AccountStore:
    return AccountStore(link, scripts, keys, clock, SecretBox(b"secret"))


def draft(**changes: Any) -> AccountDraft:
    return AccountDraft(*BOT, secrets={"token": TOKEN}, **changes)


async def info_of(accounts: AccountStore) -> AccountInfo:
    info = await accounts.info(*BOT)
    assert info is not None
    return info


@pytest.mark.parametrize(
    ("changes", "users"),
    [
        ({"default_to": "42"}, ("42",)),
        ({"default_to": "-100", "allow_chats": ("-100", "43")}, ("43",)),
        ({"default_to": "42", "allow_chats": ("43", "42", "-100")}, ("42", "43")),
        ({"default_to": "-100", "allow_chats": ("-100",)}, None),
        ({"default_to": "@toko"}, None),
        ({"default_to": "777000"}, None),
    ],
)
async def test_who_connected_a_bot_is_named_first(
    accounts: AccountStore, changes: dict[str, Any], users: tuple[str, ...] | None
) -> None:
    """The persons of the private chats that the account names; a group or a public name is no person."""
    saved = await accounts.put(draft(**changes), "me")
    assert (None if saved.chat_users is None else tuple(user.id for user in saved.chat_users)) == users


async def test_first_person_has_the_name_of_the_chat(
    accounts: AccountStore, link: RedisLink, scripts: Scripts, keys: Keys
) -> None:
    """The chat wrote to the bot before, so its title is known."""
    await Updates(link, scripts, keys).store(
        "telegram:bot_a01", [Update("1", "42", text="x", chat_title="Ana")]
    )
    assert (await accounts.put(draft(default_to="42"), "me")).chat_users == (ANA,)


async def test_save_keeps_the_persons_of_an_account(accounts: AccountStore) -> None:
    """A save that leaves them out keeps them, also an empty list; one that names them replaces them."""
    await accounts.put(draft(), "me")
    assert (await info_of(accounts)).chat_users is None
    await accounts.put(draft(default_to="42"), "me")
    await accounts.name_chat_user(*BOT, BUDI, "me")
    kept = await accounts.put(draft(default_to="44", allow_chats=("45",)), "me")
    assert kept.chat_users == (ChatUser("42"), BUDI)
    assert (await accounts.put(draft(chat_users=(ANA,)), "me")).chat_users == (ANA,)
    await accounts.remove_chat_user(*BOT, "42", "me")
    assert (await accounts.put(draft(default_to="44"), "me")).chat_users == ()


async def test_persons_are_named_and_removed(accounts: AccountStore) -> None:
    """Naming one again changes the name; secrets and settings stay, and the revision tells of the change."""
    first = await accounts.put(draft(default_to="42", commands=True), "me")
    await accounts.name_chat_user(*BOT, ANA, "admin")
    await accounts.name_chat_user(*BOT, BUDI, "admin")
    after = await accounts.get(*BOT)
    assert (after.chat_users, after.saved_by) == ((ANA, BUDI), "admin")
    assert (after.secrets, after.default_to, after.commands) == (first.secrets, "42", True)
    assert after.revision > first.revision
    assert (await accounts.revisions())["telegram:bot_a01"] == after.revision
    await accounts.name_chat_user(*BOT, BUDI, "again")
    assert (await info_of(accounts)).revision == after.revision, "no change, no restart"
    assert await accounts.remove_chat_user(*BOT, "43", "admin") == BUDI
    assert (await info_of(accounts)).chat_users == (ANA,)


async def test_a_change_of_chat_users_loses_no_other_change(
    accounts: AccountStore, scripts: Scripts, keys: Keys, link: RedisLink
) -> None:
    """Changes at one moment are all made; one that was made on an older list is a conflict."""
    await accounts.put(draft(), "me")
    stale = (await info_of(accounts)).revision
    await asyncio.gather(
        accounts.name_chat_user(*BOT, ANA, "a"),
        accounts.name_chat_user(*BOT, BUDI, "b"),
        accounts.put(draft(default_to="-100"), "c"),
    )
    info = await info_of(accounts)
    assert (set(info.chat_users or ()), info.default_to) == ({ANA, BUDI}, "-100")
    for revision, word in ((str(stale), "CONFLICT"), ("", "CONFLICT"), (str(info.revision), "OK")):
        call = {"account": info.name, "seen_revision": revision, "chat_users": "[]", "actor": "d"}
        assert (await scripts.run("accounts/set_chat_users", **call))[0] == word
    missing = {"account": "telegram:none", "seen_revision": "7", "chat_users": "[]", "actor": "d"}
    assert await scripts.run("accounts/set_chat_users", **missing) == ["CONFLICT", 0]
    assert await link.call("EXISTS", keys.account("telegram:none")) == 0


@pytest.mark.parametrize(
    ("user", "words"),
    [
        (ChatUser("-100"), "numeric id"),
        (ChatUser("@ana"), "numeric id"),
        (ChatUser("1087968824"), "anonymous admins"),
        (ChatUser("42", "x" * 81), "80 printable characters"),
        (ChatUser("42", "A\nB"), "printable"),
    ],
)
async def test_person_that_does_not_fit_is_refused(
    accounts: AccountStore, user: ChatUser, words: str
) -> None:
    """A group, a name, an id that several share."""
    await accounts.put(draft(), "me")
    with pytest.raises(InvalidInput, match=words):
        await accounts.name_chat_user(*BOT, user, "me")
    with pytest.raises(InvalidInput, match=words):
        await accounts.put(draft(chat_users=(user,)), "me")
    assert (await info_of(accounts)).chat_users is None


async def test_person_of_no_account_or_no_group_is_refused(accounts: AccountStore) -> None:
    """An unknown account, an unknown person, the sandbox, and a channel whose groups give no commands."""
    with pytest.raises(AccountNotFound):
        await accounts.name_chat_user(*BOT, ANA, "me")
    with pytest.raises(AccountNotFound):
        await accounts.remove_chat_user("pigeon", "a", "42", "me")
    await accounts.put(draft(), "me")
    with pytest.raises(ChatUserNotFound):
        await accounts.remove_chat_user(*BOT, "42", "me")
    with pytest.raises(Conflict):
        await accounts.name_chat_user("sandbox", "default", ANA, "me")
    secrets = {"access_token": ACCESS_TOKEN}
    number = AccountDraft("whatsapp", "ops_01", {"phone_number_id": NUMBER_ID}, secrets, "628110000")
    assert (await accounts.put(number, "me")).chat_users is None
    with pytest.raises(InvalidInput, match="groups of whatsapp give no commands"):
        await accounts.name_chat_user("whatsapp", "ops_01", ChatUser("628110000"), "me")


async def test_update_can_be_read_by_the_release_before(
    link: RedisLink, scripts: Scripts, keys: Keys
) -> None:
    """Its process knows the first field alone; what that process stored has no second one."""
    updates = Updates(link, scripts, keys)
    await updates.store(
        "telegram:bot_a01", [Update("1", "42", text="x", person_name="Ana", is_forwarded=True)]
    )
    [(_place, flat)] = await link.call("XRANGE", keys.updates("telegram:bot_a01"), "-", "+")
    first = orjson.loads(flat[1])
    assert {"person_name", "is_forwarded", "pressed_after"}.isdisjoint(first)
    await link.call("XADD", keys.updates("telegram:bot_a01"), "*", "u", orjson.dumps(first).decode())
    new, old = [each.update for each in await updates.waiting("telegram:bot_a01", 5)]
    assert (new.person_name, new.is_forwarded) == ("Ana", True)
    assert (old.text, old.person_name, old.is_forwarded) == ("x", "", False)
