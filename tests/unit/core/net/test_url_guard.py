"""URLs are read in one strict form; everything that could be read in another way is refused unseen."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.core.errors import UrlRefused
from app.core.hosts import opened_place
from app.core.i18n import render
from app.core.net.urls import Url, check_url, parse_url, url_problem
from tests.support.http.hostile_urls import HOSTILE_URLS
from tests.support.http.hostile_urls_apart import APART


def test_url_corpus_has_no_repeats_and_is_large() -> None:
    """What is counted is different URLs."""
    assert len(set(HOSTILE_URLS)) == len(HOSTILE_URLS) > 200
    assert len(set(APART) - set(HOSTILE_URLS)) == len(APART) > 120


@pytest.mark.parametrize("url", [*HOSTILE_URLS, *APART], ids=ascii)
def test_url_that_is_hostile_is_refused(url: str) -> None:
    """Nothing is resolved and no request is sent: the text alone decides."""
    with pytest.raises(UrlRefused) as refusal:
        check_url(url, ())
    assert url_problem(url, ()) == refusal.value.message
    assert render(refusal.value.message, "id") != refusal.value.message


@pytest.mark.parametrize("url", [None, 5, b"http://example.org/", ["http://example.org/"]])
def test_url_that_is_no_text_is_refused(url: Any) -> None:
    """Values of another type come from JSON, too."""
    assert url_problem(url, ()) is not None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://example.org", Url("http", "example.org", 80, "/")),
        ("https://example.org/", Url("https", "example.org", 443, "/")),
        ("HTTPS://EXAMPLE.org:8443/A?b=C#d", Url("https", "example.org", 8443, "/A?b=C")),
        ("http://example.org?x=1", Url("http", "example.org", 80, "/?x=1")),
        ("http://example.org/a/../b;c=%20", Url("http", "example.org", 80, "/a/../b;c=%20")),
        ('http://example.org/?q={a}|"<é>', Url("http", "example.org", 80, "/?q=%7Ba%7D%7C%22%3C%C3%A9%3E")),
        ("http://example.org/user@home", Url("http", "example.org", 80, "/user@home")),
        ("http://münchen.de/", Url("http", "xn--mnchen-3ya.de", 80, "/")),
        ("http://MÜNCHEN.de/", Url("http", "xn--mnchen-3ya.de", 80, "/")),
        ("http://xn--mnchen-3ya.de/", Url("http", "xn--mnchen-3ya.de", 80, "/")),
        ("http://例え.jp/", Url("http", "xn--r8jz45g.jp", 80, "/")),
        ("http://三菱.jp/", Url("http", "xn--ehq172k.jp", 80, "/")),
        ("http://пример.рф/", Url("http", "xn--e1afmkfd.xn--p1ai", 80, "/")),
        ("http://8.8.8.8:53/", Url("http", "8.8.8.8", 53, "/")),
        ("http://[2606:4700:4700::1111]/", Url("http", "2606:4700:4700::1111", 80, "/")),
        ("https://[2606:4700:4700:0::1111]:8443/", Url("https", "2606:4700:4700::1111", 8443, "/")),
        ("http://1.example.org/", Url("http", "1.example.org", 80, "/")),
        ("http://0x7f.example.org/", Url("http", "0x7f.example.org", 80, "/")),
        ("http://a_b.example.org/", Url("http", "a_b.example.org", 80, "/")),
        ("http://localhost.example.org/", Url("http", "localhost.example.org", 80, "/")),
        ("http://internal.example.org/", Url("http", "internal.example.org", 80, "/")),
    ],
)
def test_url_that_is_plain_is_read(text: str, url: Url) -> None:
    """Names in any script, public addresses, ports, queries: each has one form, without its fragment."""
    assert check_url(text, ()) == url
    assert url_problem(text, ()) is None
    assert parse_url(str(url)) == url


@pytest.mark.parametrize(
    ("url", "authority", "place"),
    [
        ("http://example.org/", "example.org", "example.org:80"),
        ("http://example.org:443/", "example.org:443", "example.org:443"),
        ("https://example.org:443/", "example.org", "example.org:443"),
        ("http://[2606:4700::1]/", "[2606:4700::1]", "[2606:4700::1]:80"),
        ("http://[2606:4700::1]:81/", "[2606:4700::1]:81", "[2606:4700::1]:81"),
    ],
)
def test_url_names_its_authority_and_place(url: str, authority: str, place: str) -> None:
    """The Host header leaves the scheme's own port out; a place always has one."""
    parsed = parse_url(url)
    assert (parsed.authority, parsed.place) == (authority, place)


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("http://127.0.0.1:8080/health", "HTTP_ALLOW_PRIVATE=127.0.0.1:8080"),
        ("http://192.168.1.5/", "HTTP_ALLOW_PRIVATE=192.168.1.5:80"),
        ("https://[fd00::5]/", "HTTP_ALLOW_PRIVATE=[fd00::5]:443"),
        ("http://[0:0::1]:81/", "HTTP_ALLOW_PRIVATE=[::1]:81"),
        ("http://localhost:8000/", "HTTP_ALLOW_PRIVATE=localhost:8000"),
        ("http://redis:6379/", "HTTP_ALLOW_PRIVATE=redis:6379"),
        ("http://printer.LAN:631/", "HTTP_ALLOW_PRIVATE=printer.lan:631"),
        ("http://169.254.169.254/", "HTTP_ALLOW_PRIVATE=169.254.169.254:80"),
    ],
)
def test_url_that_is_private_is_refused_with_the_line_that_opens_it(url: str, line: str) -> None:
    """The operator can copy the line, and with it the same URL passes, at that port alone."""
    problem = url_problem(url, ())
    assert problem is not None
    assert line in problem
    entry = line.removeprefix("HTTP_ALLOW_PRIVATE=")
    assert url_problem(url, {opened_place(entry)}) is None
    other = re.sub(r":\d+$", ":9", entry)
    assert url_problem(url, {opened_place(other)}) is not None


def test_url_spelling_is_not_opened_by_any_line() -> None:
    """An opened address may be written in its one form only."""
    opened = {opened_place("127.0.0.1:80"), opened_place("localhost:80")}
    assert url_problem("http://127.0.0.1/", opened) is None
    for url in ("http://127.1/", "http://2130706433/", "http://localhost./", "http://[::ffff:127.0.0.1]/"):
        assert url_problem(url, opened) is not None


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        ":80",
        "*:80",
        "127.1:80",
        "http://127.0.0.1:80",
        "a b:80",
    ],
)
def test_opened_place_is_a_host_with_a_port(entry: str) -> None:
    """A line that opens nothing, or more than one place, is an error at start."""
    with pytest.raises(ValueError, match="HTTP_ALLOW_PRIVATE"):
        opened_place(entry)
