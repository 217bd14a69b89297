"""Canonical hosts: a DNS name, a dotted IPv4 or an IPv6 address.

A spelling that a resolver may read differently from a person is refused before any lookup:
`127.1`, `0x7f000001`, `2130706433`, `①②⑦.⓪.⓪.①`, `127。0。0。1`, `localhost.`, zone ids.
Nothing here uses the network.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NoReturn, TypeAlias

from app.core.errors import UrlRefused
from app.core.i18n import _

IpAddress: TypeAlias = IPv4Address | IPv6Address

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
"""The names of this machine that a browser or a program may use without a look-up."""
MAX_PORT = 65_535
_MAX_NAME_CHARS = 253
_MAX_HOST_CHARS = 1_000
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# The form in which resolvers accept a number for a whole host, as browsers define it.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_DOTS = frozenset("。．｡")
_LOCAL_NAMES = frozenset(
    {"localhost", "localhost6", "ip6-localhost", "ip6-loopback", "broadcasthost", "metadata", "instance-data"}
)
_LOCAL_ENDINGS = frozenset(
    {
        *("corp", "home", "home.arpa", "internal", "intranet", "invalid", "ip6-localhost"),
        *("lan", "local", "localdomain", "localhost", "onion", "private", "svc"),
    }
)


@dataclass(frozen=True, slots=True)
class Host:
    """A host in canonical form: a name in lower-case ASCII, or an address; `text` has no brackets."""

    text: str
    address: IpAddress | None = None


def read_host(text: str) -> Host:
    """Return the host of a text, with or without `[…]` around IPv6; raises UrlRefused."""
    if not text or len(text) > _MAX_HOST_CHARS:
        refuse(_("the address names no host"))
    if text.startswith("[") or ":" in text:
        return _read_ipv6(text)
    name = text.lower() if text.isascii() else _to_ascii(text)
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _read_ipv4(name)
    _check_labels(text, name, labels)
    return Host(name)


def place(host: str, port: int) -> str:
    """Return `host:port`, IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_local_name(name: str) -> bool:
    """True if a name alone means this machine or this network: localhost, *.internal, printer."""
    if name in _LOCAL_NAMES or "." not in name:
        return True
    labels = name.split(".")
    return any(".".join(labels[start:]) in _LOCAL_ENDINGS for start in range(1, len(labels)))


def opened_place(entry: str) -> str:
    """Return an entry of HTTP_ALLOW_PRIVATE, `host:port`, in canonical form; raises ValueError."""
    host, colon, port = entry.strip().rpartition(":")
    try:
        if not colon:
            refuse(_("no port"))
        read = read_host(host)
        return place(read.text, read_port(port))
    except UrlRefused as error:
        raise ValueError(
            f"HTTP_ALLOW_PRIVATE: {entry!r} is not of the form host:port: {error.message}"
        ) from error


def read_port(text: str) -> int:
    """Return a port; raises UrlRefused."""
    if not _PORT.fullmatch(text) or int(text) > MAX_PORT:
        refuse(_("{text!r} is no port", text=text))
    return int(text)


def refuse(reason: str) -> NoReturn:
    """Raise UrlRefused."""
    raise UrlRefused(reason)


def _read_ipv6(text: str) -> Host:
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        if "%" in inner:
            raise AddressValueError("a zone id")  # noqa: TRY301  the same refusal
        address = IPv6Address(inner)
    except AddressValueError as error:
        raise UrlRefused(_("{text!r} is no IPv6 address.", text=text)) from error
    return Host(str(address), address)


def _read_ipv4(name: str) -> Host:
    try:
        address = IPv4Address(name)
    except AddressValueError as error:
        raise UrlRefused(
            _(
                "{name!r} is read as a number by some systems: write an IPv4 address as 203.0.113.7.",
                name=name,
            )
        ) from error
    return Host(str(address), address)


def _check_labels(text: str, name: str, labels: list[str]) -> None:
    if not labels[-1]:
        refuse(_("{text!r} ends in a dot: leave it out", text=text))
    if len(name) > _MAX_NAME_CHARS or not all(_LABEL.fullmatch(label) for label in labels):
        refuse(_("{text!r} is no host name", text=text))
    if any(label.startswith("xn--") for label in labels):
        _check_punycode(text, name)


def _to_ascii(text: str) -> str:
    lowered = text.lower()
    # A character that normalises to another one can be misread: ① as 1, ． as a dot.
    odd = unicodedata.normalize("NFKC", lowered) != lowered or _DOTS.intersection(lowered)
    if odd or any(char.isdigit() and not char.isascii() for char in lowered):
        refuse(_("{text!r} has letters, digits or dots in a disguised form", text=text))
    import idna  # noqa: PLC0415  its tables are large, and few addresses need them

    try:
        return idna.encode(lowered, strict=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise UrlRefused(_("{text!r} is no host name: {error}.", text=text, error=error)) from error


def _check_punycode(text: str, name: str) -> None:
    import idna  # noqa: PLC0415

    try:
        decoded = idna.decode(name, strict=True, std3_rules=True)
    except (idna.IDNAError, UnicodeError) as error:
        raise UrlRefused(_("{text!r} is no host name: {error}.", text=text, error=error)) from error
    if not decoded.isascii() and _to_ascii(decoded) != name:
        refuse(_("{text!r} is no host name", text=text))


# Hosts in a policy: `example.org`, `*.example.org`, `example.org:8443`, `*:*`, `[2001:db8::1]:443`.
#
# A pattern without a port means the usual ones, 80 and 443, if it allows, and every port if it denies.

USUAL_PORTS = frozenset({"80", "443"})


def split_place(text: str) -> tuple[str, str]:
    """Return host and port of `host[:port]`, the port empty if none is named; IPv6 keeps its brackets."""
    if text.startswith("[") and ":" in text.partition("]")[0]:
        host, bracket, rest = text.partition("]")
        return host + bracket, rest.removeprefix(":")
    host, _, port = text.partition(":")
    return host, port


def shortest_place(text: str) -> str:
    """Return a place without a usual port, as a person would write it in a policy."""
    host, port = split_place(text)
    return host if port in USUAL_PORTS else text


def host_matches(place: str, pattern: str, *, any_port: bool) -> bool:
    """True if a pattern covers `host[:port]`; `any_port` is the meaning of a pattern without a port."""
    host, port = split_place(place.lower())
    wanted_host, wanted_port = split_place(pattern.lower())
    usual = any_port or not port or port in USUAL_PORTS
    port_fits = fnmatchcase(port, wanted_port) if wanted_port else usual
    return port_fits and _host_fits(host, wanted_host)


def _host_fits(host: str, wanted: str) -> bool:
    # The brackets of an IPv6 address are not a character set.
    if wanted.startswith("[") and ":" in wanted:
        return host == wanted
    return fnmatchcase(host, wanted)
