"""Parses URLs of jobs into one strict form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import quote

from app.core.errors import UrlRefused
from app.core.hosts import place, read_host, read_port, refuse
from app.core.i18n import _
from app.core.net.addresses import check_host

Scheme = Literal["http", "https"]

MAX_URL_CHARS = 4_096
DEFAULT_PORTS: dict[str, int] = {"http": 80, "https": 443}
_FORM = re.compile(r"(?i:(https?)://)([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?")
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?")
_UNSEEN = frozenset({"Cc", "Cs", "Zs", "Zl", "Zp"})
# Characters that stay as they are in a path or query; the rest, quotes and braces too, is sent as %XX.
_SAFE = "%/:?[]@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Url:
    """A URL in canonical form. `host` is ASCII without brackets, `target` the path with its query."""

    scheme: Scheme
    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """Return `host:port`, as policies and HTTP_ALLOW_PRIVATE name it."""
        return place(self.host, self.port)

    @property
    def bracketed(self) -> str:
        """Return the host, IPv6 in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def authority(self) -> str:
        """Return the host with its port, if that is not the scheme's own: the `Host` header."""
        return self.bracketed if self.port == DEFAULT_PORTS[self.scheme] else self.place

    @property
    def origin(self) -> str:
        """Return `scheme://host[:port]`."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"


def parse_url(text: str) -> Url:
    """Return the URL of a text; raises UrlRefused."""
    match = _FORM.fullmatch(_clean(text))
    if match is None:
        refuse(_("a URL looks like https://example.org/page"))
    scheme = cast("Scheme", match[1].lower())
    host, port = _authority(match[2])
    path, query = match[3] or "/", match[4] or ""
    return Url(scheme, host, DEFAULT_PORTS[scheme] if port is None else port, quote(path + query, safe=_SAFE))


def check_url(text: str, opened: Collection[str]) -> Url:
    """Return the URL, or raise UrlRefused if it is out of reach as written; nothing is looked up."""
    url = parse_url(text)
    check_host(read_host(url.host), url.port, opened)
    return url


def url_problem(url: str, opened: Collection[str]) -> str | None:
    """Return why a URL would be refused, with the HTTP_ALLOW_PRIVATE line that would open it, else None.

    No I/O: names are not looked up, so a name with a private address is refused when it is called.
    """
    try:
        check_url(url, opened)
    except UrlRefused as refused:
        return refused.message
    return None


def _clean(text: object) -> str:
    if not isinstance(text, str) or len(text) > MAX_URL_CHARS:
        refuse(_("a URL is a text of at most {max_url_chars:,} characters", max_url_chars=MAX_URL_CHARS))
    if any(unicodedata.category(char) in _UNSEEN for char in text):
        refuse(_("a URL has no spaces or control characters (a space is %20)"))
    if "\\" in text:
        refuse(_("a URL has no backslash: some programs read it as /"))
    return text


def _authority(text: str) -> tuple[str, int | None]:
    if "@" in text:
        refuse(_("a URL holds no user name or password: use a header"))
    match = _AUTHORITY.fullmatch(text)
    if match is None or "%" in text:
        refuse(_("{text!r} is no host with a port", text=text))
    port = None if match[2] is None else read_port(match[2])
    return read_host(match[1]).text, port
