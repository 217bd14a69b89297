"""Secrets on their way through the http tool: to the server that is meant, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import InvalidInput, NonRetryableError, PolicyDenied, SecretUnreadable, UrlRefused
from app.core.policies import DeniedPlaces, ToolLimits
from app.core.redaction import redactor
from app.core.redis_client import RedisLink
from app.core.secrets.sealing import open_box
from app.core.secrets.store import SecretDraft, SecretReader, SecretStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.api.raw_http import RawServer, answer, redirect
from tests.support.http.http_tool_fixture import NAME, HttpToolFixture, http_tool_fixture

CANARY = "canary/of+the http=tool"
LIMITS = ToolLimits(hosts=("*:*",), secrets=("site-*",))


def place(*servers: RawServer, **changes: Any) -> HttpToolFixture:
    known = {"site-a": CANARY, "site-odd": "ключ-canary", "other": "canary-of-another"}
    return http_tool_fixture(*servers, **{"limits": LIMITS, "secrets": known, **changes})


async def test_secret_reaches_the_server_and_no_answer(server: RawServer) -> None:
    """In a header, a query and a body; what the server says back of it is masked, in text, header and URL."""
    server.says["/"] = answer(f"you said {CANARY}", x_echo=CANARY)
    got = await place(server).tool.post(
        server.url("/?key=secret:site-a&b=1"),
        headers={"Authorization": "Bearer secret:site-a"},
        json={"token": "secret:site-a", "text": "secret:site-a is a name"},
    )
    [request] = server.requests
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    assert request.target == "/?key=canary%2Fof%2Bthe%20http%3Dtool&b=1"
    assert request.body == f'{{"token":"{CANARY}","text":"secret:site-a is a name"}}'.encode()
    assert (got.text, got.headers["x-echo"]) == ("you said ***", "***")
    assert got.url == server.url("/?key=***&b=1")
    assert redactor.text(f"log: {CANARY}") == "log: ***"


@pytest.mark.parametrize("header", ["secret:other", "secret:site-root"])
async def test_secret_that_the_policy_does_not_name_is_not_opened(server: RawServer, header: str) -> None:
    """Denied by default, and if a denial names it; nothing is sent."""
    denied = (DeniedPlaces(secrets=("site-root",)),)
    with pytest.raises(PolicyDenied, match="secret"):
        await place(server, denied=denied).tool.get(server.url(), headers={"X-Key": header})
    assert server.requests == []


async def test_secret_that_is_not_there_is_not_tried_again(server: RawServer) -> None:
    """The message says which command sets it."""
    with pytest.raises(NonRetryableError, match="multi-job secrets set site-b") as refused:
        await place(server).tool.get(server.url("/?k=secret:site-b"))
    assert refused.value.code == "secret_missing"
    assert server.requests == []


async def test_secret_is_not_opened_for_a_host_out_of_reach(server: RawServer) -> None:
    """The place is asked about first."""
    limits = ToolLimits(hosts=("elsewhere.example",), secrets=("*",))
    used = place(server, limits=limits, secrets={})
    with pytest.raises(PolicyDenied, match="host"):
        await used.tool.get(server.url(), headers={"X-Key": "secret:site-a"})


async def test_secret_that_is_no_header_is_refused_without_being_shown(server: RawServer) -> None:
    """The refusal names the header alone."""
    with pytest.raises(InvalidInput) as refused:
        await place(server).tool.get(server.url(), headers={"X-Key": "secret:site-odd"})
    assert "canary" not in refused.value.message
    assert server.requests == []


@pytest.mark.parametrize("status", [302, 307])
async def test_secret_stays_with_its_host(server: RawServer, other: RawServer, status: int) -> None:
    """A redirect to another host takes neither header nor body along."""
    server.says["/"] = redirect(other.url(host=NAME), status)
    other.says["/"] = answer()
    used = place(server, other)
    await used.tool.get(server.url(), headers={"X-Key": "secret:site-a"})
    assert "x-key" not in other.requests[0].headers
    posting = used.tool.post(server.url(), json={"token": "secret:site-a"})
    if status == 302:
        await posting
        assert other.requests[1].body == b""
    else:
        with pytest.raises(UrlRefused, match="holds a secret"):
            await posting
        assert len(other.requests) == 1


async def test_texts_of_a_server_without_secrets_go_as_they_are(server: RawServer) -> None:
    """Of a host that no secret has, an answer is not touched: nothing is guessed."""
    redactor.register(CANARY)
    server.says["/"] = answer(f"{CANARY} is what they say")
    used = place(server, limits=ToolLimits(hosts=("*:*",)), hosts={"site-a": ("shop.example",)})
    assert (await used.tool.get(server.url("/?q=secret"))).text == f"{CANARY} is what they say"


async def test_store_opens_what_was_put(
    link: RedisLink, keys: Keys, clock: SystemClock, settings: Settings
) -> None:
    """Sealed under its own name: moved to another it does not open."""
    box = open_box(settings)
    store, reader = SecretStore(link, Scripts(link, keys), clock, box), SecretReader(link, keys, lambda: box)
    assert (await store.put(SecretDraft("a", CANARY, ["A.example"]), "ana")).before is None
    saved = await store.put(SecretDraft("a", CANARY), "ben")
    assert (saved.info.hosts, saved.before and saved.before.updated_by) == (("a.example",), "ana")
    records = await reader.records()
    assert (reader.opened(records["a"]), list(records)) == (CANARY, ["a"])
    assert [(info.name, info.updated_by) for info in await store.list()] == [("a", "ben")]
    assert list(await store.infos(["a", "b", "b"])) == ["a"]
    await link.call("HSET", keys.secrets, "b", await link.call("HGET", keys.secrets, "a"))
    with pytest.raises(SecretUnreadable):
        reader.opened((await reader.records())["b"])
