"""Hosts of job secrets: calls, redirects and masked answers."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import HttpUnreachable, NonRetryableError, UrlRefused
from app.core.policies import ToolLimits
from app.core.tools.http import HttpAnswer
from app.jobs.handlers.monitor_http import MonitorHttpInputs, evaluate
from tests.support.api.raw_http import HOST, RawServer, answer, make_certificate, raw_server, redirect
from tests.support.http.http_tool_fixture import NAME, HttpToolFixture, http_tool_fixture

CANARY = "Canary/of+the hosts=test"
LIMITS = ToolLimits(hosts=("*:*",), secrets=("*",))
HEADERS = {"X-Key": "secret:shop"}


def place(*servers: RawServer, hosts: tuple[str, ...], **changes: Any) -> HttpToolFixture:
    return http_tool_fixture(
        *servers, **{"limits": LIMITS, "secrets": {"shop": CANARY}, "hosts": {"shop": hosts}, **changes}
    )


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        (("shop.example",), "multi-job secrets hosts shop shop.example {place}"),
        ((), "multi-job secrets hosts shop {place}"),
    ],
)
@pytest.mark.parametrize("way", ["header", "query", "body"])
async def test_secret_is_sent_to_no_other_host(
    server: RawServer, hosts: tuple[str, ...], said: str, way: str
) -> None:
    """Whatever the policy allows; the refusal names the command, is final, and nothing is sent."""
    sent: dict[str, Any] = {"header": {"headers": HEADERS}, "body": {"json": {"key": "secret:shop"}}}.get(
        way, {}
    )
    with pytest.raises(NonRetryableError) as refused:
        await place(server, hosts=hosts).tool.post(
            server.url("/?key=secret:shop" if way == "query" else "/"), **sent
        )
    assert refused.value.code == "secret_host_denied"
    assert said.format(place=f"{HOST}:{server.port}") in refused.value.message
    assert server.requests == []


async def test_secret_goes_over_https_only(tmp_path: Path) -> None:
    """To its host on the usual port it goes with TLS; the same host without TLS gets nothing."""
    made = make_certificate(tmp_path, NAME)
    async with raw_server(made.server_context()) as safe, raw_server() as plain:
        safe.says["/"] = answer("fine")
        client = {"tls": made.client_context()}
        used = place(safe, hosts=(f"{NAME}:{safe.port}", NAME), client=client)
        assert (await used.tool.get(safe.url(host=NAME, scheme="https"), headers=HEADERS)).text == "fine"
        used.opened = {f"{HOST}:{plain.port}"}
        with pytest.raises(NonRetryableError, match="over https only"):
            await used.tool.get(plain.url(host=NAME), headers=HEADERS)
        assert (len(safe.requests), plain.requests) == (1, [])


@pytest.mark.parametrize("name", ["X-Key", "User-Agent", "Accept", "Content-Type"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_secret_in_any_header_stays_with_its_host(
    server: RawServer, other: RawServer, name: str, status: int
) -> None:
    """Also in a header that usually goes along to another host, and on another port of the same host."""
    server.says["/"] = redirect(other.url(), status)
    other.says["/"] = answer("there")
    used = place(server, other, hosts=(f"{HOST}:{server.port}",))
    got = await used.tool.get(server.url(), headers={name: "secret:shop"})
    assert got.text == "there"
    assert CANARY in server.requests[0].headers.values()
    assert CANARY not in other.requests[0].headers.values()


@pytest.mark.parametrize("status", [307, 308])
async def test_body_with_a_secret_is_not_sent_to_another_port(
    server: RawServer, other: RawServer, status: int
) -> None:
    """A redirect that keeps method and body is refused."""
    server.says["/"] = redirect(other.url(), status)
    with pytest.raises(UrlRefused, match="body that holds a secret"):
        await place(server, other, hosts=(f"{HOST}:{server.port}",)).tool.post(
            server.url(), json={"key": "secret:shop"}
        )
    assert other.requests == []


@pytest.mark.parametrize("target", ["/?k={}", "/{}", "/#{}", "/?k=a{}b"])
@pytest.mark.parametrize(
    "quoting",
    ["Canary%2Fof%2Bthe%20hosts%3Dtest", "canary/of%2bthe+hosts=test", "%43anary/of%2Bthe%20hosts=test"],
)
async def test_redirect_that_repeats_a_secret_stays_at_its_hosts(
    server: RawServer, other: RawServer, target: str, quoting: str
) -> None:
    """A server that sends the caller elsewhere, the secret in the URL, is not followed there."""
    server.says["/"] = redirect(other.url(target.format(quoting)), 302)
    used = place(server, other, hosts=(f"{HOST}:{server.port}",))
    with pytest.raises(UrlRefused, match="shows a secret") as refused:
        await used.tool.get(server.url("/?key=secret:shop"))
    assert (other.requests, "anary" in refused.value.message.lower()) == ([], False)


@pytest.mark.parametrize(
    "location", ["http://{}.example/", "http://{}@x.example/", "//{}:99999/", "http://10.0.0.1/{}"]
)
async def test_refused_redirect_quotes_no_secret(server: RawServer, location: str) -> None:
    """The guard's refusals quote hosts, in lower case; one that holds a secret is quoted by none."""
    server.says["/"] = redirect(location.format("Canary-of-a-host"), 302)
    used = place(server, hosts=(HOST,), secrets={"shop": "Canary-of-a-host"})
    with pytest.raises(UrlRefused) as refused:
        await used.tool.get(server.url(), headers=HEADERS)
    assert "canary" not in refused.value.message.lower()


