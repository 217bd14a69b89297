"""Limits of API keys: the jobs that a key reaches (`scope`), and the addresses that may use it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from app.core.access.records import Role
from app.core.errors import InvalidInput
from app.core.i18n import _
from app.core.ids import TAG_PATTERN
from app.core.proxies import Network, plain_address

if TYPE_CHECKING:
    from app.core.models import JobSpec
    from app.core.registry import HandlerSpec

MAX_ENTRIES: Final = 50
"""Entries of a scope, and networks of an address list."""
MAX_ENTRY_CHARS: Final = 80
TAG, JOB = "tag:", "job:"
ALL_JOBS_TOOL: Final = "platform"
"""Handlers with this tool can read the whole deployment: their jobs are in no scope, unless the handler
says that it is about its own job (`own_job_only`)."""
_TAG = re.compile(TAG_PATTERN)
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MAPPED_BITS: Final = 96


@dataclass(frozen=True, slots=True)
class JobScope:
    """The jobs of a scoped key: those with one of the tags, or with an id that starts with a prefix."""

    prefixes: tuple[str, ...]
    tags: frozenset[str]
    closed_types: frozenset[str] = frozenset()
    """Types that are in no scope, because their handlers reach the whole deployment."""

    @property
    def filter(self) -> dict[str, Any]:
        """Return the scope as the search scripts take it (`lua/lib/search/scopes.lua`)."""
        return {
            "prefixes": list(self.prefixes),
            "tags": sorted(self.tags),
            "closed": sorted(self.closed_types),
        }

    def covers(self, spec: JobSpec) -> bool:
        """Return whether a job is in scope."""
        return spec.type not in self.closed_types and (
            self.covers_id(spec.job_id) or not self.tags.isdisjoint(spec.tags)
        )

    def covers_id(self, job_id: str) -> bool:
        """Return whether an id is in scope whatever the tags are: for jobs that are deleted."""
        return job_id.startswith(self.prefixes)


def job_scope(entries: tuple[str, ...], closed_types: frozenset[str]) -> JobScope | None:
    """Return the scope of a key with these entries; None for a key without a scope."""
    return _job_scope(entries, closed_types) if entries else None


@lru_cache(maxsize=1_024)
def _job_scope(entries: tuple[str, ...], closed_types: frozenset[str]) -> JobScope:
    # An entry of another kind, of a later version, covers nothing.
    prefixes = tuple(entry.removeprefix(JOB) for entry in entries if entry.startswith(JOB) and entry != JOB)
    tags = frozenset(entry.removeprefix(TAG) for entry in entries if entry.startswith(TAG))
    return JobScope(prefixes, tags, closed_types)


def closed_types(handlers: Iterable[HandlerSpec]) -> frozenset[str]:
    """Return the job types that are in no scope."""
    return frozenset(
        handler.type for handler in handlers if ALL_JOBS_TOOL in handler.tools and not handler.own_job_only
    )


def checked_scope(entries: Sequence[str], role: Role) -> tuple[str, ...]:
    """Return the entries of a new key's scope, each once; InvalidInput says what is wrong."""
    found = _distinct(entries, "scope")
    for entry in found:
        is_tag = entry.startswith(TAG) and _TAG.fullmatch(entry.removeprefix(TAG)) is not None
        is_job = entry.startswith(JOB) and _PREFIX.fullmatch(entry.removeprefix(JOB)) is not None
        if not (is_tag or is_job):
            raise InvalidInput(
                _(
                    "scope: {entry!r} is neither `tag:NAME` nor `job:PREFIX`; for example `tag:shop`, or "
                    "`job:shop-` for all jobs whose ids start with `shop-`.",
                    entry=entry,
                )
            )
    if found and role not in {Role.VIEWER, Role.OPERATOR}:
        raise InvalidInput(
            _(
                "scope: a key with a scope is a viewer or an operator; the role {role} concerns the whole "
                "deployment.",
                role=role,
            )
        )
    return found


def checked_addresses(entries: Sequence[str]) -> tuple[str, ...]:
    """Return the networks of a new key's address list in their usual form; InvalidInput if one is none."""
    return tuple(dict.fromkeys(_network_text(entry) for entry in _distinct(entries, "addresses")))


def _distinct(entries: Sequence[str], field: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(entry.strip() for entry in entries))
    if len(found) > MAX_ENTRIES:
        raise InvalidInput(
            _(
                "{field}: {count} entries are too many; {most} are allowed.",
                field=field,
                count=len(found),
                most=MAX_ENTRIES,
            )
        )
    for entry in found:
        if len(entry) > MAX_ENTRY_CHARS:
            raise InvalidInput(
                _(
                    "{field}: {entry!r}… is longer than {most} characters.",
                    field=field,
                    entry=entry[:20],
                    most=MAX_ENTRY_CHARS,
                )
            )
    return found


def _network_text(entry: str) -> str:
    try:
        network: Network = ipaddress.ip_network(entry)
    except ValueError as error:
        raise InvalidInput(
            _(
                "addresses: {entry!r} is no address and no network: write `10.0.0.5`, `10.0.0.0/24` or "
                "`2001:db8::/32`, without bits behind the prefix.",
                entry=entry,
            )
        ) from error
    return str(_unmapped(network))


def _unmapped(network: Network) -> Network:
    """Return a network of IPv4 addresses inside IPv6 as that of IPv4: so are addresses compared."""
    if isinstance(network, ipaddress.IPv4Network) or network.prefixlen < _MAPPED_BITS:
        return network
    inner = network.network_address.ipv4_mapped
    return network if inner is None else ipaddress.ip_network((inner, network.prefixlen - _MAPPED_BITS))


def admits_address(networks: tuple[str, ...], address: str) -> bool:
    """Return whether a key with this address list is accepted from an address; an unknown one is not."""
    plain = plain_address(address)
    if plain is None:
        return False
    parsed = ipaddress.ip_address(plain)
    return any(parsed in network for network in _networks(networks))


@lru_cache(maxsize=1_024)
def _networks(entries: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(entry) for entry in entries)
