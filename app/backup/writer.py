"""Writes the export format: compresses, counts and hashes lines. No I/O."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from app.core.files.exports import KINDS, ExportTrailer, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.redis_client import RedisLink

_GZIP, _LEVEL = 31, 6


class ArchiveWriter:
    """Takes the header, then every record, then `finish`; the returned bytes together are the file."""

    def __init__(self) -> None:
        self._gzip = zlib.compressobj(_LEVEL, wbits=_GZIP)
        self._lines_sum = hashlib.sha256()
        self._file_sum = hashlib.sha256()
        self._counts: Counter[Kind] = Counter()

    def add(self, lines: Iterable[str], counts: Mapping[Kind, int]) -> bytes:
        """Return the next bytes of the file, often none yet; `counts` is the number of lines by kind."""
        text = "".join(f"{line}\n" for line in lines).encode()
        self._lines_sum.update(text)
        self._counts.update(counts)
        return self._packed(text)

    def finish(self) -> bytes:
        """Return the file's last bytes, with the trailer in them."""
        trailer = ExportTrailer(counts=self.counts, sha256=self._lines_sum.hexdigest())
        rest = self._packed(trailer.model_dump_json().encode() + b"\n")
        last = self._gzip.flush()
        self._file_sum.update(last)
        return rest + last

    @property
    def counts(self) -> dict[Kind, int]:
        """Return how many records of each kind there are."""
        return {kind: self._counts[kind] for kind in KINDS}

    @property
    def sha256(self) -> str:
        """Return the checksum of the file's bytes, as `sha256sum` prints it."""
        return self._file_sum.hexdigest()

    def _packed(self, text: bytes) -> bytes:
        packed = self._gzip.compress(text)
        self._file_sum.update(packed)
        return packed


# Pages of lines, their size, and reading an index in pages.

T = TypeVar("T")

FIRST_PAGE = 10
GOOD_PAGE_BYTES = 524_288
"""JSON of this size blocks the event loop for a millisecond or two."""


@dataclass(slots=True)
class LinePage:
    """Some records as JSON lines. `unreadable`: in an index, but damaged, or removed meanwhile."""

    lines: list[str] = field(default_factory=list[str])
    counts: dict[Kind, int] = field(default_factory=dict["Kind", int])
    unreadable: int = 0

    def add(self, kind: Kind, **parts: Any) -> None:
        """Append a record."""
        self.lines.append(orjson.dumps({"kind": kind, **parts}).decode())
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def add_figures(self, family: str, name: str, fields: dict[str, str], lapses_at: int | None) -> None:
        """Append figures if there are any."""
        if fields:
            self.add("figures", family=family, name=name, fields=fields, lapses_at=lapses_at)

    def add_versions(self, job_id: str, saves: dict[str, str], newest: int | None = None) -> None:
        """Append a job's versions, up to the newest that counts."""
        for number in sorted(map(int, saves)):
            if newest is None or number <= newest:
                self.add("version", job=job_id, number=number, text=saves[str(number)])

    @property
    def size_bytes(self) -> int:
        return sum(map(len, self.lines))


class ReadThrottle:
    """The number of records per read: few at first, then more or fewer by their size."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.size = min(FIRST_PAGE, most)

    def observe(self, size_bytes: int) -> None:
        """Adjust to the size of the last page."""
        if size_bytes > GOOD_PAGE_BYTES:
            self.size = max(1, self.size // 2)
        elif size_bytes < GOOD_PAGE_BYTES // 4:
            self.size = min(self._most, self.size * 2)


async def by_seq(link: RedisLink, index: str, until: int, throttle: ReadThrottle) -> AsyncIterator[list[str]]:
    """Yield the members of an index upwards, page by page, up to a `seq`."""
    start = "-inf"
    while True:
        flat = await link.call(
            *("ZRANGE", index, start, until, "BYSCORE", "LIMIT", 0, throttle.size, "WITHSCORES")
        )
        if not flat:
            return
        yield flat[::2]
        start = f"({flat[-1]}"


def chunks(items: list[T], size: int) -> Iterable[list[T]]:
    """Return the items in lists of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
