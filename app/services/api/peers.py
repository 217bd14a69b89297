"""The peer that limits count by: an IPv4 address or an IPv6 /64."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

_NETWORK_BITS = 64


@lru_cache(maxsize=4_096)
def peer_of(address: str) -> str:
    """Return the peer of an address; a text that is no address is its own. A /64 of IPv6 has one customer."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False))
