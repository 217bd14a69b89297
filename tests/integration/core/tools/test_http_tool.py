"""The http tool against real servers on loopback, with and without an allowance of the operator."""

from __future__ import annotations

import pytest

from app.core.errors import HttpUnreachable, PolicyDenied, UrlRefused
from app.core.policies import DeniedPlaces, ToolLimits
from tests.support.api.raw_http import HOST, RawServer, answer, redirect
from tests.support.http.hostile_urls import HOSTILE_URLS
from tests.support.http.hostile_urls_apart import APART
from tests.support.http.http_tool_fixture import DEAD, NAME, HttpToolFixture, Wire, http_tool_fixture


async def test_http_get_returns_the_answer(server: RawServer) -> None:
    """Status, headers, text, size, time, and the URL that answered."""
    server.says["/page"] = answer("hälo", 203, content_type="text/plain; charset=utf-8", x_a="1")
    got = await http_tool_fixture(server).tool.get(server.url("/page?q=1"))
    assert (got.status, got.text, got.bytes_read, got.url) == (203, "hälo", 5, server.url("/page?q=1"))
    assert (got.headers["x-a"], got.tls_expires_at, got.truncated) == ("1", None, False)
    assert 0 <= got.elapsed_ms < 10_000
    request = server.requests[0]
    assert request.headers["host"] == f"{HOST}:{server.port}"
    assert request.headers["user-agent"].startswith("multi-job/")
    assert (request.target, request.headers["accept-encoding"]) == ("/page?q=1", "gzip")


async def test_http_request_sends_json_bodies_and_headers(server: RawServer) -> None:
    """What the handler gave is what arrives."""
    server.says["/"] = answer()
    tool = http_tool_fixture(server).tool
    await tool.post(server.url(), json={"a": [1, "é"]}, headers={"X-Key": "k", "user-agent": "mine"})
    await tool.request("put", server.url(), body=b"\x00\xff")
    await tool.post(server.url())
    first, second, third = server.requests
    assert (first.method, first.body) == ("POST", '{"a":[1,"é"]}'.encode())
    assert (first.headers["content-type"], first.headers["x-key"]) == ("application/json", "k")
    assert first.headers["user-agent"] == "mine"
    assert (second.method, second.body) == ("PUT", b"\x00\xff")
    assert third.headers["content-length"] == "0"


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain", "é".encode(), "é"),
        ("text/plain; charset=iso-8859-1", b"\xe9", "é"),
        ("text/plain; charset=zip", b"\xff", "\ufffd"),
        ("text/plain; charset=unicode_escape", b"\\u0041", "\\u0041"),
        ("text/plain; charset=" + "x" * 5000, b"a", "a"),
        ("", b"\x00\x80", "\x00\ufffd"),
    ],
)
async def test_http_text_is_read_in_a_known_charset(
    server: RawServer, content_type: str, body: bytes, text: str
) -> None:
    """A charset that is none is not looked for; bytes that are no text become replacement characters."""
    server.says["/"] = answer(body, content_type=content_type)
    assert (await http_tool_fixture(server).tool.get(server.url())).text == text


async def test_http_head_and_empty_answers_have_no_body(server: RawServer) -> None:
    """A length that is announced for a body that never comes is not waited for."""
    server.says["/"] = answer("", content_length="5000000", framed=False)
    server.says["/204"] = answer("", 204, framed=False)
    tool = http_tool_fixture(server).tool
    assert (await tool.request("HEAD", server.url())).bytes_read == 0
    assert (await tool.get(server.url("/204"))).status == 204


# What is out of reach.


@pytest.mark.parametrize("url", HOSTILE_URLS, ids=ascii)
async def test_http_hostile_url_is_refused_without_a_lookup(url: str) -> None:
    """The tool refuses what the guard refuses, before anybody is asked for an address."""
    sealed = HttpToolFixture(())
    with pytest.raises(UrlRefused):
        await sealed.tool.get(url)
    assert sealed.lookups == []


async def test_http_private_server_is_reached_only_if_it_is_allowed(server: RawServer) -> None:
    """The refusal names the line, and nothing reaches the server before it."""
    server.says["/"] = answer("in")
    with pytest.raises(UrlRefused, match=f"HTTP_ALLOW_PRIVATE={HOST}:{server.port}"):
        await HttpToolFixture(()).tool.get(server.url())
    with pytest.raises(UrlRefused):
        await HttpToolFixture({f"{HOST}:1"}).tool.get(server.url())
    assert server.requests == []
    assert (await http_tool_fixture(server).tool.get(server.url())).text == "in"


