"""Stored secrets of jobs on a real server."""

from __future__ import annotations

import orjson
import pytest

from app.cli.direct import Deployment
from app.cli.doctor.diagnose import diagnose_deployment
from app.cli.doctor.findings import FindingLevel
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import InvalidInput, LimitExceeded
from app.core.redis_client import RedisLink
from app.core.secrets.sealing import open_box
from app.core.secrets.store import SecretDraft, SecretReader, SecretStore, context_of
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.core.storage.shards import Shard, ShardSet

VALUE = "value of a stored secret"


@pytest.fixture
def store(scripts: Scripts, link: RedisLink, clock: SystemClock, settings: Settings) -> SecretStore:
    return SecretStore(link, scripts, clock, open_box(settings))


@pytest.fixture
def at(settings: Settings, clock: SystemClock, keys: Keys, link: RedisLink, scripts: Scripts) -> Deployment:
    return Deployment(settings, clock, ShardSet([Shard(0, link, keys, scripts)]))


async def test_secret_keeps_what_a_save_leaves_out(
    store: SecretStore, link: RedisLink, keys: Keys, settings: Settings
) -> None:
    """New hosts leave the value as it is, a new value leaves the hosts."""
    reader = SecretReader(link, keys, lambda: open_box(settings))
    await store.put(SecretDraft("a", VALUE, ["a.example"]), "ana")
    await store.put(SecretDraft("a", hosts=["b.example"]), "ben")
    record = (await reader.records())["a"]
    assert (reader.opened(record), record.info.hosts, record.info.updated_by) == (
        VALUE,
        ("b.example",),
        "ben",
    )
    await store.put(SecretDraft("a", VALUE * 2), "ben")
    record = (await reader.records())["a"]
    assert (reader.opened(record), record.info.hosts) == (VALUE * 2, ("b.example",))


async def test_secret_of_an_earlier_version_has_no_hosts(store: SecretStore, at: Deployment) -> None:
    """It is listed, the doctor names the command, and its next save needs hosts."""
    sealed = open_box(at.settings).seal(VALUE, context_of("old"))
    await at.link.call(
        "HSET", at.keys.secrets, "old", orjson.dumps({"sealed": sealed, "at": 5, "by": "ana"}).decode()
    )
    assert (await store.info("old")).hosts == ()
    with pytest.raises(InvalidInput) as refused:
        await store.put(SecretDraft("old", VALUE), "ben")
    assert [problem.pointer for problem in refused.value.problems] == ["/hosts"]
    [finding] = [each for each in await diagnose_deployment(at) if each.check == "secrets of jobs"]
    assert (finding.verdict, finding.remedy) == (FindingLevel.WARN, "multi-job secrets hosts old HOST")
    await store.put(SecretDraft("old", hosts=["a.example"]), "ben")
    assert [each for each in await diagnose_deployment(at) if each.check == "secrets of jobs"] == []


async def test_secret_save_sent_twice_is_one_save(scripts: Scripts, link: RedisLink, keys: Keys) -> None:
    """A save whose answer was lost is sent again, and finds itself."""
    for _ in range(2):
        assert await scripts.run("secrets/save", "a", "", "new", "10") == "OK"
    assert await link.call("HGETALL", keys.secrets) == ["a", "new"]


async def test_secret_save_overwrites_no_other(scripts: Scripts, link: RedisLink, keys: Keys) -> None:
    """A record that changed since it was read, or is gone, stays so."""
    await link.call("HSET", keys.secrets, "a", "first")
    assert await scripts.run("secrets/save", "a", "older", "new", "10") == "CHANGED"
    assert await scripts.run("secrets/save", "a", "", "new", "10") == "CHANGED"
    assert await scripts.run("secrets/save", "b", "older", "new", "10") == "CHANGED"
    assert await link.call("HGETALL", keys.secrets) == ["a", "first"]


async def test_secrets_are_limited_in_number(
    scripts: Scripts, store: SecretStore, link: RedisLink, keys: Keys
) -> None:
    """One more is refused; those that are there can still be changed."""
    assert await scripts.run("secrets/save", "a", "", "1", "1") == "OK"
    assert await scripts.run("secrets/save", "b", "", "1", "1") == "FULL"
    assert await scripts.run("secrets/save", "a", "1", "2", "1") == "OK"
    await link.call("HSET", keys.secrets, *(text for index in range(1_000) for text in (str(index), "x")))
    with pytest.raises(LimitExceeded):
        await store.put(SecretDraft("more", VALUE, ["a.example"]), "ana")
