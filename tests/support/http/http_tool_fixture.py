"""An http tool as a handler has it, with the names, the wire and the operator of a test."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import httpcore

from app.core.clock import SystemClock
from app.core.policies import Allowance, DeniedPlaces, ToolLimits
from app.core.secrets.store import SecretInfo, SecretRecord
from app.core.tools.http import HttpTool
from app.core.tools.http.client import HttpClient
from app.core.tools.http.performer import HttpPerformer
from app.core.tools.http.secrets import AttemptSecrets
from tests.support.api.raw_http import HOST, RawServer

NAME = "fake.example.test"
DEAD = "203.0.113.9"


@dataclass
class HttpToolFixture:
    """A tool with the hosts in `opened` allowed, and all names resolved by `addresses`."""

    opened: Collection[str]
    limits: ToolLimits = field(default_factory=lambda: ToolLimits(hosts=("*:*",)))
    denied: tuple[DeniedPlaces, ...] = ()
    addresses: list[list[str]] = field(default_factory=lambda: [[HOST]])
    client: dict[str, Any] = field(default_factory=dict[str, Any])
    lookups: list[str] = field(default_factory=list[str])
    secrets: Mapping[str, str] = field(default_factory=dict[str, str])
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])
    """The hosts of secrets; those that are not named here have `HOST`."""

    async def resolve(self, name: str, _port: int) -> list[str]:
        self.lookups.append(name)
        return self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]

    @property
    def tool(self) -> HttpTool:
        client = HttpClient(self.opened, SystemClock(), resolver=self.resolve, **self.client)
        allowance = Allowance("a.b", "http", self.limits, self.denied)
        source = FakeSecrets(self.secrets, self.hosts)
        secrets = AttemptSecrets(cast("Any", source), allowance, self.opened)
        return HttpTool(Caller(HttpPerformer(client, self.opened, allowance, secrets)))


@dataclass
class FakeSecrets:
    """Secrets that are there, sealed by nothing."""

    values: Mapping[str, str]
    hosts: Mapping[str, tuple[str, ...]]

    async def records(self) -> dict[str, SecretRecord]:
        return {
            name: SecretRecord(SecretInfo(name, self.hosts.get(name, (HOST,)), 0, "ana"), value)
            for name, value in self.values.items()
        }

    def opened(self, record: SecretRecord) -> str:
        return record.sealed


class Caller:
    """Brings calls straight to the performer."""

    def __init__(self, performer: HttpPerformer) -> None:
        self._performer = performer

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        assert tool == "http"
        return await self._performer.perform(op, args)


def http_tool_fixture(*servers: RawServer, **changes: Any) -> HttpToolFixture:
    """Return a tool whose operator opened these servers, by number and by name."""
    opened = {f"{host}:{server.port}" for server in servers for host in (HOST, NAME)}
    return HttpToolFixture(opened, **changes)


class Wire(httpcore.AsyncNetworkBackend):
    """Records the target of each connection, and connects to a loopback server instead."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connected: list[tuple[str, int]] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append((host, port))
        if host == DEAD:
            raise httpcore.ConnectError("no route")
        real = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
        return await real.connect_tcp(HOST, self.port)