async def test_redirect_within_the_hosts_keeps_the_secret(server: RawServer) -> None:
    """The same host, and a URL that repeats the secret: it is followed."""
    server.says["/"] = redirect("/next?k=Canary%2Fof%2Bthe%20hosts%3Dtest", 302)
    server.says["/next"] = answer("there")
    got = await place(server, hosts=(HOST,)).tool.get(server.url(), headers=HEADERS)
    assert (got.text, got.url) == ("there", server.url("/next?k=***"))
    assert server.requests[1].headers["x-key"] == CANARY


ECHOES = {
    "text": f"you sent {CANARY}",
    "upper case": CANARY.upper(),
    "JSON of PHP": r"Canary\/of+the hosts=test",
    "HTML": "Canary&#47;of&#x2B;the hosts&equals;test".replace("&equals;", "&#61;"),
    "any quoting": "Canary/of%2Bthe+hosts=test",
    "URL": "k=Canary%2Fof%2Bthe+hosts%3Dtest",
    "base64": base64.b64encode(f"user:{CANARY}".encode()).decode(),
    "hex": CANARY.encode().hex(),
}


@pytest.mark.parametrize("form", ECHOES)
async def test_contains_cannot_probe_an_echoed_secret(server: RawServer, form: str) -> None:
    """Every guess about a part of the secret is missing in the answer, whatever the part is."""
    echo = ECHOES[form]
    server.says["/"] = answer(echo)
    got = await place(server, hosts=(HOST,)).tool.get(server.url(), headers=HEADERS)
    # Of base64 the characters that also depend on the text around the secret are left out.
    core = echo[10:30] if form == "base64" else echo[-20:]
    guesses = {core[at : at + 4] for at in range(len(core) - 4)}
    assert [guess for guess in guesses if _state(got, guess) == "up"] == []


def _state(got: HttpAnswer, contains: str) -> str:
    inputs = MonitorHttpInputs(url=got.url, contains=contains, cert_days=0)
    return evaluate(got, inputs, 0).state


async def test_secret_that_another_job_sent_is_masked(server: RawServer) -> None:
    """A call that names no secret gets from a secret's own host no part of it either."""
    server.says["/"] = answer(f"the last caller sent {CANARY}", x_last=CANARY)
    server.says["/away"] = redirect("/", 302)
    for path in ("/", "/away"):
        got = await place(server, hosts=(HOST,)).tool.get(server.url(path))
        assert (got.text, got.headers["x-last"]) == ("the last caller sent ***", "***")


async def test_secret_cut_at_the_end_of_an_answer_is_masked(server: RawServer) -> None:
    """A body that is cut amid the secret shows no part of it."""
    server.says["/"] = answer(f"sent: {CANARY}")
    used = place(server, hosts=(HOST,))
    for size in range(7, 6 + len(CANARY)):
        got = await used.tool.get(server.url(), headers=HEADERS, max_bytes=size, cut=True)
        assert (got.text, got.truncated) == ("sent: ***", True)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\ncontent-encoding: Canary/of+the hosts=test\r\ncontent-length: 1\r\n\r\nx",
        b"Canary/of+the hosts=test\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nCanary/of+the hosts=test\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: Canary/of+the hosts=test\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nCanary/of+the hosts=test\r\n",
    ],
)
async def test_error_about_a_broken_answer_quotes_no_secret(server: RawServer, said: bytes) -> None:
    """Broken answers are quoted in errors, the first part of them at least."""
    server.says["/"] = said
    with pytest.raises(HttpUnreachable) as refused:
        await place(server, hosts=(HOST,)).tool.get(server.url(), headers=HEADERS)
    assert "canary" not in refused.value.message.lower()


async def test_echo_in_names_of_headers_is_masked(server: RawServer) -> None:
    """A server may make a header's name of what it got."""
    server.says["/"] = b"HTTP/1.1 200 OK\r\nx-Canary-of-a-name: 1\r\ncontent-length: 0\r\n\r\n"
    used = place(server, hosts=(HOST,), secrets={"shop": "Canary-of-a-name"})
    got = await used.tool.get(server.url(), headers=HEADERS)
    assert "canary" not in str(dict(got.headers)).lower()
