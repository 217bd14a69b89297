"""The hosts that a secret may be sent to, over https only.

A pattern is `shop.example`, `shop.example:8443`, `*.shop.example` or an address. Without a port it covers
443 and the ports that the operator opened for this host in HTTP_ALLOW_PRIVATE. Plain http is allowed only to
a `host:port` that the operator opened there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from app.core.errors import FieldProblem, NonRetryableError, UrlRefused
from app.core.hosts import is_local_name, read_host, read_port, split_place
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.net.urls import Url

MAX_HOSTS = 50
MAX_HOST_CHARS = 255
CODE = "secret_host_denied"
BACKUP = "backup.invalid"
"""The host of a secret that seals backups: no name below `invalid` exists (RFC 6761), so nothing gets it."""
_HTTPS_PORT = "443"
_STAR = "*."
_LEAST_LABELS = 2
# Under a country's code these names are open for registration by anyone, as `com` is.
_OPEN_SECOND_LEVEL = re.compile(
    r"(?:ac|biz|com?|desa|edu|gen|gob?|gov|my|ne|net|nom|org?|sch|web)\.[a-z]{2}", re.ASCII
)


def host_pattern(text: str) -> str:
    """Return a pattern in its one form, lower-case ASCII; raises UrlRefused."""
    cleaned = text.strip()
    if "://" in cleaned or "/" in cleaned:
        raise UrlRefused(
            _(
                "{cleaned!r} is no host: leave out the scheme and the path, such as shop.example.",
                cleaned=cleaned,
            )
        )
    host, port = split_place(cleaned)
    star = host.startswith(_STAR)
    name = read_host(host.removeprefix(_STAR))
    if star and (name.address is not None or not _may_follow_star(name.text)):
        raise UrlRefused(
            _(
                "{cleaned!r} covers hosts of strangers: after `*.` name your own domain, such as "
                "*.shop.example.",
                cleaned=cleaned,
            )
        )
    shown = f"[{name.text}]" if ":" in name.text else name.text
    return f"{_STAR if star else ''}{shown}{f':{read_port(port)}' if port else ''}"


def _may_follow_star(name: str) -> bool:
    labels = name.split(".")
    is_open = _OPEN_SECOND_LEVEL.fullmatch(name) is not None
    return len(labels) >= _LEAST_LABELS and not is_open and not is_local_name(f"x.{name}")


def read_hosts(texts: Sequence[str]) -> tuple[tuple[str, ...], list[FieldProblem]]:
    """Return the patterns in their one form, each once, and the problems of malformed ones."""
    hosts: dict[str, None] = {}
    problems: list[FieldProblem] = []
    if not 1 <= len(texts) <= MAX_HOSTS:
        command = "multi-job secrets set NAME --host HOST"
        message = _(
            "1 to {max_hosts} hosts that it may be sent to: `{command}`", max_hosts=MAX_HOSTS, command=command
        )
        problems.append(FieldProblem("/hosts", message, "invalid"))
    for index, text in enumerate(texts[:MAX_HOSTS]):
        try:
            hosts[host_pattern(text)] = None
        except UrlRefused as refused:
            problems.append(FieldProblem(f"/hosts/{index}", refused.message, "invalid"))
    return tuple(hosts), problems


def fits(hosts: Iterable[str], url: Url, opened: Collection[str]) -> bool:
    """Return whether a secret of these hosts may be sent to a URL."""
    is_opened = url.place in opened
    return (url.scheme == "https" or is_opened) and any(_covers(host, url, is_opened) for host in hosts)


def _covers(pattern: str, url: Url, is_opened: bool) -> bool:
    host, port = split_place(pattern)
    port_fits = port == str(url.port) if port else is_opened or str(url.port) == _HTTPS_PORT
    if host.startswith(_STAR):
        return port_fits and url.host.endswith(host[1:]) and ":" not in url.host
    return port_fits and host == url.bracketed


def require_hosts(name: str, hosts: Sequence[str], url: Url, opened: Collection[str]) -> None:
    """Raise NonRetryableError `secret_host_denied` unless the secret may be sent to the URL."""
    if not fits(hosts, url, opened):
        raise NonRetryableError(denial(name, hosts, url, opened), code=CODE)


def denial(name: str, hosts: Sequence[str], url: Url, opened: Collection[str]) -> str:
    """Return why a secret is not sent to a URL, and the command that allows it."""
    place = url.authority
    if not hosts:
        return _(
            "Secret {name!r} has no hosts, so it is sent nowhere: an admin allows {place} with "
            "`multi-job secrets hosts {name} {place}`.",
            name=name,
            place=place,
        )
    if url.scheme == "http" and url.place not in opened:
        return _(
            "Secret {name!r} is sent over https only, and {origin} is plain http: use https, "
            "or the operator adds HTTP_ALLOW_PRIVATE={place}.",
            name=name,
            origin=url.origin,
            place=url.place,
        )
    command = f"multi-job secrets hosts {name} {' '.join([*hosts, place])}"
    return _(
        "Secret {name!r} is sent to {hosts} only, not to {place}. If {place} may have it, an "
        "admin runs `{command}`.",
        name=name,
        hosts=", ".join(hosts),
        place=place,
        command=command,
    )
