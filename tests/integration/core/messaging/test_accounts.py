"""Accounts on a real server: saved, read back, secrets sealed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.core.clock import SystemClock
from app.core.errors import AccountNotFound, Conflict, InvalidInput, SecretUnreadable
from app.core.messaging.account_models import AccountDraft, sandbox_account
from app.core.messaging.accounts import AccountStore
from app.core.messaging.outbox import Outbox
from app.core.redaction import redactor
from app.core.redis_client import BlockingLink, RedisLink
from app.core.secret_keys import fingerprint
from app.core.secrets.sealing import SecretBox, sealing_key_of
from app.core.storage.keys import Keys
from app.core.storage.notifications import ACCOUNTS
from app.core.storage.scripts import Scripts
from tests.support.channels.channels import PIGEONS
from tests.support.queue.queue_driver import QueueDriver, heard
from tests.support.redis_server import all_keys

CANARY = "canary-4711-token-of-a-pigeon"
SPARE = "canary-4712-spare-of-a-pigeon"
FOUND_IN_DUMP = "return redis.call('DUMP', KEYS[1]):find(ARGV[1], 1, true)"
DRAFT = AccountDraft(
    channel="pigeon",
    account_id="p@1",
    settings={"loft": "south", "rings": [1, 2]},
    secrets={"token": CANARY, "spare": SPARE},
    default_to="roof",
    allow_chats=("roof", "yard"),
    commands=True,
)


@pytest.fixture
def accounts(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> AccountStore:
    return AccountStore(link, scripts, keys, clock, SecretBox(b"secret"), channels=PIGEONS)


async def test_saved_account_is_read_back(accounts: AccountStore) -> None:
    """Settings, recipients, switches, and the secrets opened."""
    saved = await accounts.put(DRAFT, "me")
    assert saved == await accounts.get("pigeon", "p@1") == await accounts.find("pigeon", "p@1")
    assert (saved.name, saved.settings, saved.secrets) == ("pigeon:p@1", DRAFT.settings, DRAFT.secrets)
    assert (saved.default_to, saved.allow_chats) == ("roof", ("roof", "yard"))
    assert (saved.commands, saved.enabled, saved.created_at > 0) == (True, True, True)
    assert CANARY not in repr(saved) + repr(DRAFT)


async def test_account_without_secrets_opened_shows_their_names(accounts: AccountStore) -> None:
    """Who only lists accounts sees which secrets there are, and nothing of them."""
    await accounts.put(DRAFT, "me")
    info = await accounts.info("pigeon", "p@1")
    assert info is not None
    assert (info.secret_names, info.saved_by) == (("spare", "token"), "me")
    assert [each.name for each in await accounts.infos()] == ["pigeon:p@1", "sandbox:default"]
    assert [each.name for each in await accounts.infos("pigeon")] == ["pigeon:p@1"]


async def test_secrets_are_never_in_the_clear(
    accounts: AccountStore, driver: QueueDriver, link: RedisLink, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    """Every key of the deployment, dumped, and every line logged: no canary."""
    caplog.set_level("DEBUG")
    await accounts.put(DRAFT, "me")
    await accounts.get("pigeon", "p@1")
    await accounts.put(replace(DRAFT, secrets={}, enabled=False), "me")
    with pytest.raises(InvalidInput) as refused:
        await accounts.put(replace(DRAFT, secrets={"token": CANARY, "tokne": SPARE}), "me")
    outputs = [str(refused.value), repr(refused.value.problems), caplog.text, repr(await driver.snapshot())]
    names = await all_keys(link, keys)
    assert len(names) >= 3
    for name in names:
        assert await link.call("EVAL", FOUND_IN_DUMP, 1, name, "canary") is None, name
    assert "canary" not in "".join(outputs)


async def test_opened_secrets_are_masked_in_every_log(accounts: AccountStore) -> None:
    """Who reads an account has its secrets kept out of all that the process says."""
    await accounts.put(replace(DRAFT, secrets={"token": "canary-of-the-redactor"}), "me")
    await accounts.get("pigeon", "p@1")
    assert redactor.text("at https://x/canary-of-the-redactor/y") == "at https://x/***/y"


async def test_secret_left_out_keeps_its_value(accounts: AccountStore) -> None:
    """Saving settings again does not ask for secrets; an empty one removes it."""
    await accounts.put(DRAFT, "me")
    kept = await accounts.put(replace(DRAFT, secrets={}, settings={}), "me")
    assert (kept.secrets, kept.settings) == (DRAFT.secrets, {})
    removed = await accounts.put(replace(DRAFT, secrets={"spare": ""}), "me")
    assert removed.secrets == {"token": CANARY}
    with pytest.raises(InvalidInput) as refused:
        await accounts.put(replace(DRAFT, secrets={"token": ""}), "me")
    assert [(each.pointer, each.code) for each in refused.value.problems] == [("/secrets/token", "required")]


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"settings": {"loft": 1}}, ["/settings/loft"]),
        ({"settings": {"lofd": "x"}}, ["/settings/lofd"]),
        ({"secrets": {}}, ["/secrets/token"]),
        ({"secrets": {"token": "short"}, "settings": {"loft": 1}}, ["/settings/loft", "/secrets/token"]),
        ({"secrets": {"token": CANARY, "spare": "x" * 9000}}, ["/secrets"]),
        ({"channel": "raven"}, ["/channel"]),
        ({"account_id": "a:b"}, ["/account_id"]),
        ({"default_to": ""}, ["/default_to"]),
        ({"default_to": "a\nb"}, ["/default_to"]),
        ({"allow_chats": ("",)}, ["/allow_chats"]),
        ({"settings": {"loft": "x" * 20_000}}, ["/settings"]),
    ],
)
async def test_account_that_does_not_fit_is_refused(
    accounts: AccountStore, changes: dict[str, object], pointers: list[str]
) -> None:
    """Each wrong field is named, nothing is stored, and no value is repeated."""
    with pytest.raises(InvalidInput) as refused:
        await accounts.put(replace(DRAFT, **changes), "me")  # pyright: ignore[reportArgumentType]
    assert [each.pointer for each in refused.value.problems] == pointers
    assert "canary" not in str(refused.value) + repr(refused.value.problems)
    assert [info.name for info in await accounts.infos()] == ["sandbox:default"]


async def test_each_save_is_another_revision(
    accounts: AccountStore, keys: Keys, blocking: BlockingLink
) -> None:
    """The connector sees every change in one look, hears of it, and never meets a revision twice."""
    await blocking.command("SUBSCRIBE", keys.notify, timeout_sec=30)
    first = await accounts.put(DRAFT, "me")
    assert await heard(blocking) == ACCOUNTS
    second = await accounts.put(DRAFT, "me")
    assert second.revision > first.revision
    assert second.created_at == first.created_at
    assert await accounts.revisions() == {"pigeon:p@1": second.revision, "sandbox:default": 0}
    await accounts.delete("pigeon", "p@1", "me")
    assert (await accounts.put(DRAFT, "me")).revision > second.revision


async def test_save_of_an_account_sent_again_is_one_revision(
    scripts: Scripts, accounts: AccountStore
) -> None:
    """The same save, sent twice because its answer was lost, is one."""
    saved = await accounts.put(DRAFT, "me", save_id="s1")
    call = ("accounts/save", "pigeon:p@1", "", "s1", "settings", "{}")
    assert await scripts.run(*call) == ["REPEAT", saved.revision]
    assert await accounts.get("pigeon", "p@1") == saved


async def test_two_saves_of_an_account_lose_no_secret(scripts: Scripts, accounts: AccountStore) -> None:
    """One that read an older revision is not written: the store reads again and keeps the other's secret."""
    saved = await accounts.put(DRAFT, "me")
    assert await scripts.run("accounts/save", "pigeon:p@1", "", "s2", "settings", "{}") == [
        "CONFLICT",
        saved.revision,
    ]
    drafts = [replace(DRAFT, secrets={"spare": f"canary-spare-{n}"}, default_to=f"to-{n}") for n in range(3)]
    await asyncio.gather(*(accounts.put(draft, "me") for draft in drafts))
    final = await accounts.get("pigeon", "p@1")
    assert final.secrets["token"] == CANARY
    assert final.secrets["spare"][-1] == str(final.default_to)[-1]


