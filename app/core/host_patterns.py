"""Hosts in a policy: `example.org`, `*.example.org`, `example.org:8443`, `*:*`, `[2001:db8::1]:443`.

A pattern that allows and names no port means the usual ones, 80 and 443; one that denies means every port.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

USUAL_PORTS = frozenset({"80", "443"})


def split_place(text: str) -> tuple[str, str]:
    """Return host and port of `host[:port]`, the port empty where none is named; IPv6 keeps its brackets."""
    if text.startswith("[") and ":" in text.partition("]")[0]:
        host, bracket, rest = text.partition("]")
        return host + bracket, rest.removeprefix(":")
    host, _, port = text.partition(":")
    return host, port


def shortest_place(text: str) -> str:
    """Return a place without a usual port, as a person would write it into a policy."""
    host, port = split_place(text)
    return host if port in USUAL_PORTS else text


def host_matches(place: str, pattern: str, *, any_port: bool) -> bool:
    """Tell whether a pattern covers `host[:port]`; `any_port` is what one without a port covers."""
    host, port = split_place(place.lower())
    wanted_host, wanted_port = split_place(pattern.lower())
    usual = any_port or not port or port in USUAL_PORTS
    port_fits = fnmatchcase(port, wanted_port) if wanted_port else usual
    return port_fits and _host_fits(host, wanted_host)


def _host_fits(host: str, wanted: str) -> bool:
    # The brackets of an IPv6 address are no set of characters.
    if wanted.startswith("[") and ":" in wanted:
        return host == wanted
    return fnmatchcase(host, wanted)
