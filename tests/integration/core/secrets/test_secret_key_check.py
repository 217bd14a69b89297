"""SECRET_KEY at the start of a process: registered once, compared, refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from app.cli.direct import Deployment
from app.cli.doctor.findings import FindingLevel
from app.cli.doctor.keys import diagnose_secret_key
from app.core.errors import ConfigurationError, SecretUnreadable
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.secret_key.check import check_secret_key
from app.core.secret_keys import (
    fingerprint,
    key_file,
    make_key_file,
    new_key,
    previous_key_file,
)
from app.core.secrets.sealing import SecretBox
from app.core.secrets.store import read_sealing_key
from app.core.storage.shards import Shard, ShardSet

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.clock import SystemClock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

WEAK = "the tests' own secret key"
ACCOUNT = AccountDraft("telegram", "bot", secrets={"token": "1234567:AAHcanary-canary-canary-canary_1234"})


def with_key(settings: Settings, key: str, previous: str = "") -> Settings:
    """Return the settings with keys from the environment."""
    changes = {"secret_key": SecretStr(key), "secret_key_previous": SecretStr(previous)}
    return settings.model_copy(update=changes)


def elsewhere(settings: Settings, home: Path) -> Settings:
    """Return the settings of another machine."""
    return settings.model_copy(update={"multi_job_home": home})


async def seal_something(link: RedisLink, scripts: Scripts, clock: SystemClock, key: str) -> None:
    """Store an account as a version without fingerprints has stored it."""
    box = SecretBox(key.encode())
    await AccountStore(link, scripts, scripts.keys, clock, box).put(ACCOUNT, "me")
    name = scripts.keys.account(ACCOUNT.name)
    sealed = await link.call("HGET", name, "secret:token")
    await link.call("HSET", name, "secret:token", f"v1:{sealed.rpartition(':')[2]}")


async def test_first_key_of_a_deployment_is_registered_once(
    link: RedisLink, scripts: Scripts, settings: Settings
) -> None:
    """The first process makes and registers a key; later ones, and calls sent again, change nothing."""
    states = await asyncio.gather(*(check_secret_key(link, scripts, settings) for _ in range(3)))
    assert len({state.key_id for state in states}) == 1
    assert states[0].source == str(key_file(settings))
    assert states[0].weakness is None
    assert await scripts.run("secrets/register_key", "0" * 16) == [states[0].key_id, ""]
    assert (await read_sealing_key(link, scripts.keys)).key_id == states[0].key_id


async def test_second_machine_without_the_key_is_refused_and_makes_none(
    link: RedisLink, scripts: Scripts, settings: Settings, tmp_path: Path
) -> None:
    """Its error names the fingerprint and the steps; after the copy of the file it starts."""
    first = await check_secret_key(link, scripts, settings)
    second = elsewhere(settings, tmp_path / "second")
    with pytest.raises(SecretUnreadable, match="this machine has no key") as caught:
        await check_secret_key(link, scripts, second)
    assert first.key_id in str(caught.value)
    assert f"to {key_file(second)}" in str(caught.value)
    assert not key_file(second).exists()
    make_key_file(key_file(second), key_file(settings).read_text())
    assert (await check_secret_key(link, scripts, second)).key_id == first.key_id


async def test_another_key_is_refused_with_both_fingerprints_and_its_source(
    link: RedisLink, scripts: Scripts, settings: Settings, tmp_path: Path
) -> None:
    """From the environment as from a file; nothing of either key is in the error."""
    first = await check_secret_key(link, scripts, settings)
    second, key = elsewhere(settings, tmp_path / "second"), new_key()
    make_key_file(key_file(second), key)
    for other, source in ((with_key(second, key), "SECRET_KEY"), (second, str(key_file(second)))):
        with pytest.raises(SecretUnreadable) as caught:
            await check_secret_key(link, scripts, other)
        assert f"{fingerprint(key.encode())} (from {source})" in str(caught.value)
        assert first.key_id in str(caught.value)
        assert key not in str(caught.value)
    assert key_file(second).read_text() == key


async def test_key_made_in_a_lost_race_is_removed(
    link: RedisLink, scripts: Scripts, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two machines start at once: one registers, the other is refused and keeps no useless file."""
    second, run = elsewhere(settings, tmp_path / "second"), scripts.run

    async def slow(name: str, /, *args: str, **named: str) -> object:
        await run(name, "f" * 16)
        return await run(name, *args, **named)

    monkeypatch.setattr(scripts, "run", slow)
    with pytest.raises(SecretUnreadable):
        await check_secret_key(link, scripts, second)
    assert not key_file(second).exists()


