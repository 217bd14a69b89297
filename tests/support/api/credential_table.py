"""The cases of `tests/contract/credentials.json`, and requests that send them as bytes."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parents[2] / "contract" / "credentials.json"
KEY = "a-key-of-this-table-0123456789"
OTHER = "another-key-of-the-table-987654"


@dataclass(frozen=True, slots=True)
class Row:
    """A request: its headers as bytes, and the key that is read from them, `none` or `refused`."""

    name: str
    headers: tuple[tuple[bytes, bytes], ...]
    """Each name, and the bytes behind its colon."""
    reads: str

    def collected(self) -> dict[bytes, list[bytes]]:
        """Return the values by names in lower case, as a server passes them on."""
        found: dict[bytes, list[bytes]] = {}
        for name, value in self.headers:
            found.setdefault(name.lower(), []).append(value)
        return found


def request_rows() -> list[Row]:
    """Return the requests of the table."""
    return [
        Row(
            row["name"],
            tuple((name.encode("ascii"), _filled(text).encode("latin-1")) for name, text in row["headers"]),
            _filled(row["reads"]),
        )
        for row in _table()["requests"]
    ]


def typed_rows() -> list[tuple[str, str, str | None]]:
    """Return each typed text with its name and the key that is read, None for none."""
    rows = _table()["typed"]
    return [(row["name"], _filled(row["text"]), row["reads"] and _filled(row["reads"])) for row in rows]


def send(
    port: int, first_line: str, row: Row, *, more: Sequence[str] = (), body: bytes = b""
) -> tuple[int, str]:
    """Send a request with the headers of a row; return the status and the text behind the head."""
    lines = [first_line, f"Host: 127.0.0.1:{port}", "Connection: close", *more]
    lines += [f"Content-Length: {len(body)}"] if body else []
    head = "\r\n".join(lines).encode("ascii") + b"".join(
        b"\r\n" + name + b":" + value for name, value in row.headers
    )
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as connection:
        connection.sendall(head + b"\r\n\r\n" + body)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _end, text = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), text.decode("utf-8", "replace")


def _filled(text: str) -> str:
    return text.replace("KEY", KEY).replace("OTHER", OTHER)


def _table() -> dict[str, Any]:
    return json.loads(TABLE.read_text("utf-8"))
