"""`multi-job secrets rotate-key`, with interruptions at any step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from app.cli import rotate_key as rotate_work
from app.cli.direct import Deployment
from app.cli.output import CliError
from app.cli.rotate_key import read_status, replace_lost_key, rotate
from app.core.access.api_keys import Access, ApiKeys, Role
from app.core.access.key_store import KeyStore
from app.core.access.sessions import Sessions
from app.core.activity.heartbeat import Heartbeat
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.secret_key.check import check_secret_key
from app.core.secret_key.rotation import SecretKeyRotation
from app.core.secret_keys import (
    available_keys,
    deployment_secrets,
    fingerprint,
    key_file,
    new_key,
    previous_key_file,
)
from app.core.secrets.sealing import open_box
from app.core.secrets.store import SecretDraft, SecretReader, SecretStore, read_sealing_key
from app.core.storage.shards import Shard, ShardSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.clock import SystemClock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

TOKEN = "1234567:AAHcanary-canary-canary-canary_1234"
# A secret is masked in all that this process shows from then on, so it is no word of another test.
SHOP_SECRET = "canary-of-the-rotation-1"


class KilledError(Exception):
    """The command was killed here."""


def unwatched(_what: str, _count: int) -> None:
    """Watch nothing."""


@pytest.fixture
def at(settings: Settings, clock: SystemClock, keys: Keys, link: RedisLink, scripts: Scripts) -> Deployment:
    return Deployment(
        settings.model_copy(update={"heartbeat_sec": 0.1}), clock, ShardSet([Shard(0, link, keys, scripts)])
    )


def in_environment(deployment: Deployment, key: str, previous: str = "") -> Deployment:
    """Return the deployment as a machine sees it that has its keys in the environment."""
    changes = {"secret_key": SecretStr(key), "secret_key_previous": SecretStr(previous)}
    return replace(deployment, settings=deployment.settings.model_copy(update=changes))


def access_of(deployment: Deployment) -> Access:
    """Return keys and sessions as a process that starts now sees them."""
    api_keys = ApiKeys(deployment.link, deployment.scripts, deployment.clock, deployment.settings)
    sessions = Sessions(
        deployment.link, deployment.scripts, deployment.clock, deployment.settings, api_keys.store
    )
    return Access(
        deployment.link,
        deployment.keys,
        deployment.clock,
        deployment.settings,
        api_keys=api_keys,
        sessions=sessions,
    )


async def fill(deployment: Deployment) -> tuple[str, str]:
    """Store an account, a secret, an API key and a session; return the texts of the last two."""
    await check_secret_key(deployment.link, deployment.scripts, deployment.settings)
    box = open_box(deployment.settings)
    await AccountStore(deployment.link, deployment.scripts, deployment.keys, deployment.clock, box).put(
        AccountDraft("telegram", "bot", secrets={"token": TOKEN}), "me"
    )
    await SecretStore(deployment.link, deployment.scripts, deployment.clock, box).put(
        SecretDraft("shop", SHOP_SECRET, ["a.example"]), "me"
    )
    access = access_of(deployment)
    key, token = await access.api_keys.create("ana", Role.ADMIN, "me")
    _session, session = await access.sessions.create(key.key_id, "127.0.0.1", "test", fixed=False)
    return token or "", session


async def require_all(deployment: Deployment, *tokens: str) -> None:
    """Require that everything opens and every token is known, as a process that starts now sees it."""
    await check_secret_key(deployment.link, deployment.scripts, deployment.settings)
    box = open_box(deployment.settings)
    account = await AccountStore(
        deployment.link, deployment.scripts, deployment.keys, deployment.clock, box
    ).get("telegram", "bot")
    assert account.secrets == {"token": TOKEN}
    reader = SecretReader(deployment.link, deployment.keys, lambda: box)
    assert reader.opened((await reader.records())["shop"]) == SHOP_SECRET
    keyring = await access_of(deployment).keyring()
    for token in tokens:
        found = keyring.find(token)
        assert found is not None
        assert (found.name, found.role) == ("ana", Role.ADMIN)


async def test_key_in_a_file_is_rotated_by_one_command(at: Deployment) -> None:
    """Accounts, secrets, API keys and sessions work with the new key alone; the old one is set aside."""
    tokens = await fill(at)
    before = key_file(at.settings).read_text()
    done = await rotate(at, unwatched)
    assert (done.old, done.resealed.secrets, done.resealed.account_secrets) == (
        fingerprint(before.encode()),
        1,
        1,
    )
    assert (done.api_keys, done.sessions, done.resealed.unreadable) == (1, 1, [])
    assert [key.fingerprint for key in available_keys(at.settings)] == [done.new]
    assert done.retired is not None
    assert done.retired.read_text() == before
    assert done.retired.stat().st_mode & 0o777 == key_file(at.settings).stat().st_mode & 0o777 == 0o600
    done.retired.unlink()
    await require_all(at, *tokens)
    status = await read_status(at)
    assert (status.values, status.stored.previous_id) == ({done.new: 2}, "")


async def test_second_rotation_keeps_the_api_keys(at: Deployment) -> None:
    """Their digests outlive every key that sealed their pepper."""
    tokens = await fill(at)
    for _ in range(3):
        done = await rotate(at, unwatched)
        assert done.retired is not None
        done.retired.unlink()
    await require_all(at, *tokens)


async def test_key_in_the_environment_is_rotated_in_two_steps(at: Deployment) -> None:
    """With one key the steps are said; with both everything is re-sealed; then the new one is enough."""
    old, new = new_key(), new_key()
    tokens = await fill(in_environment(at, old))
    with pytest.raises(CliError, match="SECRET_KEY_PREVIOUS"):
        await rotate(in_environment(at, old), unwatched)
    both = in_environment(at, new, old)
    await require_all(both, *tokens)
    done = await rotate(both, unwatched)
    assert (done.old, done.new) == (fingerprint(old.encode()), fingerprint(new.encode()))
    await require_all(in_environment(at, new), *tokens)
    with pytest.raises(CliError, match="remove SECRET_KEY_PREVIOUS"):
        await rotate(both, unwatched)


async def test_weak_new_key_is_refused(at: Deployment) -> None:
    """A rotation must not replace a key by one that can be guessed."""
    old = new_key()
    await fill(in_environment(at, old))
    with pytest.raises(CliError, match="too weak"):
        await rotate(in_environment(at, "a weak key", old), unwatched)


def _kill_before(owner: Any, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    async def killed(*_args: object, **_options: object) -> None:
        raise KilledError

    return lambda patch: patch.setattr(owner, name, killed)


def _kill_before_retire(patch: pytest.MonkeyPatch) -> None:
    def killed(_settings: Settings) -> None:
        raise KilledError

    patch.setattr(rotate_work, "retire_previous_key", killed)


KILLS = {
    "before the wait for processes": _kill_before(rotate_work, "_wait_for_processes"),
    "before it begins": _kill_before(SecretKeyRotation, "begin"),
    "before the first value": _kill_before(SecretKeyRotation, "reseal"),
    "before the API keys": _kill_before(KeyStore, "renew_seals"),
    "before the sessions": _kill_before(Sessions, "renew_seals"),
    "before it ends": _kill_before(SecretKeyRotation, "end"),
}


@pytest.mark.parametrize("kill", KILLS.values(), ids=KILLS.keys())
async def test_rotation_that_was_killed_goes_on(
    at: Deployment, monkeypatch: pytest.MonkeyPatch, kill: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """Everything works after the kill, with no second new key, and the next call ends the rotation."""
    tokens = await fill(at)
    with monkeypatch.context() as patch:
        kill(patch)
        with pytest.raises(KilledError):
            await rotate(at, unwatched)
    await require_all(at, *tokens)
    chosen = available_keys(at.settings)[0].fingerprint
    done = await rotate(at, unwatched)
    assert done.new == chosen
    assert done.retired is not None
    done.retired.unlink()
    await require_all(at, *tokens)


async def test_rotation_killed_at_its_last_step_is_finished(
    at: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the previous file was left; the next call sets it aside, and says so."""
    tokens = await fill(at)
    with monkeypatch.context() as patch:
        _kill_before_retire(patch)
        with pytest.raises(KilledError):
            await rotate(at, unwatched)
    with pytest.raises(CliError, match="has ended; the previous key is now in"):
        await rotate(at, unwatched)
    assert not previous_key_file(at.settings).exists()
    await require_all(at, *tokens)


