"""SSRF guard for addresses: public ones, and those opened by HTTP_ALLOW_PRIVATE.

A name is looked up once, every address of it must pass, and the caller connects to one of those addresses,
never to the name again. So a DNS answer that changes in between has no effect.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from app.core.errors import HttpUnreachable, UrlRefused
from app.core.hosts import Host, IpAddress, is_local_name, place, read_host, refuse
from app.core.i18n import _

MAX_ADDRESSES = 16
"""A name has a handful of addresses; one with more is refused, not tried address by address."""


class AddressKind(StrEnum):
    """The kind of an address; only PUBLIC ones are open to all."""

    PUBLIC = "public"
    LOOPBACK = "loopback"
    PRIVATE = "private"
    LINK_LOCAL = "link-local"
    METADATA = "metadata"
    """Services where clouds publish the machine's credentials."""
    MULTICAST = "multicast"
    RESERVED = "reserved"


OPENED_BY_NAME = frozenset({AddressKind.LOOPBACK, AddressKind.PRIVATE})
"""The kinds that a *name* in HTTP_ALLOW_PRIVATE may resolve to.

Others must be opened by number: otherwise the owner of the name's DNS would choose.
"""

_KINDS_V4: tuple[tuple[IPv4Network, AddressKind], ...] = tuple(
    (IPv4Network(network), kind)
    for network, kind in (
        ("0.0.0.0/8", AddressKind.RESERVED),
        ("10.0.0.0/8", AddressKind.PRIVATE),
        ("100.100.100.200/32", AddressKind.METADATA),
        ("100.64.0.0/10", AddressKind.PRIVATE),
        ("127.0.0.0/8", AddressKind.LOOPBACK),
        ("168.63.129.16/32", AddressKind.METADATA),
        ("169.254.169.254/32", AddressKind.METADATA),
        ("169.254.0.0/16", AddressKind.LINK_LOCAL),
        ("172.16.0.0/12", AddressKind.PRIVATE),
        ("192.0.0.192/32", AddressKind.METADATA),
        ("192.0.0.0/24", AddressKind.RESERVED),
        ("192.0.2.0/24", AddressKind.RESERVED),
        ("192.31.196.0/24", AddressKind.RESERVED),
        ("192.52.193.0/24", AddressKind.RESERVED),
        ("192.88.99.0/24", AddressKind.RESERVED),
        ("192.168.0.0/16", AddressKind.PRIVATE),
        ("192.175.48.0/24", AddressKind.RESERVED),
        ("198.18.0.0/15", AddressKind.RESERVED),
        ("198.51.100.0/24", AddressKind.RESERVED),
        ("203.0.113.0/24", AddressKind.RESERVED),
        ("224.0.0.0/4", AddressKind.MULTICAST),
        ("240.0.0.0/4", AddressKind.RESERVED),
    )
)
_KINDS_V6: tuple[tuple[IPv6Network, AddressKind], ...] = tuple(
    (IPv6Network(network), kind)
    for network, kind in (
        ("::1/128", AddressKind.LOOPBACK),
        ("fd00:ec2::254/128", AddressKind.METADATA),
        ("fd20:ce::254/128", AddressKind.METADATA),
        ("fc00::/7", AddressKind.PRIVATE),
        ("fe80::/10", AddressKind.LINK_LOCAL),
        ("ff00::/8", AddressKind.MULTICAST),
        # Teredo, ORCHID, benchmarks; documentation; local-use NAT64 lies outside of 2000::/3 anyway.
        ("2001::/23", AddressKind.RESERVED),
        ("2001:db8::/32", AddressKind.RESERVED),
        # 6to4 is deprecated, and Python's own tables differ on it from version to version.
        ("2002::/16", AddressKind.RESERVED),
        ("2620:4f:8000::/48", AddressKind.RESERVED),
        ("3fff::/20", AddressKind.RESERVED),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_MAPPED = IPv6Network("::ffff:0:0/96")
# Mapped, translated, compatible (but for :: and ::1), both forms of NAT64: the last 32 bits are IPv4.
_LAST_32 = (_MAPPED, IPv6Network("::ffff:0:0:0/96"), IPv6Network("::/96"), _NAT64, _NAT64_LOCAL)
_6TO4 = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE, 0x0100_5EFE, 0x0300_5EFE})
_LOW_32 = 0xFFFF_FFFF

Resolver = Callable[[str, int], Awaitable[Collection[str]]]
"""Returns the addresses of a name as texts; raises OSError."""