async def test_http_name_that_leads_inside_is_refused(server: RawServer) -> None:
    """A public name with a private address reaches nothing."""
    with pytest.raises(UrlRefused, match="leads to 127"):
        await HttpToolFixture(()).tool.get(server.url(host="evil.example.test"))
    assert server.open_connections == 0


async def test_http_rebinding_name_is_connected_to_the_checked_address(server: RawServer) -> None:
    """A resolver that answers public first and private after that is asked once a hop, and gains nothing."""
    server.says["/"] = answer("outside")
    server.says["/again"] = redirect("/")
    wire = Wire(server.port)
    rebinding = HttpToolFixture((), addresses=[["93.184.216.34"], [HOST]], client={"backend": wire})
    assert (await rebinding.tool.get("http://evil.example.test/")).text == "outside"
    assert (wire.connected, rebinding.lookups) == ([("93.184.216.34", 80)], ["evil.example.test"])
    assert server.requests[0].headers["host"] == "evil.example.test"
    rebinding.addresses = [["93.184.216.34"], [HOST]]
    with pytest.raises(UrlRefused, match="leads to 127"):
        await rebinding.tool.get("http://evil.example.test/again")
    assert wire.connected == [("93.184.216.34", 80)] * 2


async def test_http_next_address_is_tried_if_the_first_is_dead(server: RawServer) -> None:
    """A dead address of several does not fail the call; the others have passed as well."""
    server.says["/"] = answer("second")
    wire = Wire(server.port)
    doubled = HttpToolFixture({f"{DEAD}:80"}, addresses=[[DEAD, "93.184.216.34"]], client={"backend": wire})
    assert (await doubled.tool.get("http://two.example.test/")).text == "second"
    assert [host for host, _ in wire.connected] == [DEAD, "93.184.216.34"]


@pytest.mark.parametrize(
    ("hosts", "denied", "url", "allowed"),
    [
        (["example.test"], [], "http://example.test/", True),
        (["example.test"], [], "https://example.test/", True),
        (["example.test"], [], "http://example.test:8080/", False),
        (["example.test:8080"], [], "http://example.test:8080/", True),
        (["example.test:8080"], [], "http://example.test/", False),
        (["*"], [], "http://example.test:22/", False),
        (["*:*"], [], "http://example.test:22/", True),
        (["*.example.test:44*"], [], "http://a.example.test:4433/", True),
        (["*"], ["example.test"], "http://example.test/", False),
        (["*:*"], ["example.test"], "http://example.test:22/", False),
        (["*:*"], ["example.test:22"], "http://example.test:22/", False),
        (["*:*"], ["example.test:22"], "http://example.test:23/", True),
        (["münchen.de"], [], "http://münchen.de/", False),
        (["xn--mnchen-3ya.de"], [], "http://münchen.de/", True),
        (["[2606:4700::1]"], [], "http://[2606:4700:0::1]/", True),
        (["[2606:4700::1]:81"], [], "http://[2606:4700::1]:81/", True),
        (["[2606:4700::1]"], [], "http://[2606:4700::2]/", False),
        ([], [], "http://example.test/", False),
    ],
)
async def test_http_policy_names_hosts_and_ports(
    server: RawServer, hosts: list[str], denied: list[str], url: str, *, allowed: bool
) -> None:
    """A pattern without a port means 80 and 443, a denial without one every port; names are in ASCII."""
    server.says["/"] = answer("in")
    tool = HttpToolFixture(
        (),
        limits=ToolLimits(hosts=tuple(hosts)),
        denied=(DeniedPlaces(hosts=tuple(denied)),) if denied else (),
        addresses=[["93.184.216.34"]],
        client={"backend": Wire(server.port)},
    ).tool
    if not allowed:
        with pytest.raises(PolicyDenied):
            await tool.get(url)
        assert server.requests == []
    elif url.startswith("https"):
        with pytest.raises(HttpUnreachable):  # the wire has no TLS; it was let through to that
            await tool.get(url, timeout_sec=0.3)
    else:
        assert (await tool.get(url)).text == "in"