async def test_account_sealed_by_a_replaced_key_is_not_stored(
    accounts: AccountStore, link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock
) -> None:
    """A save that began before a rotation is sealed again by the key that seals now."""
    new, key_id = SecretBox(b"new", b"secret"), fingerprint(b"new")
    await link.call("HSET", keys.secret_key, "id", key_id)
    sealed = SecretBox(b"secret").seal(CANARY, "pigeon:p@1:token")
    call = ("accounts/save", "pigeon:p@1", "", "s1", "settings", "{}", "secret:token", sealed)
    assert await scripts.run(*call) == ["OTHER_KEY", 0]
    assert await link.call("EXISTS", keys.account("pigeon:p@1")) == 0
    store = AccountStore(link, scripts, keys, clock, new, channels=PIGEONS)
    await store.put(DRAFT, "me")
    stored = await link.call("HGET", keys.account("pigeon:p@1"), "secret:token")
    assert sealing_key_of(stored) == key_id
    with pytest.raises(SecretUnreadable, match="This deployment seals by"):
        await accounts.put(DRAFT, "me")


async def test_account_of_another_secret_key_is_unreadable_until_saved_again(
    accounts: AccountStore, link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock
) -> None:
    """It can be listed and mended by entering its secrets again; nothing opens by accident."""
    await accounts.put(DRAFT, "me")
    other = AccountStore(link, scripts, keys, clock, SecretBox(b"other"), channels=PIGEONS)
    assert await other.info("pigeon", "p@1") is not None
    with pytest.raises(SecretUnreadable):
        await other.get("pigeon", "p@1")
    with pytest.raises(InvalidInput, match="/secrets/token"):
        await other.put(replace(DRAFT, secrets={}), "me")
    assert (await other.put(replace(DRAFT, secrets={"token": CANARY}), "me")).secrets == {"token": CANARY}


