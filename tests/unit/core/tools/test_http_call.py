"""Redirects of a call with a secret."""

from __future__ import annotations

from typing import Any, cast

import pytest

from app.core.errors import UrlRefused
from app.core.net.urls import Url, parse_url
from app.core.secrets.hosts import fits
from app.core.tools.http.client import HttpCall, redirected

HTTP, HTTPS = parse_url("http://shop.lan/"), parse_url("https://shop.lan/")


class _Secrets:
    def __init__(self, host: str) -> None:
        self._host = host

    def may_go(self, url: Url) -> bool:
        return fits([self._host], url, {"shop.lan:80"})


def call(host: str, body: bytes = b"") -> HttpCall:
    given: Any = _Secrets(host)
    return HttpCall(
        method="POST",
        url=HTTP,
        headers={"X-Key": "value", "X-Other": "1"},
        body=body,
        timeout_sec=1,
        max_bytes=1,
        cut=False,
        follow=True,
        permit=lambda _: None,
        budget=cast("Any", None),
        secrets=given,
        private_body=bool(body),
        private_headers=frozenset({"X-Key"}),
    )


@pytest.mark.parametrize(("host", "kept"), [("shop.lan", {"X-Key", "X-Other"}), ("shop.lan:80", {"X-Other"})])
def test_upgrade_to_https_keeps_a_secret_of_that_port(host: str, kept: set[str]) -> None:
    """The same host, now with TLS: other headers stay, the secret only if it may go to port 443."""
    assert redirected(call(host), 307, HTTPS).headers.keys() == kept


def test_upgrade_to_https_takes_no_body_to_a_port_that_is_no_host() -> None:
    """A body with a secret is refused there, and kept if the port is one of its hosts."""
    assert redirected(call("shop.lan", b"x"), 308, HTTPS).body == b"x"
    with pytest.raises(UrlRefused, match="holds a secret"):
        redirected(call("shop.lan:80", b"x"), 308, HTTPS)
