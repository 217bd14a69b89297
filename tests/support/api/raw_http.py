"""A loopback server that sends exactly the given bytes at the given pace."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class RawRequest:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


Say = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """`says` maps a path to what is sent; `requests` are those that came."""

    port: int
    says: dict[str, bytes | Say] = field(default_factory=dict[str, "bytes | Say"])
    requests: list[RawRequest] = field(default_factory=list[RawRequest])
    server_names: list[str | None] = field(default_factory=list["str | None"])
    serving: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])

    def url(self, path: str = "/", host: str = HOST, scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def open_connections(self) -> int:
        return len(self.serving)

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # A client that leaves amid an answer is what many of these tests are about.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                request = await _read(reader)
                self.requests.append(request)
                said = self.says.get(request.target.partition("?")[0], answer("not here", 404))
                await _until_one_leaves(reader, _say(writer, said))
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _say(writer: asyncio.StreamWriter, said: bytes | Say) -> None:
    if isinstance(said, bytes):
        writer.write(said)
        await writer.drain()
    else:
        await said(writer)


async def _until_one_leaves(reader: asyncio.StreamReader, saying: Coroutine[Any, Any, None]) -> None:
    tasks: set[asyncio.Task[Any]] = {asyncio.ensure_future(saying), asyncio.ensure_future(reader.read())}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> RawRequest:
    head = (await reader.readuntil(_HEAD_END)).decode("latin-1")
    first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return RawRequest(method, target, headers, body)


@asynccontextmanager
async def raw_server(tls: ssl.SSLContext | None = None) -> AsyncGenerator[RawServer]:
    """Serve until the block ends."""
    state = RawServer(0)
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: state.server_names.append(name)
    server = await asyncio.start_server(state.connected, HOST, 0, ssl=tls)
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        server.close()
        for task in state.serving:
            task.cancel()
        await asyncio.gather(*state.serving, return_exceptions=True)


def answer(body: str | bytes = "", status: int = 200, *, framed: bool = True, **headers: str) -> bytes:
    """Return an answer as bytes; `framed=False` leaves its length to the end of the connection."""
    content = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if framed:
        named.setdefault("content-length", str(len(content)))
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode("latin-1") + content


def redirect(location: str, status: int = 302) -> bytes:
    """Return a redirect."""
    return answer("", status, location=location)


def endless(head: bytes, piece: bytes, pause_sec: float = 0) -> Say:
    """Return what sends a head and then a piece again and again, for as long as somebody listens."""

    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            # The pace of this server is what is tested; nothing waits for a guess here.
            await asyncio.sleep(pause_sec)

    return say


async def silent(_writer: asyncio.StreamWriter) -> None:
    """Take the request and say nothing until the client leaves."""
    await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate for a name and 127.0.0.1, in one PEM file with its key."""

    file: Path
    expires_at: int
    """Epoch milliseconds."""

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        return context

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


def make_certificate(folder: Path, name: str, days: int = 30) -> Certificate:
    """Make a certificate that ends in `days`, counted from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    ends = now + dt.timedelta(days=days)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address(HOST))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, ends) - dt.timedelta(days=1))
        .not_valid_after(ends)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(pem))
    return Certificate(file, int(ends.timestamp()) * 1000)
