"""Reads response bodies piece by piece, up to a size limit.

Each piece is unpacked and counted, so a compression bomb ends at the limit.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterable, Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING

from app.core.errors import HttpTooLarge, HttpUnreachable
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.tools.base import ByteBudget

STEP_BYTES = 65_536
_GZIP = 16 + zlib.MAX_WBITS
_GZIP_HEAD = b"\x1f\x8b"
# Python's own tables contain names such as `zip` and `unicode_escape`, which are no charsets.
_CHARSET = re.compile(
    r"utf-?8|us-ascii|ascii|utf-?16(le|be)?|iso-8859-\d{1,2}|latin-?1|windows-\d{3,4}|cp125\d|koi8-[ru]"
    r"|shift_jis|euc-(jp|kr)|gb(k|2312|18030)|big5|tis-620"
)


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """The size limit. With `cut`, a longer body is cut to `max_bytes`; without it, it is refused."""

    max_bytes: int
    cut: bool
    budget: ByteBudget


@dataclass(frozen=True, slots=True)
class Body:
    content: bytes
    truncated: bool


async def read_body(stream: AsyncIterable[bytes], headers: dict[str, str], limit: BodyLimit) -> Body:
    """Return a body, unpacked. Raises HttpTooLarge, or HttpUnreachable if it cannot be unpacked."""
    if not limit.cut and _announced(headers) > limit.max_bytes:
        raise too_large(limit.max_bytes)
    unpacker = _unpacker(headers.get("content-encoding", ""))
    content = bytearray()
    raw_bytes = 0
    async for raw in stream:
        raw_bytes += len(raw)
        for piece in unpacker.feed(raw):
            room = limit.max_bytes - len(content)
            limit.budget.take(min(len(piece), room))
            content += piece[:room]
            # The packed bytes count as well: an endless stream may unpack to nothing.
            if len(piece) > room or raw_bytes > limit.max_bytes:
                return _over(content, limit)
    unpacker.end()
    return Body(bytes(content), truncated=False)


def text_of(content: bytes, content_type: str) -> str:
    """Return a body as text, in its declared charset if that is a common one, else as UTF-8."""
    header = Message()
    header["content-type"] = content_type
    charset = (header.get_content_charset() or "utf-8").lower()
    return content.decode(charset if _CHARSET.fullmatch(charset) else "utf-8", errors="replace")


def _over(content: bytearray, limit: BodyLimit) -> Body:
    if not limit.cut:
        raise too_large(limit.max_bytes)
    return Body(bytes(content), truncated=True)


def too_large(max_bytes: int) -> HttpTooLarge:
    """Return the error of a body over its limit."""
    return HttpTooLarge(_("the answer has more than {max_bytes:,} bytes.", max_bytes=max_bytes))


def _announced(headers: dict[str, str]) -> int:
    length = headers.get("content-length", "")
    return int(length) if re.fullmatch(r"[0-9]{1,18}", length) else 0


def _unpacker(encoding: str) -> _Plain | _Gzip:
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _Plain()
    if name in {"gzip", "x-gzip"}:
        return _Gzip()
    # The name is not quoted: it comes from the server and might contain a secret.
    raise _broken("its content-encoding is not gzip")


def _broken(why: str) -> HttpUnreachable:
    return HttpUnreachable(_("the answer cannot be unpacked: {why}.", why=why), phase="body")


class _Plain:
    def feed(self, piece: bytes) -> Iterable[bytes]:
        return (piece,)

    def end(self) -> None:
        pass


class _Gzip:
    """Unpacks members one after another, at most 64 KB at a time."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._begun = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._member.eof:
                if not piece.startswith(_GZIP_HEAD[:1]):
                    return  # padding behind the last member
                self._member = zlib.decompressobj(_GZIP)
            self._begun = True
            try:
                unpacked = self._member.decompress(piece, STEP_BYTES)
            except zlib.error as error:
                raise _broken(str(error)) from error
            piece = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            yield unpacked

    def end(self) -> None:
        if self._begun and not self._member.eof:
            raise _broken("it ends too early")
