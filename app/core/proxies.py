"""The origin address of a request behind the proxies of TRUSTED_PROXIES.

Headers of other peers are ignored. Each proxy adds the address that it saw, so the list is read from its
right end, as far as the proxies are trusted.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MAX_HOPS = 20


def proxy_network(entry: str) -> Network:
    """Return an entry of TRUSTED_PROXIES, an address or a network in CIDR form; raises ValueError."""
    try:
        return ipaddress.ip_network(entry.strip(), strict=False)
    except ValueError as error:
        raise ValueError(
            f"TRUSTED_PROXIES: {entry!r} is no address and no network: write 10.0.0.5 or 10.0.0.0/24"
        ) from error


def origin_of(
    peer: str, trusted: Sequence[str], forwarded_for: Sequence[str], forwarded: Sequence[str]
) -> str:
    """Return the right-most address that is no trusted proxy; the socket's peer if no proxy is trusted.

    If X-Forwarded-For and Forwarded disagree, one of them came from the client: the proxy's own address is
    returned then.
    """
    if not is_trusted(peer, trusted):
        return peer
    chains = (_hops(forwarded_for), [_for_part(hop) for hop in _hops(forwarded)])
    found = {_first_untrusted(peer, trusted, hops) for hops in chains if hops}
    return found.pop() if len(found) == 1 else peer


def _first_untrusted(peer: str, trusted: Sequence[str], hops: Sequence[str]) -> str:
    reached = peer
    for hop in reversed(hops[-MAX_HOPS:]):
        address = plain_address(hop)
        if address is None:
            return reached
        reached = address
        if not is_trusted(address, trusted):
            break
    return reached


def _hops(values: Iterable[str]) -> list[str]:
    return [hop.strip() for value in values for hop in value.split(",")]


def _for_part(hop: str) -> str:
    for part in hop.split(";"):
        name, _, value = part.partition("=")
        if name.strip().lower() == "for":
            return value.strip().strip('"')
    return ""


def plain_address(text: str) -> str | None:
    """Return an address without its port and brackets; None if the text is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)


@lru_cache(maxsize=256)
def _network(entry: str) -> Network:
    return ipaddress.ip_network(entry)


def is_trusted(address: str, trusted: Sequence[str]) -> bool:
    """Return whether an address is a proxy of TRUSTED_PROXIES."""
    if not trusted:
        return False
    plain = plain_address(address)
    if plain is None:
        return False
    parsed = ipaddress.ip_address(plain)
    return any(parsed in _network(entry) for entry in trusted)