async def test_sealed_secret_moved_between_accounts_does_not_open(
    accounts: AccountStore, link: RedisLink, keys: Keys
) -> None:
    """Who can write to Redis cannot let one account speak with another's token."""
    await accounts.put(DRAFT, "me")
    await accounts.put(replace(DRAFT, account_id="p2"), "me")
    sealed = await link.call("HGET", keys.account("pigeon:p@1"), "secret:token")
    await link.call("HSET", keys.account("pigeon:p2"), "secret:token", sealed)
    with pytest.raises(SecretUnreadable):
        await accounts.get("pigeon", "p2")


async def test_deleted_account_is_gone(accounts: AccountStore, link: RedisLink, keys: Keys) -> None:
    """With its secrets, and for good."""
    await accounts.put(DRAFT, "me")
    await accounts.delete("pigeon", "p@1", "me")
    assert await accounts.find("pigeon", "p@1") is None
    assert await link.call("EXISTS", keys.account("pigeon:p@1"), keys.accounts) == 0
    for call in (accounts.get("pigeon", "p@1"), accounts.delete("pigeon", "p@1", "me")):
        with pytest.raises(AccountNotFound, match="multi-job connect pigeon p@1"):
            await call


async def test_messages_of_a_deleted_account_have_failed(
    accounts: AccountStore, link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock
) -> None:
    """They would never be sent; more than one script call handles are all found."""
    await accounts.put(DRAFT, "me")
    outbox = Outbox(link, scripts, keys, clock)
    await asyncio.gather(*(outbox.put(f"m:{n}", "pigeon", "p@1", "roof", "coo") for n in range(300)))
    await link.call("ZADD", keys.outbox_due("pigeon:p@1"), 1, "ghost")
    assert await scripts.run("accounts/delete", "pigeon:p@1", "gone") == "MORE"
    await accounts.delete("pigeon", "p@1", "me")
    page = await outbox.find_many(None, None, 500)
    assert {(entry.state, entry.error_code) for entry in page.items} == {("failed", "account_missing")}
    assert page.total == 300


async def test_sandbox_account_is_always_there(accounts: AccountStore) -> None:
    """It is stored nowhere, can be used like any other, and can neither be changed nor deleted."""
    found = await accounts.get("sandbox", "default")
    assert (found.name, found.default_to, found.enabled) == ("sandbox:default", "inbox", True)
    assert await accounts.info("sandbox", "default") == sandbox_account()
    with pytest.raises(Conflict):
        await accounts.put(AccountDraft("sandbox", "default"), "me")
    with pytest.raises(Conflict):
        await accounts.delete("sandbox", "default", "me")


@pytest.mark.parametrize("account_id", ["a:b", "", "é", "x" * 129, "../x"])
async def test_account_of_an_impossible_id_is_not_there(accounts: AccountStore, account_id: str) -> None:
    """Such an id names no key."""
    assert await accounts.find("pigeon", account_id) is None
