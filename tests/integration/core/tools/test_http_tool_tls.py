"""TLS of the http tool: certificate, expiry, and no redirect to plain http."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import HttpUnreachable, MultiJobError, UrlRefused
from tests.support.api.raw_http import RawServer, answer, make_certificate, raw_server, redirect, silent
from tests.support.http.http_tool_fixture import NAME, http_tool_fixture


async def test_http_tls_reports_when_the_certificate_expires(tmp_path: Path) -> None:
    """The name of the URL is what the server is asked for, and what its certificate must be for."""
    certificate = make_certificate(tmp_path, NAME, days=12)
    async with raw_server(certificate.server_context()) as server:
        server.says["/"] = answer("safe")
        trusting = http_tool_fixture(server, client={"tls": certificate.client_context()})
        got = await trusting.tool.get(server.url(host=NAME, scheme="https"))
        assert (got.text, got.tls_expires_at) == ("safe", certificate.expires_at)
        assert server.server_names == [NAME]
        assert server.requests[0].headers["host"] == f"{NAME}:{server.port}"
        assert (await trusting.tool.get(server.url(scheme="https"))).tls_expires_at == certificate.expires_at


@pytest.mark.parametrize(
    ("days", "name", "trusted"), [(30, NAME, False), (-1, NAME, True), (30, "wrong.example.test", True)]
)
async def test_http_tls_certificate_that_does_not_hold_is_no_answer(
    tmp_path: Path, days: int, name: str, *, trusted: bool
) -> None:
    """Unknown, expired or another's: nothing of the request is sent."""
    certificate = make_certificate(tmp_path, name, days)
    client = {"tls": certificate.client_context()} if trusted else {}
    async with raw_server(certificate.server_context()) as server:
        with pytest.raises(HttpUnreachable, match="certificate") as failure:
            await http_tool_fixture(server, client=client).tool.get(server.url(host=NAME, scheme="https"))
        assert (failure.value.phase, server.requests) == ("tls", [])


async def test_http_tls_is_not_left_by_a_redirect(tmp_path: Path, other: RawServer) -> None:
    """A redirect from https to http is refused; the other direction is allowed."""
    certificate = make_certificate(tmp_path, NAME)
    async with raw_server(certificate.server_context()) as safe:
        safe.says["/"] = redirect(other.url("/plain"))
        safe.says["/safe"] = answer("safe")
        other.says["/"] = redirect(safe.url("/safe", host=NAME, scheme="https"))
        tool = http_tool_fixture(safe, other, client={"tls": certificate.client_context()}).tool
        with pytest.raises(UrlRefused, match="without TLS"):
            await tool.get(safe.url(host=NAME, scheme="https"))
        assert other.requests == []
        got = await tool.get(other.url())
        assert (got.text, got.tls_expires_at) == ("safe", certificate.expires_at)


async def test_http_tls_handshake_that_hangs_ends_with_the_time(server: RawServer) -> None:
    """A server that speaks no TLS, or nothing, is not waited for."""
    server.says["/"] = silent
    with pytest.raises(HttpUnreachable) as failure:
        await http_tool_fixture(server).tool.get(server.url(scheme="https"), timeout_sec=1)
    assert failure.value.phase == "tls"


async def test_http_errors_do_not_show_the_query(server: RawServer) -> None:
    """A query may hold a key; the message names the host alone."""
    server.says["/p"] = b""
    with pytest.raises(MultiJobError) as failure:
        await http_tool_fixture(server).tool.get(server.url("/p?key=canary"))
    assert "canary" not in failure.value.message