async def test_weak_key_is_refused_for_a_new_deployment(
    link: RedisLink, scripts: Scripts, settings: Settings
) -> None:
    """The error has the command that makes a key; nothing is registered."""
    with pytest.raises(ConfigurationError, match="multi-job secrets new-key"):
        await check_secret_key(link, scripts, with_key(settings, WEAK))
    assert (await read_sealing_key(link, scripts.keys)).key_id == ""


async def test_weak_key_that_has_sealed_goes_on_with_a_finding(
    link: RedisLink, scripts: Scripts, settings: Settings, clock: SystemClock
) -> None:
    """An upgrade does not stop a deployment; the doctor fails until the key is rotated."""
    await seal_something(link, scripts, clock, WEAK)
    weak = with_key(settings, WEAK)
    for _ in range(2):
        state = await check_secret_key(link, scripts, weak)
        assert state.weakness is not None
    (found,) = await diagnose_secret_key(
        Deployment(weak, clock, ShardSet([Shard(0, link, scripts.keys, scripts)]))
    )
    assert (found.verdict, found.remedy) == (FindingLevel.FAILED, "multi-job secrets rotate-key")


async def test_key_that_opens_nothing_of_an_earlier_version_is_refused(
    link: RedisLink, scripts: Scripts, settings: Settings, clock: SystemClock
) -> None:
    """The first start after an upgrade must not register the key of the wrong machine."""
    right = new_key()
    await seal_something(link, scripts, clock, right)
    for wrong in (settings, with_key(settings, new_key())):
        with pytest.raises(SecretUnreadable, match="the key of an earlier start"):
            await check_secret_key(link, scripts, wrong)
    assert not key_file(settings).exists()
    both = with_key(settings, new_key(), right)
    assert (await check_secret_key(link, scripts, both)).key_id == fingerprint(right.encode())


async def test_both_keys_are_needed_while_a_rotation_is_under_way(
    link: RedisLink, scripts: Scripts, settings: Settings
) -> None:
    """A machine that has the new key alone could not open the rest."""
    old, new = new_key(), new_key()
    ids = [fingerprint(key.encode()) for key in (new, old)]
    await link.call("HSET", scripts.keys.secret_key, "id", ids[0], "previous", ids[1])
    assert (await check_secret_key(link, scripts, with_key(settings, new, old))).is_rotating
    for lacking in (with_key(settings, new), with_key(settings, old)):
        with pytest.raises(SecretUnreadable):
            await check_secret_key(link, scripts, lacking)
    make_key_file(key_file(settings), new)
    make_key_file(previous_key_file(settings), old)
    assert (await check_secret_key(link, scripts, settings)).is_rotating


async def test_doctor_shows_the_fingerprint_and_makes_no_key(
    link: RedisLink, scripts: Scripts, settings: Settings, clock: SystemClock, tmp_path: Path
) -> None:
    """Before a registration, after it, and on a machine with another key."""
    at = Deployment(settings, clock, ShardSet([Shard(0, link, scripts.keys, scripts)]))
    assert (await diagnose_secret_key(at))[0].verdict is FindingLevel.OK
    assert not key_file(settings).exists()
    state = await check_secret_key(link, scripts, settings)
    assert state.key_id in (await diagnose_secret_key(at))[0].seen
    other = replace(at, settings=elsewhere(settings, tmp_path / "second"))
    found = (await diagnose_secret_key(other))[0]
    assert (found.verdict, state.key_id in found.seen) == (FindingLevel.FAILED, True)
