"""Writes the export format: compresses, counts and hashes lines. No I/O."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from app.core.files.exports import FULL_KINDS, KINDS, ExportTrailer, Kind

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
        # An earlier release reads an export that is not a full one, and knows no other kinds.
        return {kind: self._counts[kind] for kind in KINDS if kind not in FULL_KINDS or self._counts[kind]}

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

    def add_hash(self, kind: Kind, record_id: str, fields: dict[str, str], **parts: Any) -> bool:
        """Append a record with its stored fields; False if there are none."""
        if fields:
            self.add(kind, id=record_id, fields=fields, **parts)
        else:
            self.unreadable += 1
        return bool(fields)

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


async def pages_by_seq(
    link: RedisLink, index: str, until: int, most: int, read: Callable[[list[str]], Awaitable[LinePage]]
) -> AsyncIterator[tuple[list[str], LinePage]]:
    """Yield the members of an index upwards, up to a `seq`, each time with the page that `read` returns.

    A read has few members at first, then more or fewer, by the size of the last page.
    """
    start, count = "-inf", min(FIRST_PAGE, most)
    limits = ("BYSCORE", "LIMIT", 0)
    while flat := await link.call("ZRANGE", index, start, until, *limits, count, "WITHSCORES"):
        page = await read(flat[::2])
        yield flat[::2], page
        start = f"({flat[-1]}"
        if page.size_bytes > GOOD_PAGE_BYTES:
            count = max(1, count // 2)
        elif page.size_bytes < GOOD_PAGE_BYTES // 4:
            count = min(most, count * 2)


def chunks(items: list[T], size: int) -> Iterable[list[T]]:
    """Return the items in lists of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