def address_kind(address: IpAddress) -> AddressKind:
    """Return the kind of an address; one that embeds another has the worse kind of the two."""
    if isinstance(address, IPv4Address):
        return _kind_v4(address)
    for inner in embedded_addresses(address):
        kind = _kind_v4(inner)
        if kind is not AddressKind.PUBLIC or address in _MAPPED:
            return kind
    for network, kind in _KINDS_V6:
        if address in network:
            return kind
    if address in _NAT64:
        return AddressKind.PUBLIC
    usual = address in _GLOBAL_UNICAST and address.is_global
    return AddressKind.PUBLIC if usual else AddressKind.RESERVED


def embedded_addresses(address: IPv6Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that an IPv6 address carries: mapped, 6to4, Teredo, NAT64, ISATAP, …."""
    bits = int(address)
    low = IPv4Address(bits & _LOW_32)
    if bits > 1 and any(address in network for network in _LAST_32):
        yield low
    elif address in _6TO4:
        yield IPv4Address(bits >> 80 & _LOW_32)
    elif address in _TEREDO:
        yield IPv4Address(bits >> 64 & _LOW_32)
        yield IPv4Address(~bits & _LOW_32)
    elif bits >> 32 & _LOW_32 in _ISATAP:
        yield low


def check_host(host: Host, port: int, opened: Collection[str]) -> None:
    """Raise UrlRefused if a host, as written, is out of reach; names are not looked up.

    `opened` are the entries of HTTP_ALLOW_PRIVATE, as in Settings.
    """
    if host.address is not None:
        _check_spelling(host)
        _check_address(host, host.address, port, opened)
    elif is_local_name(host.text) and place(host.text, port) not in opened:
        _refuse_private(_("{host!r} is a name of this machine or network", host=host.text), host.text, port)


async def resolve_allowed(
    host: str, port: int, opened: Collection[str], resolver: Resolver | None = None
) -> list[str]:
    """Return the addresses of a host, in the resolver's order, if every one of them passes.

    Raises UrlRefused for a host or address out of reach, HttpUnreachable if the name has none.
    """
    known = read_host(host)
    check_host(known, port, opened)
    if known.address is not None:
        return [known.text]
    found = await _look_up(known.text, port, resolver or system_resolver)
    for address in found:
        _check_address(known, address, port, opened)
    return [str(address) for address in found[:MAX_ADDRESSES]]


async def system_resolver(name: str, port: int) -> list[str]:
    """Return the addresses from the system's resolver."""
    loop = asyncio.get_running_loop()
    look_up = partial(socket.getaddrinfo, name, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(row[4][0]) for row in await loop.run_in_executor(_LOOKUPS, look_up)]


# Threads of their own: a lookup that hangs must not block the files tool or anything else.
_LOOKUPS = ThreadPoolExecutor(max_workers=16, thread_name_prefix="dns")


async def _look_up(name: str, port: int, resolver: Resolver) -> list[IpAddress]:
    try:
        texts = await resolver(name, port)
        # A zone id (`fe80::1%eth0`) makes a link-local address, which is refused with or without it.
        found = [ip_address(text.partition("%")[0]) for text in texts]
    except (OSError, ValueError) as error:
        raise HttpUnreachable(
            _("{name!r} has no address: {error}.", name=name, error=error), phase="dns"
        ) from error
    if not found:
        raise HttpUnreachable(_("{name!r} has no address.", name=name), phase="dns")
    return list(dict.fromkeys(found))


def _kind_v4(address: IPv4Address) -> AddressKind:
    for network, kind in _KINDS_V4:
        if address in network:
            return kind
    return AddressKind.PUBLIC if address.is_global else AddressKind.RESERVED


def _check_spelling(host: Host) -> None:
    # A resolver may return such an address; in a URL it only serves to avoid a rule about the IPv4 one.
    if isinstance(host.address, IPv6Address) and (inner := next(embedded_addresses(host.address), None)):
        refuse(_("{text!r} hides {inner}: write that", text=host.text, inner=inner))


def _check_address(host: Host, address: IpAddress, port: int, opened: Collection[str]) -> None:
    kind = address_kind(address)
    if kind is AddressKind.PUBLIC or place(str(address), port) in opened:
        return
    by_name = kind in OPENED_BY_NAME
    if by_name and place(host.text, port) in opened:
        return
    what = (
        _("{host} is a {kind} address", host=host.text, kind=kind)
        if host.address is not None
        else _("{host!r} leads to {address}, a {kind} address", host=host.text, address=address, kind=kind)
    )
    _refuse_private(what, host.text if by_name else str(address), port)


def _refuse_private(what: str, host: str, port: int) -> None:
    line = f"HTTP_ALLOW_PRIVATE={place(host, port)}"
    raise UrlRefused(_("{what}: jobs reach it only if the operator adds {line}.", what=what, line=line))
