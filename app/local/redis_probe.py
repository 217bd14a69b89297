"""A minimal RESP client that identifies a server. Standard library only."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from io import BufferedReader
from urllib.parse import parse_qs, unquote, urlsplit

from app.core.redis_login import DEFAULT_PORT
from app.core.storage.diagnosis import ConnectionFault, Reason, reason_for, reason_of, reason_of_answer

# An INFO section is some KB; this bounds the reply of an unknown server.
_MAX_REPLY_BYTES = 1_000_000


class RedisProbeError(Exception):
    """The server answered with something else than the requested reply."""


class ProbeState(StrEnum):
    READY = "ready"
    LOADING = "loading"
    """A Redis that is still reading its data from disk."""
    DENIED = "denied"
    """A Redis that refuses this user or password."""
    OPEN = "open"
    """A Redis without a password that was sent one."""
    UNUSABLE = "unusable"
    """A server that cannot be used this way: its certificate, its name, TLS or none."""
    SILENT = "silent"
    """The port is closed, or the host is out of reach."""
    STRANGER = "stranger"
    """The server accepts the connection and does not speak Redis."""


@dataclass(frozen=True, slots=True)
class Probe:
    state: ProbeState
    detail: str = ""
    reason: Reason | None = None
    """The cause and its repair, if they are known."""


@dataclass(frozen=True, slots=True)
class RedisAddress:
    host: str
    port: int = DEFAULT_PORT
    username: str | None = None
    password: str | None = None
    tls: bool = False
    verify: bool = True
    ca_file: str | None = None

    @classmethod
    def parse(cls, url: str) -> RedisAddress:
        """Parse `redis://` or `rediss://`; ValueError if it is neither or has no valid port."""
        parts = urlsplit(url)
        if parts.scheme not in {"redis", "rediss"}:
            raise ValueError(f"not a redis:// or rediss:// address: {parts.scheme or url!r}")
        query = parse_qs(parts.query)
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or DEFAULT_PORT,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=parts.scheme == "rediss",
            verify=query.get("ssl_cert_reqs", ["required"])[0].lower() not in {"none", "cert_none"},
            ca_file=query.get("ssl_ca_certs", [None])[0],
        )

    @property
    def is_loopback(self) -> bool:
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")

    @property
    def shown(self) -> str:
        """Host and port, never the password."""
        return f"{self.host}:{self.port}"


def probe(address: RedisAddress, *, timeout_seconds: float = 1.0) -> Probe:
    """Send PING once and classify the answer; never raises for network errors."""
    try:
        with _open(address, timeout_seconds) as connection:
            return _ask(connection, address, timeout_seconds)
    except OSError as error:
        return _not_connected(error)


def _not_connected(error: OSError) -> Probe:
    reason = (
        reason_for(ConnectionFault.NO_TLS) if isinstance(error, _HandshakeTimeoutError) else reason_of(error)
    )
    if reason is not None:
        return Probe(ProbeState.UNUSABLE, reason=reason)
    if isinstance(error, ssl.SSLError):
        return Probe(ProbeState.STRANGER, f"TLS: {error.reason or error}")
    return Probe(ProbeState.SILENT, error.strerror or str(error))


def _no_reply(address: RedisAddress, error: Exception, timeout_seconds: float) -> Probe:
    """Return the reason for a closed connection or a foreign reply: TLS is expected, or it is no Redis."""
    if not address.tls:
        try:
            _open(replace(address, tls=True, verify=False), timeout_seconds).close()
        except OSError:
            pass
        else:
            return Probe(ProbeState.UNUSABLE, reason=reason_for(ConnectionFault.TLS_ONLY))
    return Probe(ProbeState.STRANGER, str(error))


def read_info(address: RedisAddress, section: str, *, timeout_seconds: float = 2.0) -> Mapping[str, str]:
    """One section of INFO as a mapping; RedisProbeError or OSError if it is not available."""
    with _open(address, timeout_seconds) as connection, connection.makefile("rb") as reader:
        _authenticate(connection, reader, address)
        return parse_info(_command(connection, reader, "INFO", section))


def parse_info(text: str) -> dict[str, str]:
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.split(":", 1) for line in lines if line and not line.startswith("#") and ":" in line)
    return {name: value for name, value in pairs}  # noqa: C416 - dict() would lose the types


def _ask(connection: socket.socket, address: RedisAddress, timeout_seconds: float) -> Probe:
    try:
        with connection.makefile("rb") as reader:
            _authenticate(connection, reader, address)
            answer = _command(connection, reader, "PING")
    except _ErrorReplyError as error:
        return Probe(_state_of(str(error)), str(error), reason_of_answer(str(error)))
    except (OSError, RedisProbeError) as error:
        return _no_reply(address, error, timeout_seconds)
    if answer != "PONG":
        return Probe(ProbeState.STRANGER, f"answered {answer[:40]!r}")
    return Probe(ProbeState.READY)


def _state_of(error: str) -> ProbeState:
    code = error.split(" ", 1)[0]
    if "without any password configured" in error:
        return ProbeState.OPEN
    if code in {"LOADING", "MASTERDOWN", "BUSY"}:
        return ProbeState.LOADING
    denied = {"NOAUTH", "WRONGPASS", "NOPERM", "DENIED"}
    return ProbeState.DENIED if code in denied or "AUTH" in error else ProbeState.STRANGER


class _ErrorReplyError(RedisProbeError):
    """A `-CODE message` reply."""


class _HandshakeTimeoutError(OSError):
    """The server accepts connections and does not answer a TLS handshake."""


def _open(address: RedisAddress, timeout_seconds: float) -> socket.socket:
    plain = socket.create_connection((address.host, address.port), timeout=timeout_seconds)
    if not address.tls:
        return plain
    try:
        return _tls_context(address).wrap_socket(plain, server_hostname=address.host)
    except TimeoutError as error:
        plain.close()
        raise _HandshakeTimeoutError from error
    except BaseException:
        plain.close()
        raise


def _tls_context(address: RedisAddress) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=address.ca_file)
    if not address.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _authenticate(connection: socket.socket, reader: BufferedReader, address: RedisAddress) -> None:
    if address.password is None:
        return
    words = [address.username] if address.username else []
    _command(connection, reader, "AUTH", *words, address.password)


def _command(connection: socket.socket, reader: BufferedReader, *words: str) -> str:
    connection.sendall(encode(words))
    return read_reply(reader)


def encode(words: tuple[str, ...]) -> bytes:
    encoded = [word.encode() for word in words]
    return b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded)


def read_reply(reader: BufferedReader) -> str:
    # Bounded: an unknown server may send an endless line.
    line = reader.readline(4096)
    kind, rest = line[:1], line[1:].strip().decode("utf-8", "replace")
    if kind == b"-":
        raise _ErrorReplyError(rest)
    if kind == b"$":
        return _read_bulk(reader, rest)
    if kind in {b"+", b":"}:
        return rest
    raise RedisProbeError("no Redis reply" if line else "connection closed without a reply")


def _read_bulk(reader: BufferedReader, length: str) -> str:
    if not length.isdigit() or int(length) > _MAX_REPLY_BYTES:
        raise RedisProbeError(f"no Redis reply: ${length[:20]}")
    data = reader.read(int(length) + 2)
    return data[:-2].decode("utf-8", "replace")
