"""Hosts of secrets: which patterns there are, and which URLs they cover."""

from __future__ import annotations

import pytest

from app.core.errors import NonRetryableError, UrlRefused
from app.core.net.urls import parse_url
from app.core.secrets.hosts import MAX_HOSTS, fits, host_pattern, read_hosts, require_hosts


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("shop.example", "shop.example"),
        (" Shop.Example ", "shop.example"),
        ("shop.example:8443", "shop.example:8443"),
        ("*.shop.example", "*.shop.example"),
        ("*.api.shop.co.id:8443", "*.api.shop.co.id:8443"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("*.bücher.example", "*.xn--bcher-kva.example"),
        ("10.0.0.5:8080", "10.0.0.5:8080"),
        ("[2001:DB8::1]:8443", "[2001:db8::1]:8443"),
        ("localhost:9000", "localhost:9000"),
    ],
)
def test_secret_host_is_kept_in_one_form(text: str, pattern: str) -> None:
    """Lower case, ASCII, an address as it is written shortest."""
    assert host_pattern(text) == pattern


@pytest.mark.parametrize(
    "text",
    [
        *("", "*", "*.", "*.*", "*.com", "*.co.uk", "*.com.au", "*.co.id", "*.local", "*.home.arpa", "*:*"),
        *("shop.*", "sh*p.example", "*shop.example", "*.*.example", "?.shop.example", "[a-z].example.org"),
        *(
            "https://shop.example",
            "shop.example/path",
            "shop.example:0",
            "shop.example:65536",
            "shop.example:x",
        ),
        *(
            "shop.example.",
            "user@shop.example",
            "127.1",
            "0x7f000001",
            "*.10.0.0.1",
            "shop.example:*",
            "a b.example",
        ),
    ],
)
def test_secret_host_that_is_no_host_is_refused(text: str) -> None:
    """A star for the whole deployment, or for hosts of strangers, and what is no host at all."""
    with pytest.raises(UrlRefused):
        host_pattern(text)


def test_secret_hosts_point_at_what_is_wrong() -> None:
    """Each problem has its place; a pattern that comes twice is kept once."""
    hosts, problems = read_hosts(["a.example", "A.example", "*"])
    assert (hosts, [problem.pointer for problem in problems]) == (("a.example",), ["/hosts/2"])
    assert [problem.pointer for problem in read_hosts([])[1]] == ["/hosts"]
    assert [problem.pointer for problem in read_hosts(["a.example"] * (MAX_HOSTS + 1))[1]] == ["/hosts"]


OPENED = {"10.0.0.5:8080", "printer.lan:80", "shop.example:9443"}


@pytest.mark.parametrize(
    ("hosts", "url", "is_sent"),
    [
        ("shop.example", "https://shop.example/a", True),
        ("shop.example", "https://SHOP.example:443/a", True),
        ("shop.example", "https://shop.example:8443/", False),
        ("shop.example:8443", "https://shop.example:8443/", True),
        ("shop.example:8443", "https://shop.example/", False),
        ("shop.example", "http://shop.example/", False),
        ("shop.example", "https://shop.example.evil.example/", False),
        ("shop.example", "https://evil-shop.example/", False),
        ("shop.example", "https://a.shop.example/", False),
        ("*.shop.example", "https://a.b.shop.example/", True),
        ("*.shop.example", "https://shop.example/", False),
        ("*.shop.example", "https://evilshop.example/", False),
        ("xn--bcher-kva.example", "https://bücher.example/", True),
        ("10.0.0.5", "http://10.0.0.5:8080/", True),
        ("10.0.0.5", "http://10.0.0.5:8081/", False),
        ("10.0.0.6", "http://10.0.0.5:8080/", False),
        ("printer.lan:80", "http://printer.lan/", True),
        ("printer.lan:81", "http://printer.lan/", False),
        ("shop.example", "https://shop.example:9443/", True),
        ("", "https://shop.example/", False),
    ],
)
def test_secret_is_sent_to_its_own_hosts_over_https(hosts: str, url: str, *, is_sent: bool) -> None:
    """Plain http, and a port that is not named, only if the operator opened this host and port."""
    named = tuple(filter(None, [hosts]))
    assert fits(named, parse_url(url), OPENED) is is_sent
    if is_sent:
        require_hosts("shop-token", named, parse_url(url), OPENED)
        return
    with pytest.raises(NonRetryableError) as refused:
        require_hosts("shop-token", named, parse_url(url), OPENED)
    assert refused.value.code == "secret_host_denied"
    assert "'shop-token'" in refused.value.message
    assert any(mend in refused.value.message for mend in ("multi-job secrets hosts", "HTTP_ALLOW_PRIVATE="))