async def test_http_port_that_the_operator_opened_needs_no_second_mention(server: RawServer) -> None:
    """HTTP_ALLOW_PRIVATE names the port already; a denial of the place still wins."""
    server.says["/"] = answer("in")
    assert (
        await http_tool_fixture(server, limits=ToolLimits(hosts=(HOST,))).tool.get(server.url())
    ).text == "in"
    denied = (DeniedPlaces(hosts=(f"{HOST}:{server.port}",)),)
    with pytest.raises(PolicyDenied):
        await http_tool_fixture(server, denied=denied).tool.get(server.url())


# Redirects.


async def test_http_redirects_are_followed_three_times(server: RawServer) -> None:
    """Relative ones as well; a fourth is too many, and none is followed without the option."""
    for step in range(1, 5):
        server.says[f"/{step}"] = redirect(f"/{step - 1}")
    server.says["/0"] = answer("arrived")
    tool = http_tool_fixture(server).tool
    got = await tool.get(server.url("/3"))
    assert (got.text, got.url) == ("arrived", server.url("/0"))
    with pytest.raises(HttpUnreachable) as failure:
        await tool.get(server.url("/4"))
    assert failure.value.phase == "redirect"
    stayed = await tool.get(server.url("/4"), follow_redirects=False)
    assert (stayed.status, stayed.headers["location"]) == (302, "/3")


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/",
        "http://localhost/",
        "//169.254.169.254/latest/",
        "http://2130706433/",
        "http://[::ffff:7f00:1]/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://user@example.test/",
        "http://[::1",
        "\\\\127.0.0.1\\",
        "http://inside.example.test/",
    ],
)
async def test_http_redirect_to_the_inside_is_refused(server: RawServer, location: str) -> None:
    """Each hop is guarded like the first."""
    server.says["/"] = redirect(location)
    with pytest.raises(UrlRefused, match=r"redirects|leads to"):
        await http_tool_fixture(server).tool.get(server.url())
    assert len(server.requests) == 1


@pytest.mark.parametrize("at", [1, 2, 3])
async def test_http_chain_of_redirects_is_guarded_at_each_hop(server: RawServer, at: int) -> None:
    """Every address of the second set, as a target at the first, second and third hop; none is called."""
    for hop in range(1, at):
        server.says[f"/{hop - 1}"] = redirect(f"/{hop}")
    for location in APART:
        if not location.isascii() or not location.isprintable() or "://" not in location:
            continue  # no text of a header, or a path of the same host
        server.requests.clear()
        server.says[f"/{at - 1}"] = redirect(location, 307)
        with pytest.raises(UrlRefused):
            await http_tool_fixture(server).tool.get(server.url("/0"))
        assert len(server.requests) == at, location


async def test_http_redirect_to_a_host_without_policy_is_refused(server: RawServer, other: RawServer) -> None:
    """An allowed host cannot lend its permission."""
    server.says["/"] = redirect(other.url(host=NAME))
    with pytest.raises(PolicyDenied):
        await http_tool_fixture(server, other, limits=ToolLimits(hosts=(HOST,))).tool.get(server.url())
    assert other.requests == []


@pytest.mark.parametrize(
    ("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")]
)
async def test_http_redirect_keeps_or_changes_the_method(server: RawServer, status: int, method: str) -> None:
    """As browsers do: 307 and 308 send the same again, the others ask for a page."""
    server.says["/"] = redirect("/next", status)
    server.says["/next"] = answer()
    await http_tool_fixture(server).tool.post(server.url(), json=1)
    request = server.requests[1]
    assert (request.method, request.body) == (method, b"1" if method == "POST" else b"")
    assert ("content-type" in request.headers) is (method == "POST")


async def test_http_redirect_across_hosts_drops_what_names_the_sender(
    server: RawServer, other: RawServer
) -> None:
    """Credentials stay with the host that they were meant for, whatever their header is called."""
    secret = {"Authorization": "Bearer t", "Cookie": "c=1", "X-Api-Key": "k", "Accept": "text/html"}
    server.says["/same"] = redirect("/here")
    server.says["/across"] = redirect(other.url("/there"))
    server.says["/name"] = redirect(server.url("/here", host=NAME))
    server.says["/here"] = other.says["/there"] = answer()
    tool = http_tool_fixture(server, other).tool
    await tool.get(server.url("/same"), headers=secret)
    assert server.requests[-1].headers["authorization"] == "Bearer t"
    await tool.get(server.url("/across"), headers=secret)
    await tool.get(server.url("/name"), headers=secret)
    for request in (other.requests[-1], server.requests[-1]):
        assert request.headers["accept"] == "text/html"
        assert not {"authorization", "cookie", "x-api-key"} & set(request.headers)