async def test_rotation_waits_for_every_process(at: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of another machine has no new key: it is named, and nothing was re-sealed."""
    tokens = await fill(at)
    monkeypatch.setattr(rotate_work, "_MORE_SEC", 0.0)
    monkeypatch.setattr(rotate_work, "DEAD_AFTER_BEATS", 0)
    at = replace(at, settings=at.settings.model_copy(update={"heartbeat_sec": 60.0}))
    elsewhere = in_environment(at, key_file(at.settings).read_text())
    beat = Heartbeat(
        at.scripts,
        at.clock,
        elsewhere.settings,
        service="worker",
        instance="worker-elsewhere-1",
        state=dict,
    )
    await beat.beat()
    with pytest.raises(CliError, match="1 processes do not have the new key"):
        await rotate(at, unwatched)
    assert (await read_sealing_key(at.link, at.keys)).previous_id == ""
    assert (await read_status(at)).values == {fingerprint(deployment_secrets(elsewhere.settings)[0]): 2}
    await require_all(elsewhere, *tokens)
    await beat.leave()
    await rotate(at, unwatched)
    await require_all(at, *tokens)


async def test_lost_key_is_replaced_and_the_rest_is_named(at: Deployment) -> None:
    """Nothing opens without the old key; the command says what to enter again, and the start works."""
    await fill(at)
    with pytest.raises(CliError, match="without --lost"):
        await replace_lost_key(at)
    key_file(at.settings).unlink()
    assert await replace_lost_key(at) == ["secret:shop", "telegram:bot:token"]
    assert (await check_secret_key(at.link, at.scripts, at.settings)).weakness is None
    store = AccountStore(at.link, at.scripts, at.keys, at.clock, open_box(at.settings))
    await store.put(AccountDraft("telegram", "bot", secrets={"token": TOKEN}), "me")
    assert (await store.get("telegram", "bot")).secrets == {"token": TOKEN}
