"""The rotation of the secret key: everything is re-sealed, whatever interrupts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.core.errors import Conflict
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.secret_key.rotation import SecretKeyRotation, sealed_values
from app.core.secret_keys import fingerprint
from app.core.secrets.sealing import SecretBox, sealing_key_of
from app.core.secrets.store import SecretDraft, SecretReader, SecretStore, read_sealing_key

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

OLD, NEW = b"the old key of the tests", b"the new key of the tests"
OLD_ID, NEW_ID = fingerprint(OLD), fingerprint(NEW)
BOX = SecretBox(NEW, OLD)
SECRETS, ACCOUNTS = 250, 30


class KilledError(Exception):
    """The command was killed here."""


@pytest.fixture
async def stored(link: RedisLink, scripts: Scripts, clock: SystemClock) -> None:
    """Store secrets and accounts that the old key has sealed."""
    await link.call("HSET", scripts.keys.secret_key, "id", OLD_ID)
    secrets = SecretStore(link, scripts, clock, SecretBox(OLD))
    for number in range(SECRETS):
        await secrets.put(SecretDraft(f"s{number}", f"value-{number}", ["a.example"]), "me")
    accounts = AccountStore(link, scripts, scripts.keys, clock, SecretBox(OLD))
    for number in range(ACCOUNTS):
        token = f"1234567:AAHcanary-canary-canary-canary_{number:04}"
        await accounts.put(AccountDraft("telegram", f"bot{number}", secrets={"token": token}), "me")


@pytest.fixture
def rotation(link: RedisLink, scripts: Scripts) -> SecretKeyRotation:
    return SecretKeyRotation(link, scripts, BOX, OLD_ID, NEW_ID)


def unwatched(_done: int) -> None:
    """Watch nothing."""


async def keys_in_use(link: RedisLink, scripts: Scripts) -> set[str]:
    """Return the fingerprints of all keys that seal something."""
    return {sealing_key_of(value.sealed) async for batch in sealed_values(link, scripts) for value in batch}


async def readable(link: RedisLink, scripts: Scripts, clock: SystemClock, *keys: bytes) -> tuple[int, int]:
    """Open everything with these keys alone; return the numbers of secrets and accounts."""
    box = SecretBox(*keys)
    reader = SecretReader(link, scripts.keys, lambda: box)
    records = await reader.records()
    assert {reader.opened(record) for record in records.values()} == {f"value-{n}" for n in range(SECRETS)}
    store = AccountStore(link, scripts, scripts.keys, clock, box)
    accounts = [await store.get("telegram", info.account_id) for info in await store.infos("telegram")]
    return len(records), len(accounts)


@pytest.mark.usefixtures("stored")
async def test_rotation_reseals_everything_and_ends(
    link: RedisLink, scripts: Scripts, clock: SystemClock, rotation: SecretKeyRotation
) -> None:
    """Both keys open everything meanwhile, the new one alone afterwards; no account gets a new revision."""
    revisions = await link.call("HGETALL", scripts.keys.accounts)
    await rotation.begin()
    assert (await read_sealing_key(link, scripts.keys)).previous_id == OLD_ID
    assert await readable(link, scripts, clock, NEW, OLD) == (SECRETS, ACCOUNTS)
    seen: list[int] = []
    done = await rotation.reseal(seen.append)
    assert (done.secrets, done.account_secrets, done.unreadable) == (SECRETS, ACCOUNTS, [])
    assert seen == sorted(seen)
    await rotation.end()
    after = await read_sealing_key(link, scripts.keys)
    assert (after.key_id, after.previous_id, after.rotated_at > 0) == (NEW_ID, "", True)
    assert await readable(link, scripts, clock, NEW) == (SECRETS, ACCOUNTS)
    assert await keys_in_use(link, scripts) == {NEW_ID}
    assert await link.call("HGETALL", scripts.keys.accounts) == revisions


@pytest.mark.usefixtures("stored")
async def test_rotation_goes_on_wherever_it_was_killed(
    link: RedisLink, scripts: Scripts, clock: SystemClock, rotation: SecretKeyRotation
) -> None:
    """It is killed after each batch in turn and run again; both keys open everything throughout."""
    kills, total = 0, 0

    def kill(_done: int) -> None:
        raise KilledError

    while True:
        await rotation.begin()
        try:
            done = await rotation.reseal(kill)
        except KilledError:
            kills += 1
            assert await readable(link, scripts, clock, NEW, OLD) == (SECRETS, ACCOUNTS)
        else:
            total = done.secrets + done.account_secrets
            break
    assert (kills, total) == (SECRETS // 100 + 1 + ACCOUNTS, 0)
    for _ in range(2):
        await rotation.end()
    assert await readable(link, scripts, clock, NEW) == (SECRETS, ACCOUNTS)


@pytest.mark.usefixtures("stored")
async def test_value_that_was_saved_meanwhile_is_kept(
    link: RedisLink, scripts: Scripts, clock: SystemClock, rotation: SecretKeyRotation
) -> None:
    """A save between the reading and the writing of a batch wins, sealed by the new key."""
    await rotation.begin()
    store, run, saved = SecretStore(link, scripts, clock, BOX), scripts.run, False

    async def save_first(name: str, /, *args: Any, **named: Any) -> Any:
        nonlocal saved
        if name == "secrets/reseal" and not saved:
            saved = True
            await store.put(SecretDraft("s7", "value-saved-meanwhile"), "you")
        return await run(name, *args, **named)

    scripts.run = save_first  # pyright: ignore[reportAttributeAccessIssue]
    done = await rotation.reseal(unwatched)
    assert done.secrets == SECRETS - 1
    reader = SecretReader(link, scripts.keys, lambda: SecretBox(NEW))
    assert reader.opened((await reader.records())["s7"]) == "value-saved-meanwhile"


@pytest.mark.usefixtures("stored")
async def test_secret_sealed_by_a_replaced_key_is_not_stored(
    link: RedisLink, scripts: Scripts, clock: SystemClock, rotation: SecretKeyRotation
) -> None:
    """A save that was sealed before the rotation began is sealed again by the new key."""
    sealed = SecretBox(OLD).seal("sealed-late", "secret:late")
    record = orjson.dumps({"sealed": sealed, "hosts": ["a.example"], "at": 1, "by": "me"}).decode()
    await rotation.begin()
    assert await scripts.run("secrets/save", "late", "", record, "1000", sealed) == "CHANGED"
    await SecretStore(link, scripts, clock, BOX).put(SecretDraft("late", "sealed-late", ["a.example"]), "me")
    stored = orjson.loads(await link.call("HGET", scripts.keys.secrets, "late"))
    assert sealing_key_of(stored["sealed"]) == NEW_ID
    await SecretStore(link, scripts, clock, BOX).put(SecretDraft("s1", hosts=["b.example"]), "me")


@pytest.mark.usefixtures("stored")
async def test_value_that_no_key_opens_is_named_and_stays(
    link: RedisLink, scripts: Scripts, rotation: SecretKeyRotation
) -> None:
    """It was unreadable before; the rotation ends without it."""
    lost = SecretBox(b"a lost key").seal("x", "telegram:bot3:token")
    await link.call("HSET", scripts.keys.account("telegram:bot3"), "secret:token", lost)
    await rotation.begin()
    done = await rotation.reseal(unwatched)
    assert done.unreadable == ["telegram:bot3:token"]
    assert await link.call("HGET", scripts.keys.account("telegram:bot3"), "secret:token") == lost


async def test_rotation_begun_twice_is_one_rotation(
    link: RedisLink, scripts: Scripts, rotation: SecretKeyRotation
) -> None:
    """The call is sent again after a lost answer, and by a command that goes on."""
    await link.call("HSET", scripts.keys.secret_key, "id", OLD_ID)
    await rotation.begin()
    await rotation.begin()
    assert (await read_sealing_key(link, scripts.keys)).previous_id == OLD_ID


async def test_rotation_of_another_key_is_refused(
    link: RedisLink, scripts: Scripts, rotation: SecretKeyRotation
) -> None:
    """Another key seals, or another rotation is under way."""
    for fields in (("id", "f" * 16), ("id", OLD_ID, "previous", "f" * 16)):
        await link.call("HSET", scripts.keys.secret_key, *fields)
        with pytest.raises(Conflict, match="Another rotation"):
            await rotation.begin()


async def test_rotation_waits_for_a_restore(
    link: RedisLink, scripts: Scripts, rotation: SecretKeyRotation
) -> None:
    """A restore writes values that the previous key has sealed."""
    await link.call("HSET", scripts.keys.secret_key, "id", OLD_ID)
    await link.call("SET", scripts.keys.restore_lock, "owner", "PX", 60_000)
    with pytest.raises(Conflict, match="A restore is under way"):
        await rotation.begin()


async def test_rotation_of_another_key_is_not_ended(
    link: RedisLink, scripts: Scripts, rotation: SecretKeyRotation
) -> None:
    """A command that was stopped for long ends nothing that a later one began."""
    for fields in (("id", "f" * 16), ("id", NEW_ID, "previous", "f" * 16)):
        await link.call("HSET", scripts.keys.secret_key, *fields)
        with pytest.raises(Conflict):
            await rotation.end()


async def test_key_that_is_not_the_lost_one_stays(link: RedisLink, scripts: Scripts) -> None:
    """Of two machines that replace a lost key, one does."""
    await link.call("HSET", scripts.keys.secret_key, "id", OLD_ID, "previous", "e" * 16)
    assert await scripts.run("secrets/replace_key", OLD_ID, NEW_ID) == "OK"
    assert await scripts.run("secrets/replace_key", OLD_ID, NEW_ID) == "OK"
    assert await scripts.run("secrets/replace_key", OLD_ID, "f" * 16) == "CHANGED"
    assert (await read_sealing_key(link, scripts.keys)).previous_id == ""
