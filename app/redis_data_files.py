"""Reads the format of a server's data files from their snapshot heads.

Redis and Valkey use different formats since Redis 7.4 and Valkey 9, and neither reads the other's. A server
writes the base of its append-only file at its first start, so a head exists as soon as data exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_HEAD_BYTES = 64
# The signature, then the first fields: `redis-ver` or `valkey-ver`, a length byte, the version.
_SIGNATURE = re.compile(rb"(?P<magic>REDIS|VALKEY)(?P<number>[0-9]{3,4})")
_WRITER = re.compile(rb"(?:redis|valkey)-ver.(?P<version>[0-9]+(?:\.[0-9]+)*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DataFormat:
    """The format of one snapshot file, and the server that wrote it."""

    file: Path
    product: str
    """`Valkey` or `Redis`, by the signature. Valkey before 9 writes the signature of Redis."""
    number: int
    version: tuple[int, ...]
    """The version of the writer; empty if the file does not name it."""

    @property
    def writer(self) -> str:
        shown = ".".join(map(str, self.version)) or "unknown version"
        return f"{self.product} {shown}"


def read_formats(data_dir: Path) -> tuple[DataFormat, ...]:
    """Return the format of each snapshot that a server would load from a folder; empty if there is none."""
    files = sorted((data_dir / "appendonlydir").glob("*.base.rdb")) or [data_dir / "dump.rdb"]
    return tuple(found for file in files if (found := _read_format(file)) is not None)


def _read_format(file: Path) -> DataFormat | None:
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        return None
    signature, writer = _SIGNATURE.match(head), _WRITER.search(head)
    if signature is None:
        return None
    version = tuple(map(int, writer["version"].split(b"."))) if writer else ()
    return DataFormat(file, signature["magic"].decode().capitalize(), int(signature["number"]), version)
